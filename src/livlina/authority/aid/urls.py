"""Where the pages hang, per audience. A month, a payment and a file are opaque ids."""

from django.urls import path

from livlina.authority.aid.views.citizen import months as mine
from livlina.authority.aid.views.officer import household, money, months

MONTH = "aid/months/<uuid:month_id>"

officer = [
    path("aid", months.month_list, name="list"),
    path("aid/person/<uuid:person_id>", months.person, name="person"),
    path("aid/cases/<uuid:case_id>", months.case, name="case"),
    path("aid/cases/<uuid:case_id>/add", months.add_month, name="add_month"),
    path(MONTH, months.month, name="month"),
    path(f"{MONTH}/calculate", months.calculate, name="calculate"),
    path(f"{MONTH}/decide", months.decide, name="decide"),
    path(f"{MONTH}/pay", months.pay, name="pay"),
    path(f"{MONTH}/account", months.account, name="account"),
    path(f"{MONTH}/account/<uuid:account_id>", months.confirm_account, name="confirm_account"),
    path(f"{MONTH}/household", household.household, name="household"),
    path(f"{MONTH}/household/change", household.change, name="change_household"),
    path(f"{MONTH}/recovery", household.begin_recovery, name="begin_recovery"),
    path(f"{MONTH}/do/<slug:name>", months.act, name="act"),
    path("aid/warnings/<uuid:warning_id>", months.warning, name="warning"),
    path("aid/payments", money.payments, name="payments"),
    path("aid/payments/file", money.make_file, name="make_file"),
    path("aid/payments/<uuid:payment_id>", money.payment, name="payment"),
    path("aid/payments/<uuid:payment_id>/<slug:name>", money.act, name="payment_act"),
    path("aid/files/<uuid:file_id>", money.file, name="file"),
    path("aid/files/<uuid:file_id>/download", money.download, name="download"),
    path("aid/recoveries/<uuid:recovery_id>", household.recovery, name="recovery"),
    path("aid/amounts", money.amounts, name="amounts"),
]

operations = [path("aid/amounts", money.operations_amounts, name="amounts")]

citizen = [
    path("aid/", mine.months, name="months"),
    path("aid/<uuid:case_id>/apply/", mine.apply, name="apply"),
    path("aid/months/<uuid:month_id>/", mine.month, name="month"),
]

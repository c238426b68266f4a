"""Where the pages hang."""

from django.urls import path

from livlina.authority.contractors.views import officer as views
from livlina.authority.contractors.views import payroll

officer = [
    path("contractors", views.homes, name="list"),
    path("contractors/free", views.free, name="free"),
    path("contractors/pay", payroll.months, name="payroll"),
    path("contractors/pay/<int:year>/<int:number>", payroll.month, name="payroll_month"),
    path("contractors/pay/<int:year>/<int:number>/file", payroll.as_csv, name="payroll_csv"),
    path("contractors/of-case/<uuid:case_id>", views.register, name="register"),
    path("contractors/<uuid:home_id>", views.home, name="home"),
    path("contractors/<uuid:home_id>/<slug:name>", views.act, name="act"),
    path("contractors/<uuid:home_id>/<slug:name>/<uuid:row_id>", views.act, name="act_on"),
]

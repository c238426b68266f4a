"""Where the pages hang."""

from django.urls import path

from livlina.authority.assistance.views import officer as views

officer = [
    path("assistance", views.overview, name="list"),
    path("assistance/assistants/new", views.assistant, name="assistant"),
    path("assistance/cases/<uuid:case_id>", views.decide, name="decide"),
    path("assistance/decisions/<uuid:decision_id>", views.decision, name="decision"),
    path("assistance/decisions/<uuid:decision_id>/month", views.begin_month, name="begin_month"),
    path("assistance/months/<uuid:month_id>", views.month, name="month"),
    path("assistance/months/<uuid:month_id>/file", views.month_file, name="month_file"),
    path("assistance/months/<uuid:month_id>/account", views.account, name="account"),
    path("assistance/months/<uuid:month_id>/reopen", views.reopen, name="reopen"),
    path("assistance/reports/<uuid:report_id>/<slug:name>", views.report_act, name="report_act"),
    path("assistance/rows/<uuid:row_id>/strike", views.strike, name="strike"),
]

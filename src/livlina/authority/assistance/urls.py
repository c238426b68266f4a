"""Where the pages hang."""

from django.urls import path, re_path

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
    re_path(
        r"^assistance/reports/(?P<report_id>[0-9a-f-]{36})/(?P<name>hand-in|approve|give-back)$",
        views.report_act,
        name="report_act",
    ),
    path("assistance/rows/<uuid:row_id>/strike", views.strike, name="strike"),
]

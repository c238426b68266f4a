"""Where the pages hang."""

from django.urls import path

from livlina.authority.contractors.views import officer as views

officer = [
    path("contractors", views.homes, name="list"),
    path("contractors/free", views.free, name="free"),
    path("contractors/of-case/<uuid:case_id>", views.register, name="register"),
    path("contractors/<uuid:home_id>", views.home, name="home"),
    path("contractors/<uuid:home_id>/<slug:name>", views.act, name="act"),
    path("contractors/<uuid:home_id>/<slug:name>/<uuid:row_id>", views.act, name="act_on"),
]

"""Where the pages hang."""

from django.urls import path

from livlina.authority.placements.views import officer as views

officer = [
    path("placements", views.placements, name="list"),
    path("placements/list.csv", views.as_csv, name="csv"),
    path("placements/sent", views.sent, name="sent"),
    path("placements/lists/<uuid:list_id>", views.list_of, name="list_of"),
    path("placements/told/<uuid:letter_id>", views.told, name="told"),
    path("placements/of-case/<uuid:case_id>/home", views.choose, name="choose"),
    path("placements/<uuid:placement_id>", views.placement, name="placement"),
]

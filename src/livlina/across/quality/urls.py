"""The room's routes: the same pages for both sides of the wall."""

from django.urls import path

from livlina.across.quality.views import staff

_pages = [
    path("deviations", staff.deviations, name="deviations"),
    path("deviations/new", staff.report, name="report"),
    path("deviations/<uuid:deviation_id>", staff.deviation, name="deviation"),
]
officer = _pages
provider = _pages

"""The room's routes: the same pages for both sides of the wall."""

from django.urls import path

from livlina.across.quality.views import incidents, staff, tracks

_pages = [
    path("deviations", staff.deviations, name="deviations"),
    path("deviations/new", staff.report, name="report"),
    path("deviations/<uuid:deviation_id>", staff.deviation, name="deviation"),
    path("incidents", incidents.incidents, name="incidents"),
    path("incidents/new", incidents.incident_new, name="incident_new"),
    path("incidents/disturbances", incidents.disturbances, name="disturbances"),
    path("incidents/<uuid:incident_id>", incidents.incident, name="incident"),
    path("incidents/tracks/<uuid:track_id>", tracks.track, name="track"),
]
officer = _pages
provider = _pages

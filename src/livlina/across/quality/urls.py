"""The room's routes: the same pages for both sides of the wall; and where citizens tell, signed in or not."""

from django.urls import path

from livlina.across.quality.views import incidents, staff, telling, tracks

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
citizen = [
    path("reports", telling.reports, name="reports"),
    path("reports/new", telling.tell, name="tell"),
]
public = [
    path("report-event/", telling.where, name="where"),
    path("report-event/<slug:slug>/", telling.tell_openly, name="tell"),
    path("report-event/<slug:slug>/received/", telling.received, name="received"),
    path("report-event/<slug:slug>/received/danger/", telling.danger, name="danger"),
]

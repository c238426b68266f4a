"""Where the portal's pages hang. allauth's own routes stand in `account_urls.py`."""

from django.conf import settings
from django.urls import path

from livlina.across.portal.views import front, own, starts

public = [
    path("", front.front, name="front"),
    path("sign-in/", front.sign_in, name="sign_in"),
    path("start/", front.start, name="start"),
    path("assignment/", front.assignment, name="assignment"),
    path("sessions/", own.session_list, name="sessions"),
    path("sessions/end", own.end_session, name="end_session"),
    path("sessions/end-all", front.sign_out_everywhere, name="end_all"),
    path("own-reads/", own.own_reads, name="own_reads"),
    path("log-review/", own.log_review, name="log_review"),
    path("log-review/<uuid:event_id>", own.review, name="review"),
]
if settings.DEMO or settings.TEST:  # the invented e-identification exists nowhere else
    public += [path("sign-in/demo/<slug:slug>", front.demo_eid, name="demo_eid")]
officer = [path("", starts.officer, name="start"), path("palette", starts.palette, name="palette")]
provider = [path("", starts.provider, name="start")]
operations = [path("", starts.operations, name="start")]
citizen = [
    path("", starts.citizen, name="start"),
    path("readers/", starts.readers, name="readers"),
    path("readers/<uuid:person_id>", starts.readers, name="readers_of"),
]

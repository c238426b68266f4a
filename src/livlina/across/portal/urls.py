"""Where the portal's pages hang. allauth's own routes stand in `account_urls.py`."""

from django.conf import settings
from django.urls import path

from livlina.across.portal.views import front, own, seals, staff, starts, units

public = [
    path("", front.front, name="front"),
    path("sign-in/", front.sign_in, name="sign_in"),
    path("sign-in/sealed-key/", seals.open_seal, name="open_seal"),
    path("sealed-keys/openings/<uuid:opening_id>", seals.opened, name="opened_seal"),
    path("start/", front.start, name="start"),
    path("assignment/", front.assignment, name="assignment"),
    path("sessions/", own.session_list, name="sessions"),
    path("sessions/end", own.end_session, name="end_session"),
    path("sessions/end-all", front.sign_out_everywhere, name="end_all"),
    path("own-reads/", own.own_reads, name="own_reads"),
    path("log-review/", own.log_review, name="log_review"),
    path("log-review/<uuid:event_id>", own.review, name="review"),
    path("staff/", staff.staff_list, name="staff"),
    path("staff/assign", staff.assign_by_address, name="assign_by_address"),
    path("staff/<int:user_id>", staff.colleague, name="colleague"),
    path("staff/<int:user_id>/assign", staff.assign, name="assign"),
    path("staff/assignments/<uuid:assignment_id>/end", staff.end_assignment, name="end_assignment"),
    path("first-password/<str:token>", staff.first_password, name="first_password"),
]
if settings.DEMO or settings.TEST:  # the invented e-identification exists nowhere else
    public += [path("sign-in/demo/<slug:slug>", front.demo_eid, name="demo_eid")]
officer = [path("", starts.officer, name="start"), path("palette", starts.palette, name="palette")]
provider = [path("", starts.provider, name="start")]
operations = [
    path("", starts.operations, name="start"),
    path("staff/new", staff.add, name="add_user"),
    path("staff/<int:user_id>/change", staff.change, name="change_user"),
    path("staff/<int:user_id>/end", staff.end, name="end_user"),
    path("staff/<int:user_id>/link", staff.make_link, name="make_link"),
    path("staff/<int:user_id>/passkeys/<int:key_id>/remove", staff.remove_passkey, name="remove_passkey"),
    path("units/", units.unit_list, name="units"),
    path("units/new", units.add, name="add_unit"),
    path("units/<uuid:unit_id>", units.unit, name="unit"),
    path("units/<uuid:unit_id>/end", units.end, name="end_unit"),
    path("sealed-keys/", seals.seal_list, name="seals"),
    path("sealed-keys/new", seals.ask, name="ask_seal"),
    path("sealed-keys/<uuid:key_id>", seals.seal, name="seal"),
    path("sealed-keys/<uuid:key_id>/make", seals.make, name="make_seal"),
    path("sealed-keys/<uuid:key_id>/withdraw", seals.withdraw, name="withdraw_seal"),
]
citizen = [
    path("", starts.citizen, name="start"),
    path("readers/", starts.readers, name="readers"),
    path("readers/<uuid:person_id>", starts.readers, name="readers_of"),
]

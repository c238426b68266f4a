"""Where the room's pages hang, per audience."""

from django.conf import settings
from django.urls import path

from livlina.provider.doors.views import citizen as own
from livlina.provider.doors.views import demo, keys
from livlina.provider.doors.views import officer as officers
from livlina.provider.doors.views import operations as technical
from livlina.provider.doors.views import provider as pages

provider = [
    *(demo.ROUTES if settings.DEMO else ()),
    path("doors", pages.doors, name="doors"),
    path("doors/emergencies", keys.emergencies, name="emergencies"),
    path("doors/emergencies/<uuid:pk>", keys.review, name="review"),
    path("doors/openings/<uuid:pk>", keys.unplanned, name="unplanned"),
    path("doors/consents/<uuid:pk>/withdraw", pages.withdraw, name="withdraw"),
    path("doors/units/<uuid:pk>/end", pages.end_unit, name="end_unit"),
    path("doors/keys", keys.keys, name="keys"),
    path("doors/keys/add", keys.add, name="add_key"),
    path("doors/keys/<uuid:pk>", keys.key, name="key"),
    path("doors/keys/<uuid:pk>/out", keys.sign_out, name="sign_out"),
    path("doors/keys/<uuid:pk>/in", keys.sign_in, name="sign_in"),
    *(
        path(f"doors/keys/<uuid:pk>/{what}", keys.say, {"deed": what}, name=f"key_{what}")
        for what in keys.SAYINGS
    ),
    path("doors/<uuid:pk>", pages.door, name="door"),
    path("doors/<uuid:pk>/log", pages.log, name="log"),
    path("doors/<uuid:pk>/consent", pages.consent, name="consent"),
    path("doors/<uuid:pk>/plan", pages.plan, name="plan_fitting"),
    path("doors/<uuid:pk>/key", pages.fitter_key, name="fitter_key"),
    path("doors/<uuid:pk>/units", pages.let_in, name="let_in"),
    *(path(f"doors/<uuid:pk>/{deed}", pages.do, {"deed": deed}, name=deed) for deed in pages.DEEDS),
    *(path(f"doors/<uuid:pk>/{deed}", pages.say, {"deed": deed}, name=deed) for deed in pages.WITH_WORDS),
    path("people/<uuid:person_id>/doors", pages.of_person, name="person"),
    path("people/<uuid:person_id>/doors/order", pages.order, name="order_lock"),
]
citizen = [
    path("door", own.own_door, name="own_door"),
    path("door/<uuid:person_id>", own.own_door, name="door_of"),
]
officer = [path("people/<uuid:person_id>/doors", officers.of_person, name="person")]
operations = [path("doors/log", technical.log, name="log")]

"""Where the room's pages hang, per audience."""

from django.conf import settings
from django.urls import path

from livlina.provider.alarms.routes_units import provider as units_and_crisis
from livlina.provider.alarms.views import demo, desk
from livlina.provider.alarms.views import operations as receivers
from livlina.provider.alarms.views import provider as pages

provider = [
    *units_and_crisis,
    *(demo.ROUTES if settings.DEMO else ()),
    path("alarms", desk.desk, name="desk"),
    path("alarms/piece", desk.piece, name="piece"),
    path("alarms/start", desk.start_piece, name="start_piece"),
    path("alarms/<uuid:pk>", desk.alarm, name="alarm"),
    *(
        path(f"alarms/<uuid:pk>/{deed}", desk.do, {"deed": deed}, name=deed.replace("-", "_"))
        for deed in desk.DEEDS
    ),
    *(path(f"alarms/<uuid:pk>/{what}", desk.say, {"what": what}, name=what) for what in desk.SAYINGS),
    path("alarms/rota", pages.rota, name="rota"),
    path("alarms/rota/add", pages.add_on_call, name="add_on_call"),
    path("alarms/rota/<uuid:pk>/end", pages.end_on_call, name="end_on_call"),
    path("alarms/rota/reach-me", pages.reach_me, name="reach_me"),
    path("alarms/rota/device", pages.device, name="device"),
    path("alarms/rota/code", pages.own_code, name="own_code"),
    path("alarms/statistics", pages.statistics, name="statistics"),
    path("people/<uuid:person_id>/alarms", desk.of_person, name="person"),
]
operations = [
    path("alarms/receivers", receivers.keys, name="keys"),
    path("alarms/receivers/add", receivers.add_key, name="add_key"),
    path("alarms/receivers/<uuid:pk>/end", receivers.end_key, name="end_key"),
    path("alarms/switchboards/add", receivers.add_switchboard, name="add_switchboard"),
    path("alarms/switchboards/<uuid:pk>/end", receivers.end_switchboard, name="end_switchboard"),
]

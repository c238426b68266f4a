"""Where the room's pages hang, per audience."""

from django.urls import path

from livlina.provider.alarms.routes_units import provider as units_and_crisis
from livlina.provider.alarms.views import desk

provider = [
    *units_and_crisis,
    path("alarms", desk.desk, name="desk"),
    path("alarms/piece", desk.piece, name="piece"),
    path("alarms/<uuid:pk>", desk.alarm, name="alarm"),
    *(
        path(f"alarms/<uuid:pk>/{deed}", desk.do, {"deed": deed}, name=deed.replace("-", "_"))
        for deed in desk.DEEDS
    ),
    path("alarms/<uuid:pk>/note", desk.note, name="note"),
    path("alarms/<uuid:pk>/offer", desk.offer, name="offer"),
    path("alarms/<uuid:pk>/tie", desk.tie, name="tie"),
    path("alarms/<uuid:pk>/close", desk.close, name="close"),
    path("people/<uuid:person_id>/alarms", desk.of_person, name="person"),
]

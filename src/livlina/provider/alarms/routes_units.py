"""Where the pages about units and the crisis plan hang; `urls.py` takes them in."""

from django.urls import path

from livlina.provider.alarms.views import crisis, units

provider = [
    path("alarms/units", units.units, name="units"),
    path("alarms/units/new", units.add, name="add_unit"),
    path("alarms/units/ending", units.ending, name="ending"),
    path("alarms/units/ending.csv", units.ending_csv, name="ending_csv"),
    path("alarms/units/of/<uuid:pk>", units.part, name="part"),
    path("alarms/units/<uuid:pk>", units.unit, name="unit"),
    path("alarms/units/<uuid:pk>/change", units.change, name="change_unit"),
    path("alarms/units/<uuid:pk>/pendants", units.add_pendant, name="add_pendant"),
    path("alarms/pendants/<uuid:pk>/remove", units.remove_pendant, name="remove_pendant"),
    path("alarms/units/<uuid:pk>/test", units.test, name="test_unit"),
    path("alarms/units/<uuid:pk>/move", units.move, name="move_unit"),
    path("alarms/units/<uuid:pk>/return", units.give_back, name="return_unit"),
    path("alarms/units/<uuid:pk>/commission", units.commission, name="commission"),
    path("alarms/units/<uuid:pk>/commission/piece", units.commission_piece, name="commission_piece"),
    path("alarms/installations", units.installations, name="installations"),
    path("alarms/installations/<uuid:pk>", units.install, name="install"),
    path("alarms/overdue", units.overdue, name="overdue_tests"),
    path("alarms/overdue/<uuid:pk>", units.overdue, name="overdue"),
    path("alarms/state", crisis.state, name="state"),
    path("alarms/state/piece", crisis.state_piece, name="state_piece"),
    path("alarms/receivers/<uuid:pk>", crisis.receiver, name="receiver"),
    path("alarms/rounds", crisis.rounds, name="rounds"),
    path("alarms/rounds/new", crisis.open_round, name="open_round"),
    path("alarms/rounds/list.<str:kind>", crisis.on_paper, name="on_paper"),
    path("alarms/rounds/<uuid:pk>", crisis.round, name="round"),
    path("alarms/rounds/<uuid:pk>/progress", crisis.progress, name="progress"),
    path("alarms/rounds/<uuid:pk>/shift", crisis.hand_over, name="hand_over_round"),
    path("alarms/rounds/<uuid:pk>/close", crisis.close, name="close_round"),
    path("alarms/rounds/<uuid:pk>/report", crisis.report, name="report"),
    path("alarms/rounds/entries/<uuid:pk>", crisis.entry, name="entry"),
    path("alarms/rounds/entries/<uuid:pk>/press", crisis.press, name="press"),
]

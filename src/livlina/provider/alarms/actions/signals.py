"""What a unit tells about itself: a button that works, something that fails or works again, silence, a sign of life."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from livlina.core.access import Actor, demand
from livlina.provider.alarms import wording
from livlina.provider.alarms.models import (
    Alarm,
    AlarmUnit,
    CallEntry,
    Pendant,
    Receipt,
    Silence,
    TestPress,
    UnitEvent,
)
from livlina.registers.watches import actions as watches
from livlina.registers.watches.actions import Owner

INSTALLING_FOR = timedelta(hours=2)
"""So long after somebody began an installation its presses are tests. After that a press is help asked for, as well."""
TESTING_FOR = timedelta(minutes=15)
DOUBLE_PRESS = timedelta(seconds=60)
"""During a monthly test the first press of a button is the test; another one later than this asks for help."""

BATTERY, POWER, LINK, FAULT = "alarms.battery", "alarms.power", "alarms.link", "alarms.fault"
FAILS = {
    14: BATTERY, 16: BATTERY, 85: POWER, 23: LINK, 24: LINK, 25: LINK, 26: LINK, 27: LINK, 52: LINK, 95: LINK,
    122: LINK, 123: LINK,
}  # fmt: skip
"""Status codes of SCAIP that tell of a failure, and what kind; every other one is FAULT."""
WORKS = {
    15: (BATTERY,), 20: (BATTERY,), 86: (POWER,), 112: (LINK,), 113: (LINK,), 114: (LINK,), 115: (LINK,), 116: (LINK,),
    124: (LINK,), 70: (BATTERY, POWER, LINK, FAULT), 94: (FAULT,), 91: (LINK, FAULT),
}  # fmt: skip
PATIENCE = {
    BATTERY: (timedelta(0), timedelta(days=3)),
    POWER: (timedelta(minutes=30), timedelta(hours=6)),
    LINK: (timedelta(minutes=30), timedelta(hours=6)),
    FAULT: (timedelta(0), timedelta(days=1)),
}
"""How long a failure is kept back, since most power cuts are short and come to everyone at once; and until it is due."""
SILENT_DUE = timedelta(minutes=30)
NO_BATTERY_DUE = timedelta(hours=4)
BUTTONS = (3, 4, 5, 6, 7, 14, 19, 23, 24, 25, 26)
"""Kinds of devices (SCAIP dty) whose own test transmission shows that they are heard; the unit's shows nothing of them."""


@transaction.atomic
def told(receipt: Receipt, record: Mapping[str, Any], *, by: Actor, now: datetime) -> bool:
    """Take in what a unit tells of itself, and return whether that is all there is to it.

    False for an alarm: it was no test, and must be shown. The same record from two receivers is taken in once.
    """
    demand(by, "alarms.told")
    number = str(record.get("unit", "")).strip()
    known = AlarmUnit.objects.exclude(state="returned").select_for_update(of=("self",))
    unit = known.filter(municipality_id=by.municipality_id, number=number).first()
    handle = HANDLERS.get(str(record["kind"]))
    if unit is None or handle is None:
        return False
    if record.get("verified") and record["kind"] not in ("silent", "late"):
        sign_of_life(unit, _at(record))
    return handle(unit, receipt, record, by, now)


def sign_of_life(unit: AlarmUnit, at: datetime) -> None:
    """Move the moment the unit was last heard, never back."""
    if unit.heard_at is None or unit.heard_at < at:
        unit.heard_at = at
        unit.save(update_fields=["heard_at"])


def happened(
    unit: AlarmUnit,
    what: str,
    *,
    at: datetime,
    by: Actor,
    record: UUID | None = None,
    codes: tuple[str, ...] = (),
) -> bool:
    """Write down what happened to a unit; the same record once. Return whether it was new."""
    if record is not None and UnitEvent.objects.filter(unit=unit, record=record, what=what).exists():
        return False
    UnitEvent.objects.create(
        municipality_id=unit.municipality_id,
        unit=unit,
        what=what,
        at=at,
        record=record,
        codes=list(codes),
        by_id=by.user_id,
        by_name=by.name,
    )
    return True


def raise_silent(unit: AlarmUnit, *, by: Actor, now: datetime) -> None:
    """Give the team the task of ringing or visiting whoever has a unit that is silent alone."""
    watches.raise_watch(
        "alarms.silent",
        ("alarms.unit", unit.pk),
        owner=Owner("provider_staff", unit.team_id),
        person_id=unit.person_id,
        due_at=now + SILENT_DUE,
        by=by,
        now=now,
    )


def _press(unit: AlarmUnit, receipt: Receipt, record: Mapping[str, Any], by: Actor, now: datetime) -> bool:
    """A press: a test if somebody stands there and tests, else help asked for. From somewhere unknown it shows nothing."""
    pendant = _pendant(unit, record)
    if pendant is None:
        if unit.state == "installing":
            device = wording.device(record) or "-"
            happened(unit, "unknown_pendant", at=_at(record), by=by, record=receipt.record, codes=(device,))
        return False
    if TestPress.objects.filter(pendant=pendant, record=receipt.record).exists():
        return not Alarm.objects.filter(pk=receipt.record).exists()
    if not record.get("verified"):
        if unit.state == "installing":
            happened(
                unit, "unverified", at=_at(record), by=by, record=receipt.record, codes=(pendant.device,)
            )
        return False
    if unit.state == "installing":
        _works(pendant, receipt, record)
        return _begun(unit, "install_begun", now - INSTALLING_FOR) is not None
    begun = _begun(unit, "test_begun", now - TESTING_FOR)
    if begun is None or (pendant.tested_at and begun <= pendant.tested_at < now - DOUBLE_PRESS):
        return False
    _works(pendant, receipt, record)
    if not Pendant.objects.filter(unit=unit, removed_at=None).exclude(tested_at__gte=begun).exists():
        happened(unit, "test_ended", at=now, by=by)
    return True


def _test(unit: AlarmUnit, receipt: Receipt, record: Mapping[str, Any], by: Actor, now: datetime) -> bool:
    """A test transmission. One that a button itself sent shows that the button is heard."""
    pendant = _pendant(unit, record)
    pressed = pendant is not None and record.get("verified") and _code(record, "dty") in BUTTONS
    if pendant and pressed and not TestPress.objects.filter(pendant=pendant, record=receipt.record).exists():
        _works(pendant, receipt, record)
    return True


def _fault(unit: AlarmUnit, receipt: Receipt, record: Mapping[str, Any], by: Actor, now: datetime) -> bool:
    code, pendant = _code(record, "stc"), _pendant(unit, record)
    what = FAILS.get(code, FAULT)
    new = happened(
        unit, "fault", at=_at(record), by=by, record=receipt.record, codes=_said(record, what, pendant)
    )
    if not new or unit.state != "active":
        return True
    kept_back, due = PATIENCE[what]
    watches.raise_watch(
        what,
        _source(unit, pendant),
        owner=Owner("provider_staff", unit.team_id),
        person_id=unit.person_id,
        due_at=now + (NO_BATTERY_DUE if code == 14 else due),
        shown_from=now + kept_back,
        by=by,
        now=now,
    )
    return True


def _restored(unit: AlarmUnit, receipt: Receipt, record: Mapping[str, Any], by: Actor, now: datetime) -> bool:
    """What failed works again. From an unverified source it is written down and ends nothing."""
    pendant = _pendant(unit, record)
    types = WORKS.get(_code(record, "stc"), (FAULT,))
    happened(
        unit, "restored", at=_at(record), by=by, record=receipt.record, codes=_said(record, types[0], pendant)
    )
    if record.get("verified"):
        watches.close_for(
            _source(unit, pendant), types=types, why="Larmenheten meddelar att det fungerar.", by=by, now=now
        )
    return True


def _silent(unit: AlarmUnit, receipt: Receipt, record: Mapping[str, Any], by: Actor, now: datetime) -> bool:
    """Not heard for too long. Alone it is a task; silent with many others it is on the call round instead."""
    happened(unit, "silent", at=_at(record), by=by, record=receipt.record)
    last = record.get("facts", {}).get("last")
    if last:
        sign_of_life(unit, datetime.fromtimestamp(float(last), UTC))
    if unit.state != "active":
        return True
    if unit.silent_since is None:
        unit.silent_since = unit.heard_at or _at(record)
        unit.save(update_fields=["silent_since"])
    listed = CallEntry.objects.filter(unit=unit, round__closed_at=None).exists()
    if not listed and not Silence.objects.filter(over_at=None, units__contains=[unit.number]).exists():
        raise_silent(unit, by=by, now=now)
    return True


def _late(unit: AlarmUnit, receipt: Receipt, record: Mapping[str, Any], by: Actor, now: datetime) -> bool:
    happened(unit, "late", at=_at(record), by=by, record=receipt.record)
    return True


def _heard(unit: AlarmUnit, receipt: Receipt, record: Mapping[str, Any], by: Actor, now: datetime) -> bool:
    """Heard again: the task closes by itself."""
    happened(unit, "heard", at=_at(record), by=by, record=receipt.record)
    sign_of_life(unit, _at(record))
    if unit.silent_since is not None:
        unit.silent_since = None
        unit.save(update_fields=["silent_since"])
        watches.close_for(
            ("alarms.unit", unit.pk), types=["alarms.silent"], why="Larmenheten hörs igen.", by=by, now=now
        )
    return True


HANDLERS: dict[str, Callable[[AlarmUnit, Receipt, Mapping[str, Any], Actor, datetime], bool]] = {
    "alarm": _press,
    "test": _test,
    "fault": _fault,
    "restored": _restored,
    "silent": _silent,
    "late": _late,
    "heard": _heard,
}


def _works(pendant: Pendant, receipt: Receipt, record: Mapping[str, Any]) -> None:
    """The press arrived: the button works."""
    at = _at(record)
    TestPress.objects.create(
        municipality_id=pendant.municipality_id, pendant=pendant, record=receipt.record, at=at
    )
    pendant.tested_at = max(at, pendant.tested_at or at)
    pendant.save(update_fields=["tested_at"])


def test_until(unit: AlarmUnit, now: datetime) -> datetime | None:
    """When the monthly test of a unit that goes on now is over, or None."""
    begun = _begun(unit, "test_begun", now - TESTING_FOR)
    return begun + TESTING_FOR if begun else None


def _begun(unit: AlarmUnit, what: str, after: datetime) -> datetime | None:
    """When the installation or test that still goes on began."""
    ended = {"install_begun": "installed", "test_begun": "test_ended"}[what]
    last = (
        UnitEvent.objects.filter(unit=unit, what__in=(what, ended), at__gt=after)
        .order_by("-at", "-id")
        .first()
    )
    return last.at if last and last.what == what else None


def _pendant(unit: AlarmUnit, record: Mapping[str, Any]) -> Pendant | None:
    rows = Pendant.objects.filter(unit=unit, removed_at=None)
    return rows.filter(device__iexact=wording.device(record)).first()


def _source(unit: AlarmUnit, pendant: Pendant | None) -> tuple[str, UUID]:
    """What a failure is about: one button, or the unit itself."""
    return ("alarms.pendant", pendant.pk) if pendant else ("alarms.unit", unit.pk)


def _said(record: Mapping[str, Any], what: str, pendant: Pendant | None) -> tuple[str, ...]:
    return what, str(_code(record, "stc")), pendant.device if pendant else ""


def _at(record: Mapping[str, Any]) -> datetime:
    return datetime.fromtimestamp(float(record["at"]), UTC)


def _code(record: Mapping[str, Any], name: str) -> int:
    """A code of the record, 0 when it says none."""
    try:
        return int(record.get("facts", {}).get(name) or 0)
    except (TypeError, ValueError):
        return 0

"""The register of units: what each is, at whose home, with which buttons, and how it came to be in use."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from livlina.core import audit, outbox
from livlina.core.access import Actor, demand, fetch
from livlina.core.clock import day_of
from livlina.provider.alarms.actions.signals import happened, told
from livlina.provider.alarms.models import AlarmUnit, Pendant
from livlina.registers.orders import actions as orders
from livlina.registers.orders.actions.answering import FIRST_DELIVERY
from livlina.registers.orders.models import Order, OrderVersion
from livlina.registers.watches import actions as watches

__all__ = [
    "UnitRefused",
    "add_pendant",
    "add_unit",
    "begin_installation",
    "begin_test",
    "change_unit",
    "commission",
    "deliver_due",
    "remove_pendant",
    "return_unit",
    "told",
]

SETTABLE = (
    "model", "profile", "modem", "operator", "sim", "second_operator", "second_sim", "interval", "source", "area",
    "keys", "risk", "risks",
)  # fmt: skip
NUMBER = re.compile(r"[0-9A-Za-z+]{1,16}")
WATCHED = ("alarms.silent", "alarms.battery", "alarms.power", "alarms.link", "alarms.fault", "alarms.fetch")


class UnitRefused(Exception):
    """It could not be done. The sentence is for a person, in Swedish."""


@transaction.atomic
def add_unit(number: str, *, by: Actor, now: datetime, **said: Any) -> AlarmUnit:
    """Enter a unit into the team's stock. Raises UnitRefused when another one in use has the number."""
    demand(by, "alarms.add_unit")
    number = number.strip()
    if not NUMBER.fullmatch(number):
        raise UnitRefused("Enhetsnumret har högst 16 tecken: siffror och bokstäver.")
    try:
        with transaction.atomic():
            unit = AlarmUnit.objects.create(
                municipality_id=by.municipality_id, team_id=by.unit_id, number=number, **_settable(said)
            )
    except IntegrityError as fault:
        raise UnitRefused("En larmenhet med det numret finns redan.") from fault
    happened(unit, "added", at=now, by=by)
    audit.wrote(by, "alarms.add_unit", now=now, obj=unit)
    return unit


@transaction.atomic
def change_unit(unit: AlarmUnit, *, by: Actor, now: datetime, **said: Any) -> AlarmUnit:
    """Change what is known of a unit. The same again changes nothing."""
    unit = _kept(unit, by)
    changed = {name: value for name, value in _settable(said).items() if getattr(unit, name) != value}
    if changed:
        for name, value in changed.items():
            setattr(unit, name, value)
        unit.save(update_fields=list(changed))
        happened(unit, "changed", at=now, by=by, codes=tuple(sorted(changed)))
        audit.wrote(
            by,
            "alarms.keep_unit",
            now=now,
            obj=unit,
            person_id=unit.person_id,
            detail={"set": sorted(changed)},
        )
    return unit


@transaction.atomic
def add_pendant(
    unit: AlarmUnit, device: str, kind: str, place: str = "", *, by: Actor, now: datetime
) -> Pendant:
    """Add a button or sensor. It works when a press of it has arrived. The same one again is the same."""
    unit = _kept(unit, by)
    device = device.strip()[:16]
    found = Pendant.objects.filter(unit=unit, device__iexact=device, removed_at=None).first()
    if found is not None:
        return found
    pendant = Pendant.objects.create(
        municipality_id=by.municipality_id,
        unit=unit,
        device=device,
        kind=kind,
        place=place.strip()[:80],
        added_at=now,
    )
    happened(unit, "pendant_added", at=now, by=by, codes=(device,))
    audit.wrote(by, "alarms.keep_unit", now=now, obj=unit, person_id=unit.person_id)
    return pendant


@transaction.atomic
def remove_pendant(pendant: Pendant, *, by: Actor, now: datetime) -> Pendant:
    """Take a button out of use. It stays readable with its presses."""
    unit = _held(pendant.unit, by)
    if Pendant.objects.filter(pk=pendant.pk, removed_at=None).update(removed_at=now):
        happened(unit, "pendant_removed", at=now, by=by, codes=(pendant.device,))
        watches.close_for(("alarms.pendant", pendant.pk), why="Knappen är borttagen.", by=by, now=now)
        audit.wrote(by, "alarms.keep_unit", now=now, obj=unit, person_id=unit.person_id)
    pendant.refresh_from_db()
    return pendant


@transaction.atomic
def begin_installation(unit: AlarmUnit, order_id: UUID, *, by: Actor, now: datetime) -> AlarmUnit:
    """Take a unit to the person an order is about; from now and two hours on its presses are tests.

    Moved from somebody else, every button must be heard anew. Begun again it goes on. Raises UnitRefused when the
    order does not run or the person already has another unit, and Refused for an order that is not the team's.
    """
    unit = _kept(unit, by)
    copies = OrderVersion.objects.select_related("order").order_by("-number")
    letter = fetch(by, "orders.read_content", copies, order_id=order_id)
    if not letter.order.is_running:
        raise UnitRefused("Beställningen ska vara bekräftad innan larmet installeras.")
    at_the_persons = AlarmUnit.objects.filter(person_id=letter.person_id, order_id=order_id)
    if at_the_persons.filter(state__in=("installing", "active")).exclude(pk=unit.pk).exists():
        raise UnitRefused("Det finns redan ett larm på den här beställningen. Lämna tillbaka det först.")
    if unit.person_id != letter.person_id or unit.state == "active":
        Pendant.objects.filter(unit=unit, removed_at=None).update(tested_at=None)
        _settle(unit, by, now, "Larmenheten har flyttats.")
    left = unit.order if unit.order_id not in (None, order_id) else None
    unit.person_id, unit.order_id, unit.state = letter.person_id, order_id, "installing"
    unit.installed_at = unit.silent_since = None
    unit.save(update_fields=["person_id", "order_id", "state", "installed_at", "silent_since"])
    happened(unit, "install_begun", at=now, by=by)
    audit.wrote(by, "alarms.keep_unit", now=now, obj=unit, person_id=unit.person_id)
    outbox.announce("alarms.unit_moved", unit, now=now)
    if left is not None and left.is_running:
        call_for_installation(left, by=by, now=now)
    return unit


@transaction.atomic
def commission(unit: AlarmUnit, *, by: Actor, now: datetime) -> AlarmUnit:
    """Take a unit into use: done only when a press of every button has arrived. Done twice is done once.

    The order is reported as delivered, now or on its first day. Raises UnitRefused, naming what has not been heard.
    """
    unit = _held(unit, by)
    if unit.state == "active":
        return unit
    if unit.state != "installing":
        raise UnitRefused("Börja med att koppla larmenheten till en person.")
    pendants = list(Pendant.objects.filter(unit=unit, removed_at=None).order_by("added_at"))
    unheard = [pendant.device or "larmenhetens egen" for pendant in pendants if pendant.tested_at is None]
    if not pendants:
        raise UnitRefused("Lägg in knapparna först.")
    if unheard:
        raise UnitRefused(f"Inget provtryck har kommit fram från {', '.join(unheard)}.")
    unit.state, unit.installed_at = "active", now
    unit.save(update_fields=["state", "installed_at"])
    happened(unit, "installed", at=now, by=by)
    audit.wrote(by, "alarms.commission", now=now, obj=unit, person_id=unit.person_id)
    if unit.order_id is not None:
        done = "Larmet är installerat och provtryckt."
        watches.close_for(("orders.order", unit.order_id), types=["alarms.install"], why=done, by=by, now=now)
        _deliver(unit, by, now)
    outbox.announce("alarms.unit_installed", unit, now=now)
    return unit


@transaction.atomic
def begin_test(unit: AlarmUnit, *, by: Actor, now: datetime) -> AlarmUnit:
    """Begin the monthly test: for fifteen minutes the first press of each button is a test. Raises UnitRefused."""
    unit = _held(unit, by)
    if unit.state != "active":
        raise UnitRefused("Larmenheten är inte i drift.")
    happened(unit, "test_begun", at=now, by=by)
    audit.wrote(by, "alarms.test_unit", now=now, obj=unit, person_id=unit.person_id)
    return unit


@transaction.atomic
def return_unit(unit: AlarmUnit, *, by: Actor, now: datetime) -> AlarmUnit:
    """Take a unit out of use. Its row stays with its history; the number is free. Returned twice is returned once."""
    unit = _held(unit, by)
    if unit.state == "returned":
        return unit
    unit.state, unit.returned_at, unit.silent_since = "returned", now, None
    unit.save(update_fields=["state", "returned_at", "silent_since"])
    happened(unit, "returned", at=now, by=by)
    _settle(unit, by, now, "Larmenheten är återlämnad.")
    audit.wrote(by, "alarms.keep_unit", now=now, obj=unit, person_id=unit.person_id)
    outbox.announce("alarms.unit_returned", unit, now=now)
    if unit.order is not None and unit.order.is_running:
        call_for_installation(unit.order, by=by, now=now)
    return unit


def deliver_due(*, by: Actor, now: datetime) -> int:
    """Report as delivered what was installed before its order's first day, and return how many."""
    demand(by, "alarms.told")
    waiting = AlarmUnit.objects.filter(
        municipality_id=by.municipality_id,
        state="active",
        order__state="confirmed",
        order__start_date__lte=day_of(now),
    )
    return sum(_deliver(unit, by, now) for unit in waiting.order_by("id"))


def call_for_installation(order: Order, *, by: Actor, now: datetime) -> None:
    """Let an order that runs without a unit be work for the team, due on its first day."""
    provider = order.provider
    if provider is None:
        return
    first = order.start_date or day_of(now)
    watches.raise_watch(
        "alarms.install",
        ("orders.order", order.pk),
        owner=watches.Owner("provider_staff", provider.unit_id),
        due_at=max(now, datetime.combine(first, datetime.min.time(), now.tzinfo).replace(hour=15)),
        by=by,
        now=now,
    )


def _deliver(unit: AlarmUnit, by: Actor, now: datetime) -> bool:
    """Report the first delivery, if the order's first day has come and nothing was reported yet."""
    order = Order.objects.get(pk=unit.order_id)
    if order.state != "confirmed" or order.start_date is None or order.start_date > day_of(now):
        return False
    if by.kind == "system":  # the team's own press is what is reported, on the day it begins to count
        by = replace(by, role="provider_staff", unit_id=unit.team_id)
    day = day_of(now)
    orders.report_delivery(order, period_from=day, period_to=day, count=1, by=by, now=now)
    return True


def _undelivered(order: Order) -> str:
    """What stands in the way of calling a social alarm delivered: nothing, once a press of every button has arrived."""
    if AlarmUnit.objects.filter(order=order, state="active").exists():
        return ""
    return "Larmet räknas som levererat när ett provtryck från varje knapp har kommit fram. Installera det först."


FIRST_DELIVERY["social_alarm"] = _undelivered


def _held(unit: AlarmUnit, by: Actor) -> AlarmUnit:
    """The unit, locked, if it is the actor's team's. Raises Refused."""
    held = AlarmUnit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
    demand(by, "alarms.keep_unit", held)
    return held


def _kept(unit: AlarmUnit, by: Actor) -> AlarmUnit:
    """The unit, locked, if it is not returned. Raises Refused, UnitRefused."""
    held = _held(unit, by)
    if held.state == "returned":
        raise UnitRefused("Larmenheten är återlämnad.")
    return held


def _settle(unit: AlarmUnit, by: Actor, now: datetime, why: str) -> None:
    """Close what was open about a unit and its buttons."""
    watches.close_for(("alarms.unit", unit.pk), types=WATCHED, why=why, by=by, now=now)
    for pendant in Pendant.objects.filter(unit=unit, removed_at=None):
        watches.close_for(("alarms.pendant", pendant.pk), types=WATCHED, why=why, by=by, now=now)


def _settable(said: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(said) - set(SETTABLE)
    if unknown:
        raise TypeError(f"A unit has no {', '.join(sorted(unknown))} to set.")
    return dict(said)

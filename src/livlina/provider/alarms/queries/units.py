"""Units as their team sees them: the list, one unit, what waits to be installed, what is overdue, what stops working."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, DateTimeField, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from livlina.core.access import Actor, allowed, fetch
from livlina.provider.alarms.models import Alarm, AlarmUnit, Pendant, UnitEvent
from livlina.provider.alarms.models.words import MODEMS
from livlina.registers.orders.models import OrderVersion

PAGE = 50
TEST_EVERY = timedelta(days=31)
LAST_2G = date(2027, 12, 31)
"""Telia, the last one with 2G, closes it at the end of 2027. The others' 2G and every 3G closed in December 2025."""
SHUT = date(2025, 12, 31)
STAYS = {"4g_volte", "5g", "fixed"}


@dataclass(frozen=True)
class Ending:
    """A unit whose network is, or will be, closed: from when, and whether its second SIM goes on."""

    unit: AlarmUnit
    on: date
    why: str

    @property
    def already(self) -> bool:
        """Whether its network is closed already."""
        return self.on <= SHUT


def units(actor: Actor, chosen: Mapping[str, str]) -> QuerySet[AlarmUnit]:
    """Return the team's units as the filters in the address choose them, those that need somebody first."""
    rows = allowed(actor, "alarms.units", AlarmUnit.objects.select_related("person"))
    state = chosen.get("state", "")
    rows = rows.filter(state=state) if state else rows.exclude(state="returned")
    for name in ("operator", "modem", "model"):
        if chosen.get(name):
            rows = rows.filter(**{name: chosen[name]})
    if chosen.get("only") == "silent":
        rows = rows.filter(silent_since__isnull=False)
    if number := chosen.get("number", "").strip():
        rows = rows.filter(number__startswith=number)
    return rows.order_by(F("silent_since").asc(nulls_last=True), "number", "id")


def choices(actor: Actor) -> dict[str, list[str]]:
    """Return the operators and models there are at the team, to choose among. One statement each."""
    rows = allowed(actor, "alarms.units", AlarmUnit.objects.exclude(state="returned"))
    return {
        name: list(rows.exclude(**{name: ""}).order_by(name).values_list(name, flat=True).distinct())
        for name in ("operator", "model")
    }


def unit(actor: Actor, pk: UUID, verb: str = "alarms.units") -> AlarmUnit:
    """Return one unit of the team. Raises Refused."""
    return fetch(actor, verb, AlarmUnit.objects.select_related("person", "order", "team"), pk=pk)


def unit_of_part(actor: Actor, pk: UUID) -> UUID:
    """Return the unit that has this id, or has a button with it. Raises Refused."""
    of_button = Pendant.objects.filter(pk=pk).values("unit_id")
    return fetch(actor, "alarms.units", AlarmUnit.objects.filter(Q(pk=pk) | Q(pk__in=of_button))).pk


def pendants(unit: AlarmUnit) -> list[Pendant]:
    """The buttons in use of a unit fetched with access."""
    return list(Pendant.objects.filter(unit=unit, removed_at=None).order_by("added_at", "device"))


def history(unit: AlarmUnit, limit: int = 40) -> list[UnitEvent]:
    """What happened to a unit fetched with access, newest first."""
    return list(UnitEvent.objects.filter(unit=unit).order_by("-at", "-id")[:limit])


def installations(actor: Actor) -> list[OrderVersion]:
    """Return the orders of social alarms the team has confirmed and has no unit in use for, the oldest first."""
    there = AlarmUnit.objects.filter(order_id=OuterRef("order_id"), state="active")
    letters = OrderVersion.objects.filter(
        ~Exists(there),
        compartment=2,
        number=F("order__version"),
        order__kind="social_alarm",
        order__state__in=("confirmed", "active"),
    )
    rows = allowed(actor, "orders.read_content", letters.select_related("order", "person"))
    return list(rows.order_by("order__start_date", "order_id")[:PAGE])


def spare(actor: Actor) -> QuerySet[AlarmUnit]:
    """The team's units in stock."""
    rows = allowed(actor, "alarms.keep_unit", AlarmUnit.objects.filter(state="planned", person=None))
    return rows.order_by("number")


def overdue_pendants(now: datetime) -> QuerySet[Pendant]:
    """Buttons of units in use nobody has heard for a month: neither a test nor an alarm."""
    before = now - TEST_EVERY
    alarms = Alarm.objects.filter(
        unit_id=OuterRef("unit_id"), device__iexact=OuterRef("device"), received_at__gt=before
    )
    last = Coalesce("tested_at", "unit__installed_at", output_field=DateTimeField())
    rows = Pendant.objects.filter(removed_at=None, unit__state="active").annotate(last=last)
    return rows.filter(~Exists(alarms), last__lte=before)


def overdue(actor: Actor, now: datetime) -> QuerySet[Pendant]:
    """The team's overdue buttons, the longest first."""
    own = allowed(actor, "alarms.units", AlarmUnit.objects.all())
    rows = overdue_pendants(now).filter(unit__in=own).select_related("unit__person")
    return rows.order_by("last", "unit__number")


def ending(actor: Actor) -> list[Ending]:
    """Return the team's units whose network closes 2027-12-31 or is closed already, those already closed first."""
    rows = allowed(actor, "alarms.units", AlarmUnit.objects.select_related("person"))
    rows = rows.filter(state__in=("planned", "installing", "active")).exclude(modem__in=STAYS)
    found = [Ending(one, *_closes(one)) for one in rows.order_by("operator", "modem", "number")]
    return sorted(found, key=lambda one: one.on)


def ending_by_operator(found: list[Ending]) -> list[tuple[str, str, int, int]]:
    """Count what stops working: (operator, modem, units, of them with a second operator)."""
    counted: dict[tuple[str, str], list[int]] = {}
    for one in found:
        key = (one.unit.operator or "Okänd operatör", one.unit.get_modem_display())
        row = counted.setdefault(key, [0, 0])
        row[0] += 1
        row[1] += bool(one.unit.second_operator)
    return [(*key, *row) for key, row in sorted(counted.items())]


def by_state(actor: Actor) -> dict[str, int]:
    """How many of the team's units stand in each state. One statement."""
    rows = allowed(actor, "alarms.units", AlarmUnit.objects.all())
    return dict(rows.values_list("state").annotate(n=Count("pk")).order_by())


def _closes(unit: AlarmUnit) -> tuple[date, str]:
    """When the network of a unit closes, and in words why."""
    name = dict(MODEMS).get(unit.modem, unit.modem)
    if unit.modem == "unknown":
        return LAST_2G, "Modemet är okänt. Ta reda på vad som sitter i larmenheten."
    if unit.modem == "4g":
        return LAST_2G, "Utan VoLTE går samtal över 2G, som släcks."
    if unit.modem == "2g" and _telia(unit):
        return LAST_2G, "Telia släcker 2G vid utgången av 2027."
    return SHUT, f"{unit.operator or 'Operatören'} släckte {name} i december 2025."


def _telia(unit: AlarmUnit) -> bool:
    """Whether one of its SIM cards is in the one network that still has 2G."""
    names: tuple[Any, ...] = (unit.operator, unit.second_operator)
    return any("telia" in name.casefold() for name in names)

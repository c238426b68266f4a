"""What is counted each night: one function a measure, giving samples; a figure is what its samples sum up to.

A sample is (compartment, unit, part, value). Each measure is told for every unit, and for the branch as a whole.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from statistics import median
from uuid import UUID

from django.db.models import F, Q

from livlina.authority.cases.models import Case, CaseEvent, Decision
from livlina.core.access import Actor
from livlina.core.clock import day_of
from livlina.core.models import Municipality
from livlina.core.tenancy import EVERYTHING
from livlina.provider.alarms.models import Alarm
from livlina.provider.homecare.queries import measures as homecare
from livlina.registers.orders.models import Order, Provider
from livlina.registers.watches.models import Watch

PROVIDER = 2
MONTH, QUARTER = timedelta(days=30), timedelta(days=90)
Sample = tuple[int, UUID | None, str, float]
Counter = Callable[[Municipality, datetime], Iterable[Sample]]


@dataclass(frozen=True)
class Measure:
    """One figure: its words, how samples become a number, on which sides it is shown, and the list behind it."""

    code: str
    words: str
    of: str
    how: str
    sides: tuple[str, ...]
    samples: Counter
    links: tuple[tuple[str, str, str], ...] = ()
    public: bool = True


def _load(town: Municipality, now: datetime) -> Iterable[Sample]:
    rows = Case.objects.filter(municipality=town, closed_at=None).values_list("compartment", "unit_id")
    return [(code, unit, "", 1) for code, unit in rows]


def _to_decision(town: Municipality, now: datetime) -> Iterable[Sample]:
    rows = Decision.objects.filter(
        municipality=town, number=1, interim=False, decided_on__gt=day_of(now - QUARTER)
    )
    found = rows.values_list("compartment", "case__unit_id", "decided_on", "case__received_on")
    return [(code, unit, "", max((on - received).days, 0)) for code, unit, on, received in found]


def _to_service(town: Municipality, now: datetime) -> Iterable[Sample]:
    events = CaseEvent.objects.filter(municipality=town, step="begin_service", at__gt=now - QUARTER)
    begun = {row["case_id"]: row for row in events.values("case_id", "compartment", "case__unit_id", "at")}
    decided: dict[UUID, object] = dict(
        Decision.objects.filter(case_id__in=list(begun))
        .order_by("-number")
        .values_list("case_id", "decided_on")
    )
    return [
        (row["compartment"], row["case__unit_id"], "", max((day_of(row["at"]) - decided[key]).days, 0))  # type: ignore[operator]
        for key, row in begun.items()
        if key in decided
    ]


def _outcomes(town: Municipality, now: datetime) -> Iterable[Sample]:
    rows = Decision.objects.filter(municipality=town, decided_on__gt=day_of(now - MONTH))
    return [
        (c, unit, outcome, 1)
        for c, unit, outcome in rows.values_list("compartment", "case__unit_id", "outcome")
    ]


def _unconfirmed(town: Municipality, now: datetime) -> Iterable[Sample]:
    waits = Order.objects.filter(municipality=town, state__in=("sent", "opened"))
    for branch, ours, theirs in waits.values_list("branch", "orderer_unit_id", "provider__unit_id"):
        yield branch, ours, "", 1
        if theirs:
            yield PROVIDER, theirs, "", 1


def _noise(town: Municipality, now: datetime) -> Iterable[Sample]:
    shown = Watch.objects.filter(
        Q(closed_at=None, due_at__lt=now) | Q(closed_at__gte=F("shown_from")),
        municipality=town, shown_from__gt=now - MONTH, shown_from__lte=now,
    )  # fmt: skip
    rows = shown.values_list("compartment", "unit_id", "acted_at")
    return [(code, unit, "", acted is None) for code, unit, acted in rows]


def _carers(town: Municipality, now: datetime) -> Iterable[Sample]:
    for by in _units(town, now):
        for _, number in homecare.continuity(by, day_of(now) - timedelta(days=1)).persons:
            yield PROVIDER, by.unit_id, "", number


def _punctual(town: Municipality, now: datetime) -> Iterable[Sample]:
    last = day_of(now) - timedelta(days=1)
    for by in _units(town, now):
        told = homecare.punctuality(by, last - timedelta(days=13), last)
        yield from [(PROVIDER, by.unit_id, "", 1)] * told.in_time
        yield from [(PROVIDER, by.unit_id, "", 0)] * (told.performed - told.in_time)


def _answers(town: Municipality, now: datetime) -> Iterable[Sample]:
    rows = Alarm.objects.filter(municipality=town, received_at__gt=now - MONTH, accepted_at__isnull=False)
    return [
        (PROVIDER, None, "", (accepted - received).total_seconds())
        for accepted, received in rows.values_list("accepted_at", "received_at")
        if accepted is not None
    ]


def _units(town: Municipality, now: datetime) -> list[Actor]:
    """The system, standing at each provider's unit: what a measure of home care is asked of."""
    units = Provider.objects.filter(municipality=town).values_list("unit_id", flat=True).distinct()
    return [
        Actor("system", town.pk, "provider_manager", "Livlina", unit_id=unit, compartments=EVERYTHING)
        for unit in units
    ]


BOTH, OFFICER, CARE = (
    ("officer", "provider", "operations"),
    ("officer", "operations"),
    ("provider", "operations"),
)
MEASURES = (
    Measure("cases_open", "Pågående ärenden", "ärenden", "count", OFFICER, _load,
            (("officer", "cases:list", "cases.list"),)),
    Measure("days_to_decision", "Dagar från ansökan till beslut, 90 dagar", "dagar, median", "median", OFFICER, _to_decision,
            (("officer", "cases:list", "cases.list"),)),
    Measure("days_to_service", "Dagar från beslut till att insatsen började, 90 dagar", "dagar, median", "median", OFFICER,
            _to_service, (("officer", "unexecuted:list", "unexecuted.list"),)),
    Measure("decisions", "Beslut efter utgång, 30 dagar", "beslut", "count", OFFICER, _outcomes,
            (("officer", "cases:delegation_list", "cases.decisions"),)),
    Measure("orders_unconfirmed", "Beställningar som inte är bekräftade", "beställningar", "count", BOTH, _unconfirmed,
            (("officer", "orders:unread", "orders.read"), ("provider", "orders_provider:inbox", "orders.inbox"))),
    Measure("watches_untouched", "Bevakningar som ingen gjorde något åt, 30 dagar", "procent", "share", BOTH, _noise,
            (("officer", "watches:statistics", "watches.statistics"),), public=False),
    Measure("carers_met", "Olika ur personalen på 14 dagar", "personer, medelvärde", "mean", CARE, _carers,
            (("provider", "homecare_provider:measures", "homecare.measures"),)),
    Measure("visits_in_time", "Besök som började i tid, 14 dagar", "procent", "share", CARE, _punctual,
            (("provider", "homecare_provider:measures", "homecare.measures"),)),
    Measure("alarm_answer", "Tid till att ett larm besvaras, 30 dagar", "sekunder, median", "median", CARE, _answers,
            (("provider", "alarms_provider:statistics", "alarms.statistics"),)),
)  # fmt: skip
BY_CODE = {one.code: one for one in MEASURES}


def sums(measure: Measure, samples: Iterable[Sample]) -> list[tuple[int, UUID | None, str, Decimal, int]]:
    """Return (compartment, unit, part, value, base) of every unit, and of each branch as a whole (no unit)."""
    found: dict[tuple[int, UUID | None, str], list[float]] = defaultdict(list)
    for code, unit, part, value in samples:
        found[code, unit, part].append(value)
        if unit is not None:
            found[code, None, part].append(value)
    return [
        (code, unit, part, round(Decimal(_number(measure.how, values)), 2), len(values))
        for (code, unit, part), values in found.items()
    ]


def _number(how: str, values: list[float]) -> float:
    if how == "median":
        return float(median(values))
    if how == "count":
        return len(values)
    whole = sum(values) / len(values)
    return whole * 100 if how == "share" else whole

"""Case work: how long each step takes, how much there is, and what is decided."""

from collections import Counter as Tally
from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q

from livlina.across.statistics.measures.base import MONTH, QUARTER, Measure, Sample
from livlina.authority.cases.models import Case, CaseEvent, Decision
from livlina.core.clock import day_of
from livlina.core.models import Municipality
from livlina.registers.watches.models import Watch

SIDES, LIST = ("officer", "operations"), (("officer", "cases:list", "cases.list"),)


def _open(town: Municipality, now: datetime) -> Iterable[Sample]:
    still = Q(closed_at=None) | Q(closed_at__gt=now)
    rows = Case.objects.filter(still, municipality=town, registered_on__lte=day_of(now))
    return [Sample(code, unit, "", 1) for code, unit in rows.values_list("compartment", "unit_id")]


def _unassigned(town: Municipality, now: datetime) -> Iterable[Sample]:
    rows = Case.objects.filter(municipality=town, closed_at=None, responsible=None)
    return [Sample(code, unit, "", 1) for code, unit in rows.values_list("compartment", "unit_id")]


def _late(town: Municipality, now: datetime) -> Iterable[Sample]:
    rows = Case.objects.filter(municipality=town, closed_at=None, next_due__lt=day_of(now))
    return [Sample(code, unit, "", 1) for code, unit in rows.values_list("compartment", "unit_id")]


def _per_worker(town: Municipality, now: datetime) -> Iterable[Sample]:
    rows = Case.objects.filter(municipality=town, closed_at=None, responsible__isnull=False)
    held = Tally(rows.values_list("compartment", "unit_id", "responsible_id"))
    return [Sample(code, unit, "", many) for (code, unit, _), many in held.items()]


def _to_first_step(town: Municipality, now: datetime) -> Iterable[Sample]:
    """The first step that moved a case, if it was taken within the quarter."""
    moved = CaseEvent.objects.filter(~Q(from_state=F("to_state")), flow="main")
    earlier = moved.filter(case_id=OuterRef("case_id"), at__lt=OuterRef("at"))
    rows = moved.filter(~Exists(earlier), municipality=town, at__gt=now - QUARTER, at__lte=now)
    found = rows.values_list("compartment", "case__unit_id", "at", "case__received_on", "case_id")
    return [Sample(code, unit, "", _days(came, day_of(at)), who) for code, unit, at, came, who in found]


def _to_decision(town: Municipality, now: datetime) -> Iterable[Sample]:
    rows = Decision.objects.filter(
        municipality=town, number=1, interim=False, decided_on__gt=day_of(now - QUARTER), decided_on__lte=day_of(now)
    )  # fmt: skip
    found = rows.values_list("compartment", "case__unit_id", "decided_on", "case__received_on")
    return [Sample(code, unit, "", _days(received, on)) for code, unit, on, received in found]


def _to_service(town: Municipality, now: datetime) -> Iterable[Sample]:
    events = CaseEvent.objects.filter(
        municipality=town, step="begin_service", at__gt=now - QUARTER, at__lte=now
    )
    begun = {row["case_id"]: row for row in events.values("case_id", "compartment", "case__unit_id", "at")}
    decided: dict[UUID, date] = dict(
        Decision.objects.filter(case_id__in=list(begun))
        .order_by("-number")
        .values_list("case_id", "decided_on")
    )
    return [
        Sample(row["compartment"], row["case__unit_id"], "", _days(decided[key], day_of(row["at"])))
        for key, row in begun.items()
        if key in decided
    ]


def _outcomes(town: Municipality, now: datetime) -> Iterable[Sample]:
    rows = Decision.objects.filter(
        municipality=town, decided_on__gt=day_of(now - MONTH), decided_on__lte=day_of(now)
    )
    found = rows.values_list("compartment", "case__unit_id", "outcome")
    return [Sample(code, unit, outcome, 1) for code, unit, outcome in found]


def _noise(town: Municipality, now: datetime) -> Iterable[Sample]:
    shown = Watch.objects.filter(
        Q(closed_at=None, due_at__lt=now) | Q(closed_at__gte=F("shown_from")),
        municipality=town, shown_from__gt=now - MONTH, shown_from__lte=now,
    )  # fmt: skip
    rows = shown.values_list("compartment", "unit_id", "acted_at")
    return [Sample(code, unit, "", acted is None) for code, unit, acted in rows]


def _days(first: date, last: date) -> int:
    return max((last - first).days, 0)


MEASURES = (
    Measure("cases_open", "Pågående ärenden", "ärenden", "count", SIDES, _open, LIST),
    Measure("cases_unassigned", "Ärenden utan handläggare", "ärenden", "count", SIDES, _unassigned, LIST, past=False),
    Measure("cases_late", "Ärenden där en frist har gått ut", "ärenden", "count", SIDES, _late, LIST, past=False),
    Measure("cases_per_worker", "Pågående ärenden per handläggare", "ärenden, medelvärde", "mean", SIDES, _per_worker,
            LIST, past=False, public=False, note="Räknas bara där minst fem handläggare har ärenden."),
    Measure("days_to_first_step", "Dagar från ansökan till första steget, 90 dagar", "dagar, median", "median", SIDES,
            _to_first_step, LIST, note="Från den dag ärendet kom in till det första steg som någon tog i det."),
    Measure("days_to_decision", "Dagar från ansökan till beslut, 90 dagar", "dagar, median", "median", SIDES, _to_decision,
            LIST, note="Första beslutet i ärendet. Interimistiska beslut är inte med."),
    Measure("days_to_service", "Dagar från beslut till att insatsen började, 90 dagar", "dagar, median", "median", SIDES,
            _to_service, (("officer", "unexecuted:list", "unexecuted.list"),)),
    Measure("decisions", "Beslut efter utgång, 30 dagar", "beslut", "count", SIDES, _outcomes,
            (("officer", "cases:delegation_list", "cases.decisions"),)),
    Measure("watches_untouched", "Bevakningar som ingen gjorde något åt, 30 dagar", "procent", "share",
            ("officer", "provider", "operations"), _noise, (("officer", "watches:statistics", "watches.statistics"),),
            public=False, past=False),
)  # fmt: skip

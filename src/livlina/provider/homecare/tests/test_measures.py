"""Granted, ordered, planned, performed and approved are five figures; and what is measured says by which definition."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from livlina.core import outbox
from livlina.core.access import Actor, Refused
from livlina.provider.homecare.actions import reporting, visits
from livlina.provider.homecare.actions.reporting import ReportRefused
from livlina.provider.homecare.actions.telling import outcome_of
from livlina.provider.homecare.clockwork import moment
from livlina.provider.homecare.folding import Told, fold
from livlina.provider.homecare.models import Shift, Visit, VisitEvent
from livlina.provider.homecare.queries import measures
from livlina.registers.orders import actions as orders
from livlina.registers.orders.models import Order
from livlina.registers.people.models import Person
from tests.people import MORNING

APRIL = datetime(2026, 4, 10, 8, tzinfo=MORNING.tzinfo)
MAKE = Callable[..., Visit]


def make(visit: Visit, who: Actor, late: int = 0, minutes: int = 30) -> None:
    """Let a visit be made, so many minutes late."""
    begun = visit.starts_at + timedelta(minutes=late)
    visits.check_in(visit, at=begun, by=who, now=begun)
    visits.check_out(
        visit, at=begun + timedelta(minutes=minutes), by=who, now=begun + timedelta(minutes=minutes)
    )


@pytest.fixture
def march(confirmed: Order, astrid: Person, ali: Actor, visit_at: MAKE) -> list[Visit]:
    """Two of Astrid's visits in March: one made, one not yet."""
    first, second = (
        visit_at(astrid, moment(date(2026, 3, day), time(9)), 30, ali, order=confirmed) for day in (9, 10)
    )
    make(first, ali, minutes=25)
    return [first, second]


def test_the_five_figures_of_a_month_are_five(
    confirmed: Order, march: list[Visit], petra: Actor, now: datetime
) -> None:
    visits.approve_visit(march[0], 20, by=petra, now=APRIL)
    row = measures.figures(petra, date(2026, 3, 31))[0]
    weekly = confirmed.versions.first().weekly_minutes
    assert row.granted == 2_600
    assert row.ordered == round(weekly * 23 / 7)  # 9 to 31 March
    assert (row.planned, row.performed, row.approved) == (60, 25, 20)


def test_a_month_is_reported_when_it_is_over_and_once(
    confirmed: Order, march: list[Visit], petra: Actor, now: datetime
) -> None:
    with pytest.raises(ReportRefused, match="slut"):
        reporting.report_month(
            confirmed, date(2026, 3, 9), by=petra, now=datetime(2026, 3, 20, tzinfo=now.tzinfo)
        )
    report = reporting.report_month(confirmed, date(2026, 3, 9), by=petra, now=APRIL)
    assert (report.period_from, report.period_to, report.minutes) == (date(2026, 3, 9), date(2026, 3, 31), 25)
    assert reporting.report_month(confirmed, date(2026, 3, 9), by=petra, now=APRIL) == report


def test_what_a_phone_brings_home_late_corrects_the_report(
    confirmed: Order, march: list[Visit], petra: Actor, ali: Actor
) -> None:
    first = reporting.report_month(confirmed, date(2026, 3, 9), by=petra, now=APRIL)
    begun = march[1].starts_at
    for act, at in ((visits.check_in, begun), (visits.check_out, begun + timedelta(minutes=40))):
        act(march[1], at=at, by=ali, now=APRIL, source="phone", device_at=at, event_id=uuid.uuid4())
    outbox.deliver_waiting()
    holds = confirmed.deliveries.get(corrected_by__isnull=True)
    assert holds.minutes == 65
    assert holds.corrects == first


def test_a_month_reported_in_part_by_hand_is_left_to_a_person(
    confirmed: Order, march: list[Visit], petra: Actor, ali: Actor
) -> None:
    day = date(2026, 3, 9)
    orders.report_delivery(confirmed, period_from=day, period_to=day, minutes=25, by=petra, now=APRIL)
    with pytest.raises(ReportRefused, match="för hand"):
        reporting.report_month(confirmed, day, by=petra, now=APRIL)
    told = {"source": "phone", "event_id": uuid.uuid4()}
    visits.check_in(march[1], at=march[1].starts_at, by=ali, now=APRIL, **told)
    outbox.deliver_waiting()
    assert confirmed.deliveries.count() == 1


def test_another_provider_and_the_authority_report_nothing(
    confirmed: Order, march: list[Visit], karin: Actor, erik: Actor, ali: Actor
) -> None:
    for who in (karin, erik, ali):
        with pytest.raises(Refused):
            reporting.report_month(confirmed, date(2026, 3, 9), by=who, now=APRIL)
    for who in (karin, erik):
        assert measures.figures(who, date(2026, 3, 9)) == []


def been(unit: Actor, person: Person, days: range, hour: int, who: Actor) -> None:
    """Let somebody have been at a person's at the same hour, so many days before the tests take place."""
    code = {"municipality_id": unit.municipality_id}
    at = [moment(date(2026, 3, 2) - timedelta(days=back), time(hour)) for back in days]
    said = {
        "unit_id": unit.unit_id,
        "person": person,
        "minutes": 30,
        "state": "done",
        "title": "Besök",
        **code,
    }
    rows = Visit.objects.bulk_create([Visit(starts_at=start, on=start.date(), **said) for start in at])
    VisitEvent.objects.bulk_create(
        VisitEvent(
            visit=visit,
            kind=kind,
            at=start,
            heard_at=start,
            carer_id=who.assignment_id,
            by_name=who.name,
            **code,
        )
        for visit, start in zip(rows, at, strict=True)
        for kind in ("in", "out")
    )


def test_continuity_counts_who_was_met_by_its_definition(
    astrid: Person, bertil: Person, petra: Actor, ali: Actor, noor: Actor
) -> None:
    fortnight = range(1, measures.DAYS + 1)
    been(petra, astrid, fortnight, 8, ali)
    been(petra, astrid, fortnight, 18, noor)
    been(petra, astrid, fortnight, 23, petra)  # at night nobody is counted
    been(petra, bertil, fortnight, 10, ali)  # once a day is too seldom to be counted
    found = measures.continuity(petra, date(2026, 3, 1))
    assert [(person.name, number) for person, number in found.persons] == [(astrid.name, 2)]
    assert (found.mean, found.definition) == (2, "2026:1")


def test_punctual_is_within_the_time_it_may_be_moved(
    astrid: Person, petra: Actor, ali: Actor, visit_at: MAKE, shift_of: Callable[..., Shift], now: datetime
) -> None:
    yesterday = now - timedelta(days=1)
    shift_of(ali, yesterday - timedelta(hours=1), 8)
    make(visit_at(astrid, yesterday, 30, ali), ali, late=10)
    make(visit_at(astrid, yesterday + timedelta(hours=3), 30, ali), ali, late=45)
    missed = visit_at(astrid, yesterday + timedelta(hours=5), 30, ali)
    visits.missed(missed, reason="no_time", follow_up="Ringer.", by=ali, now=now)
    day = date(2026, 3, 1)
    found = measures.punctuality(petra, day, day)
    assert (found.performed, found.in_time, found.missed, found.share) == (2, 1, 1, 50)
    time_with = measures.client_time(petra, day, day)
    assert (time_with.with_person, time_with.worked) == (60, 480)


CARERS = [uuid.UUID(int=1), uuid.UUID(int=2)]
KINDS = [
    "planned",
    "given",
    "taken",
    "swapped",
    "in",
    "out",
    "moved",
    "missed",
    "not_home",
    "cancelled",
    "approved",
]
EVENTS = st.lists(
    st.builds(
        lambda kind, minutes, decided, carer, length: Told(
            uuid.uuid4(), kind, MORNING + timedelta(minutes=minutes), MORNING + timedelta(minutes=decided), carer,
            MORNING + timedelta(minutes=minutes) if kind in ("planned", "moved") else None,
            length if kind in ("planned", "approved") else None,
        ),
        st.sampled_from(KINDS),
        st.integers(0, 600),
        st.integers(0, 600),
        st.sampled_from(CARERS),
        st.integers(1, 90),
    ),
    max_size=10,
)  # fmt: skip


@settings(max_examples=60)
@given(EVENTS, st.randoms())
def test_any_order_of_the_same_events_is_the_same_visit(told: list[Told], chance) -> None:
    shuffled = [*told, *told[:2]]  # and hearing some of it twice changes nothing
    chance.shuffle(shuffled)
    assert fold(dict.fromkeys(shuffled)) == fold(told)


@settings(max_examples=60)
@given(EVENTS, st.integers(1, 700))
def test_planned_performed_and_approved_never_mix(told: list[Told], minutes: int) -> None:
    before = fold(told)
    changed = fold([replace(one, minutes=minutes) if one.kind == "planned" else one for one in told])
    assert (changed.performed, changed.approved) == (before.performed, before.approved)
    later = MORNING + timedelta(days=1)
    approved = fold([*told, Told(uuid.uuid4(), "approved", later, later, minutes=minutes)])
    assert (approved.performed, approved.state, approved.approved) == (
        before.performed,
        before.state,
        minutes,
    )
    silent = fold([one for one in told if one.kind not in ("in", "out")])
    assert silent.performed == 0  # nothing but coming and leaving is performed time
    assert silent.approved == before.approved


def test_hearing_of_a_move_and_a_swap_in_either_order_is_the_same_visit(
    astrid: Person, visit_at: MAKE, petra: Actor, ali: Actor, noor: Actor, now: datetime
) -> None:
    seen = []
    for turned in (False, True):
        visit = visit_at(astrid, now + timedelta(hours=2), 30, ali)
        phone = {"source": "phone", "by": ali, "now": now + timedelta(hours=5)}

        def move(hours: int, at: int, visit: Visit = visit, phone: dict = phone) -> None:
            told = {"device_at": now + timedelta(minutes=at), "event_id": uuid.uuid4()}
            visits.move_visit(visit, now + timedelta(hours=hours), reason="wish", **told, **phone)

        for hours, at in ((3, 10), (4, 20)) if turned else ((4, 20), (3, 10)):
            move(hours, at)
        told = {"device_at": now + timedelta(minutes=15), "event_id": uuid.uuid4()}
        visits.swap_visit(visit, ali.assignment_id, noor.assignment_id, **told, **phone)
        said = outcome_of(visit)
        seen.append((said.state, said.starts_at, said.goers))
    assert seen[0] == seen[1]

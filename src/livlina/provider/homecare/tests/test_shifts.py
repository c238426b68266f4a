"""Who works when, and the week copied to the next."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest

from livlina.core import outbox
from livlina.core.access import Actor, Refused, system
from livlina.core.clock import local
from livlina.provider.homecare import actions, jobs
from livlina.provider.homecare.actions import Plan, Task, roster, series, visits
from livlina.provider.homecare.actions.roster import RosterRefused
from livlina.provider.homecare.actions.series import Draft, SeriesRefused
from livlina.provider.homecare.clockwork import moment
from livlina.provider.homecare.models import Shift, Visit, VisitCarer, VisitEvent
from livlina.provider.homecare.queries import day
from livlina.registers.orders import actions as orders
from livlina.registers.orders.models import Order

START = date(2026, 3, 9)
"""The Monday Astrid's care begins."""
SHOWER = Draft("Dusch", time(7, 30), 45, START, weekdays=(1, 4))
PLAN = Plan(
    "Trygg i duschen.",
    "Astrid var med.",
    date(2026, 9, 1),
    tasks=(
        Task("Dusch", times=("morning",), weekdays=(1, 4), minutes=45),
        Task("Stödstrumpor", times=("morning", "evening"), minutes=10),
        Task("Frukost", times=("morning",), minutes=20),
        Task("Lyft", times=("morning",), minutes=15, double_staffing=True),
    ),
)


def test_a_shift_given_twice_is_one_and_two_at_once_are_refused(
    petra: Actor, ali: Actor, now: datetime
) -> None:
    said = {"by": petra, "now": now}
    first = roster.add_shift(ali.assignment_id, now, now + timedelta(hours=8), **said)
    assert roster.add_shift(ali.assignment_id, now, now + timedelta(hours=8), **said) == first
    with pytest.raises(RosterRefused, match="redan ett pass"):
        roster.add_shift(ali.assignment_id, now + timedelta(hours=4), now + timedelta(hours=9), **said)
    with pytest.raises(RosterRefused, match="16 timmar"):
        roster.add_shift(ali.assignment_id, now, now + timedelta(hours=20), **said)


def test_nobody_but_the_units_own_are_put_on_its_roster(
    petra: Actor, erik: Actor, ali: Actor, now: datetime
) -> None:
    with pytest.raises(RosterRefused, match="i enheten"):
        roster.add_shift(erik.assignment_id, now, now + timedelta(hours=8), by=petra, now=now)
    with pytest.raises(Refused):
        roster.add_shift(ali.assignment_id, now, now + timedelta(hours=8), by=ali, now=now)


def test_a_sick_carer_has_no_shift_until_she_is_well(
    petra: Actor, ali: Actor, now: datetime, shift_of: Callable[..., Shift]
) -> None:
    shift = shift_of(ali)
    assert day.shift_of(ali, now) == shift
    roster.set_absent(shift, "sick", by=petra, now=now)
    assert day.shift_of(ali, now) is None
    roster.set_present(shift, by=petra, now=now)
    assert day.shift_of(ali, now) == shift


def test_tasks_of_the_same_time_become_one_visit(confirmed: Order, petra: Actor, now: datetime) -> None:
    plan = actions.agree_plan(confirmed, PLAN, by=petra, now=now)
    drafts = series.drafts_of(plan, now)
    assert [(d.title, d.at.hour, d.minutes, d.carers_needed, len(d.weekdays)) for d in drafts] == [
        ("Dusch", 7, 45, 1, 2),
        ("Stödstrumpor, Frukost", 7, 30, 1, 7),
        ("Lyft", 7, 15, 2, 7),
        ("Stödstrumpor", 19, 10, 1, 7),
    ]
    series.make_series(confirmed, drafts[0], by=petra, now=now)
    assert "Dusch" not in [draft.title for draft in series.drafts_of(plan, now)]
    series.make_series(
        confirmed, drafts[1], by=petra, now=now
    )  # the stockings are still to be taken off at night
    assert [draft.title for draft in series.drafts_of(plan, now)] == ["Lyft", "Stödstrumpor"]


def test_visits_are_made_three_weeks_ahead_and_running_it_again_makes_none(
    confirmed: Order, petra: Actor, now: datetime
) -> None:
    made = series.make_series(confirmed, SHOWER, by=petra, now=now)
    assert series.make_series(confirmed, SHOWER, by=petra, now=now) == made
    days = list(Visit.objects.order_by("on").values_list("on", flat=True))
    assert days == [date(2026, 3, d) for d in (9, 12, 16, 19, 23)]
    assert VisitEvent.objects.filter(kind="planned").count() == 5
    assert jobs.make_visits(petra.municipality_id, now) == 0
    assert jobs.make_visits(petra.municipality_id, now + timedelta(days=7)) == 2


def test_a_morning_is_at_the_same_hour_after_summer_time_begins(
    confirmed: Order, petra: Actor, now: datetime
) -> None:
    series.make_series(confirmed, Draft("Dusch", time(7, 30), 45, START), by=petra, now=now)
    jobs.make_visits(petra.municipality_id, now + timedelta(days=21))  # over 29 March
    assert {f"{local(visit.starts_at):%H:%M}" for visit in Visit.objects.all()} == {"07:30"}


def test_every_other_week_is_every_other_week(confirmed: Order, petra: Actor, now: datetime) -> None:
    cleaning = Draft("Städning", time(10), 60, START, weekdays=(2,), every_weeks=2)
    series.make_series(confirmed, cleaning, by=petra, now=now)
    assert list(Visit.objects.order_by("on").values_list("on", flat=True)) == [date(2026, 3, 10)]
    jobs.make_visits(petra.municipality_id, now + timedelta(days=7))
    assert Visit.objects.filter(on=date(2026, 3, 24)).exists()


def test_a_series_that_ends_takes_its_planned_visits_with_it(
    confirmed: Order, petra: Actor, now: datetime
) -> None:
    made = series.make_series(confirmed, SHOWER, by=petra, now=now)
    assert series.end_series(made, date(2026, 3, 12), by=petra, now=now) == 3
    assert series.end_series(made, date(2026, 3, 12), by=petra, now=now) == 0
    assert Visit.objects.filter(state="planned").count() == 2


def test_a_changed_visit_is_a_new_series_from_a_day(confirmed: Order, petra: Actor, now: datetime) -> None:
    made = series.make_series(confirmed, SHOWER, by=petra, now=now)
    later = Draft("Dusch", time(9), 30, date(2026, 3, 16), weekdays=(1, 4))
    series.change_series(made, later, by=petra, now=now)
    planned = Visit.objects.filter(state="planned").order_by("on").values_list("on", "minutes")
    assert [(on.day, minutes) for on, minutes in planned] == [(9, 45), (12, 45), (16, 30), (19, 30), (23, 30)]


def test_an_order_that_ends_ends_its_visits(
    confirmed: Order, petra: Actor, karin: Actor, now: datetime
) -> None:
    series.make_series(confirmed, SHOWER, by=petra, now=now)
    orders.end_order(confirmed, end_date=date(2026, 3, 15), reason="moved", by=karin, now=now)
    outbox.deliver_waiting()
    assert set(Visit.objects.filter(state="planned").values_list("on", flat=True)) == {
        date(2026, 3, 9), date(2026, 3, 12),
    }  # fmt: skip
    with pytest.raises((SeriesRefused, Refused)):
        series.make_series(confirmed, SHOWER, by=petra, now=now)


def test_a_week_is_copied_once_with_its_people(
    confirmed: Order, petra: Actor, ali: Actor, now: datetime
) -> None:
    series.make_series(confirmed, SHOWER, by=petra, now=now)
    monday = Visit.objects.get(on=START)
    visits.give_visit(monday, ali.assignment_id, by=petra, now=now)
    pause = {"break_from": moment(START, time(12)), "break_to": moment(START, time(12, 30))}
    hours = (moment(START, time(7)), moment(START, time(16)))
    roster.add_shift(ali.assignment_id, *hours, by=petra, now=now, **pause)
    copied = roster.copy_week(START, START + timedelta(days=7), by=petra, now=now)
    assert (copied.shifts, copied.given, copied.left) == (1, 1, 0)
    assert VisitCarer.objects.filter(visit__on=date(2026, 3, 16), carer_id=ali.assignment_id).exists()
    again = roster.copy_week(START, START + timedelta(days=7), by=petra, now=now)
    assert (again.shifts, again.given) == (0, 0)


def test_the_authority_makes_no_visits(confirmed: Order, karin: Actor, erik: Actor, now: datetime) -> None:
    for who in (karin, erik):
        with pytest.raises(Refused):
            series.make_series(confirmed, SHOWER, by=who, now=now)
    assert series.make_visits(by=system(karin.municipality_id, (2,)), now=now) == 0

"""Time that cannot be right is refused, and one writes what another approves."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from livlina.authority.assistance import actions
from livlina.authority.assistance.actions import AssistanceRefused, TimeRefused
from livlina.authority.assistance.models import TimeReport, TimeRow
from livlina.authority.assistance.tests.fixtures import decided, lss_case
from livlina.core.access import Refused
from livlina.core.clock import SWEDEN
from livlina.core.models import PermanentRow


def write(decision, assistant, by, now, day=date(2026, 2, 10), begins="08:00", ends="12:00", kind="active"):
    """Write one row of time."""
    return actions.report_time(
        decision, assistant, day=day, begins=time.fromisoformat(begins), ends=time.fromisoformat(ends), kind=kind,
        by=by, now=now,
    )  # fmt: skip


def test_a_shift_is_one_row_of_its_minutes(elins_assistance, bo, karin, now):
    (row,) = write(elins_assistance, bo, karin, now)
    assert (row.minutes, row.compartment, row.report.month.due_on) == (240, 1, date(2026, 4, 5))


def test_a_night_is_two_rows_that_meet_at_midnight(elins_assistance, bo, karin, now):
    first, second = write(elins_assistance, bo, karin, now, begins="21:00", ends="07:00")
    assert (first.day, second.day) == (date(2026, 2, 10), date(2026, 2, 11))
    assert (first.ends_at, first.minutes + second.minutes) == (second.begins_at, 600)


def test_a_shift_to_midnight_is_one_row(elins_assistance, bo, karin, now):
    (row,) = write(elins_assistance, bo, karin, now, begins="20:00", ends="00:00")
    assert row.minutes == 240


def test_a_night_across_two_months_stands_in_both(elins_assistance, bo, karin, now):
    rows = write(elins_assistance, bo, karin, now, day=date(2026, 1, 31), begins="22:00", ends="06:00")
    assert [row.report.month.first_day.month for row in rows] == [1, 2]


def test_the_night_when_clocks_go_forward_is_an_hour_shorter(elins_assistance, bo, karin, now):
    later = now + timedelta(days=40)
    rows = write(elins_assistance, bo, karin, later, day=date(2026, 3, 28), begins="22:00", ends="06:00")
    assert sum(row.minutes for row in rows) == 7 * 60


def test_a_time_that_never_was_is_refused(elins_assistance, bo, karin, now):
    with pytest.raises(TimeRefused, match="fanns inte"):
        write(
            elins_assistance,
            bo,
            karin,
            now + timedelta(days=40),
            day=date(2026, 3, 29),
            begins="02:30",
            ends="04:00",
        )


def test_two_places_at_once_is_refused_also_with_another_person(
    elins_assistance, oskar, bo, karin, maria, now
):
    other = decided(lss_case(oskar, "lass", worker=karin, manager=maria, now=now), karin, now)
    write(elins_assistance, bo, karin, now)
    with pytest.raises(TimeRefused, match="två ställen samtidigt") as refused:
        write(other, bo, karin, now, begins="11:59", ends="13:00")
    assert "Elin" not in str(refused.value)
    assert write(other, bo, karin, now, begins="12:00", ends="13:00")


def test_a_night_that_reaches_into_the_next_mornings_shift_leaves_nothing_behind(
    elins_assistance, bo, karin, now
):
    write(elins_assistance, bo, karin, now, day=date(2026, 2, 11), begins="06:00", ends="09:00")
    with pytest.raises(TimeRefused, match="samtidigt"):
        write(elins_assistance, bo, karin, now, begins="22:00", ends="07:00")
    assert TimeRow.objects.count() == 1


def test_two_assistants_at_the_same_time_are_both_written(elins_assistance, bo, ayla, karin, now):
    write(elins_assistance, bo, karin, now)
    assert write(elins_assistance, ayla, karin, now)


def test_more_hours_than_the_decision_gives_is_refused(elins_case, bo, karin, now):
    few = decided(elins_case, karin, now, hours_per_week=Decimal(7), valid_from=date(2026, 2, 1))
    for day in range(2, 9):
        write(few, bo, karin, now, day=date(2026, 2, day))
    with pytest.raises(
        TimeRefused, match=r"Beslutet ger 28 timmar för 2026-02-01–2026-02-28. .*28 timmar 1 minuter"
    ):
        write(few, bo, karin, now, day=date(2026, 2, 9), begins="08:00", ends="08:01")
    assert write(few, bo, karin, now, day=date(2026, 3, 1), begins="08:00", ends="08:01")


def test_hours_may_be_moved_within_a_long_accounting_period(elins_case, bo, karin, now):
    long = decided(elins_case, karin, now, hours_per_week=Decimal(7), accounting_months=6)
    for day in range(2, 12):
        write(long, bo, karin, now, day=date(2026, 2, day))
    assert long.accounting_period(date(2026, 7, 1)) == (date(2026, 7, 1), date(2026, 12, 31))


def test_waiting_counts_for_a_fourth_towards_the_decision(elins_case, bo, karin, now):
    few = decided(elins_case, karin, now, hours_per_week=Decimal(1), valid_from=date(2026, 2, 1))
    assert write(few, bo, karin, now, begins="06:00", ends="22:00", kind="waiting")
    with pytest.raises(TimeRefused, match="Beslutet ger 4 timmar"):
        write(few, bo, karin, now, begins="22:00", ends="23:00")


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2025, 12, 31), "utanför beslutet"),
        (date(2026, 3, 2), "inte i förväg"),
        (date(2027, 1, 1), "utanför"),
    ],
)
def test_outside_the_decision_or_in_the_future_is_refused(elins_assistance, bo, karin, now, day, why):
    with pytest.raises(TimeRefused, match=why):
        write(elins_assistance, bo, karin, now, day=day)


def test_before_the_employment_is_refused(elins_assistance, karin, now):
    new = actions.add_assistant(
        name="Nya Ny", employee_number="9", employer="Åsvalla kommun", employed_from=date(2026, 2, 11), by=karin, now=now
    )  # fmt: skip
    with pytest.raises(TimeRefused, match="inte anställd"):
        write(elins_assistance, new, karin, now)


def test_no_time_at_all_is_refused(elins_assistance, bo, karin, now):
    with pytest.raises(TimeRefused, match="samma klockslag"):
        write(elins_assistance, bo, karin, now, ends="08:00")
    with pytest.raises(TimeRefused, match="Välj"):
        write(elins_assistance, bo, karin, now, kind="resting")


def test_a_struck_row_makes_room_and_stays(elins_assistance, bo, karin, now):
    (row,) = write(elins_assistance, bo, karin, now)
    actions.strike_row(row, reason="Fel dag", by=karin, now=now)
    assert write(elins_assistance, bo, karin, now)
    assert TimeRow.objects.count() == 2
    with pytest.raises(PermanentRow):
        TimeRow.objects.filter(pk=row.pk).update(kind="waiting")


def test_a_row_is_struck_with_a_reason(elins_assistance, bo, karin, now):
    (row,) = write(elins_assistance, bo, karin, now)
    with pytest.raises(TimeRefused, match="varför"):
        actions.strike_row(row, reason=" ", by=karin, now=now)


def test_one_hands_in_and_another_approves(elins_assistance, bo, karin, johan, maria, now):
    (row,) = write(elins_assistance, bo, karin, now)
    report = actions.hand_in(row.report, by=johan, now=now)
    for one in (karin, johan):
        with pytest.raises((TimeRefused, Refused)):
            actions.approve(report, by=one, now=now)
    assert actions.approve(report, by=maria, now=now).approved_by == "Maria Lundell"


def test_the_database_refuses_one_who_approves_their_own(elins_assistance, bo, karin, now):
    (row,) = write(elins_assistance, bo, karin, now)
    report = actions.hand_in(row.report, by=karin, now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        TimeReport.objects.filter(pk=report.pk).update(state="approved", approved_by_user_id=karin.user_id)


def test_what_is_handed_in_takes_no_more_until_it_is_given_back(elins_assistance, bo, karin, maria, now):
    (row,) = write(elins_assistance, bo, karin, now)
    report = actions.hand_in(row.report, by=karin, now=now)
    with pytest.raises(TimeRefused, match="inlämnad"):
        write(elins_assistance, bo, karin, now, day=date(2026, 2, 11))
    with pytest.raises(TimeRefused, match="varför"):
        actions.give_back(report, reason="", by=maria, now=now)
    actions.give_back(report, reason="Fel dag", by=maria, now=now)
    assert write(elins_assistance, bo, karin, now, day=date(2026, 2, 11))


def test_another_branch_and_another_municipality_write_no_time(elins_assistance, bo, fatima, sara, now):
    for stranger in (fatima, sara):
        with pytest.raises(Refused):
            write(elins_assistance, bo, stranger, now)


def test_a_new_decision_ends_the_one_before(elins_assistance, elins_case, karin, now):
    decided(elins_case, karin, now, valid_from=date(2026, 4, 1), valid_to=date(2027, 3, 31))
    elins_assistance.refresh_from_db()
    assert elins_assistance.valid_to == date(2026, 3, 31)


def test_a_decision_does_not_end_before_time_that_is_reported(elins_assistance, elins_case, bo, karin, now):
    write(elins_assistance, bo, karin, now)
    with pytest.raises(AssistanceRefused, match="Tid är redovisad"):
        actions.end_decision(elins_case, last_day=date(2026, 2, 9), by=karin, now=now)
    assert actions.end_decision(elins_case, last_day=date(2026, 2, 10), by=karin, now=now) == 1


SHIFTS = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 95), st.integers(1, 95), st.booleans()),
    min_size=2,
    max_size=8,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(shifts=SHIFTS)
def test_of_any_shifts_exactly_those_that_overlap_are_refused_and_the_sum_is_of_the_others(
    elins_assistance, bo, ayla, karin, now, shifts
):
    mark = transaction.savepoint()
    kept = {bo: [], ayla: []}
    for day, quarter, length, is_bo in shifts:
        assistant = bo if is_bo else ayla
        begins = datetime(2026, 2, 3 + day, tzinfo=SWEDEN) + timedelta(minutes=15 * quarter)
        ends = begins + timedelta(minutes=15 * length)
        overlaps = any(begins < last and first < ends for first, last in kept[assistant])
        said = {"day": begins.date(), "begins": begins.time(), "ends": ends.time(), "kind": "active"}
        if overlaps:
            with pytest.raises(TimeRefused, match="samtidigt"):
                actions.report_time(elins_assistance, assistant, **said, by=karin, now=now)
        else:
            actions.report_time(elins_assistance, assistant, **said, by=karin, now=now)
            kept[assistant].append((begins, ends))
    for assistant, times in kept.items():
        rows = list(assistant.rows.order_by("begins_at"))
        assert all(before.ends_at <= after.begins_at for before, after in pairwise(rows))
        assert sum(row.minutes for row in rows) == sum((b - a).total_seconds() for a, b in times) / 60
    transaction.savepoint_rollback(mark)

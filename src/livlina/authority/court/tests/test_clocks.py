"""A clock after which a decision lapses warns whoever is on duty, in time, and cannot be put off."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livlina.authority.cases.actions import take_step
from livlina.authority.cases.engine import load
from livlina.authority.cases.engine.process import DeadlineRule
from livlina.authority.cases.jobs import mark_deadlines
from livlina.authority.cases.models import Deadline
from livlina.authority.court import actions, jobs, queries
from livlina.core.access import Refused
from livlina.core.calendar import Length
from livlina.core.clock import SWEDEN
from livlina.core.marked import Place
from livlina.registers.watches import actions as watches
from livlina.registers.watches.models import Watch
from livlina.registers.watches.queries import todays

DAY = timedelta(days=1)
starts = st.dates(date(2024, 1, 1), date(2040, 12, 31))
lengths = st.builds(Length, st.integers(1, 400), st.just("day")) | st.builds(
    Length, st.integers(1, 24), st.sampled_from(["week", "month"])
)


def rule(length):
    return DeadlineRule("clock", "Klocka", ("step",), "", length, ("stop",), (), True, "", Place("here", 1))


@given(starts, lengths)
def test_the_role_on_duty_is_told_at_half_at_four_fifths_and_on_each_of_the_last_three_mornings(
    begins, length
):
    ends = length.after(begins)
    told = rule(length).told(begins, ends)
    days = [day for day, _ in told]
    whole = (ends - begins).days
    assert {role for _, role in told} == {"duty_officer"}
    assert days == sorted(set(days))
    assert begins <= days[0]
    assert days[-1] == ends
    for left in range(3):
        assert ends - left * DAY in days or ends - left * DAY < begins
    for part in (50, 80):  # not later than that share of the time, and less than a day before it
        at = begins + DAY * whole * part / 100
        assert any(timedelta() <= (at - day) < DAY for day in days)


@given(starts, st.integers(0, 24 * 60), st.integers(-3, 60))
def test_what_is_left_is_counted_in_elapsed_hours_over_summer_time_and_leap_days(day, minutes, ahead):
    now = datetime(day.year, day.month, day.day, tzinfo=SWEDEN) + timedelta(minutes=minutes)
    end = datetime.combine(day + (ahead + 1) * DAY, datetime.min.time(), SWEDEN)
    left = queries.Left.until(day + ahead * DAY, now)
    elapsed = end.timestamp() - now.timestamp()
    assert left.hours == elapsed // 3600
    assert left.over == (elapsed < 0)


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (53, "2 dagar 5 timmar"),
        (25, "1 dag 1 timme"),
        (24, "1 dag"),
        (1, "1 timme"),
        (0, "mindre än en timme"),
        (-1, "Ute"),
    ],
)
def test_what_is_left_is_said_in_days_and_hours(hours, words):
    assert queries.Left(hours).words == words


def test_the_week_with_the_lost_hour_has_an_hour_less():
    friday = datetime(2026, 3, 27, tzinfo=SWEDEN)
    assert queries.Left.until(date(2026, 3, 29), friday).hours == 3 * 24 - 1


def test_every_clock_that_lapses_is_stopped_by_its_own_steps_and_by_writing_down_that_it_lapsed():
    for process in load().all():
        steps = {step.name: step for step in process.steps}
        if "note_lapse" not in steps:
            continue
        clocks = [one for one in process.deadlines if one.lapses]
        assert clocks, process.code
        for clock in clocks:
            assert "note_lapse" in clock.stops_at
            assert clock.law or clock.name == "apply_in_longer_time"


def on_duty(actor, now):
    return [line.watch for line in todays(actor, now).lines if line.watch.kind.firm]


def test_the_duty_officer_hears_on_the_right_mornings_and_every_one_of_them(elsa_taken, asvalla, duty, now):
    heard = []
    for day in range(8):
        morning = now + day * DAY
        mark_deadlines(asvalla.pk, morning)
        heard += [day for watch in on_duty(duty, morning) if watch.opened_at == morning]
    assert heard == [3, 5, 6, 7]


def test_a_worker_that_was_down_all_week_still_warns_on_the_last_day(elsa_taken, asvalla, duty, now):
    mark_deadlines(asvalla.pk, now + 7 * DAY)
    assert len(on_duty(duty, now + 7 * DAY)) == 1


def test_a_clock_of_one_day_warns_the_same_day(jonas_taken, asvalla, duty, now):
    mark_deadlines(asvalla.pk, now)
    assert len(on_duty(duty, now)) == 1


def test_the_warning_cannot_be_put_off_by_anyone_and_goes_with_the_proof(
    elsa_taken, faxed, asvalla, duty, fatima, now, prove_it
):
    later = now + 5 * DAY
    mark_deadlines(asvalla.pk, later)
    (watch,) = on_duty(duty, later)
    for put_off in (
        lambda: watches.snooze(watch, until=later + DAY, reason="I morgon.", by=duty, now=later),
        lambda: watches.act_on(watch, by=duty, now=later, close=True),
        lambda: watches.ignore(watch, reason="Inte min.", by=duty, now=later),
    ):
        with pytest.raises(watches.IsFirm):
            put_off()
    prove_it(faxed, fatima, after=24 * 5 + 1)
    assert on_duty(duty, later + DAY) == []


def test_when_the_legal_day_has_passed_duty_and_manager_see_red_until_a_step_says_what_happened(
    elsa_taken, asvalla, duty, gunnar, fatima, now
):
    over = now + 8 * DAY
    mark_deadlines(asvalla.pk, now + 7 * DAY)
    assert jobs.tell_of_lapsed(asvalla.pk, now + 7 * DAY) == 0
    assert jobs.tell_of_lapsed(asvalla.pk, over) == 1
    assert jobs.tell_of_lapsed(asvalla.pk, over + DAY) == 0
    for actor in (duty, gunnar):
        assert "court.lapsed" in {watch.type for watch in on_duty(actor, over)}
    answers = {"lapsed_on": "2026-03-09", "lapse_account": "Faxet gick aldrig fram. Elsa är hos mormor."}
    case = take_step(elsa_taken, "note_lapse", by=duty, now=over, answers=answers, verb="court.submit").case
    assert case.state == "lapsed"
    assert not Watch.objects.filter(type__in=("court.lapsed", "cases.lapsing"), closed_at=None).exists()
    assert not Deadline.objects.filter(case=case, lapses=True, state="running").exists()


def test_nobody_writes_down_a_lapse_before_the_time_is_out(elsa_taken, duty, now):
    from livlina.authority.cases.actions import StepRefused

    answers = {"lapsed_on": "2026-03-02", "lapse_account": "Nej."}
    with pytest.raises(StepRefused, match="Fristen löper till och med 2026-03-09"):
        take_step(elsa_taken, "note_lapse", by=duty, now=now, answers=answers, verb="court.submit")


def test_the_list_is_nearest_first_and_says_what_is_missing_and_shows_each_only_their_own(
    elsa_taken, drafted, jonas_taken, duty, fatima, mona, karin, eva, now
):
    rows = queries.clocks(duty, now)
    assert [(row.case.process_code, row.deadline.name, row.missing) for row in rows] == [
        ("lvm", "submit_in_time", "Inget är skickat"),
        ("lvu", "submit_in_time", "Utkast, inte skickat"),
        ("lvu", "apply_in_time", ""),
    ]
    assert rows[0].left.words == "1 dag 15 timmar"
    assert {row.case.process_code for row in queries.clocks(fatima, now)} == {"lvu"}
    assert {row.case.process_code for row in queries.clocks(mona, now)} == {"lvm"}
    with pytest.raises(Refused):
        queries.clocks(karin, now)


def test_the_list_costs_the_same_however_many_clocks(elsa_taken, jonas_taken, duty, now, statements):
    with statements() as sent:
        queries.clocks(duty, now)
    assert len(sent) <= 3


def test_the_duty_officer_sees_the_clock_of_a_protected_child_and_no_name(elsa_taken, duty, now):
    type(elsa_taken.person).objects.filter(pk=elsa_taken.person_id).update(
        protection=next(value for value in type(elsa_taken.person).Protection.values if value != "none")
    )
    rows = queries.clocks(duty, now)
    assert len(rows) == 2
    assert {row.name for row in rows} == {"Skyddade personuppgifter"}


def test_a_hearing_is_on_the_workers_desk_three_days_before(elsa_taken, fatima, duty, now):
    assert elsa_taken.responsible_id is None
    starts = now + 10 * DAY
    place = "Brigadgatan 3, Linköping"
    hearing = actions.set_hearing(
        elsa_taken, starts_at=starts, place=place, court_case_number="2210-26", by=fatima, now=now
    )
    titles = [line.watch.kind.title for line in todays(fatima, starts - DAY).lines]
    assert "Förhandling i rätten" not in titles  # calm: counted until its own day
    assert "Förhandling i rätten" in [line.watch.kind.title for line in todays(fatima, starts).lines]
    actions.cancel_hearing(hearing, by=fatima, now=now)
    assert "Förhandling i rätten" not in [line.watch.kind.title for line in todays(fatima, starts).lines]

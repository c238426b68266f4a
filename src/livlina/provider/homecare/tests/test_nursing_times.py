"""No dose falls away or is doubled when the clock is changed, whenever the job runs and however often."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from livlina.core.clock import SWEDEN, local
from livlina.provider.homecare import dosetimes
from livlina.provider.homecare.models import NursingTask

BEFORE = datetime(2024, 1, 1, tzinfo=UTC)
times_of_day = st.lists(
    st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45])), min_size=1, max_size=8
)
days = st.one_of(
    st.sampled_from([date(2026, 3, 29), date(2026, 10, 25), date(2028, 2, 29)]),
    st.dates(date(2026, 1, 1), date(2029, 12, 31)),
)


@given(times_of_day, days)
@settings(max_examples=150)
def test_every_time_is_one_moment_of_its_own_and_says_what_was_ordered(times: list[time], day: date) -> None:
    moments = dosetimes.of_day(times, day)
    assert len(moments) == len(set(moments)) == len(set(times))
    skipped = day == date(2026, 3, 29) or local(moments[0]).utcoffset() != local(moments[-1]).utcoffset()
    if not skipped:
        ordered = {datetime.combine(day, at, SWEDEN).astimezone(UTC) for at in times}
        assert set(moments) == ordered or day.month in (3, 10)


@given(
    times_of_day,
    days,
    st.lists(st.integers(0, 30 * 60), min_size=1, max_size=6),
    st.sets(st.integers(1, 7)),
)
@settings(max_examples=150)
def test_a_job_that_runs_at_any_moments_makes_each_dose_once(
    times: list[time], day: date, minutes: list[int], weekdays: set[int]
) -> None:
    """Windows that overlap say the same moments: together they are what one long window says."""
    task = NursingTask(
        times=times, weekdays=sorted(weekdays), first_on=day - timedelta(days=9), ordered_at=BEFORE
    )
    begin = datetime.combine(day, time(), SWEDEN)
    runs = sorted(begin + timedelta(minutes=some) for some in minutes)
    made: set[datetime] = set()
    for now in runs:
        made |= set(dosetimes.due(task, now - dosetimes.BACK, now + dosetimes.AHEAD))
    whole = list(dosetimes.due(task, runs[0] - dosetimes.BACK, runs[-1] + dosetimes.AHEAD))
    assert sorted(made) == whole
    assert len(whole) == len(set(whole))


def test_a_time_in_the_hour_that_is_skipped_is_given_an_hour_later_by_the_wall() -> None:
    moments = dosetimes.of_day([time(2, 30), time(3, 30)], date(2026, 3, 29))
    assert [f"{local(one):%H:%M}" for one in moments] == ["03:30", "03:31"]


def test_a_time_in_the_hour_that_comes_twice_is_given_once_the_first_time() -> None:
    (moment,) = dosetimes.of_day([time(2, 30)], date(2026, 10, 25))
    assert moment == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_nothing_is_due_before_it_was_ordered_or_after_its_last_day() -> None:
    ordered = datetime(2026, 3, 2, 9, tzinfo=UTC)
    task = NursingTask(times=[time(8), time(20)], weekdays=[], first_on=date(2026, 3, 2), last_on=date(2026, 3, 3),
                       ordered_at=ordered)  # fmt: skip
    found = list(dosetimes.due(task, ordered - timedelta(days=2), ordered + timedelta(days=5)))
    assert [f"{local(one):%d %H}" for one in found] == ["02 20", "03 08", "03 20"]

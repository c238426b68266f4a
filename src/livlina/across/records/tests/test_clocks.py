"""The two clocks and the sample, for any dates at all."""

from datetime import date, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from livlina.across.records.retention import rules
from livlina.across.records.retention.clocks import due, is_due, years_after

DAYS = st.dates(date(1970, 1, 1), date(2060, 12, 31))
YEARS = st.integers(1, 30)


@given(DAYS, DAYS, YEARS)
def test_a_file_is_due_when_both_clocks_have_run_out_and_not_a_day_before(note, ceased, years):
    found = due(note, ceased, years)
    assert found.earliest == max(years_after(note, years), years_after(ceased, years))
    assert not is_due(note, ceased, years, found.earliest - timedelta(days=1))
    assert is_due(note, ceased, years, found.earliest)


@given(DAYS, DAYS, DAYS, YEARS)
def test_a_later_note_never_makes_a_file_due_earlier(note, later, ceased, years):
    first, second = due(min(note, later), ceased, years), due(max(note, later), ceased, years)
    assert first.earliest <= second.earliest
    assert first.latest <= second.latest


@given(DAYS, DAYS, YEARS)
def test_there_is_at_least_a_year_to_do_it_in_and_it_ends_with_a_calendar_year(note, ceased, years):
    found = due(note, ceased, years)
    assert (found.latest.month, found.latest.day) == (12, 31)
    assert found.latest.year == found.earliest.year + 1


@given(DAYS, DAYS, YEARS)
def test_while_something_runs_nothing_is_due_however_old(note, on, years):
    assert due(note, None, years) is None
    assert not is_due(note, None, years, on)


@given(DAYS, YEARS)
@example(date(2020, 2, 29), 5)
def test_five_years_are_never_shorter_than_five_years(day, years):
    end = years_after(day, years)
    assert end.year == day.year + years
    assert (end - day).days >= 365 * years
    assert (end.month, end.day) >= (day.month, day.day)


@given(DAYS)
def test_those_born_on_the_fifth_fifteenth_and_twenty_fifth_are_kept_and_nobody_else(born):
    kept = rules.sample(date(2026, 3, 2)).keeps(born)
    assert kept == (born.isoformat()[-2:] in ("05", "15", "25"))


@given(st.from_regex(r"[0-9]{4}", fullmatch=True))
def test_whole_counties_and_goteborg_destroy_nothing(code):
    kept = rules.sample(date(2026, 3, 2)).keeps_whole(code)
    assert kept == (code[:2] in ("05", "09", "22") or code == "1480")


@given(st.lists(st.integers(1, 31)), DAYS)
def test_a_municipality_may_keep_more_and_never_less(days, born):
    law, own = rules.sample(date(2026, 3, 2)), rules.sample(date(2026, 3, 2), {"more_days": days})
    assert own.keeps(born) or not law.keeps(born)


def test_nursing_records_are_kept_twice_as_long_as_social_ones():
    on = date(2026, 3, 2)
    assert rules.rule_of(3, on).years == 10
    assert {rules.rule_of(book, on).years for book in (1, 2, 4, 5, 6, 7, 8)} == {5}

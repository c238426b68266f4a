"""What people write as dates, and what the system understands."""

import contextlib
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livlina.core.ui.dates import NotADateError, date_in_words, parse_date

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize("text", ["2026-11-25", "20261125", " 2026-11-25 ", "2026/11/25", "2026.11.25"])
def test_a_whole_date_is_understood_however_its_parts_are_parted(text):
    assert parse_date(text, TODAY) == date(2026, 11, 25)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("25/11", date(2025, 11, 25)),
        ("1/3", date(2026, 3, 1)),
        ("3/3", date(2026, 3, 3)),
        ("30.12", date(2025, 12, 30)),
    ],
)
def test_a_date_without_year_is_the_nearest_one(text, meant):
    assert parse_date(text, TODAY) == meant


def test_the_twentyninth_of_february_finds_its_leap_year():
    assert parse_date("29/2", date(2026, 11, 25)) == date(2028, 2, 29)


@pytest.mark.parametrize(
    "text", ["", "i går", "31/2", "2026-02-30", "2026-13-01", "26-11-25", "0000-01-01", "25-11", "²/³"]
)
def test_what_is_no_date_is_answered_with_how_to_write_one(text):
    with pytest.raises(NotADateError, match=r"Skriv datumet så här: 2026-11-25"):
        parse_date(text, TODAY)


@given(st.dates(min_value=date(1000, 1, 1)))
def test_a_date_that_we_write_is_a_date_that_we_read(value):
    assert parse_date(value.isoformat(), TODAY) == value
    assert parse_date(f"{value:%Y%m%d}", TODAY) == value


@given(st.dates(date(2000, 1, 1), date(2060, 1, 1)), st.dates(date(2000, 1, 1), date(2060, 1, 1)))
def test_a_day_and_month_never_lands_more_than_half_a_year_away(value, today):
    if (value.month, value.day) == (2, 29):
        return
    assert abs(parse_date(f"{value.day}/{value.month}", today) - today) <= timedelta(days=183)


@given(st.text(max_size=20))
def test_no_text_at_all_can_break_the_reading_of_a_date(text):
    with contextlib.suppress(NotADateError):
        parse_date(text, TODAY)


def test_a_date_is_told_in_words():
    assert date_in_words(date(2026, 11, 25)) == "onsdag 25 november 2026"

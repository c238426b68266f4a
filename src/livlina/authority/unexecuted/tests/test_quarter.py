"""Quarters, and the id that stands where no number may be shown."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from livlina.authority.unexecuted.quarter import Quarter, substitute


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_every_day_lies_in_one_quarter(day):
    quarter = Quarter.of(day)
    assert quarter.first <= day <= quarter.last
    assert Quarter.of(quarter.last + timedelta(days=1)).before == quarter
    assert Quarter.parse(str(quarter)) == quarter


def test_what_is_no_quarter_is_none():
    for text in ("", "2026", "2026-5", "26-1", "2026-1 ", "٢٠٢٦-1"):
        assert Quarter.parse(text) is None


@given(st.lists(st.sampled_from(["female", "male", ""]), max_size=20))
def test_those_born_on_one_day_get_ids_of_their_own_with_the_sex_in_the_last_digit(sexes):
    made = [substitute(date(1938, 5, 4), sex, place) for place, sex in enumerate(sexes)]
    assert len(set(made)) == len(made)
    for sex, text in zip(sexes, made, strict=True):
        assert text.startswith("19380504-T")
        assert (int(text[-1]) % 2 == 1) == (sex == "male")


def test_an_unknown_birth_date_is_written_as_zeros():
    assert substitute(None, "female", 0) == "00000000-T000"

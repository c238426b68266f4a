from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livlina.core.calendar import (
    Channel,
    Deadline,
    Length,
    LengthWrong,
    add_months,
    deemed_received,
    is_working_day,
    legal_end,
    next_working_day,
    previous_working_day,
    weeks,
)

STOCKHOLM = ZoneInfo("Europe/Stockholm")
DAYS = st.dates(min_value=date(2010, 1, 1), max_value=date(2060, 12, 31))


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2026, 3, 7), "Saturday"),
        (date(2026, 3, 8), "Sunday"),
        (date(2026, 1, 6), "Epiphany, a Tuesday"),
        (date(2026, 4, 3), "Good Friday"),
        (date(2026, 4, 6), "Easter Monday"),
        (date(2026, 5, 1), "First of May"),
        (date(2026, 5, 14), "Ascension Day"),
        (date(2025, 6, 6), "National Day, a Friday"),
        (date(2026, 6, 19), "midsummer's eve"),
        (date(2026, 12, 24), "Christmas eve"),
        (date(2026, 12, 31), "New Year's eve"),
    ],
)
def test_no_working_day(day: date, why: str) -> None:
    assert not is_working_day(day), why


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 3, 2),
        date(2026, 5, 15),  # the Friday after Ascension Day: many are off, the law is not
        date(2026, 4, 2),  # Maundy Thursday
        date(2026, 6, 18),  # the day before midsummer's eve
        date(2026, 6, 26),
    ],
)
def test_an_ordinary_working_day(day: date) -> None:
    assert is_working_day(day)


@pytest.mark.parametrize(
    ("found", "channel", "received"),
    [
        (date(2026, 3, 3), Channel.POST, date(2026, 3, 2)),
        (date(2026, 3, 2), Channel.POST, date(2026, 2, 27)),  # Monday's post came in on Friday
        (date(2026, 4, 7), Channel.LETTER_BOX, date(2026, 4, 2)),  # after Easter: Maundy Thursday
        (date(2026, 1, 2), Channel.LETTER_BOX, date(2025, 12, 30)),  # over New Year's eve
        (date(2026, 3, 7), Channel.E_SERVICE, date(2026, 3, 7)),  # a Saturday evening is that Saturday
        (date(2026, 3, 2), Channel.VISIT, date(2026, 3, 2)),
        (date(2026, 3, 2), Channel.EMAIL, date(2026, 3, 2)),
    ],
)
def test_the_day_a_document_is_deemed_received(found: date, channel: Channel, received: date) -> None:
    assert deemed_received(found, channel) == received


def test_post_that_can_hardly_have_come_the_day_before_came_the_day_it_came() -> None:
    assert deemed_received(date(2026, 3, 3), Channel.POST, improbable=True) == date(2026, 3, 3)


def test_the_exception_for_improbable_post_does_not_exist_for_the_letter_box() -> None:
    assert deemed_received(date(2026, 3, 3), Channel.LETTER_BOX, improbable=True) == date(2026, 3, 2)


@pytest.mark.parametrize(
    ("strict", "legal"),
    [
        (date(2026, 3, 2), date(2026, 3, 2)),
        (date(2026, 3, 7), date(2026, 3, 9)),
        (date(2026, 4, 3), date(2026, 4, 7)),  # Good Friday runs over Easter Monday
        (date(2026, 6, 19), date(2026, 6, 22)),  # midsummer's eve
        (date(2025, 12, 24), date(2025, 12, 29)),  # eve, two holidays, a weekend
        (date(2026, 12, 31), date(2027, 1, 4)),
    ],
)
def test_a_deadline_has_a_strict_and_a_legal_date(strict: date, legal: date) -> None:
    assert Deadline.on(strict) == Deadline(strict, legal)


def test_three_months_from_the_last_of_november_end_on_the_last_of_february() -> None:
    assert add_months(date(2025, 11, 30), 3) == date(2026, 2, 28)


def test_the_appeal_period_ends_on_the_same_weekday_three_weeks_later() -> None:
    assert Length.parse("3 weeks").deadline(date(2026, 3, 2)) == Deadline(
        date(2026, 3, 23), date(2026, 3, 23)
    )


def test_an_appeal_period_that_ends_on_good_friday_runs_to_the_tuesday() -> None:
    assert Length.parse("3 weeks").deadline(date(2026, 3, 13)) == Deadline(date(2026, 4, 3), date(2026, 4, 7))


@pytest.mark.parametrize(
    "text", ["14 days", "1 day", "3 weeks", "4 months", "24 hours", "1 next working day"]
)
def test_a_length_is_read_and_written_the_same(text: str) -> None:
    assert str(Length.parse(text)) == text


@pytest.mark.parametrize(
    "text", ["", "14", "days", "-1 days", "two weeks", "3 years", "1.5 months", "3  weeks"]
)
def test_a_wrong_length_says_how_one_is_written(text: str) -> None:
    with pytest.raises(LengthWrong, match='written as "14 days"'):
        Length.parse(text)


def test_hours_run_through_the_night_the_clock_is_moved() -> None:
    evening = datetime(2026, 3, 28, 20, 0, tzinfo=STOCKHOLM)
    assert Length.parse("24 hours").after_moment(evening) == datetime(2026, 3, 29, 21, 0, tzinfo=STOCKHOLM)


def test_a_day_counted_from_a_moment_keeps_the_clock_time() -> None:
    evening = datetime(2026, 3, 28, 20, 0, tzinfo=STOCKHOLM)
    assert Length.parse("1 day").after_moment(evening) == datetime(2026, 3, 29, 20, 0, tzinfo=STOCKHOLM)


def test_hours_cannot_be_counted_from_a_day() -> None:
    with pytest.raises(LengthWrong, match="from a moment"):
        Length.parse("4 hours").after(date(2026, 3, 2))


def test_working_days_cannot_be_counted_backwards() -> None:
    with pytest.raises(LengthWrong, match="backwards"):
        Length.parse("2 next working days").before(date(2026, 3, 2))


def test_a_reminder_is_counted_backwards() -> None:
    assert Length.parse("60 days").before(date(2026, 3, 2)) == date(2026, 1, 1)
    assert Length.parse("1 month").before(date(2026, 3, 31)) == date(2026, 2, 28)


@given(DAYS)
def test_a_legal_date_is_a_working_day_never_earlier_and_never_a_week_away(day: date) -> None:
    end = legal_end(day)
    assert is_working_day(end)
    assert timedelta(0) <= end - day < timedelta(days=7)
    assert legal_end(end) == end


@given(DAYS)
def test_previous_and_next_working_day_are_each_others_mirror(day: date) -> None:
    before, after = previous_working_day(day), next_working_day(day)
    assert before < day < after
    assert not any(is_working_day(day + timedelta(days=n)) for n in range(1, (after - day).days))
    assert previous_working_day(after) == (day if is_working_day(day) else before)


@given(DAYS, st.sampled_from(Channel), st.booleans())
def test_a_document_is_never_deemed_received_after_it_was_found(
    day: date, channel: Channel, odd: bool
) -> None:
    received = deemed_received(day, channel, improbable=odd)
    assert received <= day
    assert received == day or is_working_day(received)


@given(DAYS, st.integers(min_value=-60, max_value=60))
def test_months_land_on_the_same_number_or_the_last_of_the_month(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


@given(DAYS, st.integers(min_value=0, max_value=52))
def test_weeks_keep_the_name_of_the_day(day: date, count: int) -> None:
    assert weeks(day, count).weekday() == day.weekday()


@given(DAYS, DAYS, st.sampled_from(["10 days", "3 weeks", "4 months", "1 next working day"]))
def test_who_begins_later_never_ends_earlier(one: date, other: date, text: str) -> None:
    first, second = sorted((one, other))
    assert Length.parse(text).deadline(first) <= Length.parse(text).deadline(second)

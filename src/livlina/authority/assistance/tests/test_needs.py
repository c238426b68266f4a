"""The need, the deduction for parents, the dated figures and the sums: all counted exactly."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livlina.authority.assistance import rates
from livlina.authority.assistance.needs import Need, assess, hours
from livlina.authority.assistance.sums import counted, first_share, granted_minutes, money

DAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("age", "basic", "other"),
    [
        (0, 360, 0),
        (1, 75, 15),
        (6, 75, 15),
        (7, 30, 30),
        (11, 30, 30),
        (12, 0, 30),
        (17, 0, 30),
        (18, 0, 0),
    ],
)
def test_the_deduction_for_parents_is_that_of_the_annex(age, basic, other):
    found = rates.parental_deduction(age, DAY)
    assert (found.basic, found.other) == (basic, other)


def test_before_the_table_began_there_is_no_deduction_to_find():
    with pytest.raises(rates.NoRate):
        rates.parental_deduction(5, date(2022, 12, 31))


def test_an_adult_needs_what_is_needed():
    found = assess([Need("hygiene", 60, 14), Need("shopping", 120, 2)], age=31, on=DAY)
    assert (found.basic, found.other, found.total) == (840, 240, 1080)
    assert not found.above_first_hours


def test_more_than_twenty_hours_of_basic_needs_is_told_to_forsakringskassan():
    exactly = assess([Need("meals", 60, 20)], age=31, on=DAY)
    more = assess([Need("meals", 61, 20)], age=31, on=DAY)
    assert (exactly.above_first_hours, more.above_first_hours) == (False, True)


def test_from_a_child_is_taken_what_parents_do_each_day():
    found = assess([Need("hygiene", 60, 14), Need("play", 60, 7)], age=5, on=DAY)
    assert (found.basic_deducted, found.other_deducted) == (525, 105)
    assert hours(found.basic) == Decimal("5.25")


def test_no_more_is_taken_than_is_needed():
    found = assess([Need("hygiene", 10, 7), Need("play", 5, 7)], age=0, on=DAY)
    assert (found.basic, found.total) == (0, 0)


def test_help_to_breathe_is_never_deducted():
    found = assess([Need("breathing", 600, 7), Need("hygiene", 10, 7)], age=2, on=DAY)
    assert found.basic == 4200


def test_without_a_basic_need_there_is_no_assistance_for_the_others():
    assert assess([Need("shopping", 120, 2)], age=31, on=DAY).total == 0


def test_two_assistants_at_once_count_twice():
    assert assess([Need("dressing", 30, 7, assistants=2)], age=40, on=DAY).basic == 420


@pytest.mark.parametrize("wrong", [(-1, 1, 1), (1, -1, 1), (1, 1, 3), (1441, 7, 1)])
def test_a_need_that_cannot_be_is_refused(wrong):
    with pytest.raises(ValueError, match=r"\w"):
        Need("hygiene", *wrong)


@given(
    st.lists(st.builds(Need, st.sampled_from(["hygiene", "meals", "breathing", "shopping"]), st.integers(0, 90),
                       st.integers(0, 21))),
    st.integers(0, 99),
)  # fmt: skip
def test_what_is_left_is_never_negative_nor_more_than_what_is_needed(needs, age):
    found = assess(needs, age=age, on=DAY)
    assert 0 <= found.basic <= found.basic_needed
    assert 0 <= found.total <= found.basic_needed + found.other_needed


def test_the_hourly_amount_is_of_its_year_and_unknown_years_say_so():
    assert (rates.hourly_amount(date(2023, 7, 1)).ore, rates.hourly_amount(date(2023, 7, 1)).verify) == (
        32450,
        False,
    )
    assert rates.hourly_amount(date(2024, 1, 1)).ore == 33260
    unknown = rates.hourly_amount(DAY)
    assert (unknown.ore, unknown.verify) == (None, True)
    assert [row.valid_from.year for row in rates.hourly_amounts()] == [2026, 2025, 2024, 2023, 2022, 2021]


def test_the_age_limit_moved_and_is_to_be_confirmed():
    assert (rates.age_limit(date(2022, 12, 31)).years, rates.age_limit(DAY).years) == (65, 66)
    assert rates.age_limit(DAY).verify


def test_four_hours_of_waiting_and_seven_of_standby_are_one_each():
    assert counted({"active": 60, "waiting": 240, "standby": 420}, DAY) == 180


def test_seventy_hours_a_week_is_ten_a_day():
    assert granted_minutes(Decimal(70), date(2026, 2, 1), date(2026, 2, 28)) == 28 * 600


def test_a_period_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="slutar"):
        granted_minutes(Decimal(70), date(2026, 2, 2), date(2026, 2, 1))


def test_the_municipality_pays_twenty_hours_of_each_week_and_no_more_than_was_worked():
    assert first_share(28 * 600, date(2026, 2, 1), date(2026, 2, 28)) == 4 * 20 * 60
    assert first_share(90, date(2026, 2, 1), date(2026, 2, 28)) == 90


def test_half_an_ore_is_rounded_up():
    assert money(1, 32450) == 541
    assert money(30, 33261) == 16631


@given(st.dictionaries(st.sampled_from(["active", "waiting", "standby"]), st.integers(0, 50_000)))
def test_no_more_counts_than_was_worked(minutes):
    total = counted(minutes, DAY)
    assert minutes.get("active", 0) <= total <= sum(minutes.values())
    assert 0 <= first_share(total, date(2026, 3, 1), date(2026, 3, 31)) <= total

"""Riksnormen: every vector of the fact sheet, and what must hold of all of them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livlina.authority.aid.norm import (
    Household,
    HouseholdWrong,
    Member,
    NormUnknown,
    all_parts,
    known_tables,
    norm_of,
    part_of_month,
    price_base,
    table_for,
)

NOV_2025 = date(2025, 11, 1)
E3 = Household(
    [Member("a", 35), Member("b", 36), *(Member(f"c{age}", age, adult=False) for age in (0, 8, 14))]
)


def year(number: int):
    return table_for(date(number, 3, 1))


def child(age: int, **more) -> Member:
    return Member(f"child {age}", age, adult=False, **more)


def test_e1_a_single_person():
    assert norm_of(Household([Member("sven", 40)]), year(2025)).total == 5180


def test_e2_a_single_parent_with_a_child_who_has_lunch_at_preschool():
    household = Household([Member("p", 30), child(5, no_lunch=True), child(12)])
    norm = norm_of(household, year(2025))
    assert norm.total == 12730
    assert [line.amount for line in norm.lines] == [3910, 2700, 4350, 1770]


def test_e3_a_couple_with_three_children():
    assert norm_of(E3, year(2025)).total == 20220


@pytest.mark.parametrize(("number", "total"), [(2025, 4372), (2014, 3292), (2017, 3328)])
def test_e4_an_adult_lodger_in_a_household_of_five_pays_a_fifth_of_what_is_common(number, total):
    assert norm_of(Household([Member("lodger", 25)], persons=5), year(number)).total == total


@pytest.mark.parametrize(("persons", "common"), [(7, 2810), (8, 3000), (9, 3190)])
def test_e5_each_person_above_seven_adds_as_much_as_the_seventh(persons, common):
    assert year(2025).common(persons) == common


@pytest.mark.parametrize(
    ("number", "key", "amount"),
    [
        (2019, "adult.single", 3090), (2019, "adult.couple", 5570), (2019, "child.0-0.full", 2130),
        (2019, "child.1-2.full", 2380), (2019, "child.3-3.full", 2120), (2019, "child.4-6.full", 2380),
        (2019, "child.7-10.full", 2990), (2019, "child.11-14.full", 3440), (2019, "child.15-18.full", 3880),
        (2019, "child.19-20.full", 3910), (2019, "child.0-0.no_lunch", 2000), (2019, "child.1-2.no_lunch", 2190),
        (2019, "child.3-3.no_lunch", 1940), (2019, "child.4-6.no_lunch", 2120), (2019, "common.1", 990),
        (2019, "common.7", 2220), (2014, "adult.single", 2950), (2014, "adult.couple", 5320), (2014, "common.1", 930),
        (2014, "common.2", 1040), (2014, "common.3", 1310), (2014, "common.4", 1490), (2014, "common.5", 1710),
        (2014, "common.6", 1950), (2014, "common.7", 2120), (2017, "common.5", 1740), (2025, "child.0-0.full", 2720),
        (2025, "child.1-2.no_lunch", 2780), (2025, "child.3-3.full", 2700), (2025, "child.15-18.full", 4920),
        (2025, "child.19-20.full", 4960), (2025, "common.2", 1400), (2025, "common.4", 2010), (2025, "common.6", 2620),
        (2026, "adult.single", 3940), (2026, "child.7-10.full", 3820), (2026, "child.11-14.full", 4390),
        (2026, "common.1", 1280), (2026, "common.4", 2030),
    ],
)  # fmt: skip
def test_the_tables_say_what_the_regulations_say(number, key, amount):
    assert year(number).part(key) == amount


def test_in_2019_each_person_above_seven_adds_170():
    assert year(2019).common(8) - year(2019).common(7) == 170


def test_a_single_person_in_2026_is_counted_with_the_parts_that_are_known():
    assert norm_of(Household([Member("sven", 40)]), year(2026)).total == 5220


def test_what_is_missing_in_2026_is_said_in_words():
    with pytest.raises(NormUnknown, match="Riksnormen för 2026 saknar beloppet för sammanboende"):
        norm_of(Household([Member("a", 40), Member("b", 41)]), year(2026))
    with pytest.raises(NormUnknown, match="barn 4–6 år utan lunch fem dagar i veckan"):
        norm_of(Household([Member("a", 40), child(5, no_lunch=True)]), year(2026))
    with pytest.raises(NormUnknown, match="gemensamma hushållskostnader för 2 personer"):
        norm_of(Household([Member("a", 40), child(8)]), year(2026))
    with pytest.raises(NormUnknown, match="Riksnormen för 2027 är inte inlagd"):
        year(2027)


def test_what_the_municipality_has_entered_fills_the_gap():
    table = table_for(date(2026, 3, 1), {"common.2": 1410})
    assert norm_of(Household([Member("a", 40), child(8)]), table).total == 3940 + 3820 + 1410


def test_a_part_of_a_month_is_counted_by_the_day_and_never_above_the_month():
    assert part_of_month(4390, 1) == 144
    assert part_of_month(4390, 10) == 1440
    assert part_of_month(4390, 31) == 4390
    assert part_of_month(4390, None) == 4390


def test_a_deviation_stands_on_a_row_of_its_own():
    norm = norm_of(Household([Member("a", 40, deviation=300)]), year(2025))
    assert norm.total == 5480
    assert norm.lines[1].label.startswith("Avvikelse")


def test_three_adults_are_no_household_and_a_grown_child_is_its_own():
    with pytest.raises(HouseholdWrong):
        norm_of(Household([Member(str(n), 40) for n in range(3)]), year(2025))
    with pytest.raises(HouseholdWrong, match="22 år"):
        norm_of(Household([Member("a", 45), child(22)]), year(2025))


def test_every_known_part_of_a_table_is_one_the_regulation_has():
    for table in known_tables():
        assert set(table.parts) <= set(all_parts())


def test_the_price_base_amounts():
    assert [price_base(each) for each in (2023, 2024, 2025, 2026)] == [52500, 57300, 58800, 59200]
    with pytest.raises(NormUnknown):
        price_base(2027)


children = st.lists(
    st.builds(child, st.integers(0, 20), no_lunch=st.booleans()), max_size=9, unique_by=lambda m: m.key
)


@given(adults=st.integers(1, 2), kids=children)
def test_a_household_with_one_child_more_never_has_a_lower_norm(adults, kids):
    grown = [Member(f"adult {n}", 40) for n in range(adults)]
    before = norm_of(Household([*grown, *kids]), year(2025)).total
    after = norm_of(Household([*grown, *kids, Member("new", 7, adult=False)]), year(2025)).total
    assert after >= before + 3790


@given(amount=st.integers(1, 10000), days=st.integers(1, 31))
def test_more_days_are_never_less_money(amount, days):
    assert 0 <= part_of_month(amount, days) <= part_of_month(amount, None)
    assert days == 31 or part_of_month(amount, days) <= part_of_month(amount, days + 1)


@given(persons=st.integers(2, 12))
def test_shares_of_all_who_live_together_make_up_what_is_common(persons):
    each = norm_of(Household([Member("x", 30)], persons=persons), year(2025)).lines[-1].amount
    assert abs(each * persons - year(2025).common(persons)) <= persons / 2

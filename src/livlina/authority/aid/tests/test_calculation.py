"""The month's calculation: vectors E6 and E7, the job incentive, and what must always hold."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livlina.authority.aid.calculation import (
    AmountWrong,
    Cost,
    Income,
    calculate,
    child_wage_not_counted,
    incentive_in,
    months_after,
)
from livlina.authority.aid.norm import Norm, NormLine, norm_of, table_for
from livlina.authority.aid.tests.test_norm import E3

COSTS = [
    Cost("housing", Decimal(9500)), Cost("electricity", Decimal(450)),
    Cost("home_insurance", Decimal(220)), Cost("unemployment_fund", Decimal(140)),
]  # fmt: skip
INCOMES = [
    Income("child_allowance", Decimal(4480), "a"), Income("housing_allowance", Decimal(3200), "a"),
    Income("wage", Decimal(8000), "b"),
]  # fmt: skip
E3_NORM = norm_of(E3, table_for(date(2025, 11, 1)))
MARCH = date(2026, 3, 1)


def some_norm(kronor: int) -> Norm:
    return Norm((NormLine("adult.single", "a", kronor, "Vuxen"),))


def test_e6_a_couple_with_three_children_rent_and_a_wage():
    result = calculate(E3_NORM, COSTS, INCOMES)
    assert (result.cost_total, result.counted, result.need, result.aid) == (10310, 15680, 30530, 14850)


def test_e7_the_same_with_the_job_incentive_on_the_wage():
    result = calculate(E3_NORM, COSTS, INCOMES, incentive=["b"])
    assert result.incomes[2].counted == 6000
    assert result.aid == 16850


def test_the_incentive_is_counted_on_a_wage_of_5_000_as_the_other_system_does():
    line = calculate(some_norm(0), [], [Income("wage", Decimal(5000), "a")], incentive=["a"]).incomes[0]
    assert (line.counted, line.incentive) == (3750, 1250)


def test_the_incentive_is_for_wages_alone_and_for_its_own_person():
    incomes = [Income("housing_allowance", Decimal(1000), "a"), Income("wage", Decimal(1000), "b")]
    assert calculate(some_norm(0), [], incomes, incentive=["a"]).counted == 2000


def test_a_rent_above_the_local_limit_is_capped_and_said():
    result = calculate(some_norm(5000), [Cost("housing", Decimal(9500))], [], caps={"housing": Decimal(8000)})
    assert result.aid == 13000
    assert [line.cost.kind for line in result.capped] == ["housing"]
    assert result.refused == 1500


def test_the_limit_is_guidance_so_an_officer_may_approve_the_whole_rent():
    cost = Cost("housing", Decimal(9500), approved=Decimal(9500), reason="Barnens skolgång.")
    result = calculate(some_norm(5000), [cost], [], caps={"housing": Decimal(8000)})
    assert result.aid == 14500
    assert result.capped


def test_more_than_was_applied_for_is_never_approved():
    with pytest.raises(AmountWrong):
        calculate(some_norm(0), [Cost("housing", Decimal(10), approved=Decimal(11))], [])
    with pytest.raises(AmountWrong):
        calculate(some_norm(0), [Cost("housing", Decimal("1.005"))], [])


def test_who_has_more_than_needed_gets_nothing_and_the_refusal_has_an_amount():
    result = calculate(some_norm(5000), [], [Income("wage", Decimal(6000), "a")])
    assert (result.aid, result.surplus, result.refused) == (0, 1000, 5000)


def test_special_purposes_are_apart():
    result = calculate(some_norm(5000), [], [], special=[Cost("other_cost", Decimal(900))])
    assert (result.aid, result.special_total) == (5000, 900)


def test_a_childs_wages_count_only_above_one_price_base_amount_a_year():
    base = Decimal(58800)
    assert child_wage_not_counted(Decimal(0), Decimal(5000), base) == 5000
    assert child_wage_not_counted(Decimal(57000), Decimal(5000), base) == 1800
    assert child_wage_not_counted(Decimal(60000), Decimal(5000), base) == 0


def months(first: date, said: str) -> dict[date, bool]:
    """ "gggr": granted, granted, granted, refused; "-" is a month nobody applied for."""
    return {months_after(first, n): mark == "g" for n, mark in enumerate(said) if mark != "-"}


@pytest.mark.parametrize(
    ("said", "applies", "in_a_row"),
    [
        ("ggggg", False, 5), ("gggggg", True, 6), ("gggrgg", False, 2), ("ggg-gg", False, 2), ("ggggg-", False, 0),
        ("ggggggr", True, 6), ("gggggg------", True, 6), ("", False, 0), ("rrrrrr", False, 0),
    ],
)  # fmt: skip
def test_six_granted_months_in_a_row_qualify_and_a_refused_one_breaks_them(said, applies, in_a_row):
    stand = incentive_in(months_after(MARCH, 0), months(months_after(MARCH, -len(said)), said))
    assert (stand.applies, stand.in_a_row) == (applies, in_a_row)


def test_the_incentive_lasts_24_months_and_must_then_be_earned_anew():
    first = date(2023, 1, 1)
    history = months(first, "g" * 40)
    assert incentive_in(date(2023, 7, 1), history).begins == date(2023, 7, 1)
    assert incentive_in(date(2025, 6, 1), history).ends == date(2025, 6, 1)
    assert not incentive_in(date(2025, 7, 1), history).applies
    assert incentive_in(date(2025, 12, 1), history).in_a_row == 5
    assert incentive_in(date(2026, 1, 1), history).begins == date(2026, 1, 1)


kronor = st.decimals(0, 50000, places=2)
costs = st.lists(st.builds(Cost, st.sampled_from(["housing", "electricity", "medical"]), kronor), max_size=6)
incomes = st.lists(
    st.builds(Income, st.sampled_from(["wage", "pension"]), kronor, st.sampled_from("ab")), max_size=6
)


@given(norm=st.integers(0, 40000), costs=costs, incomes=incomes, worker=st.sets(st.sampled_from("ab")))
def test_aid_and_income_make_up_the_need_to_the_ore(norm, costs, incomes, worker):
    result = calculate(some_norm(norm), costs, incomes, incentive=worker, caps={"housing": Decimal(9000)})
    assert result.aid - result.surplus == result.need - result.counted
    assert min(result.aid, result.surplus) == 0
    assert result.aid == result.aid.quantize(Decimal("0.01"))
    assert all(line.approved <= line.cost.applied for line in result.costs)
    assert all(line.counted + line.incentive == line.income.net for line in result.incomes)


@given(norm=st.integers(0, 40000), costs=costs, incomes=incomes)
def test_the_incentive_never_lowers_the_aid_and_order_never_matters(norm, costs, incomes):
    plain = calculate(some_norm(norm), costs, incomes)
    assert calculate(some_norm(norm), costs, incomes, incentive="ab").aid >= plain.aid
    assert calculate(some_norm(norm), costs[::-1], incomes[::-1]).aid == plain.aid


@given(said=st.text("gr-", min_size=0, max_size=60))
def test_the_incentive_never_applies_without_six_granted_months_before(said):
    history = months(months_after(MARCH, -len(said)), said)
    stand = incentive_in(MARCH, history)
    if stand.applies:
        before = [months_after(stand.begins, -n) for n in range(1, 7)]
        assert all(history.get(month) for month in before)
        assert stand.begins <= MARCH <= stand.ends

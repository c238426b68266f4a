"""Homes: nobody engaged before both extracts, no place taken twice, no investigation seen by another branch."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from livlina.authority.cases import actions as cases
from livlina.authority.cases.actions import StepRefused
from livlina.authority.cases.jobs import mark_deadlines
from livlina.authority.cases.models import Case, Deadline
from livlina.authority.contractors import actions, queries
from livlina.authority.contractors.actions import ContractorRefused, NoPlace
from livlina.authority.contractors.models import Approval, Check, Contract, Home, Listing, Remuneration, Stay
from livlina.core import outbox, tenancy
from livlina.core.access import Actor, Refused
from livlina.core.calendar import Channel
from livlina.core.models import Municipality, User
from livlina.registers.people import actions as people
from livlina.registers.people.models import Person
from livlina.registers.watches.models import Watch

DAY = date(2026, 3, 2)


def take(home: Home, source: str, by: Actor, now: datetime, *, age: int = 8, on: date = DAY) -> Stay:
    """Take a place as the room of placements does."""
    return actions.take_place(
        home.pk, kind="foster_home", age=age, source=source, begins_on=on, by=by, now=now
    )


def approve(home: Home, ulf: Actor, now: datetime, capacity: int = 1) -> Approval:
    """Approve as a foster home for children of six to twelve."""
    return actions.approve_home(
        home, kinds=["foster_home"], capacity=capacity, ages=(6, 12), valid_from=DAY, by=ulf, now=now
    )


def test_no_home_is_approved_before_every_adult_has_shown_both_extracts(
    sjogrens: Home, tove: Actor, ulf: Actor, now: datetime
) -> None:
    with pytest.raises(ContractorRefused, match="belastningsregistret saknas för Ida Sjögren"):
        approve(sjogrens, ulf, now)
    ida, per = sjogrens.adults.order_by("id")
    for adult in (ida, per):
        actions.ask_extracts(adult, by=tove, now=now)
    for check in Check.objects.exclude(adult=per, register="suspicion"):
        actions.show_extract(check, on=DAY, by=tove, now=now)
    with pytest.raises(ContractorRefused, match="misstankeregistret saknas för Per Sjögren"):
        approve(sjogrens, ulf, now)
    actions.show_extract(Check.objects.get(shown_on=None), on=DAY, by=tove, now=now)
    assert approve(sjogrens, ulf, now).capacity == 1


def test_an_extract_shown_long_ago_is_none(approved_home: Home) -> None:
    assert queries.missing_extracts(approved_home, on=DAY) == []
    assert len(queries.missing_extracts(approved_home, on=DAY + timedelta(days=400))) == 4


def test_what_stands_in_an_extract_has_no_place_to_be_written() -> None:
    said = {
        field.name
        for field in Check._meta.get_fields()
        if field.get_internal_type() in ("CharField", "TextField")
    }
    assert said == {"register", "shown_to", "by_name", "by_title", "by_role"}


def test_the_worker_who_investigates_does_not_approve(
    sjogrens: Home, show_all: Callable[[Home], None], tove: Actor, now: datetime
) -> None:
    show_all(sjogrens)
    with pytest.raises(Refused):
        approve(sjogrens, tove, now)


def test_a_childs_worker_sees_name_kind_and_places_and_not_the_investigation(
    approved_home: Home, fatima: Actor, asvalla: Municipality, now: datetime
) -> None:
    with tenancy.acting(asvalla.pk, fatima.compartments):
        [found] = queries.free_homes(fatima, "foster_home", 8, DAY)
        assert (found.name, found.kinds, found.place, found.free) == (
            "Familjen Sjögren",
            "Familjehem",
            "Åsvalla",
            2,
        )
        assert not Home.objects.exists(), "row-level security hides the home itself"
        assert not Approval.objects.exists()
        assert not Check.objects.exists()
        assert list(queries.homes(fatima)) == []
    assert list(queries.homes(fatima)) == [], "and so does the rule, were the rows there"
    with pytest.raises(Refused):
        actions.add_adult(approved_home, approved_home.contact, by=fatima, now=now)


def test_the_provider_sees_no_list(approved_home: Home, petra: Actor) -> None:
    assert queries.free_homes(petra, "foster_home", 8, DAY) == []


def test_homes_are_offered_for_the_kind_the_age_and_the_day_they_are_approved_for(
    approved_home: Home, fatima: Actor
) -> None:
    assert queries.free_homes(fatima, "foster_home", 8, DAY)
    assert not queries.free_homes(fatima, "on_call_home", 8, DAY)
    assert not queries.free_homes(fatima, "foster_home", 13, DAY)
    assert not queries.free_homes(fatima, "foster_home", 8, DAY - timedelta(days=1))
    assert not queries.free_homes(fatima, "foster_home", 8, DAY, occupied={approved_home.pk: 2})


def test_places_are_never_more_than_approved(approved_home: Home, fatima: Actor, now: datetime) -> None:
    take(approved_home, "placements.placement:1", fatima, now)
    take(approved_home, "placements.placement:2", fatima, now)
    with pytest.raises(NoPlace):
        take(approved_home, "placements.placement:3", fatima, now)
    assert take(approved_home, "placements.placement:1", fatima, now), "asked twice it is the same place"
    assert Stay.objects.count() == 2
    assert queries.free_homes(fatima, "foster_home", 8, DAY) == []
    actions.leave_place("placements.placement:1", ends_on=date(2026, 3, 31), by=fatima, now=now)
    with pytest.raises(NoPlace):
        take(approved_home, "placements.placement:3", fatima, now, on=date(2026, 3, 31))
    assert take(approved_home, "placements.placement:3", fatima, now, on=date(2026, 4, 1))


def test_a_place_taken_from_a_later_day_counts_for_the_one_who_asks_now(
    approved_home: Home, fatima: Actor, now: datetime
) -> None:
    take(approved_home, "placements.placement:1", fatima, now, on=date(2026, 6, 1))
    take(approved_home, "placements.placement:2", fatima, now, on=date(2026, 6, 1))
    with pytest.raises(NoPlace):
        take(approved_home, "placements.placement:3", fatima, now)


def test_a_child_of_another_age_gets_no_place(approved_home: Home, fatima: Actor, now: datetime) -> None:
    with pytest.raises(ContractorRefused, match="inte godkänt"):
        take(approved_home, "placements.placement:1", fatima, now, age=3)


def test_a_smaller_approval_waits_until_there_is_room(
    approved_home: Home, ulf: Actor, fatima: Actor, now: datetime
) -> None:
    take(approved_home, "placements.placement:1", fatima, now)
    take(approved_home, "placements.placement:2", fatima, now)
    with pytest.raises(ContractorRefused, match="redan 2"):
        actions.approve_home(
            approved_home,
            kinds=["foster_home"],
            capacity=1,
            ages=(6, 12),
            valid_from=date(2026, 4, 1),
            by=ulf,
            now=now,
        )
    assert Approval.objects.get().valid_to is None


def test_a_home_with_protected_data_is_listed_without_name_and_place(
    approved_home: Home, ida: Person, tove: Actor, fatima: Actor, registrar: Actor, now: datetime
) -> None:
    people.set_protection(ida, "secrecy_marked", by=registrar, now=now)
    outbox.deliver_waiting()
    [found] = queries.free_homes(fatima, "foster_home", 8, DAY)
    assert (found.name, found.place) == ("Hem med skyddade uppgifter", "")
    assert list(queries.homes(tove)) == [], "and is opened by the named few"


def test_contract_and_pay_need_two_persons(
    approved_home: Home, tove: Actor, ulf: Actor, now: datetime
) -> None:
    contract = actions.write_contract(
        approved_home, "foster_home", valid_from=date(2026, 3, 16), by=ulf, now=now
    )
    with pytest.raises(ContractorRefused, match="inte också underteckna"):
        actions.sign_contract(contract, on=DAY, by=ulf, now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Contract.objects.filter(pk=contract.pk).update(signed_on=DAY, signed_by_id=ulf.user_id)
    with pytest.raises(Refused):
        actions.sign_contract(contract, on=DAY, by=tove, now=now)
    paid = {
        "fee_ore": 1_200_000,
        "expenses_ore": 500_000,
        "source": "Cirkulär 2026",
        "valid_from": date(2026, 3, 16),
    }
    row = actions.propose_remuneration(contract, by=ulf, now=now, **paid)
    with pytest.raises(ContractorRefused, match="inte också bekräfta"):
        actions.confirm_remuneration(row, by=ulf, now=now)
    assert queries.remuneration_on(contract, date(2026, 3, 20)) is None


def test_a_month_is_counted_by_the_day_once_and_approved_by_another(
    approved_home: Home, tove: Actor, ulf: Actor, now: datetime
) -> None:
    contract = actions.write_contract(
        approved_home, "foster_home", valid_from=date(2026, 3, 16), by=tove, now=now
    )
    actions.sign_contract(contract, on=DAY, by=ulf, now=now)
    with pytest.raises(ContractorRefused, match="Ingen ersättning är bekräftad för den 2026-03-16"):
        actions.count_month(contract, date(2026, 3, 1), by=tove, now=now)
    for fee, since in ((1_200_000, date(2026, 3, 16)), (1_550_000, date(2026, 3, 24))):
        row = actions.propose_remuneration(
            contract,
            fee_ore=fee,
            expenses_ore=310_000,
            valid_from=since,
            source="Cirkulär 2026",
            by=tove,
            now=now,
        )
        actions.confirm_remuneration(row, by=ulf, now=now)
    basis = actions.count_month(contract, date(2026, 3, 1), by=tove, now=now)
    # 8 days of 12 000 kr and 8 of 15 500 kr, out of 31
    assert (basis.days, basis.fee_ore, basis.expenses_ore) == (16, 709_677, 160_000)
    with pytest.raises(ContractorRefused, match="redan räknad"):
        actions.count_month(contract, date(2026, 3, 1), by=tove, now=now)
    with pytest.raises(Refused):
        actions.approve_basis(basis, by=tove, now=now)
    assert actions.approve_basis(basis, by=ulf, now=now).approved_by_name == ulf.name


def test_a_circulars_row_is_dated_and_to_be_verified(
    ulf: Actor, tove: Actor, asvalla: Municipality, now: datetime
) -> None:
    for year, fee in ((2025, 1_000_000), (2026, 1_100_000)):
        actions.add_rate(
            kind="foster_home", ages=(0, 12), fee_ore=fee, expenses_ore=1, valid_from=date(year, 1, 1),
            source=f"Påhittat cirkulär {year}", by=ulf, now=now,
        )  # fmt: skip
    found = queries.suggested_rate("foster_home", 8, date(2025, 6, 1))
    assert found is not None
    assert (found.fee_ore, found.verify) == (1_000_000, True)
    assert queries.suggested_rate("foster_home", 14, DAY) is None


@pytest.fixture
def homes_case(ida: Person, tove: Actor, ulf: Actor, now: datetime) -> Case:
    """Ida's interest, assigned to Tove."""
    answers = {
        "engagement_kinds": ["foster_home"],
        "household_members": "Ida och Per",
        "may_check_registers": "yes",
    }
    sent = cases.register_application(
        "caregiver_home", ida, answers, found_on=DAY, how=Channel.PHONE, by=tove, now=now
    )
    return cases.assign_case(sent.cases.get(), User.objects.get(pk=tove.user_id), by=ulf, now=now)


def test_from_interest_to_yearly_review_in_the_case_of_the_home(
    homes_case: Case, ida: Person, show_all: Callable[[Home], None], tove: Actor, ulf: Actor, gunnar: Actor,
    asvalla: Municipality, now: datetime,
) -> None:  # fmt: skip
    case = homes_case
    assert case.compartment == 8
    with pytest.raises(StepRefused, match="inte registrerad"):
        cases.take_step(case, "ask_for_extracts", by=tove, now=now, answers={"extracts_asked_on": DAY})
    home = actions.register_home(
        name="Familjen Sjögren", kinds=["foster_home"], place="Åsvalla", contact=ida, case=case, by=tove, now=now,
    )  # fmt: skip
    cases.take_step(case, "ask_for_extracts", by=tove, now=now, answers={"extracts_asked_on": DAY})
    with pytest.raises(StepRefused, match="belastningsregistret saknas"):
        cases.take_step(case, "judge_extracts", by=tove, now=now, answers={"extracts_judged": "go_on"})
    show_all(home)
    cases.take_step(case, "judge_extracts", by=tove, now=now, answers={"extracts_judged": "go_on"})
    written = {
        "engagement_visits": "Tre besök.", "engagement_references": "Två.", "engagement_method": "bra_fam",
        "engagement_assessment": "Ett tryggt hem.",
    }  # fmt: skip
    cases.take_step(case, "finish_investigation", by=tove, now=now, answers=written)
    with pytest.raises(Refused):
        cases.take_step(case, "approve_contractor", by=gunnar, now=now)
    with pytest.raises(StepRefused, match="Godkännandet är inte skrivet"):
        cases.take_step(case, "approve_contractor", by=ulf, now=now)
    approve(home, ulf, now)
    cases.take_step(case, "approve_contractor", by=ulf, now=now)
    with pytest.raises(StepRefused, match="inte undertecknat"):
        cases.take_step(case, "engage", by=tove, now=now)
    contract = actions.write_contract(home, "foster_home", valid_from=DAY, by=tove, now=now)
    actions.sign_contract(contract, on=DAY, by=ulf, now=now)
    cases.take_step(case, "engage", by=tove, now=now)
    assert Deadline.objects.get(case=case, name="review_in_time").strict_date == date(2027, 3, 2)
    _reviewed_within_the_year(case, home, ida, tove, asvalla, now)


def _reviewed_within_the_year(
    case: Case, home: Home, ida: Person, tove: Actor, asvalla: Municipality, now: datetime
) -> None:
    mark_deadlines(asvalla.pk, now + timedelta(days=340))
    watch = Watch.objects.get(type="cases.deadline", closed_at=None)
    assert watch.person_id == ida.pk, "thirty days before the year is out, Tove is told"
    later = now + timedelta(days=350)
    review = {"reviewed_contractor_on": later.date(), "review_text": "Allt väl."}
    cases.take_step(case, "review", by=tove, now=later, answers=review)
    assert not Watch.objects.filter(type="cases.deadline", closed_at=None).exists()
    assert home.reviews.count() == 1
    following = Deadline.objects.get(case=case, name="review_in_time", state="running")
    assert following.strict_date == date(2028, 2, 15)


def test_a_home_where_someone_lives_is_not_ended(
    approved_home: Home, tove: Actor, fatima: Actor, now: datetime
) -> None:
    take(approved_home, "placements.placement:1", fatima, now)
    with pytest.raises(ContractorRefused, match="Någon bor i hemmet"):
        actions.end_home(approved_home, on=DAY, by=tove, now=now)
    actions.leave_place("placements.placement:1", ends_on=DAY, by=fatima, now=now)
    actions.end_home(approved_home, on=DAY + timedelta(days=1), by=tove, now=now)
    assert Listing.objects.get().valid_to == DAY + timedelta(days=1)


def test_no_amount_is_paid_that_one_person_alone_wrote(
    approved_home: Home, tove: Actor, ulf: Actor, now: datetime
) -> None:
    contract = actions.write_contract(approved_home, "foster_home", valid_from=DAY, by=tove, now=now)
    row = actions.propose_remuneration(
        contract, fee_ore=1, expenses_ore=1, valid_from=DAY, source="Cirkulär", by=tove, now=now
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        Remuneration.objects.filter(pk=row.pk).update(confirmed_by_id=tove.user_id, confirmed_at=now)

"""The home a child comes to: chosen among those the contractors have approved and checked, one place for one child."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from livlina.authority.cases import actions as cases
from livlina.authority.cases.actions import StepRefused
from livlina.authority.cases.models import Case
from livlina.authority.contractors import actions as contractors
from livlina.authority.contractors.models import Adult, Listing, Stay
from livlina.authority.placements import actions
from livlina.authority.placements.models import HomeChoice, Placement
from livlina.authority.placements.tests.fixtures import HOME, make_child
from livlina.core.access import Refused
from livlina.core.ids7 import uuid7

DAY = date(2026, 3, 2)


def choose(case, home, by, now, *, kind="foster_home", since=DAY):
    return actions.choose_home(case, home.pk, kind=kind, since=since, by=by, now=now)


def place(case, by, now, since=DAY):
    return cases.take_step(
        case, "place_in_home", by=by, now=now, answers=HOME | {"home_since": since.isoformat()}
    )


@pytest.fixture
def siris_case(decided_placement, registrar, now):
    """Siri, nine, whose placement is decided just as Nora's."""
    siri = make_child("Siri", date(2016, 5, 6), 7, registrar, now)
    case = Case.objects.get(pk=decided_placement.pk)
    decision = case.decisions.get()
    line = decision.lines.get()
    case.pk, case.number, case.person = uuid7(), "2026-000907", siri
    case._state.adding = True
    case.save(force_insert=True)
    decision.pk, decision.case, decision._state.adding = uuid7(), case, True
    decision.save(force_insert=True)
    line.pk, line.decision, line._state.adding = uuid7(), decision, True
    line.save(force_insert=True)
    return case


def test_nobody_is_placed_before_a_home_is_chosen(decided_placement, fatima, now):
    with pytest.raises(StepRefused, match="Inget hem är valt"):
        place(decided_placement, fatima, now)
    assert not Placement.objects.exists()


def test_the_child_takes_a_place_and_stands_in_the_register_with_the_homes_name(
    decided_placement, approved_home, fatima, now
):
    choose(decided_placement, approved_home, fatima, now)
    place(decided_placement, fatima, now)
    placement = Placement.objects.get()
    assert (placement.home_name, placement.home_kind) == ("Familjen Sjögren", "foster_home")
    stay = Stay.objects.get()
    assert stay.listing == placement.listing
    assert stay.source == f"placements.placement:{placement.pk}"
    assert "Nora" not in stay.source


def test_a_home_not_approved_for_the_child_that_day_is_refused_in_words(
    decided_placement, approved_home, fatima, now
):
    for wrong in (
        {"kind": "on_call_home"},
        {"since": date(2026, 3, 1)},
        {"since": date(2026, 6, 9)},  # Nora has turned thirteen
    ):
        with pytest.raises(StepRefused, match="inte godkänt"):
            choose(decided_placement, approved_home, fatima, now, **wrong)
    assert not HomeChoice.objects.exists()


def test_a_home_where_one_who_moved_in_has_shown_no_extract_is_refused_in_words(
    decided_placement, approved_home, bertil, tove, fatima, now
):
    choose(decided_placement, approved_home, fatima, now)
    contractors.add_adult(approved_home, bertil, by=tove, now=now)
    with pytest.raises(StepRefused, match="belastnings- och misstankeregistret"):
        place(decided_placement, fatima, now)
    with pytest.raises(StepRefused, match=r"3 kap\. 3 § socialtjänstförordningen"):
        choose(decided_placement, approved_home, fatima, now)
    assert not Placement.objects.exists()


def test_extracts_shown_more_than_a_year_ago_do_not_hold(decided_placement, approved_home, fatima, now):
    Listing.objects.update(age_to=17)
    with pytest.raises(StepRefused, match="för gamla"):
        choose(decided_placement, approved_home, fatima, now, since=date(2027, 3, 3))


def test_of_two_children_chosen_for_the_last_place_the_second_is_refused(
    decided_placement, siris_case, approved_home, fatima, now
):
    contractors.take_place(
        approved_home.pk, kind="foster_home", age=8, source="placements.placement:other", begins_on=DAY,
        by=fatima, now=now,
    )  # fmt: skip
    choose(decided_placement, approved_home, fatima, now)
    choose(siris_case, approved_home, fatima, now)
    place(decided_placement, fatima, now)
    with pytest.raises(StepRefused, match=r"ingen ledig plats\. Välj ett annat"):
        place(siris_case, fatima, now)
    assert Placement.objects.count() == 1
    with pytest.raises(StepRefused, match="ingen ledig plats"):
        choose(siris_case, approved_home, fatima, now)


def test_a_child_who_moves_frees_the_place_for_another(
    decided_placement, siris_case, approved_home, fatima, now
):
    contractors.take_place(
        approved_home.pk, kind="foster_home", age=8, source="placements.placement:other", begins_on=DAY,
        by=fatima, now=now,
    )  # fmt: skip
    choose(decided_placement, approved_home, fatima, now)
    place(decided_placement, fatima, now)
    april = datetime(2026, 4, 8, 8, tzinfo=UTC)
    said = {
        "move_reason": "planned", "care_home_kind": "hvb", "home_name": "Solgårdens HVB", "home_number": "556000-0000",
        "home_since": "2026-04-08",
    }  # fmt: skip
    cases.take_step(decided_placement, "move_to_care", by=fatima, now=april, answers=said)
    assert Placement.objects.get(ends_on=None).listing is None
    choose(siris_case, approved_home, fatima, april, since=date(2026, 4, 8))
    place(siris_case, fatima, april, date(2026, 4, 8))
    assert Placement.objects.get(case=siris_case).listing is not None


def test_a_child_moves_to_the_home_that_is_chosen_anew_and_not_to_the_one_it_lives_in(
    placed_nora, open_home, fatima, now
):
    said = {"move_reason": "better_fit", "home_since": "2026-03-02"}
    with pytest.raises(StepRefused, match="bor redan i det valda hemmet"):
        cases.take_step(placed_nora.case, "move_to_home", by=fatima, now=now, answers=said)
    choose(placed_nora.case, open_home, fatima, now, kind="on_call_home")
    cases.take_step(placed_nora.case, "move_to_home", by=fatima, now=now, answers=said)
    assert Placement.objects.get(ends_on=None).home_kind == "on_call_home"


def test_an_ended_placement_gives_its_place_back(placed_nora, fatima, now):
    said = {"placement_ended_on": "2026-03-02", "placement_end_reason": "returned_home"}
    cases.take_step(placed_nora.case, "end_placement", by=fatima, now=now, answers=said)
    assert Stay.objects.get().ends_on == DAY


def test_a_home_with_protected_data_is_named_nowhere_in_the_childs_file(
    decided_placement, open_home, ida, registrar, fatima, now
):
    Listing.objects.update(name=contractors.NAMELESS, place="")
    choose(decided_placement, open_home, fatima, now)
    place(decided_placement, fatima, now)
    assert Placement.objects.get().home_name == "Hem med skyddade uppgifter"


def test_a_home_is_chosen_by_its_page_where_only_what_other_branches_see_is_shown(
    decided_placement, approved_home, fatima, client_of
):
    browser = client_of(fatima)
    case = browser.get(reverse("cases:case", args=[decided_placement.pk])).content.decode()
    at = reverse("placements:choose", args=[decided_placement.pk])
    assert at in case
    assert "Välj hem" in browser.get(at).content.decode()
    asked = {"kind": "foster_home", "since": "2026-03-02"}
    page = browser.get(at, asked).content.decode()
    assert "Familjen Sjögren, familjehem, Åsvalla, 6–12 år, 2 av 2 platser lediga" in page
    assert "Sjövägen" not in page
    for adult in Adult.objects.select_related("person"):
        assert adult.person.full_name not in page
    sent = asked | {"home": str(approved_home.pk), "submission_key": str(uuid7())}
    answer = browser.post(at, sent)
    assert answer["Location"] == reverse("cases:step", args=[decided_placement.pk, "place_in_home"])
    step = browser.get(answer["Location"]).content.decode()
    assert "Familjen Sjögren" in step
    none = browser.get(at, asked | {"kind": "on_call_home"}).content.decode()
    assert "Inget hem passar och har plats" in none


def test_nobody_of_another_branch_or_without_the_case_chooses(
    decided_placement, approved_home, karin, tove, sara, client_of, now
):
    at = reverse("placements:choose", args=[decided_placement.pk])
    for stranger in (karin, tove):
        with pytest.raises(Refused):
            choose(decided_placement, approved_home, stranger, now)
        assert client_of(stranger).get(at).status_code == 404
    assert client_of(sara).get(at).status_code == 404

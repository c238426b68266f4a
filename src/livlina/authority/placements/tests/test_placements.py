"""Placed children: consents, plans, considerations, moves, and the register that lasts."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.urls import reverse

from livlina.authority.cases import actions as cases
from livlina.authority.cases.actions import StepRefused
from livlina.authority.cases.models import Case, Deadline
from livlina.authority.placements import actions, queries
from livlina.authority.placements.jobs import remind_of_yearly_list
from livlina.authority.placements.models import Placement, PlanVersion, YearlyList
from livlina.authority.placements.tests.fixtures import HOME, make_child
from livlina.core import tenancy
from livlina.core.access import Refused
from livlina.core.models.base import PermanentRow
from livlina.core.secure import tenant_models
from livlina.registers.people.actions import set_protection
from livlina.registers.watches.models import Watch

CARE_PLAN = {
    "plan_services": "Traumabehandling.",
    "plan_contacts": "Mormor varje vecka.",
    "plan_goal": "Trygghet.",
    "plan_views": "Nora vill. Föräldrarna samtycker.",
}
JANUARY = datetime(2027, 1, 4, 8, tzinfo=UTC)


def due(case):
    rows = Deadline.objects.filter(case=case, state="running")
    return dict(rows.values_list("name", "strict_date"))


def test_nothing_is_granted_without_consents(placement_case, eva, now):
    line = cases.LineDraft("family_home_care", True, Decimal(1), date(2026, 3, 2))
    draft = cases.DecisionDraft(lines=(line,), follow_up_on=date(2026, 9, 1))
    with pytest.raises(StepRefused, match="Samtyckena är inte antecknade"):
        cases.decide(placement_case, draft, by=eva, now=now)


def test_a_case_worker_does_not_decide_a_placement(placement_case, fatima, now):
    said = {"guardians_consent": "all", "young_consent": "under_15", "consent_documented": "Handling 3"}
    cases.take_step(placement_case, "note_consents", by=fatima, now=now, answers=said)
    line = cases.LineDraft("family_home_care", True, Decimal(1), date(2026, 3, 2))
    draft = cases.DecisionDraft(lines=(line,), follow_up_on=date(2026, 9, 1))
    with pytest.raises(StepRefused, match="nämnden"):
        cases.decide(placement_case, draft, by=fatima, now=now)


def test_a_placement_sets_its_clocks_from_the_day_the_child_came(placed_nora):
    assert due(placed_nora.case) == {
        "care_plan_in_time": date(2026, 3, 16),
        "implementation_plan_in_time": date(2026, 4, 13),
        "first_consideration": date(2026, 9, 2),
        "visit_in_time": date(2026, 6, 2),
        "custody_after_two_years": date(2028, 3, 2),
    }


def test_plans_are_kept_as_they_were_adopted_and_a_newer_counts(placed_nora, fatima, now):
    case = placed_nora.case
    cases.take_step(case, "adopt_care_plan", by=fatima, now=now, answers=CARE_PLAN)
    cases.take_step(case, "adopt_care_plan", by=fatima, now=now, answers={"plan_goal": "Flytta hem."})
    newer, older = PlanVersion.objects.filter(case=case, kind="care").order_by("-number")
    assert [text for _, text in older.items][2] == "Trygghet."
    assert [text for _, text in newer.items][2] == "Flytta hem."
    older.adopted_on = date(2026, 1, 1)
    with pytest.raises(PermanentRow):
        older.save()


def test_an_implementation_plan_has_seven_items_or_special_reasons(placed_nora, fatima, now):
    names = ("goal", "how", "follow_up", "contacts", "board", "views")
    said = {f"doing_{name}": "Skrivet." for name in names}
    with pytest.raises(StepRefused, match="andra huvudmän"):
        cases.take_step(placed_nora.case, "adopt_implementation_plan", by=fatima, now=now, answers=said)
    said["doing_left_out"] = ["doing_others"]
    with pytest.raises(StepRefused, match="särskilda skäl"):
        cases.take_step(placed_nora.case, "adopt_implementation_plan", by=fatima, now=now, answers=said)
    said["doing_left_out_reasons"] = "Ingen annan huvudman är inblandad."
    cases.take_step(placed_nora.case, "adopt_implementation_plan", by=fatima, now=now, answers=said)
    plan = PlanVersion.objects.get(kind="implementation")
    assert len(plan.items) == 6
    assert plan.left_out == ["När och hur andra huvudmäns insatser ska inhämtas"]


def test_considerations_and_talks_are_kept_and_their_clocks_begin_anew(placed_nora, fatima, eva, now):
    case = placed_nora.case
    visited = {"visited_on": "2026-03-02", "talked_alone": "yes_alone", "talk_said": "Nora trivs."}
    cases.take_step(case, "talk_with_child", by=fatima, now=now, answers=visited)
    august = datetime(2026, 8, 26, 8, tzinfo=UTC)
    said = {
        "considered_on": "2026-08-26",
        "consideration_ground": "Behövs.",
        "consideration_result": "needed",
    }
    cases.take_step(case, "consider_placement", by=eva, now=august, answers=said)
    assert due(case)["next_consideration"] == date(2027, 2, 26)
    assert "first_consideration" not in due(case)
    page = queries.placement_page(fatima, placed_nora.pk, now=now)
    assert [row.result_label for row in page.considerations] == ["Vården behövs fortfarande"]
    assert [row.get_alone_display() for row in page.talks] == ["Ja, i enrum"]


def test_a_move_ends_one_stay_and_begins_the_next(placed_nora, fatima, gunnar, now):
    june = datetime(2026, 6, 8, 8, tzinfo=UTC)
    said = {
        "move_reason": "planned", "care_home_kind": "hvb", "home_name": "Solgårdens HVB", "home_number": "556000-0000",
        "home_since": "2026-06-08",
    }  # fmt: skip
    cases.take_step(placed_nora.case, "move_to_care", by=fatima, now=june, answers=said)
    old, new = Placement.objects.order_by("begins_on")
    assert (old.ends_on, old.why_ended, new.previous, new.home_kind) == (
        date(2026, 6, 8),
        "planned",
        old,
        "hvb",
    )
    assert "custody_after_two_years" not in due(placed_nora.case)
    assert due(placed_nora.case)["first_consideration"] == date(2026, 9, 2)


def test_an_ended_placement_stays_and_says_for_ever_that_the_child_was_placed(
    placed_nora, bertil, fatima, now
):
    said = {"placement_ended_on": "2026-03-02", "placement_end_reason": "returned_home"}
    case = cases.take_step(placed_nora.case, "end_placement", by=fatima, now=now, answers=said).case
    assert case.state == "ended"
    assert due(case) == {}
    assert queries.placed_as_child(placed_nora.person_id)
    assert not queries.placed_as_child(bertil.pk)


def test_one_who_may_not_look_is_never_told_that_a_child_was_not_placed(placed_nora, karin):
    with (
        tenancy.acting(karin.municipality_id, karin.compartments),
        pytest.raises(queries.CannotTell),
    ):
        queries.placed_as_child(placed_nora.person_id)


def test_the_fourth_child_in_a_home_is_told(placed_nora, open_home, registrar, fatima, now):
    for serial in (6, 7, 8):
        person = make_child(f"Barn {serial}", date(2015, 1, serial), serial, registrar, now)
        case = Case.objects.get(pk=placed_nora.case_id)
        case.pk, case.number, case.person, case.state = None, f"2026-00090{serial}", person, "decided"
        case._state.adding = True
        case.id = __import__("livlina.core.ids7", fromlist=["uuid7"]).uuid7()
        case.save(force_insert=True)
        _grant(case, placed_nora.case)
        actions.choose_home(
            case, open_home.pk, kind="foster_home", since=date(2026, 3, 2), by=fatima, now=now
        )
        assert not Watch.objects.filter(type="placements.more_than_three").exists()
        cases.take_step(case, "place_in_home", by=fatima, now=now, answers=HOME)
    assert Watch.objects.filter(type="placements.more_than_three", closed_at=None).count() == 1


def _grant(case, like):
    """A decision like Nora's."""
    decision = like.decisions.get()
    line = decision.lines.get()
    for row, fields in ((decision, {"case": case}), (line, {})):
        row.id = __import__("livlina.core.ids7", fromlist=["uuid7"]).uuid7()
        row._state.adding = True
        for name, value in fields.items():
            setattr(row, name, value)
    line.decision = decision
    decision.save(force_insert=True)
    line.save(force_insert=True)


def test_another_branch_sees_no_row_and_no_page(placed_nora, karin, maria, client_of, now):
    tables = [m._meta.db_table for m in tenant_models() if m._meta.app_label == "placements"]
    assert len(tables) == 7
    with (
        tenancy.acting(karin.municipality_id, karin.compartments),
        connection.cursor() as cursor,
    ):
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            assert cursor.fetchone() == (0,), table
    assert client_of(karin).get(reverse("placements:placement", args=[placed_nora.pk])).status_code == 404
    for name in ("placements:list", "placements:csv"):
        assert client_of(maria).get(reverse(name)).status_code == 404
    with pytest.raises(Refused):
        queries.placements(maria, 2026)


def test_the_yearly_list_is_asked_for_in_january_and_kept_as_it_was_sent(placed_nora, asvalla, gunnar, now):
    assert remind_of_yearly_list(asvalla.pk, now) == 0
    assert remind_of_yearly_list(asvalla.pk, JANUARY) == 1
    remind_of_yearly_list(asvalla.pk, JANUARY)
    row = YearlyList.objects.get()
    assert (row.year, row.due_on) == (2026, date(2027, 1, 31))
    assert Watch.objects.filter(type="placements.yearly_list", closed_at=None).count() == 1
    sent = actions.send_yearly_list(2026, by=gunnar, now=JANUARY)
    assert "Nora Blom;" in sent.content
    assert "Familjehem;Familjen Sjögren;;" in sent.content
    assert not Watch.objects.filter(type="placements.yearly_list", closed_at=None).exists()
    with pytest.raises(actions.AlreadySent):
        actions.send_yearly_list(2026, by=gunnar, now=JANUARY)


def test_a_year_that_is_not_over_is_not_sent(placed_nora, gunnar, now):
    with pytest.raises(actions.YearNotOver):
        actions.send_yearly_list(2026, by=gunnar, now=now)


def test_a_protected_child_is_in_the_list_only_as_such(placed_nora, registrar, eva, gunnar, now):
    from livlina.core.models import User
    from livlina.registers.people.actions import grant_protected_access

    set_protection(placed_nora.person, "secrecy_marked", by=registrar, now=now)
    assert queries.placements(gunnar, 2026) == []
    grant_protected_access(
        placed_nora.person, User.objects.get(pk=gunnar.user_id), reason="Förteckningen", by=gunnar, now=now
    )
    content = queries.register_csv(gunnar, 2026, now=now)
    assert "Skyddade personuppgifter" in content
    assert "Nora" not in content
    assert "Sjögren" not in content


def test_the_pages_show_the_placement_and_the_register(placed_nora, fatima, gunnar, client_of, now):
    cases.take_step(placed_nora.case, "adopt_care_plan", by=fatima, now=now, answers=CARE_PLAN)
    page = client_of(fatima).get(reverse("placements:placement", args=[placed_nora.pk])).content.decode()
    for words in ("Familjen Sjögren", "Vårdplan 1", "Traumabehandling.", "Inget övervägande än."):
        assert words in page
    browser = client_of(gunnar)
    assert "Nora Blom" in browser.get(reverse("placements:list")).content.decode()
    answer = browser.get(reverse("placements:csv") + "?year=2026")
    assert answer["Content-Type"].startswith("text/csv")
    assert client_of(fatima).get(reverse("placements:list")).status_code == 404


def test_the_steps_of_a_placement_are_taken_on_its_pages(
    decided_placement, chosen_home, fatima, eva, client_of
):
    browser = client_of(fatima)
    address = reverse("cases:step", args=[decided_placement.pk, "place_in_home"])
    assert "Slag av hem" in browser.get(address).content.decode()
    assert browser.post(address, HOME | {"placement_ground": ""}).status_code == 422
    assert browser.post(address, HOME).status_code == 302
    plan = reverse("cases:step", args=[decided_placement.pk, "adopt_implementation_plan"])
    assert "Punkter som utelämnas" in browser.get(plan).content.decode()
    considered = reverse("cases:step", args=[decided_placement.pk, "consider_placement"])
    assert client_of(eva).get(considered).status_code == 200


def test_the_decision_on_a_placement_is_written_on_its_page(placement_case, fatima, client_of):
    page = client_of(fatima).get(reverse("cases:decide", args=[placement_case.pk]))
    assert page.status_code == 200
    assert "Vård i familjehem" in page.content.decode()

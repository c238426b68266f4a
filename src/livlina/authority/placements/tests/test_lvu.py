"""A child cared for under LVU is placed: it stands in the register, and its file is kept for ever."""

from datetime import date

import pytest

from livlina.authority.cases import actions as cases
from livlina.authority.cases.actions import StepRefused, take_step
from livlina.authority.cases.models import Case
from livlina.authority.placements import queries
from livlina.authority.placements.models import Placement
from livlina.core.models import User

DECIDED = {
    "immediate_decided_on": "2026-03-02",
    "immediate_decided_by": "chair",
    "immediate_decider": "Kerstin Holm",
    "immediate_reasons": "Elsa är slagen och föräldrarna hindrar vidare utredning.",
    "care_ground": "home",
}


@pytest.fixture
def granted(elsas_case, gunnar, fatima, now):
    """The court has granted care of Elsa; how it came there is told in the room of the court."""
    Case.objects.filter(pk=elsas_case.pk).update(state="granted")
    elsas_case.refresh_from_db()
    known = {"care_ground": "home", "care_grounds": "Elsa är slagen hemma."}
    cases.record_facts(elsas_case, known, by=fatima, now=now)
    return elsas_case


def begin(case, by, now, on="2026-03-02"):
    said = {"care_begun_on": on, "care_latest_on": "2033-10-02", "care_stay": "I familjehem."}
    return take_step(case, "begin_care_home", by=by, now=now, answers=said)


def place(case, by, now, eva):
    """Elsa comes to an HVB by the decision of the board (LVU 11 §)."""
    said = {"guardians_consent": "lvu", "young_consent": "under_15", "consent_documented": "Domen"}
    take_step(case, "note_consents", by=by, now=now, answers=said)
    line = cases.LineDraft("residential_care_young", True, 1, date(2026, 3, 2))
    cases.decide(case, cases.DecisionDraft(lines=(line,), follow_up_on=date(2026, 9, 1)), by=eva, now=now)
    home = {
        "placement_ground": "lvu_2", "care_home_kind": "hvb", "home_name": "Solgårdens HVB", "home_number": "556000-0000",
        "home_since": "2026-03-02",
    }  # fmt: skip
    take_step(case, "place_in_care", by=by, now=now, answers=home)


def test_a_child_taken_into_care_has_a_case_of_its_placement_at_once_and_only_one(
    elsas_case, duty, kerstin, eva, fatima, now
):
    case = take_step(
        elsas_case, "decide_immediate", answers=DECIDED, verb="court.decide", by=duty, now=now
    ).case
    placement = Case.objects.get(process_code="child_placement")
    assert (placement.person_id, placement.continues_id, placement.compartment) == (
        case.person_id,
        case.pk,
        4,
    )
    end = {"measure_ended_on": "2026-03-02", "measure_end_reasons": "Mormor tar hand om Elsa."}
    take_step(case, "end_immediate", by=fatima, now=now, answers=end)
    case.refresh_from_db()
    take_step(case, "decide_immediate", answers=DECIDED, verb="court.decide", by=duty, now=now)
    assert Case.objects.filter(process_code="child_placement").count() == 1


def test_care_has_not_begun_before_the_child_stands_in_the_register(granted, eva, fatima, gunnar, now):
    with pytest.raises(StepRefused, match="inte inskrivet som placerat"):
        begin(granted, fatima, now)
    take_step(granted, "open_placement", by=fatima, now=now)
    placement = Case.objects.get(process_code="child_placement")
    if placement.responsible_id is None:
        cases.assign_case(placement, User.objects.get(pk=fatima.user_id), by=gunnar, now=now)
    place(placement, fatima, now, eva)
    with pytest.raises(StepRefused, match="placerades 2026-03-02"):
        begin(granted, fatima, now, on="2026-02-27")
    assert begin(granted, fatima, now).case.state == "in_care"
    assert Placement.objects.get().ground == "lvu_2"
    assert queries.placements(gunnar, 2026) == [Placement.objects.get()]
    assert queries.placed_as_child(granted.person_id)


def test_one_who_was_fetched_counts_as_placed_for_ever_though_the_care_never_began(elsa_taken, bertil):
    assert not Placement.objects.exists()
    assert queries.placed_as_child(elsa_taken.person_id)
    assert not queries.placed_as_child(bertil.pk)

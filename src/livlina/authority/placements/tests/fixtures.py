"""Children the rooms tell of, and the cases they are in."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from livlina.authority.cases import actions as cases
from livlina.authority.cases.actions import reports
from livlina.authority.cases.actions.reports import ReportedChild
from livlina.authority.cases.models import Case
from livlina.authority.contractors import actions as contractors
from livlina.authority.contractors.models import Home
from livlina.authority.placements.actions import choose_home
from livlina.authority.placements.models import HomeChoice, Placement
from livlina.core.access import Actor
from livlina.core.calendar import Channel
from livlina.core.ids import test_number
from livlina.core.models import User
from livlina.registers.people import actions as people
from livlina.registers.people.models import Person

CONCERN: dict[str, Any] = {
    "children_described": "Nora Blom, tolv år.",
    "concern_about": "Nora vill inte gå hem.",
    "concern_kinds": ["violence"],
    "danger_now": "no",
    "reporter_kind": "private",
    "reporter_anonymous": "yes",
}
INVESTIGATED: dict[str, Any] = {
    "question_at_issue": "Vilket skydd och stöd behöver Nora?",
    "sources_used": "Samtal med Nora, föräldrarna och skolan.",
    "development_areas": ["health", "emotions_behaviour"],
    "development": "Nora är orolig och sover dåligt.",
    "parenting_areas": ["safety"],
    "parenting": "Föräldrarna kan inte skydda henne nu.",
    "environment_areas": ["current_family"],
    "environment": "Mycket bråk hemma.",
    "child_view": "Nora vill bo hos någon annan ett tag.",
    "guardians_view": "Båda samtycker till en placering.",
    "risk_and_protection": "Risk för nytt våld. Skydd i mormor.",
    "child_best": "Att vara trygg.",
    "assessment": "Nora behöver bo i ett annat hem tills vidare.",
    "proposed_decision": "Placering i familjehem.",
}
HOME: dict[str, Any] = {
    "placement_ground": "sol",
    "home_since": "2026-03-02",
}


def make_child(given: str, born: date, serial: int, by: Actor, now: datetime) -> Person:
    """Register a child of the family Blom."""
    number = test_number(born, "female", serial)
    return people.register_person(given_names=given, family_name="Blom", number=number, by=by, now=now)


@pytest.fixture
def nora(registrar: Actor, now: datetime) -> Person:
    """Nora Blom, twelve years old."""
    return make_child("Nora", date(2013, 6, 8), 5, registrar, now)


@pytest.fixture
def noras_case(sofia: Actor, fatima: Actor, gunnar: Actor, nora: Person, now: datetime) -> Case:
    """Somebody anonymous reported that Nora is beaten; Fatima has the case and has opened the investigation."""
    _, (case,) = reports.register_report(
        CONCERN, [ReportedChild(person=nora)], found_on=date(2026, 3, 2), how=Channel.PHONE, by=sofia, now=now
    )
    cases.assign_case(case, User.objects.get(pk=fatima.user_id), by=gunnar, now=now)
    said = {"protection_assessed_on": "2026-03-02", "protection_assessment": "Hon är hos mormor i natt."}
    cases.take_step(case, "assess_protection", by=fatima, now=now, answers=said)
    return cases.take_step(
        case, "open_investigation", by=fatima, now=now, answers={"prelim_assessment": "Våld ska utredas."}
    ).case


@pytest.fixture
def investigated_child(noras_case: Case, fatima: Actor, now: datetime) -> Case:
    """The investigation is written, and can be concluded."""
    return cases.take_step(noras_case, "finish_investigation", by=fatima, now=now, answers=INVESTIGATED).case


@pytest.fixture
def placement_case(investigated_child: Case, fatima: Actor, now: datetime) -> Case:
    """The investigation ended in a placement that is to be decided."""
    said = {"conclusion_reasons": "Nora kan inte bo hemma nu."}
    cases.take_step(investigated_child, "conclude_with_placement", by=fatima, now=now, answers=said)
    return Case.objects.get(process_code="child_placement")


@pytest.fixture
def decided_placement(placement_case: Case, fatima: Actor, eva: Actor, now: datetime) -> Case:
    """Both guardians consent, and the committee has decided."""
    from decimal import Decimal

    said = {"guardians_consent": "all", "young_consent": "under_15", "consent_documented": "Handling 3"}
    cases.take_step(placement_case, "note_consents", by=fatima, now=now, answers=said)
    line = cases.LineDraft("family_home_care", True, Decimal(1), date(2026, 3, 2))
    draft = cases.DecisionDraft(lines=(line,), follow_up_on=date(2026, 9, 1))
    cases.decide(placement_case, draft, by=eva, now=now)
    return placement_case


@pytest.fixture
def open_home(sjogrens: Home, show_all: Callable[[Home], None], ulf: Actor, now: datetime) -> Home:
    """The Sjögrens, approved as a foster home and an on-call home for four children of any age."""
    show_all(sjogrens)
    contractors.approve_home(
        sjogrens, kinds=["foster_home", "on_call_home"], capacity=4, ages=(0, 17), valid_from=date(2026, 1, 1),
        by=ulf, now=now,
    )  # fmt: skip
    return sjogrens


@pytest.fixture
def chosen_home(decided_placement: Case, open_home: Home, fatima: Actor, now: datetime) -> HomeChoice:
    """Fatima has chosen the Sjögrens for Nora."""
    return choose_home(
        decided_placement, open_home.pk, kind="foster_home", since=date(2026, 3, 2), by=fatima, now=now
    )


@pytest.fixture
def placed_nora(decided_placement: Case, chosen_home: HomeChoice, fatima: Actor, now: datetime) -> Placement:
    """Nora lives with the family Sjögren."""
    cases.take_step(decided_placement, "place_in_home", by=fatima, now=now, answers=HOME)
    return Placement.objects.get(ends_on=None)

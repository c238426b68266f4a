"""Cases every room tells its tests about: Astrid's application, and how far it has come."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from livlina.authority.cases import actions
from livlina.authority.cases.actions import DecisionDraft, LineDraft
from livlina.authority.cases.models import Application, Case, Decision
from livlina.core.access import Actor
from livlina.core.calendar import Channel
from livlina.core.models import Municipality, User
from livlina.registers.people.models import Person
from tests.people import staff

ANSWERS: dict[str, Any] = {
    "urgent": "no",
    "help_areas": ["hygiene", "cleaning", "company"],
    "help_in_own_words": "Mamma klarar att duscha om någon är med. Städa orkar hon inte.",
    "times_of_day": ["morning"],
    "living_with": "alone",
    "help_today_from": ["children"],
    "interpreter_needed": "no",
    "consent_to_obtain": "yes",
    "consent_from": ["primary_care"],
}
"""What Anna answers in the e-service."""

INVESTIGATION: dict[str, Any] = {
    "question_at_issue": "Hjälp med dusch, städning och sällskap.",
    "sources_used": "Hembesök den 10 mars. Samtal med Anna.",
    "person_view": "Astrid vill klara sig själv så långt det går.",
    "child_in_home": "no",
    "life_area_needs": [
        {"area": "d510", "need": "3", "text": "Klarar dusch med någon till hands."},
        {"area": "d640", "need": "4", "text": "Orkar inte städa."},
        {"area": "d750", "need": "1", "text": "Träffar Anna varje vecka."},
    ],
    "double_staffing": "no",
    "assessment": "Behov finns av hjälp med dusch och städning. Sällskap tillgodoses på annat sätt.",
    "goals": "Astrid känner sig ren och trygg i sitt hem.",
    "proposed_decision": "Dusch två gånger i veckan och städning beviljas. Social samvaro avslås.",
}
"""What Karin writes in the investigation."""

LINES = (
    LineDraft("personal_care", True, Decimal(12), date(2026, 3, 9), date(2027, 3, 8)),
    LineDraft("cleaning", True, Decimal(4), date(2026, 3, 9), date(2027, 3, 8)),
    LineDraft("company", False, Decimal(8), reasons="Behovet tillgodoses genom familjen."),
)
"""Dusch and städning granted, sällskap rejected."""


@pytest.fixture
def anna_online(asvalla: Municipality, anna: Person) -> Actor:
    """Anna, signed in to the e-service."""
    user = User.objects.create_user("anna@test.livlina.example", anna.name, kind="citizen")
    return Actor(
        "citizen", asvalla.pk, "citizen", anna.name, user_id=user.pk, person_id=anna.pk, compartments=(1,)
    )


@pytest.fixture
def astrid_online(asvalla: Municipality, astrid: Person) -> Actor:
    """Astrid, signed in to the e-service."""
    user = User.objects.create_user("astrid@test.livlina.example", astrid.name, kind="citizen")
    return Actor(
        "citizen", asvalla.pk, "citizen", astrid.name, user_id=user.pk, person_id=astrid.pk, compartments=(1,)
    )


@pytest.fixture
def delegation(eva: Actor, now: datetime) -> None:
    """What the board has delegated: case workers up to 40 hours a month and two years, managers more."""
    for outcome in ("granted", "partly_granted", "changed"):
        actions.add_delegation_rule(
            outcome=outcome, role="case_worker", point="3.1", max_quantity=Decimal(40), max_months=24,
            valid_from=date(2026, 1, 1), law="KL 6 kap. 37 §", by=eva, now=now,
        )  # fmt: skip
        actions.add_delegation_rule(
            outcome=outcome, role="unit_manager", point="3.2", max_quantity=Decimal(120),
            valid_from=date(2026, 1, 1), by=eva, now=now,
        )  # fmt: skip
    for outcome in ("rejected", "dismissed", "written_off", "closed_no_action"):
        actions.add_delegation_rule(
            outcome=outcome, role="case_worker", point="3.3", valid_from=date(2026, 1, 1), by=eva, now=now
        )


@pytest.fixture
def application(anna_online: Actor, astrid: Person, karin: Actor, maria: Actor, now: datetime) -> Application:
    """Anna has applied for home care for Astrid, by power of attorney."""
    draft = actions.begin_application("home_care", by=anna_online, now=now, person=astrid)
    actions.save_answers(draft, ANSWERS, by=anna_online, now=now)
    return actions.send_application(draft.pk, by=anna_online, now=now)


@pytest.fixture
def astrids_case(application: Application) -> Case:
    """Astrid's case as the application began it: received, with nobody responsible."""
    return application.cases.get()


@pytest.fixture
def assigned_case(astrids_case: Case, maria: Actor, karin: Actor, now: datetime) -> Case:
    """Maria has given the case to Karin."""
    return actions.assign_case(astrids_case, User.objects.get(pk=karin.user_id), by=maria, now=now)


@pytest.fixture
def investigated_case(assigned_case: Case, karin: Actor, now: datetime) -> Case:
    """Karin has opened the investigation and written it."""
    actions.open_investigation(assigned_case, by=karin, now=now)
    actions.record_facts(assigned_case, INVESTIGATION, by=karin, now=now, form="investigation")
    assigned_case.refresh_from_db()
    return assigned_case


@pytest.fixture
def ready_case(investigated_case: Case, karin: Actor, delegation: None, now: datetime) -> Case:
    """The material is communicated, Astrid's answer is in, and a decision can be taken."""
    actions.communicate(
        investigated_case,
        what="Social samvaro avslås.",
        how="letter",
        answer_by=date(2026, 3, 16),
        by=karin,
        now=now,
    )
    return actions.answer(investigated_case, "Mamma är ensam om dagarna.", by=karin, now=now)


@pytest.fixture
def partly_granted(ready_case: Case, karin: Actor, now: datetime) -> Decision:
    """Karin has decided: two services granted, one rejected."""
    draft = DecisionDraft(
        lines=LINES, reasons="Behovet av sällskap tillgodoses genom familjen.", follow_up_on=date(2026, 9, 9)
    )
    return actions.decide(ready_case, draft, by=karin, now=now)


@pytest.fixture
def as_staff(asvalla: Municipality) -> Callable[..., Actor]:
    """Return a function that makes one more member of staff."""
    return lambda name, role, unit, **more: staff(asvalla, name, role, unit, **more)


__all__ = ["ANSWERS", "INVESTIGATION", "LINES", "Channel"]

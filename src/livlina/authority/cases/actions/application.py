"""Applications: saved page by page as typed, sent once, or taken down by staff; each begins a case."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from livlina.authority.cases.actions.cases import begin_case
from livlina.authority.cases.engine import load
from livlina.authority.cases.engine.process import Form, Process
from livlina.authority.cases.models import Application, ApplicationDraft, Case, signature
from livlina.authority.cases.processes import FactsWrong, branch_of, parse_facts, spec
from livlina.core import audit, outbox
from livlina.core.access import Actor, Refused, allowed, demand, fetch
from livlina.core.calendar import Channel
from livlina.core.clock import day_of
from livlina.core.ids7 import uuid7
from livlina.registers.people.models import Mandate, Person

FORM = "application"


class ApplicationGone(Exception):
    """Ansökan finns inte längre som utkast."""


@transaction.atomic
def begin_application(
    process_code: str, *, by: Actor, now: datetime, person: Person | None = None
) -> ApplicationDraft:
    """Begin an application, for oneself or for someone one acts for. Raises Refused, NoSuchProcess."""
    demand(by, "cases.apply")
    process = load().current(process_code, on=day_of(now))
    applicant = fetch(by, "people.act_for", Person.objects.all(), pk=by.person_id)
    principal, mandate = _acting(by, person, day_of(now))
    draft = ApplicationDraft.objects.create(
        municipality_id=by.municipality_id,
        compartment=branch_of(process),
        process_code=process.code,
        process_version=process.version,
        applicant=applicant,
        person=principal or applicant,
        mandate=mandate,
        answers={"applying_for": _applying_for(mandate)} if _asks(process, "applying_for") else {},
        begun_at=now,
        saved_at=now,
    )
    audit.wrote(by, "cases.begin_application", now=now, obj=draft, detail={"process": process.code})
    return draft


@transaction.atomic
def save_answers(
    draft: ApplicationDraft,
    answers: Mapping[str, Any],
    *,
    by: Actor,
    now: datetime,
    person: Person | None = None,
) -> ApplicationDraft:
    """Keep a page's answers exactly as typed; nothing is judged before the end. `person` changes whom it is for.

    Raises Refused, ApplicationGone when it was sent meanwhile.
    """
    draft = _held(draft.pk, by=by)
    known = {field.fact.name for field in _form(draft).fields()}
    draft.answers = draft.answers | {name: value for name, value in answers.items() if name in known}
    if person is not None:
        principal, draft.mandate = _acting(by, person, day_of(now))
        draft.person = principal or draft.applicant
    draft.saved_at = now
    draft.save(update_fields=["answers", "person", "mandate", "saved_at"])
    audit.wrote(by, "cases.save_answers", now=now, obj=draft)
    return draft


@transaction.atomic
def discard_application(draft: ApplicationDraft, *, by: Actor, now: datetime) -> None:
    """Throw an unsent application away. Raises Refused, ApplicationGone."""
    draft = _held(draft.pk, by=by)
    audit.wrote(by, "cases.discard_application", now=now, obj=draft)
    draft.delete()


@transaction.atomic
def send_application(draft_id: UUID, *, by: Actor, now: datetime) -> Application:
    """Send an application, once: it is frozen with its hash, gets a number, and its case begins.

    Sent again it is the first one's answer. Raises FactsWrong with every answer that is missing or wrong (the draft
    stays as it was), Refused.
    """
    demand(by, "cases.apply")
    sent = allowed(by, "cases.applied", Application.objects.filter(pk=draft_id)).first()
    if sent is not None:
        return sent
    try:
        draft = _held(draft_id, by=by)
    except ApplicationGone:
        return fetch(by, "cases.applied", Application.objects.all(), pk=draft_id)
    if draft.mandate != "self":
        _acting(by, draft.person, day_of(now))  # the mandate may have ended since the draft was begun
    process = load().process(draft.process_code, draft.process_version)
    values = checked(process, draft.answers)
    application = _freeze(
        process, values, by=by, now=now, pk=draft.pk, applicant=draft.applicant, person=draft.person,
        mandate=draft.mandate, received_on=day_of(now), how=Channel.E_SERVICE,
    )  # fmt: skip
    draft.delete()
    return application


@transaction.atomic
def register_application(
    process_code: str,
    person: Person,
    answers: Mapping[str, Any],
    *,
    found_on: date,
    how: Channel,
    by: Actor,
    now: datetime,
    improbable: bool = False,
    applicant: Person | None = None,
    mandate: str = "self",
) -> Application:
    """Take down an application that came on paper, by telephone or at a visit. Its case begins the day it came in.

    `found_on` is the day it was found or said; what came by post or in the letter box counts as the working day
    before (FL 22 §), unless that is `improbable`. Staff may leave questions unanswered: they belong to the
    investigation. Raises FactsWrong, Refused.
    """
    from livlina.core.calendar import deemed_received

    demand(by, "cases.register")
    demand(by, "people.read", person)
    if found_on > day_of(now):
        raise FactsWrong({"received_on": "Ansökan kan inte ha kommit in efter i dag."})
    received = deemed_received(found_on, how, improbable=improbable)
    process = load().current(process_code, on=day_of(now))
    known = {field.fact.name for field in process.form(FORM).fields()}
    values = {
        name: value for name, value in parse_facts(answers).items() if name in known and value is not None
    }
    return _freeze(
        process, values, by=by, now=now, pk=uuid7(), applicant=applicant or person, person=person,
        mandate=mandate, received_on=received, how=how,
    )  # fmt: skip


def checked(process: Process, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parsed answers that the form shows. Raises FactsWrong for each that is missing or wrong."""
    errors: dict[str, str] = {}
    values: dict[str, Any] = {}
    for name, raw in answers.items():
        try:
            values |= parse_facts({name: raw})
        except FactsWrong as wrong:
            errors |= wrong.errors
    shown = {field.fact.name for field in process.form(FORM).fields() if field.shown(values)}
    for fact in process.missing(FORM, values):
        errors.setdefault(fact.name, f"{fact.label}: svara på frågan.")
    if faults := {name: text for name, text in errors.items() if name in shown}:
        raise FactsWrong(faults)
    return {name: value for name, value in values.items() if name in shown and value is not None}


def canonical(application: Application) -> str:
    """Return what was sent as one line of JSON, always the same: its SHA-256 is the application's."""
    said = {
        "process": [application.process_code, application.process_version],
        "applicant": str(application.applicant_id),
        "person": str(application.person_id),
        "mandate": application.mandate,
        "answers": application.answers,
        "sent": application.at.isoformat(),
    }
    return json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _freeze(
    process: Process,
    values: Mapping[str, Any],
    *,
    by: Actor,
    now: datetime,
    pk: UUID,
    applicant: Person,
    person: Person,
    mandate: str,
    received_on: date,
    how: Channel,
) -> Application:
    """Write the application and begin its case, under one number."""
    case: Case = begin_case(process, person, received_on=received_on, how=how, by=by, now=now)
    application = Application(
        **signature(by, now),
        compartment=case.compartment,
        pk=pk,
        process_code=process.code,
        process_version=process.version,
        applicant=applicant, person=person, mandate=mandate,
        answers={name: spec(name).dump(value) for name, value in values.items()},
        receipt_number=case.number, received_on=received_on, received_how=how.value,
        taken_down=by.kind == "staff",
    )  # fmt: skip
    application.sha256 = hashlib.sha256(canonical(application).encode()).hexdigest()
    application.save(force_insert=True)
    from livlina.authority.cases.actions.cases import join_application

    join_application(case, application, values, by=by, now=now)
    audit.wrote(
        by, "cases.send_application", now=now, obj=application, person_id=person.pk,
        detail={"number": case.number, "sha256": application.sha256},
    )  # fmt: skip
    outbox.announce("application.received", application, now=now)
    return application


def _held(draft_id: UUID, *, by: Actor) -> ApplicationDraft:
    """Return the draft, locked; ApplicationGone if there is none, Refused if it is another's."""
    demand(by, "cases.apply")
    draft = ApplicationDraft.objects.select_for_update(of=("self",)).filter(pk=draft_id).first()
    if draft is None:
        raise ApplicationGone(ApplicationGone.__doc__)
    demand(by, "cases.draft", draft)
    return draft


def _acting(by: Actor, person: Person | None, on: date) -> tuple[Person | None, str]:
    """Return whom the citizen acts for and by what right. Raises Refused without a mandate in force."""
    if person is None or person.pk == by.person_id:
        return None, "self"
    principal = fetch(by, "people.act_for", Person.objects.all(), pk=person.pk)
    mandate = (
        Mandate.objects.in_force(on)
        .filter(principal=principal, holder_id=by.person_id, scope__in=("everything", "services"))
        .order_by("kind")
        .first()
    )
    if mandate is None:
        raise Refused("cases.apply", person_id=person.pk)
    return principal, mandate.kind


def _applying_for(mandate: str) -> str:
    """The answer to “Vem gäller ansökan?” that follows from the mandate."""
    return {"self": "self", "power_of_attorney": "power_of_attorney"}.get(mandate, "trustee")


def _asks(process: Process, name: str) -> bool:
    return any(field.fact.name == name for field in process.form(FORM).fields())


def _form(draft: ApplicationDraft) -> Form:
    return load().process(draft.process_code, draft.process_version).form(FORM)

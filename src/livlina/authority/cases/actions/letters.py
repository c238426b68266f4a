"""Letters: made once when the step is taken, stored as bytes with their hash, never rendered again."""

import hashlib
import json
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.template import Context, Engine, Template
from django.template.loader import render_to_string
from django.utils import translation

from livlina.authority.cases.actions import redaction
from livlina.authority.cases.actions.words import amount, unit_of
from livlina.authority.cases.engine import PROCESSES
from livlina.authority.cases.engine.process import Letter
from livlina.authority.cases.models import Decision, DecisionLine, Document, signature
from livlina.authority.cases.processes import code_label, spec
from livlina.core import audit
from livlina.core.access import Actor, demand
from livlina.core.models import Assignment, Municipality
from livlina.registers.people.models import Person

if TYPE_CHECKING:
    from livlina.authority.cases.actions.steps import Doing

SAFE_ROUTE, UNKNOWN_ROUTE = "letter_route", "Lämnas vid besök"


def issue_letter(doing: "Doing", letter: Letter, *, to: Person | None = None) -> Document:
    """Make and store the letter of a step, for the person of the case or `to` another in it.

    The step's own access check is the letter's. Raises Withheld when it carries what its reader may not learn.
    """
    reader = to or doing.case.person
    data = letter_data(doing, letter, to=reader)
    text = (PROCESSES / letter.template).read_bytes()
    said = readable_letter(doing, letter, data, to=reader)
    pdf = render_pdf(said, letter.label)
    document = Document.objects.create(
        **signature(doing.by, doing.now),
        case=doing.case,
        decision=doing.decision or (doing.appeal.decision if doing.appeal else None),
        about_id=doing.about_id,
        kind=letter.name,
        title=letter.label,
        recipient=reader,
        recipient_name=reader.full_name,
        template=letter.template,
        template_version=hashlib.sha256(text).hexdigest(),
        data=json.loads(json.dumps(data, default=_plain, ensure_ascii=False)),
        pdf=pdf,
        sha256=hashlib.sha256(pdf).hexdigest(),
    )
    audit.wrote(
        doing.by, "cases.issue_letter", now=doing.now, obj=document, person_id=doing.case.person_id,
        detail={"kind": letter.name, "sha256": document.sha256},
    )  # fmt: skip
    return document


@transaction.atomic
def mark_sent(document: Document, *, by: Actor, now: datetime) -> Document:
    """Record that a letter left the house (or lies in the e-service); done twice is done once.

    It is read once more: who is protected may have changed since it was made. Raises Refused, Withheld.
    """
    demand(by, "cases.step", document.case)
    if document.sent_at is None and document.recipient is not None:
        said = template_of(document.template).render(Context(document.data))
        facts = document.data.get("facts", {})
        redaction.demand_clean_letter(
            document.case, document.recipient, document.title, said, facts, by=by, now=now
        )
    if Document.objects.filter(pk=document.pk, sent_at=None, withdrawn_at=None).update(sent_at=now):
        audit.wrote(by, "cases.letter_sent", now=now, obj=document, person_id=document.case.person_id)
    document.refresh_from_db(fields=["sent_at", "withdrawn_at"])
    return document


def readable_letter(
    doing: "Doing", letter: Letter, data: dict[str, Any] | None = None, *, to: Person | None = None
) -> str:
    """Return the letter's text as HTML, read for its reader. Raises Withheld."""
    reader = to or doing.case.person
    data = data or letter_data(doing, letter, to=reader)
    said = letter_html(letter, data)
    redaction.demand_clean_letter(
        doing.case, reader, letter.label, said, data["facts"], by=doing.by, now=doing.now
    )
    return said


def letter_html(letter: Letter, data: dict[str, Any]) -> str:
    """Return the letter's text as HTML; also the preview before the decision is signed."""
    with translation.override("sv"):
        return template_of(letter.template).render(Context(data))


def render_pdf(html: str, title: str) -> bytes:
    """Return a tagged PDF/A-3a of a letter, in our own print style. About 0.3 s."""
    from livlina.authority.cases.actions import pdf  # importing WeasyPrint takes a second of every start

    return pdf.made(render_to_string("cases/print/page.html", {"letter": html, "title": title}))


def letter_data(doing: "Doing", letter: Letter, *, to: Person | None = None) -> dict[str, Any]:
    """Return everything a letter may say to its reader, as plain values: also what is stored beside the letter.

    Of the case's facts only those the letter names: the others are none of its reader's.
    """
    case, on, reader = doing.case, doing.today, to or doing.case.person
    municipality = Municipality.objects.get(pk=case.municipality_id)
    from django.conf import settings

    head = settings.PARAMETERS["letterhead"] | municipality.parameters.get("letterhead", {})
    decision = doing.decision or (doing.appeal.decision if doing.appeal else None)
    responsible = _responsible(doing)
    return {
        "case": {
            "number": case.number,
            "process_title": doing.process.label,
            "responsible_name": responsible[0],
            "responsible_title": responsible[1],
        },
        "person": {"name": reader.full_name, "postal_address": _address(doing, reader)},
        "decision": decision_data(decision) if decision else None,
        "facts": {
            name: spec(name).show(value)
            for name, value in redaction.visible_facts(case, reader, doing.facts).items()
            if name in letter.tells
        },
        "municipality": {"name": municipality.name, **head},
        "sender": {"name": doing.by.name, "title": doing.by.title, "unit_name": case.unit.name}
        if doing.by.kind == "staff"
        else {"name": responsible[0], "title": responsible[1], "unit_name": case.unit.name},
        "written_on": on,
    }


def decision_data(decision: Decision) -> dict[str, Any]:
    """Return a decision as a letter says it."""
    on = decision.decided_on
    return {
        "decided_on": on,
        "outcome": decision.outcome,
        "outcome_label": code_label("decision_outcomes", decision.outcome, on),
        "legal_basis": decision.law_text,
        "decided_by_name": decision.by_name,
        "decided_by_title": decision.by_title,
        "presented_by_name": decision.presented_by,
        "delegation": decision.delegation_text,
        "reasons": decision.reasons,
        "lines": [
            {
                "outcome_label": _line_label(decision, line),
                "granted": line.granted,
                "service_label": line.service_label,
                "quantity": amount(line.quantity),
                "unit": unit_of(line.quantity, line.unit),
                "reasons": line.reasons,
            }
            for line in decision.lines.order_by("position")
        ],
    }


def _line_label(decision: Decision, line: DecisionLine) -> str:
    """What becomes of one service; of one that ends, from when."""
    if decision.outcome == "revoked":
        return "Gäller fortfarande" if line.granted else "Återkallas"
    if decision.outcome == "ended":
        return f"Upphör efter {line.valid_to}" if line.granted and line.valid_to else "Upphör"
    if decision.outcome == "changed" and not line.granted:
        return "Beviljas inte längre" if decision.harm_ground else "Avslås"
    return "Beviljas" if line.granted else "Avslås"


def _responsible(doing: "Doing") -> tuple[str, str]:
    """Name and title of the responsible worker, as they stand in this unit today."""
    if doing.case.responsible is None:
        return doing.case.unit.name, ""
    held = Assignment.objects.filter(user_id=doing.case.responsible_id, unit_id=doing.case.unit_id)
    title = held.valid(doing.today).values_list("title", flat=True).first()
    return doing.case.responsible.name, title or ""


def _address(doing: "Doing", person: Person) -> str:
    """The registered address; of a protected person nothing, since theirs is not for letters (OSL 22:1).

    A process that asks how letters are safely handed over never sends one to the home of the person it is about.
    """
    if person.is_protected:
        return ""
    asks = any(
        field.fact.name == SAFE_ROUTE for form in doing.process.forms.values() for field in form.fields()
    )
    if asks and person.pk == doing.case.person_id:
        return (
            spec(SAFE_ROUTE).show(doing.facts[SAFE_ROUTE]) if doing.facts.get(SAFE_ROUTE) else UNKNOWN_ROUTE
        )
    return home_of(person)


def home_of(person: Person) -> str:
    """The registered address of whoever is not protected; of others nothing."""
    if person.is_protected:
        return ""
    return f"{person.street}\n{person.postcode[:3]} {person.postcode[3:]} {person.city}".strip()


def template_of(name: str) -> Template:
    """Return a letter's template, from the letters' own engine."""
    return _engine().get_template(name)


def _plain(value: Any) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"A letter says nothing of type {type(value).__name__}.")


@cache
def _engine() -> Engine:
    """The letters' own template engine: it knows the processes' folder and none of the pages' tags."""
    return Engine(dirs=[str(PROCESSES)], autoescape=True)

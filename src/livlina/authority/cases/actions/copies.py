"""A letter of a case made once more for someone else who is to have it: a guardian, public counsel, a representative.

Nothing goes to them by itself: for each the worker weighs whether it may be told (OSL 12:3 for a child's guardian), and
the letter is read for its new reader as every letter is. What that one may not learn is left out, and said to be.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.template import Context
from django.utils import translation

from livlina.authority.cases.actions import redaction
from livlina.authority.cases.actions.letters import home_of, render_pdf, template_of
from livlina.authority.cases.actions.parties import guardians_of
from livlina.authority.cases.actions.steps import locked
from livlina.authority.cases.engine import StepRefused
from livlina.authority.cases.models import Case, Document, signature
from livlina.authority.cases.processes import spec
from livlina.core import audit
from livlina.core.access import Actor, demand
from livlina.core.clock import day_of
from livlina.registers.people.models import Person

OWN_PARTY_FROM = 15
"""From this age a child speaks for itself in its case, beside its guardians (SoL, LVU 36 §)."""

LEFT_OUT = "Uppgifter som du inte får del av är utelämnade (10 kap. 3 § offentlighets- och sekretesslagen)."


@dataclass(frozen=True)
class Counsel:
    """Public counsel or a representative: a professional, known by name and office and not in the register of people."""

    name: str
    address: str


def copies_of(document: Document) -> QuerySet[Document]:
    """Return the letter as it was made for others."""
    return Document.objects.filter(case=document.case_id, data__copy_of=str(document.pk)).order_by("at", "id")


def is_original(document: Document) -> bool:
    """Whether it is a letter to the one the case is about, and not itself made from another."""
    to_person = document.recipient_id == document.case.person_id
    return to_person and "copy_of" not in document.data and document.withdrawn_at is None


def left_out(document: Document, reader: Person) -> list[str]:
    """Return what of the letter's facts the reader may not learn, as the labels of the facts."""
    facts = document.data.get("facts", {})
    kept = redaction.visible_facts(document.case, reader, facts)
    return [str(spec(name).label) for name, shown in facts.items() if shown and name not in kept]


@transaction.atomic
def copy_letter(
    document: Document, reader: Person, *, counsel: Counsel | None = None, by: Actor, now: datetime
) -> Document:
    """Make a letter once more for a guardian, or for the counsel of `reader`; made twice is made once.

    `reader` is whom it is read for: the guardian, or the one whose counsel it is. Raises Refused, StepRefused, Withheld.
    """
    demand(by, "cases.write", document.case)
    case = locked(document.case)
    if not is_original(document):
        raise StepRefused("Bara ett gällande brev till den ärendet gäller kan göras till fler.")
    _demand_reader(case, reader, counsel)
    name = f"{counsel.name}, för {reader.name}" if counsel else reader.full_name
    already = copies_of(document).filter(recipient=reader, recipient_name=name).first()
    if already is not None:
        return already
    data = _data(document, case, reader, counsel, day_of(now))
    html = _read(document, data)
    redaction.demand_clean_letter(case, reader, document.title, html, data["facts"], by=by, now=now)
    return _stored(document, case, reader, name, data, html, by=by, now=now)


def _demand_reader(case: Case, reader: Person, counsel: Counsel | None) -> None:
    """Raise StepRefused for whoever has no part that gives them the letter."""
    guardian = guardians_of(case).filter(person=reader).exists()
    if counsel is None and not guardian:
        raise StepRefused("Personen är inte inskriven som vårdnadshavare i ärendet.")
    if counsel is not None and not (guardian or reader.pk == case.person_id):
        raise StepRefused("Välj vem biträdet eller ombudet företräder.")
    if counsel is not None and not (counsel.name.strip() and counsel.address.strip()):
        raise StepRefused("Skriv biträdets namn och adress.")


def _data(
    document: Document, case: Case, reader: Person, counsel: Counsel | None, on: date
) -> dict[str, Any]:
    """What the letter says to its new reader: as to the first, without what this one may not learn."""
    facts = redaction.visible_facts(case, reader, document.data["facts"])
    missing = left_out(document, reader)
    whose = case.person.name
    if counsel is not None:
        why = f"Till dig som är biträde eller ombud för {reader.name}. Samma brev har skrivits till {whose}."
    else:
        why = f"Till dig som är vårdnadshavare för {whose}. Samma brev har skrivits till {whose}."
    to = (
        {"name": counsel.name.strip(), "postal_address": counsel.address.strip()}
        if counsel
        else {"name": reader.full_name, "postal_address": home_of(reader)}
    )
    return document.data | {
        "facts": facts,
        "person": document.data["person"] | {"postal_address": ""},
        "reader": to | {"why": " ".join(filter(None, [why, LEFT_OUT if missing else ""]))},
        "copy_of": str(document.pk),
        "written_on": on.isoformat(),
    }


def _read(document: Document, data: dict[str, Any]) -> str:
    """The letter's text; the days, kept as text, are days again."""
    decision = data["decision"] and data["decision"] | {
        "decided_on": date.fromisoformat(data["decision"]["decided_on"])
    }
    said = data | {"decision": decision, "written_on": date.fromisoformat(data["written_on"])}
    with translation.override("sv"):
        return template_of(document.template).render(Context(said))


def _stored(
    document: Document, case: Case, reader: Person, name: str, data: dict[str, Any], html: str, *, by: Actor,
    now: datetime,
) -> Document:  # fmt: skip
    pdf = render_pdf(html, document.title)
    made = Document.objects.create(
        **signature(by, now),
        case=case,
        decision=document.decision,
        about_id=document.about_id,
        kind=document.kind,
        title=document.title,
        recipient=reader,
        recipient_name=name[:160],
        template=document.template,
        template_version=document.template_version,
        data=data,
        pdf=pdf,
        sha256=hashlib.sha256(pdf).hexdigest(),
    )
    detail = {"kind": made.kind, "sha256": made.sha256, "copy_of": str(document.pk)}
    audit.wrote(by, "cases.issue_letter", now=now, obj=made, person_id=case.person_id, detail=detail)
    return made

"""The whole file on paper: one PDF for the archive, with contents and page numbers; corrections always with it."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from livlina.across.records import queries
from livlina.authority.cases.actions.letters import render_pdf
from livlina.authority.cases.models import Case
from livlina.core import audit
from livlina.core.access import Actor, Refused, demand
from livlina.core.models import Municipality
from livlina.registers.people.models import Person


@dataclass(frozen=True)
class Printed:
    """A file as it was printed."""

    filename: str
    content: bytes


def print_akt(
    person: Person, compartment: int, reason: str, *, only: Case | None = None, by: Actor, now: datetime
) -> Printed:
    """Return a person's file in one branch, or one case, as PDF/A; the printing is recorded with its reason.

    Struck text is struck through and its corrections stand with it, a sealed note is a stub. Raises Refused, also
    when there is nothing the actor may read.
    """
    demand(by, "records.print")
    if compartment not in by.compartments or compartment not in settings.BRANCHES:
        raise Refused("records.print", person_id=person.pk)
    akt = queries.akt_of(by, person, compartment, now, only=only)
    if akt.empty:
        raise Refused("records.print", person_id=person.pk)
    branch = settings.COMPARTMENTS[compartment]
    title = f"Akt, {branch.lower()}" if only is None else f"Ärende {only.number}"
    facts = {
        "akt": akt,
        "title": title,
        "branch": branch,
        "by": by,
        "now": now,
        "reason": reason,
        "municipality_name": Municipality.objects.get(pk=by.municipality_id).name,
        "outcomes": queries.outcome_labels(),
    }
    with translation.override("sv"):
        content = render_pdf(render_to_string("records/akt_print.html", facts), title)
    audit.read(
        by, "records.print", now=now, person_id=person.pk, obj=only, review="print", reason=reason[:200],
        detail={"compartment": compartment, "notes": len(akt.notes), "cases": len(akt.cases)},
    )  # fmt: skip
    name = f"arende-{only.number}.pdf" if only is not None else f"akt-{now:%Y-%m-%d}.pdf"
    return Printed(name, content)

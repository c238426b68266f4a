"""Marks that keep a file from destruction. That a child was placed is never taken back (domain 2.7)."""

from datetime import datetime

from livlina.across.records.codes import ENDING_KEEPS, KEEPS
from livlina.across.records.models import KeepMark
from livlina.authority.cases.models import signature
from livlina.core import audit
from livlina.core.access import Actor, Refused, demand
from livlina.core.clock import day_of
from livlina.registers.people.models import Person


class KeepRefused(Exception):
    """The mark cannot be set or ended. The sentence is for a person, in Swedish."""


def keep(person: Person, compartment: int, kind: str, why: str, *, by: Actor, now: datetime) -> KeepMark:
    """Keep a person's file from destruction; the same kind twice is once. Raises Refused, KeepRefused."""
    demand(by, "records.keep")
    if by.kind != "system" and compartment not in by.compartments:
        raise Refused("records.keep", person_id=person.pk)
    if kind not in dict(KEEPS) or not why.strip():
        raise KeepRefused("Välj vad som gör att akten bevaras och skriv skälet.")
    mark, made = KeepMark.objects.get_or_create(
        municipality_id=by.municipality_id,
        person=person,
        compartment=compartment,
        kind=kind,
        ended_on=None,
        defaults=signature(by, now) | {"why": why.strip()},
    )
    if made:
        audit.wrote(by, "records.keep", now=now, person_id=person.pk, obj=mark, detail={"kind": kind})
    return mark


def end_keep(mark: KeepMark, *, by: Actor, now: datetime) -> None:
    """End a mark that can end: a lawsuit is over. Raises Refused, KeepRefused."""
    demand(by, "records.keep")
    if mark.kind not in ENDING_KEEPS:
        raise KeepRefused("Akten bevaras för alltid. Märkningen går inte att ta bort.")
    if KeepMark.objects.filter(pk=mark.pk, ended_on=None).update(ended_on=day_of(now), ended_by=by.name):
        audit.wrote(by, "records.keep", now=now, person_id=mark.person_id, obj=mark, detail={"ended": True})

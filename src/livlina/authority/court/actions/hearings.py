"""Hearings the court has called to."""

from datetime import datetime, timedelta

from django.db import transaction

from livlina.authority.cases.models import Case
from livlina.authority.court.models import Hearing
from livlina.core import audit
from livlina.core.access import Actor, demand
from livlina.registers.watches.actions import Owner, close_for, raise_watch


@transaction.atomic
def set_hearing(
    case: Case,
    *,
    starts_at: datetime,
    place: str,
    court_case_number: str,
    by: Actor,
    now: datetime,
) -> Hearing:
    """Write down a hearing the court has called to; the worker is reminded three days before. Raises Refused."""
    demand(by, "court.hear", case)
    hearing = Hearing(
        municipality_id=case.municipality_id, case=case, starts_at=starts_at, place=place.strip()[:160],
        court_case_number=court_case_number.strip()[:80], written_by=by.name,
    )  # fmt: skip
    hearing.save(force_insert=True)
    raise_watch(
        "court.hearing",
        ("court.hearing", hearing.pk),
        owner=Owner(
            "case_worker",
            case.unit_id,
            case.responsible_id,
            compartment=case.compartment,
        ),
        due_at=starts_at,
        shown_from=starts_at - timedelta(days=3),
        by=by,
        now=now,
        person_id=case.person_id,
    )
    audit.wrote(by, "court.set_hearing", now=now, obj=hearing, person_id=case.person_id)
    return hearing


@transaction.atomic
def cancel_hearing(hearing: Hearing, *, by: Actor, now: datetime) -> Hearing:
    """Say that the hearing is not held. Done twice is done once. Raises Refused."""
    demand(by, "court.hearing", hearing)
    if Hearing.objects.filter(pk=hearing.pk, cancelled_at=None).update(cancelled_at=now):
        close_for(
            ("court.hearing", hearing.pk),
            why="Förhandlingen är inställd",
            by=by,
            now=now,
        )
        audit.wrote(
            by,
            "court.cancel_hearing",
            now=now,
            obj=hearing,
            person_id=hearing.case.person_id,
        )
    hearing.refresh_from_db()
    return hearing

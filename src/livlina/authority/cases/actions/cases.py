"""Cases: begun with a number of their own, assigned to someone, and written off when there is nothing to try."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from livlina.authority.cases.actions import clocks
from livlina.authority.cases.actions.facts import write_facts
from livlina.authority.cases.actions.steps import Doing, locked, note_event, take_step
from livlina.authority.cases.engine import Process, StepRefused, load
from livlina.authority.cases.engine.catalogue import NoSuchProcess
from livlina.authority.cases.models import Application, Case, IntakeUnit
from livlina.authority.cases.processes import branch_of
from livlina.core import audit, outbox
from livlina.core.access import Actor, Refused, demand
from livlina.core.calendar import Channel
from livlina.core.clock import day_of
from livlina.core.models import Assignment, Unit, User
from livlina.registers.people.actions import grant_reach
from livlina.registers.people.models import Person


class NoUnit(Exception):
    """Kommunen har ingen enhet som tar emot ansökningar. Säg till systemförvaltningen."""


def begin_case(
    process: Process, person: Person, *, received_on: date, how: Channel, by: Actor, now: datetime
) -> Case:
    """Begin a case the day it came in. The caller has checked who may send or register."""
    today = day_of(now)
    unit = intake_unit(process, by.municipality_id, today)
    case = Case.objects.create(
        municipality_id=by.municipality_id,
        compartment=branch_of(process),
        number=next_number(by.municipality_id, today.year),
        process_code=process.code,
        process_version=process.version,
        person=person,
        unit=unit,
        state=process.start().name,
        state_since=now,
        received_on=received_on,
        received_how=how.value,
        back_dated=received_on < today,
        registered_on=today,
    )
    clocks.start(case, process, "received", received_on, now=now)
    clocks.refresh(case)
    grant_reach(person, unit.pk, source=f"cases.case:{case.pk}", reason="case", by=by, now=now)
    return case


def join_application(
    case: Case, application: Application, values: Mapping[str, Any], *, by: Actor, now: datetime
) -> None:
    """Tie the application to its case: its answers are the case's first facts, said by it on its day."""
    Case.objects.filter(pk=case.pk).update(application=application)
    case.application = application
    source = f"Ansökan {application.receipt_number}"
    write_facts(
        case, values, by=by, now=now, source="application", ref=str(application.pk), text=source,
        as_of=application.received_on,
    )  # fmt: skip
    about = {"received_on": application.received_on, "received_how": application.received_how}
    write_facts(case, about, by=by, now=now, source="officer" if application.taken_down else "application",
                ref=str(application.pk), text="Registrering", as_of=case.registered_on)  # fmt: skip
    label = "Ansökan registrerad" if application.taken_down else "Ansökan inkommen"
    if case.back_dated:
        label += f", inkommen {case.received_on}"
    note_event(
        case, "register", label, by=by, now=now, law="fl_22", detail={"application": str(application.pk)}
    )


@transaction.atomic
def assign_case(case: Case, worker: User, *, by: Actor, now: datetime, unit: Unit | None = None) -> Case:
    """Give a case to a worker of its unit (or of another, which then gets it). Again for a change of worker.

    Raises Refused, StepRefused if the worker has no assignment there.
    """
    demand(by, "cases.assign", case)
    case = locked(case)
    if not case.is_open:
        raise StepRefused("Ärendet är avslutat.")
    place = unit or case.unit
    held = Assignment.objects.filter(user=worker, unit=place, role__in=("case_worker", "unit_manager"))
    if not held.valid(day_of(now)).exists():
        raise StepRefused(f"{worker.name} arbetar inte som handläggare i {place.name}.")
    before, moved = case.responsible_id, place.pk != case.unit_id
    case.responsible, case.unit = worker, place
    case.save(update_fields=["responsible", "unit"])
    if moved:
        grant_reach(case.person, place.pk, source=f"cases.case:{case.pk}", reason="case", by=by, now=now)
    if case.state == "received":
        return take_step(
            case, "assign", by=by, now=now, verb="cases.step" if not moved else "cases.register"
        ).case
    if before == worker.pk and not moved:
        return case
    note_event(
        case,
        "reassign",
        f"Ny ansvarig handläggare: {worker.name}",
        by=by,
        now=now,
        detail={"user": worker.pk},
    )
    audit.wrote(by, "cases.reassign", now=now, obj=case, detail={"user": worker.pk, "unit": str(place.pk)})
    outbox.announce("case.reassigned", case, now=now)
    return case


def open_investigation(case: Case, *, by: Actor, now: datetime) -> Doing:
    """Decide to open an investigation (SoL 14:2). Raises Refused, StepRefused."""
    return take_step(case, "open_investigation", by=by, now=now)


def suspend(case: Case, *, waiting_for: str, review_on: date, by: Actor, now: datetime) -> Doing:
    """Wait for someone's information, until a day when it is looked at again. Raises Refused, StepRefused."""
    answers = {"waiting_for": waiting_for, "waiting_review_on": review_on}
    return take_step(case, "suspend", by=by, now=now, answers=answers)


def resume(case: Case, *, by: Actor, now: datetime) -> Doing:
    """Go on with the investigation. Raises Refused, StepRefused."""
    return take_step(case, "resume_investigation", by=by, now=now)


def finish_investigation(case: Case, *, by: Actor, now: datetime) -> Doing:
    """Say that the investigation is complete. Raises StepRefused that names each fact still missing."""
    return take_step(case, "finish_investigation", by=by, now=now)


@transaction.atomic
def request_decision(case: Case, *, came_in: date, by: Actor, now: datetime) -> Case:
    """Record the party's written request to decide (FL 12 §): four weeks to decide, or to refuse by a decision.

    It can be made once, and when six months have passed. Raises Refused, StepRefused.
    """
    from livlina.authority.cases.models import Deadline
    from livlina.authority.cases.processes import process_of
    from livlina.core.calendar import add_months

    demand(by, "cases.write", case)
    case = locked(case)
    if case.application_id is None:
        raise StepRefused(
            "Bara den som själv har inlett ärendet kan begära att det avgörs (12 § förvaltningslagen)."
        )
    if came_in < add_months(case.received_on, 6):
        raise StepRefused(
            "En begäran enligt 12 § förvaltningslagen kan göras tidigast sex månader efter ansökan."
        )
    if Deadline.objects.filter(case=case, anchor="decision_requested").exists():
        raise StepRefused("Den enskilde har redan begärt att ärendet avgörs. Det kan göras en gång.")
    clocks.start(case, process_of(case), "decision_requested", came_in, now=now)
    clocks.refresh(case)
    note_event(case, "request_decision", "Den enskilde begär att ärendet avgörs", by=by, now=now, law="fl_12")
    audit.wrote(by, "cases.request_decision", now=now, obj=case)
    return case


def next_number(municipality_id: int, year: int) -> str:
    """Return the next case number of the year, `2026-000123`. A rollback gives it back."""
    from livlina.core.ids7 import uuid7

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cases_casecounter AS counter (id, municipality_id, year, last)"
            " VALUES (%s, %s, %s, 1)"
            " ON CONFLICT (municipality_id, year) DO UPDATE SET last = counter.last + 1 RETURNING last",
            [uuid7(), municipality_id, year],
        )
        return f"{year}-{cursor.fetchone()[0]:06d}"


def intake_unit(process: Process, municipality_id: int, on: date) -> Unit:
    """Return the unit that gets new cases of a process: its own, its area's, or that of all the others.

    A unit without a case worker in the branch of the process could not open them; then the first unit that has one
    gets them. Raises NoUnit.
    """
    chosen = IntakeUnit.objects.filter(
        municipality_id=municipality_id, process_code__in=(process.code, process.area, "")
    ).select_related("unit")
    held = Assignment.objects.filter(
        municipality_id=municipality_id, role="case_worker", compartments__contains=[branch_of(process)]
    ).valid(on)
    rows = {row.process_code: row.unit for row in chosen}
    for code in (process.code, process.area):
        if code in rows:
            return rows[code]
    units = [one.unit for one in held.select_related("unit").order_by("unit__name")]
    if not units:
        raise NoUnit(NoUnit.__doc__)
    return rows[""] if "" in rows and rows[""] in units else units[0]


@transaction.atomic
def set_intake_unit(unit: Unit, *, by: Actor, now: datetime, process_code: str = "") -> IntakeUnit:
    """Say which unit gets new cases of a process or of an area (empty: of all the others).

    Raises Refused, also for what is of another branch than the actor's.
    """
    demand(by, "cases.arrange")
    branch = settings.AREAS.get(process_code) or _branch(process_code, day_of(now))
    if branch is not None and branch not in by.compartments:
        raise Refused("cases.arrange", obj=f"cases.intakeunit:{process_code}")
    row, _ = IntakeUnit.objects.update_or_create(
        municipality_id=by.municipality_id, process_code=process_code, defaults={"unit": unit}
    )
    audit.wrote(by, "cases.set_intake_unit", now=now, obj=row, detail={"process": process_code})
    return row


def _branch(process_code: str, on: date) -> int | None:
    """The branch of a process in use; None for no process."""
    try:
        return branch_of(load().current(process_code, on=on)) if process_code else None
    except NoSuchProcess:
        return None

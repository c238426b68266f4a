"""What a nurse orders for a patient: written, ended, and made into doses ahead of time. Never changed in place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction

from livlina.core import audit, bulk, outbox
from livlina.core.access import Actor, demand, fetch
from livlina.core.clock import day_of
from livlina.provider.homecare import dosetimes
from livlina.provider.homecare.models import Dose, NursingTask
from livlina.provider.homecare.models.words import HEALTH, NURSING_TASKS
from livlina.registers.people.models import Person
from livlina.registers.watches import actions as watches

LONGEST_WINDOW = 240


class NursingRefused(Exception):
    """The order does not hold together. The sentence is for a person, in Swedish."""


@dataclass(frozen=True)
class Ordering:
    """What a nurse orders. `times` are Swedish times of day; weekdays 1 (Monday) to 7, none means every day;
    `window` minutes before and after a time within which it is given."""

    task: str
    what: str
    first_on: date
    amount: str = ""
    how: str = ""
    times: Sequence[time] = ()
    weekdays: Sequence[int] = ()
    window: int = 60
    as_needed: bool = False
    most_per_day: int | None = None
    narcotic: bool = False
    delegated: bool = True
    last_on: date | None = None


@transaction.atomic
def order_task(person_id: UUID, said: Ordering, *, by: Actor, now: datetime) -> NursingTask:
    """Order something for a patient of the unit, and make its first doses. Licensed staff only.

    Raises Refused for whoever is not a nurse or may not open the person, and NursingRefused when it does not hold together.
    """
    demand(by, "nursing.order")
    person = fetch(by, "people.read", Person.objects.all(), pk=person_id)
    _whole(said, person, now)
    task = NursingTask.objects.create(
        municipality_id=by.municipality_id, unit_id=by.unit_id, person=person, task=said.task,
        what=said.what.strip(), amount=said.amount.strip(), how=said.how.strip(),
        times=[] if said.as_needed else sorted(set(said.times)), weekdays=sorted(set(said.weekdays)),
        window=said.window, as_needed=said.as_needed, most_per_day=said.most_per_day if said.as_needed else None,
        narcotic=said.narcotic, delegated=said.delegated, first_on=said.first_on, last_on=said.last_on,
        ordered_at=now, ordered_by=f"{by.name}, {by.title}", ordered_by_id=by.user_id,
    )  # fmt: skip
    _make(by.municipality_id, [task], now)
    audit.wrote(by, "nursing.order", now=now, obj=task, detail={"task": task.task})
    outbox.announce("nursing.ordered", task, now=now)
    return task


@transaction.atomic
def end_task(task: NursingTask, reason: str, *, by: Actor, now: datetime) -> NursingTask:
    """End what was ordered: doses that are still to come fall away. Ended twice is ended once.

    Raises Refused, and NursingRefused without a reason.
    """
    demand(by, "nursing.end", task)
    if not reason.strip():
        raise NursingRefused("Skriv varför ordinationen avslutas.")
    task = NursingTask.objects.select_for_update(of=("self",)).get(pk=task.pk)
    if task.state == "ended":
        return task
    task.state, task.ended_at, task.ended_reason = "ended", now, reason.strip()[:200]
    task.save(update_fields=["state", "ended_at", "ended_reason"])
    Dose.objects.filter(task=task, state="due", due_at__gt=now).update(state="cancelled")
    watches.close_for(("homecare.nursingtask", task.pk), why="Ordinationen är avslutad.", by=by, now=now)
    audit.wrote(by, "nursing.end", now=now, obj=task)
    outbox.announce("nursing.ended", task, now=now)
    return task


@transaction.atomic
def pause_task(task: NursingTask, reason: str, *, by: Actor, now: datetime) -> NursingTask:
    """Let what is ordered rest, during a stay in hospital or after a death: doses to come fall away. Twice is once.

    Raises Refused, and NursingRefused without a reason.
    """
    demand(by, "nursing.pause", task)
    if not reason.strip():
        raise NursingRefused("Skriv varför ordinationen pausas.")
    task = NursingTask.objects.select_for_update(of=("self",)).get(pk=task.pk)
    if task.state != "active":
        return task
    task.state, task.ended_reason = "paused", reason.strip()[:200]
    task.save(update_fields=["state", "ended_reason"])
    Dose.objects.filter(task=task, state="due", due_at__gt=now).update(state="cancelled")
    audit.wrote(by, "nursing.pause", now=now, obj=task)
    outbox.announce("nursing.ended", task, now=now)
    return task


@transaction.atomic
def resume_task(task: NursingTask, *, by: Actor, now: datetime) -> NursingTask:
    """Let it go on: its doses from now are due again. Raises Refused, and NursingRefused of whoever has died."""
    demand(by, "nursing.order")
    demand(by, "nursing.pause", task)
    task = NursingTask.objects.select_for_update(of=("self",)).select_related("person").get(pk=task.pk)
    if task.person.is_dead:
        raise NursingRefused("Personen är avliden.")
    if task.state != "paused":
        return task
    task.state, task.ended_reason = "active", ""
    task.save(update_fields=["state", "ended_reason"])
    fallen = Dose.objects.filter(task=task, state="cancelled", due_at__gt=now)
    fallen.exclude(signatures__isnull=False).update(state="due")
    _make(by.municipality_id, [task], now)
    audit.wrote(by, "nursing.pause", now=now, obj=task, detail={"resumed": True})
    outbox.announce("nursing.ordered", task, now=now)
    return task


def make_doses(*, by: Actor, now: datetime) -> int:
    """Make the doses of every running order, from a day back to 48 hours ahead; return how many are new.

    Run again it makes none: a dose is its order and its moment.
    """
    demand(by, "nursing.clock")
    running = NursingTask.objects.filter(
        municipality_id=by.municipality_id, state="active", as_needed=False, first_on__lte=day_of(now + dosetimes.AHEAD)
    ).exclude(last_on__lt=day_of(now - dosetimes.BACK))  # fmt: skip
    return _make(by.municipality_id, list(running), now)


def _make(municipality_id: int, tasks: Sequence[NursingTask], now: datetime) -> int:
    start, end = now - dosetimes.BACK, now + dosetimes.AHEAD
    rows = [
        (HEALTH, task.pk, task.person_id, moment, "due")
        for task in tasks
        if not task.as_needed
        for moment in dosetimes.due(task, start, end)
    ]
    columns = ("compartment", "task_id", "person_id", "due_at", "state")
    return len(bulk.insert(Dose, columns, rows, once=True, municipality_id=municipality_id))


def _whole(said: Ordering, person: Person, now: datetime) -> None:
    """Refuse an order that lacks something, or that could not be carried out as it is written."""
    if said.task not in NURSING_TASKS:
        raise NursingRefused("Välj vilken sorts uppgift det är.")
    if not said.what.strip():
        raise NursingRefused("Skriv vad som ska ges eller göras.")
    if person.is_dead:
        raise NursingRefused("Personen är avliden.")
    if not said.as_needed and not said.times:
        raise NursingRefused("Skriv vilka klockslag det gäller, eller välj vid behov.")
    if said.as_needed and not said.most_per_day:
        raise NursingRefused("Skriv hur många gånger per dygn det högst får ges.")
    if said.first_on < day_of(now):
        raise NursingRefused("Första dagen kan inte ha passerat.")
    if said.last_on is not None and said.last_on < said.first_on:
        raise NursingRefused("Sista dagen ligger före den första.")
    if not 0 < said.window <= LONGEST_WINDOW:
        raise NursingRefused(f"Tiden före och efter ska vara mellan 1 och {LONGEST_WINDOW} minuter.")
    if any(day not in range(1, 8) for day in said.weekdays):
        raise NursingRefused("Veckodagarna är måndag till söndag.")

"""What others may read of home nursing: who has it, what is due, what was signed, and who holds a delegation."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Count, Min, Prefetch, Q, QuerySet

from livlina.core.access import Actor, allowed, fetch
from livlina.core.clock import SWEDEN, day_of
from livlina.core.models import Assignment
from livlina.provider.homecare.models import Delegation, Dose, DoseSignature, NarcoticCount, NursingTask
from livlina.registers.people.models import Person

MOST = 300
Held = set[tuple[str, UUID | None]]
_STANDING = Prefetch("signatures", DoseSignature.objects.filter(corrected_by=None).order_by("pk"))
"""A dose's signatures that no later one has corrected."""


def start_of_day(day: date) -> datetime:
    """The moment a Swedish day begins."""
    return datetime.combine(day, time(), SWEDEN)


# Seams: the phone's pack, the board ----------------------------------------------------------------------------------


def doses_for(person_ids: Iterable[UUID], start: datetime, end: datetime) -> list[Dose]:
    """Return the doses of these persons that are due from `start` to before `end`, with their tasks. One statement.

    Those that fell away are left out. Whoever shows them leaves out what the carer holds no delegation for (`may_do`).
    """
    found = Dose.objects.filter(person_id__in=list(person_ids), due_at__gte=start, due_at__lt=end)
    return list(found.exclude(state="cancelled").select_related("task").order_by("due_at", "pk"))


def as_needed_for(person_ids: Iterable[UUID]) -> list[NursingTask]:
    """Return what may be given these persons when needed. One statement."""
    found = NursingTask.objects.filter(person_id__in=list(person_ids), state="active", as_needed=True)
    return list(found.order_by("person_id", "what", "pk"))


def delegations_of(carer_id: UUID, on: date) -> Held:
    """Return what a carer holds a delegation for on the Swedish day `on`: (task, person; None: everybody at the unit).

    One that was revoked is left out whatever the day: nobody is sent by it.
    """
    rows = Delegation.objects.filter(
        carer_id=carer_id, revoked_at=None, valid_from__lte=on, valid_to__gte=on
    ).values_list("task", "person_id")
    return set(rows)


def may_do(held: Held, task: str, person_id: UUID) -> bool:
    """Whether one of the delegations held lets a carer do the task for the person."""
    return (task, None) in held or (task, person_id) in held


def covers(delegations: QuerySet[Delegation], task: NursingTask, at: datetime) -> QuerySet[Delegation]:
    """Keep the delegations that held for the task and person at the moment `at`."""
    day = day_of(at)
    held = delegations.filter(Q(person=None) | Q(person_id=task.person_id), task=task.task)
    return held.filter(
        Q(revoked_at=None) | Q(revoked_at__gt=at), valid_from__lte=day, valid_to__gte=day, given_at__lte=at
    )


# Pages ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Patient:
    """One person with home nursing, and how it stands."""

    person: Person
    tasks: int
    missed: int
    next_due: datetime | None


def patients(actor: Actor, now: datetime) -> list[Patient]:
    """Persons of the unit with something ordered that has not ended; missed doses first. Two statements."""
    tasks = allowed(actor, "nursing.read", NursingTask.objects.exclude(state="ended"))
    recent = Q(doses__due_at__gte=now - timedelta(days=1))
    rows = (
        tasks.values("person_id")
        .annotate(
            tasks=Count("pk", distinct=True),
            missed=Count("doses", filter=recent & Q(doses__state="missed"), distinct=True),
            next_due=Min("doses__due_at", filter=Q(doses__state="due")),
        )
        .order_by("-missed", "next_due", "person_id")[:MOST]
    )
    found = Person.objects.in_bulk([row["person_id"] for row in rows])
    return [Patient(found[row.pop("person_id")], **row) for row in rows]


def task(actor: Actor, pk: UUID, verb: str = "nursing.read") -> NursingTask:
    """Return one task with its person. Raises Refused."""
    return fetch(actor, verb, NursingTask.objects.select_related("person", "unit"), pk=pk)


def tasks_of(actor: Actor, person_id: UUID) -> list[NursingTask]:
    """What is ordered for a person, what has ended last. One statement."""
    found = allowed(actor, "nursing.read", NursingTask.objects.filter(person_id=person_id))
    return list(found.order_by("state", "as_needed", "what", "pk"))


def due_today(actor: Actor, now: datetime) -> list[Dose]:
    """What is missed or to be given today, of what the actor may sign. One statement, and one for the signatures."""
    begins, ends = start_of_day(day_of(now)), start_of_day(day_of(now) + timedelta(days=1))
    tasks = allowed(actor, "nursing.read", NursingTask.objects.all())
    doses = Dose.objects.filter(task__in=tasks, due_at__gte=begins, due_at__lt=ends).exclude(
        state="cancelled"
    )
    found = doses.select_related("task", "person").prefetch_related(_STANDING).order_by("due_at", "pk")
    return list(found[:MOST])


def when_needed(actor: Actor) -> list[NursingTask]:
    """What may be given as needed, of what the actor may sign. One statement."""
    found = NursingTask.objects.filter(state="active", as_needed=True).select_related("person")
    return list(allowed(actor, "nursing.read", found).order_by("person__family_name", "what", "pk")[:MOST])


def dose(actor: Actor, pk: UUID) -> Dose:
    """Return one dose of a task the actor reads. Raises Refused."""
    rows = Dose.objects.select_related("task", "person").prefetch_related(_STANDING)
    return fetch(actor, "nursing.read_dose", rows, pk=pk)


def signatures(of: NursingTask, limit: int = 100) -> list[DoseSignature]:
    """What was signed of a task, the latest first, each with what it corrects."""
    rows = DoseSignature.objects.filter(task=of).select_related("dose", "corrects")
    return list(rows.prefetch_related("corrected_by").order_by("-at", "-pk")[:limit])


def counts(of: NursingTask) -> list[NarcoticCount]:
    """Deliveries, counts and discardings, the latest first."""
    return list(NarcoticCount.objects.filter(task=of).order_by("-pk")[:50])


def delegations(actor: Actor, now: datetime, *, ended: bool = False) -> list[Delegation]:
    """Delegations the actor may see: those that hold or will; with `ended` those that no longer do. One statement."""
    today = day_of(now)
    over = Q(valid_to__lt=today) | Q(revoked_at__isnull=False)
    rows = Delegation.objects.select_related("carer__user", "giver__user", "person")
    found = allowed(actor, "nursing.delegations", rows).filter(over if ended else ~over)
    return list(found.order_by("carer__user__name", "task", "-valid_to", "pk")[:MOST])


def carers(actor: Actor, now: datetime) -> list[Assignment]:
    """The care staff of the actor's unit, who may be given a delegation. One statement."""
    rows = Assignment.objects.valid(day_of(now)).filter(unit_id=actor.unit_id, role="provider_staff")
    return list(rows.select_related("user").order_by("user__name", "pk"))

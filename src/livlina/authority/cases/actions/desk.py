"""A whole desk handed to others: every open case, watch and draft of one person in one unit, in one transaction."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from livlina.authority.cases.actions.steps import note_event
from livlina.authority.cases.models import Case, Deadline, DeskHandOver, FormDraft, WorklistDefault, signature
from livlina.core import audit, outbox
from livlina.core.access import Actor, demand
from livlina.core.clock import day_of
from livlina.core.models import Assignment, Unit, User
from livlina.registers.people.models import Person, ProtectedAccess
from livlina.registers.watches.actions import hand_over_desk as hand_over_watches
from livlina.registers.watches.models import Watch

WORKERS = ("case_worker", "unit_manager")


class HandOverRefused(Exception):
    """Skrivbordet kan inte lämnas över; texten säger varför."""


@transaction.atomic
def hand_over_desk(
    key: UUID,
    user: User,
    to: Sequence[User],
    *,
    from_day: date,
    reason: str,
    by: Actor,
    now: datetime,
    chosen: Mapping[UUID, int] | None = None,
) -> DeskHandOver:
    """Let others take over all that lies on a person's desk in the actor's unit, from a day.

    `key` names the act: the same key again changes nothing. `to` get the cases in turn, so that one person's cases
    stay together; `chosen` says who gets a case where someone has chosen. A day to come is carried out by the job
    `hand_over_desks` that morning. Raises Refused, HandOverRefused; nothing is moved then.
    """
    demand(by, "cases.hand_over_desk")
    before = DeskHandOver.objects.select_for_update().filter(pk=key).first()
    if before is not None:
        return before
    unit = Unit.objects.get(pk=by.unit_id)
    _check_act(reason, from_day, day_of(now))
    _check_receivers(user, [*to], unit, from_day)
    allowed_ids = {one.pk for one in to}
    row = DeskHandOver.objects.create(
        **signature(by, now), id=key, unit=unit, user=user, to=[one.pk for one in to],
        chosen={str(case): worker for case, worker in (chosen or {}).items() if worker in allowed_ids},
        from_day=from_day, reason=reason.strip(),
    )  # fmt: skip
    audit.wrote(
        by, "cases.hand_over_desk", now=now, obj=row,
        detail={"user": user.pk, "to": row.to, "from": from_day.isoformat()},
    )  # fmt: skip
    return carry_out(row, by=by, now=now) if from_day <= day_of(now) else row


@transaction.atomic
def carry_out(row: DeskHandOver, *, by: Actor, now: datetime) -> DeskHandOver:
    """Move what lies on the desk now; done twice is done once. Raises Refused, HandOverRefused."""
    demand(by, "cases.carry_out_hand_over")
    row = DeskHandOver.objects.select_for_update(of=("self",)).select_related("user", "unit").get(pk=row.pk)
    if row.done_at is not None:
        return row
    takers = {user.pk: user for user in User.objects.filter(pk__in=row.to)}
    _check_receivers(row.user, [takers[one] for one in row.to], row.unit, day_of(now))
    names = {one: user.name for one, user in takers.items()}
    cases = list(
        Case.objects.select_for_update(of=("self",))
        .select_related("person", "unit")
        .filter(unit_id=row.unit_id, responsible_id=row.user_id, closed_at=None)
        .order_by("next_due", "id")
    )
    share = Share(row, cases, day_of(now))
    for case in cases:
        _move_case(case, share.of_case[case.pk], row, names, by=by, now=now)
    drafts = _move_drafts(row.user_id, share.of_case)
    watches = hand_over_watches(
        row.user_id, row.unit_id, share.of_watch, reason=f"Skrivbordet lämnas över: {row.reason}"[:200], by=by, now=now
    )  # fmt: skip
    row.done_at = now
    row.result = {"cases": len(cases), "watches": watches, **drafts}
    row.save(update_fields=["done_at", "result"])
    return row


def waiting_hand_overs(municipality_id: int, today: date) -> list[DeskHandOver]:
    """Return the desks whose day has come and that nobody has handed over yet."""
    rows = DeskHandOver.objects.filter(municipality_id=municipality_id, done_at=None, from_day__lte=today)
    return list(rows.order_by("from_day", "id"))


class Share:
    """Who gets what: as chosen, or in turn; all of one person's cases to one; what is protected to a named one."""

    def __init__(self, row: DeskHandOver, cases: Sequence[Case], today: date) -> None:
        self.load: Counter[int] = Counter(dict.fromkeys(row.to, 0))
        self.of_person: dict[UUID, int] = {}
        self.of_case: dict[UUID, int] = {}
        hidden = [case.person_id for case in cases if case.person.protection != Person.Protection.NONE]
        named = ProtectedAccess.objects.running(today).filter(person_id__in=hidden, user_id__in=row.to)
        self.named: dict[UUID, set[int]] = {}
        for person_id, user_id in named.values_list("person_id", "user_id"):
            self.named.setdefault(person_id, set()).add(user_id)
        self.hidden = set(hidden)
        for case in cases:
            self._give(case, row.chosen.get(str(case.pk)))
        self.of_clock = dict(
            Deadline.objects.filter(case__in=self.of_case, state="running").values_list("pk", "case_id")
        )

    def _give(self, case: Case, chosen: int | None) -> None:
        may = self.named.get(case.person_id, set()) if case.person_id in self.hidden else set(self.load)
        if not may:
            raise HandOverRefused(
                "Ett ärende gäller en person med skyddade uppgifter. Namnge först en av mottagarna för personen, "
                "annars kan ingen öppna ärendet."
            )
        worker = chosen if chosen in may else self.of_person.get(case.person_id)
        if worker is None:
            worker = min(may, key=lambda one: (self.load[one], list(self.load).index(one)))
        self.load[worker] += 1
        self.of_case[case.pk] = worker
        self.of_person.setdefault(case.person_id, worker)

    def of_watch(self, watch: Watch) -> int:
        """Who gets a watch: whoever got its case, or the person's; otherwise the one with least."""
        case_id = self.of_clock.get(watch.object_id, watch.object_id)
        if case_id in self.of_case:
            return self.of_case[case_id]
        if watch.person_id in self.of_person:
            return self.of_person[watch.person_id]
        worker = min(self.load, key=lambda one: self.load[one])
        self.load[worker] += 1
        return worker


def _check_act(reason: str, from_day: date, today: date) -> None:
    if len(reason.strip()) < 3:
        raise HandOverRefused("Skriv varför skrivbordet lämnas över.")
    if from_day < today:
        raise HandOverRefused("Dagen kan inte vara före i dag.")


def _check_receivers(user: User, to: list[User], unit: Unit, from_day: date) -> None:
    if not to:
        raise HandOverRefused("Välj vem som tar över.")
    held = Assignment.objects.filter(unit=unit, user__in=to, role__in=WORKERS).valid(from_day)
    there = set(held.values_list("user_id", flat=True))
    for one in to:
        if one.pk == user.pk:
            raise HandOverRefused(f"{user.name} kan inte ta över från sig själv.")
        if one.pk not in there:
            raise HandOverRefused(f"{one.name} arbetar inte som handläggare i {unit.name} den {from_day}.")


def _move_case(
    case: Case, worker: int, row: DeskHandOver, names: Mapping[int, str], *, by: Actor, now: datetime
) -> None:
    case.responsible_id = worker
    case.save(update_fields=["responsible"])
    note_event(
        case, "hand_over", f"Överlämnat från {row.user.name} till {names[worker]}", by=by, now=now,
        detail={"hand_over": str(row.pk), "from": row.user_id, "to": worker, "reason": row.reason},
    )  # fmt: skip
    audit.wrote(by, "cases.reassign", now=now, obj=case, person_id=case.person_id,
                detail={"user": worker, "hand_over": str(row.pk)})  # fmt: skip
    outbox.announce("case.reassigned", case, now=now)


def _move_drafts(user_id: int, of_case: Mapping[UUID, int]) -> dict[str, int]:
    """Let unrecorded text follow its case. Where the new worker has begun the same form both are kept."""
    moved = kept = 0
    theirs = set(FormDraft.objects.filter(case__in=of_case).values_list("case_id", "user_id", "form"))
    for draft in FormDraft.objects.select_for_update().filter(case__in=of_case, user_id=user_id):
        worker = of_case[draft.case_id]
        if (draft.case_id, worker, draft.form) in theirs:
            kept += 1
            continue
        draft.user_id = worker
        draft.save(update_fields=["user_id"])
        moved += 1
    return {"drafts": moved, "kept_drafts": kept}


@transaction.atomic
def save_worklist(query: str, *, by: Actor, now: datetime) -> None:
    """Let the work list open like this under the actor's assignment; an empty query is the house's own way again."""
    demand(by, "cases.list")
    own = WorklistDefault.objects.filter(municipality_id=by.municipality_id, assignment_id=by.assignment_id)
    if not query:
        own.delete()
        return
    WorklistDefault.objects.update_or_create(
        municipality_id=by.municipality_id,
        assignment_id=by.assignment_id,
        defaults={"query": query[:300], "saved_at": now},
    )

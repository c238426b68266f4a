"""What lies on a person's desk in a unit: shown to the manager who is about to hand it to others."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from livlina.authority.cases.engine import load
from livlina.authority.cases.models import Case, DeskHandOver, FormDraft
from livlina.core import audit
from livlina.core.access import Actor, Refused, demand
from livlina.core.clock import day_of
from livlina.core.models import User
from livlina.registers.people.models import Person
from livlina.registers.watches.models import Watch
from livlina.registers.watches.queries import colleagues


@dataclass(frozen=True)
class Seat:
    """One person of a unit, how much lies there, and whether they still hold an assignment."""

    user: User
    cases: int
    works_here: bool


@dataclass(frozen=True)
class Desk:
    """Everything on one desk, and who could take it over."""

    user: User
    cases: list[dict[str, Any]]
    watches: list[Watch]
    drafts: list[dict[str, Any]]
    colleagues: list[User]
    hidden: int

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to hand over."""
        return not (self.cases or self.watches or self.drafts or self.hidden)


def seats(actor: Actor, now: datetime) -> list[Seat]:
    """Return those who work in the actor's unit, and those who left with cases of it still in their name.

    Two statements.
    """
    demand(actor, "cases.hand_over_desk")
    here = colleagues(actor, day_of(now))
    rows = Case.objects.filter(unit_id=actor.unit_id, closed_at=None).exclude(responsible=None).order_by()
    counts = dict(rows.values_list("responsible_id").annotate(n=Count("pk")))
    there = {user.pk for user in here}
    gone = list(User.objects.filter(pk__in=set(counts) - there)) if set(counts) - there else []
    found = [Seat(user, counts.get(user.pk, 0), user.pk in there) for user in [*here, *gone]]
    return sorted(found, key=lambda seat: (seat.works_here, seat.user.name))


def desk(actor: Actor, user_id: int, now: datetime) -> Desk:
    """Return what lies on one person's desk in the actor's unit; the reading is recorded. Raises Refused.

    A protected person's case is counted and not named for those who are not among the named few.
    """
    seat = next((one for one in seats(actor, now) if one.user.pk == user_id), None)
    if seat is None:
        raise Refused("cases.hand_over_desk", obj=f"core.user:{user_id}")
    own = Case.objects.filter(unit_id=actor.unit_id, responsible_id=user_id, closed_at=None)
    shown = own.filter(person__protection=Person.Protection.NONE).select_related("person")
    cases = [_case(one) for one in shown.order_by("next_due", "id")]
    drafts = FormDraft.objects.filter(user_id=user_id, case__in=[row["case"].pk for row in cases])
    audit.read(
        actor, "cases.list", now=now,
        detail={"desk": user_id, "shown": [str(row["case"].person_id) for row in cases]},
    )  # fmt: skip
    watches = Watch.objects.filter(user_id=user_id, unit_id=actor.unit_id, closed_at=None)
    return Desk(
        user=seat.user,
        cases=cases,
        watches=list(
            watches.filter(Q(person=None) | Q(person__protection=Person.Protection.NONE)).order_by("due_at")
        ),
        drafts=[{"draft": draft, "form": _form(draft)} for draft in drafts.select_related("case")],
        colleagues=[user for user in colleagues(actor, day_of(now)) if user.pk != user_id],
        hidden=own.count() - len(cases),
    )


def waiting_hand_overs(actor: Actor) -> list[DeskHandOver]:
    """Return what is to be handed over on a day to come in the actor's unit. One statement."""
    demand(actor, "cases.hand_over_desk")
    rows = DeskHandOver.objects.filter(unit_id=actor.unit_id, done_at=None)
    return list(rows.select_related("user").order_by("from_day"))


def _case(case: Case) -> dict[str, Any]:
    process = load().process(case.process_code, case.process_version)
    return {"case": case, "process": process.label, "state": process.state(case.state).label}


def _form(draft: FormDraft) -> str:
    process = load().process(draft.case.process_code, draft.case.process_version)
    return str(process.forms[draft.form].label) if draft.form in process.forms else draft.form

"""How far a case has come, for the one it concerns: what happened, what comes next and by which day."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from livlina.authority.cases.models import Case, CaseEvent, CaseFact, Deadline
from livlina.core.access import Actor, allowed
from livlina.core.clock import day_of


@dataclass(frozen=True)
class Happened:
    """One line of the timeline: which step, and when. Who took it and why stays in the file."""

    step: str
    at: datetime


@dataclass(frozen=True)
class Promise:
    """A day something is to be done by; `last` is the legal day."""

    last: date
    late: bool


def happened(actor: Actor, case: Case) -> list[Happened]:
    """Return the steps of a case the citizen follows, the newest first; never their text. One statement."""
    followed = allowed(actor, "cases.follow", Case.objects.filter(pk=case.pk))
    rows = CaseEvent.objects.filter(case__in=followed)
    return [Happened(step, at) for step, at in rows.order_by("-at", "-id").values_list("step", "at")]


def promises(actor: Actor, case: Case, now: datetime) -> dict[str, Promise]:
    """Return the running clocks of a case that the citizen follows, by name. One statement."""
    followed = allowed(actor, "cases.follow", Case.objects.filter(pk=case.pk))
    rows = Deadline.objects.filter(case__in=followed, state="running", about_id=None)
    today = day_of(now)
    return {name: Promise(last, today > last) for name, last in rows.values_list("name", "legal_date")}


def waited_for(actor: Actor, case: Case) -> str:
    """Return the code of whom the investigation waits for; empty when it does not wait. One statement at most."""
    if case.state != "waiting":
        return ""
    followed = allowed(actor, "cases.follow", Case.objects.filter(pk=case.pk))
    said = CaseFact.objects.filter(case__in=followed, name="waiting_for").order_by("-at", "-id").first()
    return str(said.value) if said and said.value else ""


def received_appeal(actor: Actor, case: Case, decision_id: UUID) -> dict[str, str]:
    """Return what was written in the appeal against a decision: wish and reasons. One statement."""
    followed = allowed(actor, "cases.follow", Case.objects.filter(pk=case.pk))
    rows = CaseFact.objects.filter(
        case__in=followed,
        name__in=("appeal_wish", "appeal_reasons"),
        about_id__in=case.appeals.filter(decision_id=decision_id).values("pk"),
    ).order_by("at", "id")
    return {row.name: str(row.value or "") for row in rows}

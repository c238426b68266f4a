"""Matters the board decides itself: handed to its next meeting by whoever presents them."""

from datetime import datetime

from django.db import transaction

from livlina.authority.cases.actions.steps import locked, note_event
from livlina.authority.cases.engine import StepRefused
from livlina.authority.cases.models import Case
from livlina.authority.cases.processes import process_of
from livlina.core import audit, outbox
from livlina.core.access import Actor, demand

REFERRED = "refer_to_board"
"""The event: its writer is who presents the matter."""


@transaction.atomic
def refer_to_board(case: Case, *, why: str, by: Actor, now: datetime) -> Case:
    """Hand a matter that is ready to the board's next meeting: the delegation does not reach, or it is for the board.

    Again is a new presenter. Raises Refused, StepRefused.
    """
    demand(by, "cases.write", case)
    case = locked(case)
    if not decides_here(case):
        raise StepRefused("Ärendet är inte klart för beslut.")
    if len(why.strip()) < 5:
        raise StepRefused("Skriv varför nämnden ska besluta.")
    note_event(case, REFERRED, f"Lämnat till nämnden: {why.strip()}"[:160], by=by, now=now, law="fl_31")
    audit.wrote(by, "cases.refer_to_board", now=now, obj=case, person_id=case.person_id)
    outbox.announce("case.referred", case, now=now)
    return case


def decides_here(case: Case) -> bool:
    """Whether the board can decide the case in the state it is in."""
    steps = process_of(case).steps
    return case.is_open and any(
        step.name == "decide" and case.state in step.sources and "committee_secretary" in step.roles
        for step in steps
    )

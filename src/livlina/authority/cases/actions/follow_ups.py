"""Follow-up: how the service meets the needs, and what happens next (SoL 14:3)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from livlina.authority.cases.actions import clocks
from livlina.authority.cases.actions.steps import Doing, take_step
from livlina.authority.cases.models import Case, FollowUp, signature
from livlina.core.access import Actor

STEP = {"continue": "continue_service", "change": "change_service", "end": "end_service"}


def begin_follow_up(case: Case, *, by: Actor, now: datetime) -> Case:
    """Begin a follow-up. Raises Refused, StepRefused."""
    return take_step(case, "follow_up_service", by=by, now=now).case


@transaction.atomic
def follow_up(case: Case, answers: Mapping[str, Any], *, result: str, by: Actor, now: datetime) -> FollowUp:
    """Record a follow-up and what it led to: `continue`, `change` (investigate anew) or `end`.

    `answers` are the facts of the form follow_up (or ending). Raises Refused, StepRefused, FactsWrong.
    """
    doing: Doing = take_step(case, STEP[result], by=by, now=now, answers=answers)
    on = doing.facts.get("followed_up_on") or doing.today
    row = FollowUp.objects.create(
        **signature(by, now),
        case=doing.case,
        on=on,
        how=doing.facts.get("followed_up_how", ""),
        goals_met=doing.facts.get("goals_met", ""),
        result=result,
        next_on=doing.facts.get("follow_up_on"),
    )
    if result == "continue":
        clocks.start(doing.case, doing.process, "followed_up", on, now=now)
        clocks.refresh(doing.case)
    return row

"""A decision tried out before it is signed: the same checks and the same letter, and nothing is written."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from livlina.authority.cases.actions import change, letters
from livlina.authority.cases.actions.decide import decision_facts
from livlina.authority.cases.actions.words import DecisionDraft
from livlina.authority.cases.models import Case, Decision
from livlina.core.access import Actor

if TYPE_CHECKING:
    from livlina.authority.cases.actions.steps import Doing


@dataclass(frozen=True)
class Rehearsal:
    """What a decision would be: its outcome in words, on which delegation, and the text of its letter."""

    outcome_label: str
    delegation_text: str
    against: bool
    letter_html: str


def rehearse_decision(case: Case, draft: DecisionDraft, *, by: Actor, now: datetime) -> Rehearsal:
    """Return what `decide` would do, by doing it and taking it back. Raises what `decide` raises."""
    from livlina.authority.cases.actions.steps import take_step

    return _tried(
        lambda: take_step(
            case, "decide", by=by, now=now, answers=decision_facts(draft), draft=draft, rehearsed=True
        )
    )


def rehearse_interim(case: Case, draft: DecisionDraft, *, by: Actor, now: datetime) -> Rehearsal:
    """Return what `decide_interim` would do. Raises what it raises."""
    return _tried(lambda: change.interim(case, draft, by=by, now=now, rehearsed=True))


def rehearse_change(decision: Decision, draft: DecisionDraft, *, by: Actor, now: datetime) -> Rehearsal:
    """Return what `change_decision` would do. Raises what it raises."""
    return _tried(lambda: change.changed(decision, draft, by=by, now=now, rehearsed=True))


def rehearse_correction(
    decision: Decision, draft: DecisionDraft, *, reason: str, by: Actor, now: datetime
) -> Rehearsal:
    """Return what `correct_decision` would do. Raises what it raises."""
    return _tried(lambda: change.corrected(decision, draft, reason=reason, by=by, now=now, rehearsed=True))


def _tried(take: Callable[[], "Doing"]) -> Rehearsal:
    """Do it, read its letter, and take it back."""
    with transaction.atomic():
        doing = take()
        decision, letter = doing.the_decision, next(iter(doing.unsent), None)
        said = letters.readable_letter(doing, letter) if letter else ""
        found = Rehearsal(
            letters.decision_data(decision)["outcome_label"], decision.delegation_text, decision.against, said
        )
        transaction.set_rollback(True)
    return found

"""A decision tried out before it is signed: the same checks and the same letter, and nothing is written."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from livlina.authority.cases.actions import letters
from livlina.authority.cases.actions.decide import decision_facts
from livlina.authority.cases.actions.words import DecisionDraft
from livlina.authority.cases.models import Case
from livlina.core.access import Actor


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

    with transaction.atomic():
        doing = take_step(
            case, "decide", by=by, now=now, answers=decision_facts(draft), draft=draft, rehearsed=True
        )
        decision, letter = doing.the_decision, next(iter(doing.unsent), None)
        said = letters.readable_letter(doing, letter) if letter else ""
        found = Rehearsal(
            letters.decision_data(decision)["outcome_label"], decision.delegation_text, decision.against, said
        )
        transaction.set_rollback(True)
    return found

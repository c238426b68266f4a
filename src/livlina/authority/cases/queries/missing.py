"""“Vad saknas innan jag kan besluta?”: what stands between the worker and the next steps, tried dry and nothing written.

The facts and the clocks are on the case's page already. Of the guards, those that look in the database share one
statement; what that does not reach is tried when the step is taken, and the list says so.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection

from livlina.authority.cases.actions.guards import not_communicated
from livlina.authority.cases.actions.steps import Doing
from livlina.authority.cases.engine import FactSpec, Process, Step, StepRefused
from livlina.authority.cases.engine.process import MAIN
from livlina.authority.cases.engine.words import GUARDS
from livlina.authority.cases.queries.case import CasePage
from livlina.core.access import Actor

MOST_STEPS, MOST_FACTS = 4, 4


@dataclass(frozen=True)
class Lack:
    """What one step still waits for."""

    step: Step
    offered: bool
    facts: list[FactSpec] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    untried: bool = False
    due: date | None = None

    @property
    def nothing(self) -> bool:
        """Whether it can be taken as far as can be seen."""
        return not (self.facts or self.reasons)

    @property
    def named(self) -> str:
        """The first facts by name, and how many more."""
        words = ", ".join(str(fact.label) for fact in self.facts[:MOST_FACTS])
        more = len(self.facts) - MOST_FACTS
        return f"{words} och {more} till" if more > 0 else words


@dataclass(frozen=True)
class Missing:
    """The panel: its title says whether a decision lies ahead."""

    title: str
    rows: list[Lack]


class _NotAsked(Exception):
    """The one statement is spent."""


class _OneStatement:
    """Lets one statement through, and stops the next before it is sent."""

    def __init__(self) -> None:
        self.left = 1

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if self.left == 0:
            raise _NotAsked
        self.left -= 1
        return execute(sql, params, many, context)


def missing(page: CasePage, actor: Actor, now: datetime) -> Missing | None:
    """Return what the next steps of an open case wait for; None when no step is the actor's. One statement at most."""
    if page.case.closed_at is not None:
        return None
    decision = None if page.decisions else decision_ahead(page.process, page.case.state)
    steps = [step for step in page.steps if leads_on(page.process, step, page.case.state)]
    if decision is not None and decision.name not in [step.name for step in steps]:
        steps = [*steps[: MOST_STEPS - 1], decision]
    if not steps:
        return None
    values, offered = page.values, {step.name for step in page.steps}
    with connection.execute_wrapper(_OneStatement()):
        rows = [_lack(page, step, values, step.name in offered, actor, now) for step in steps[:MOST_STEPS]]
    title = "Vad saknas innan jag kan besluta?" if decision is not None else "Vad saknas för nästa steg?"
    return Missing(title, rows)


def leads_on(process: Process, step: Step, state: str) -> bool:
    """Whether a step leads forward: not to the end, not aside to wait, and not back to what has been."""
    order, target = list(process.states), process.state(step.target)
    return not target.final and not target.beside and order.index(step.target) > order.index(state)


def decision_ahead(process: Process, state: str) -> Step | None:
    """Return the nearest step that records a decision on the main way from a state; None when none lies ahead."""
    seen, waiting = {state}, [state]
    while waiting:
        here = waiting.pop(0)
        for step in process.steps:
            if step.flow != MAIN or here not in step.sources:
                continue
            if any(effect.name == "record_decision" for effect in step.effects):
                return step
            if step.target not in seen:
                seen.add(step.target)
                waiting.append(step.target)
    return None


def _lack(
    page: CasePage, step: Step, values: dict[str, Any], offered: bool, actor: Actor, now: datetime
) -> Lack:
    facts = page.process.missing(step.form, values) if step.form else []
    doing = Doing(page.case, page.process, step, actor, now, values, decision=_newest_decision(page))
    reasons, untried = _guards(doing, page)
    stopped = {rule.name for rule in page.process.deadlines if step.name in rule.stops_at}
    days = [row["strict_date"] for row in page.deadlines if row["name"] in stopped]
    return Lack(step, offered, facts, reasons, untried, min(days, default=None))


def _newest_decision(page: CasePage) -> Any:
    """What guards ask of the newest decision, as the page has it already."""
    if not page.decisions:
        return None
    return SimpleNamespace(grants=any(line["granted"] for line in page.decisions[0]["lines"]))


def _communicated(page: CasePage, today: date) -> str | None:
    """The guard's own answer, from the communications on the page."""
    if not page.communications:
        return not_communicated(None, None, None, today)
    newest = page.communications[0]
    answered, answer_by = (
        date.fromisoformat(newest[name]) if newest[name] else None for name in ("answered_on", "answer_by")
    )
    return not_communicated(newest["how"], answered, answer_by, today)


ON_PAGE: dict[str, Callable[[CasePage, date], str | None]] = {"communicated_if_against": _communicated}
"""Guards whose answer is on the page: they cost no statement."""


def _guards(doing: Doing, page: CasePage) -> tuple[list[str], bool]:
    """What the step's guards say, and whether any could not be asked here."""
    reasons, untried = [], False
    for name in doing.step.guards:
        try:
            known = ON_PAGE.get(name)
            reason = known(page, doing.today) if known else GUARDS[name].does(doing)
        except StepRefused:
            continue  # asks for what is written at the step itself, such as the decision
        except (_NotAsked, AttributeError, KeyError, TypeError, ValidationError):
            untried = True  # needs more than a page may ask for, or what only the step itself brings
            continue
        if reason:
            reasons.append(reason)
    return reasons, untried

"""Verkställighet: orders are handed to the orders room; what the provider does comes back as events."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction

from livlina.authority.cases.models import Case
from livlina.core.access import Actor

if TYPE_CHECKING:
    from livlina.authority.cases.actions.steps import Doing


@dataclass(frozen=True)
class OrderState:
    """How an order of the case stands, as the authority needs to know it."""

    pk: UUID
    provider_name: str
    waits: bool
    is_open: bool


def orders_of(case: Case) -> list[OrderState]:
    """Return the orders of a case."""
    return []


def draft_orders(doing: "Doing") -> None:
    """Draft one order per granted line of the newest decision; facts go by name, never case text."""


def end_orders(case: Case, last_day: date, *, by: Actor, now: datetime) -> None:
    """Tell each provider the last day of its order."""


def close_order(case: Case, key: str, *, last_day: date, by: Actor, now: datetime) -> None:
    """End one order."""


def place_orders(case: Case, answers: dict[str, Any], *, by: Actor, now: datetime) -> Case:
    """Hand the granted lines to the orders room as drafts; a person then chooses each provider in two steps.

    `answers` are the facts of the form order that are asked only now. Raises Refused, StepRefused, FactsWrong.
    """
    from livlina.authority.cases.actions.steps import take_step

    return take_step(case, "place_orders", by=by, now=now, answers=answers).case


@transaction.atomic
def record_execution(case: Case, *, by: Actor, now: datetime) -> Case:
    """Record that the service has begun: the first delivery is reported. Done twice is done once."""
    from livlina.authority.cases.actions.steps import locked, take_step

    case = locked(case)
    if case.state != "to_be_executed":
        return case
    return take_step(case, "begin_service", by=by, now=now).case


def interrupt(
    case: Case, *, reason: str, since: date, back_on: date | None, by: Actor, now: datetime
) -> Case:
    """Record an interruption: the three months of SoL 34:1 begin anew. Raises Refused, StepRefused, FactsWrong."""
    from livlina.authority.cases.actions.steps import take_step

    answers = {"interruption_reason": reason, "interrupted_on": since, "expected_back_on": back_on}
    return take_step(case, "interrupt_service", by=by, now=now, answers=answers).case


def resume_service(case: Case, *, by: Actor, now: datetime) -> Case:
    """Record that the service goes on again. Raises Refused, StepRefused."""
    from livlina.authority.cases.actions.steps import take_step

    return take_step(case, "resume_service", by=by, now=now).case


def end_service(case: Case, *, last_day: date, by: Actor, now: datetime) -> Case:
    """End the service on a day, whatever its state: running, interrupted, or never begun. Raises Refused, StepRefused."""
    from livlina.authority.cases.actions.steps import take_step

    step = {"to_be_executed": "end_unexecuted", "interrupted": "end_interrupted"}.get(
        case.state, "end_service"
    )
    return take_step(case, step, by=by, now=now, answers={"ends_on": last_day}).case


def case_of_order(order_id: UUID) -> Case | None:
    """Return the case an order belongs to."""
    return None

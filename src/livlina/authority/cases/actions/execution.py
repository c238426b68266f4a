"""Verkställighet: orders are handed to the orders room; what the provider does comes back as events."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal as Number
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from livlina.authority.cases.actions.words import amount
from livlina.authority.cases.models import Case, Decision, DecisionLine
from livlina.authority.cases.processes import spec
from livlina.authority.cases.secrecy import may_show
from livlina.core.access import Actor
from livlina.registers.orders.actions import ask_recall, draft_order, end_order, recall_order
from livlina.registers.orders.models import KINDS, Line, Order, OrderVersion

if TYPE_CHECKING:
    from livlina.authority.cases.actions.steps import Doing

SOURCE = "cases.case"
OPEN = ("draft", "sent", "opened", "confirmed", "active")
CONFIRMED = ("confirmed", "active")
MONTH_IN_WEEKS = Number(52) / 12


@dataclass(frozen=True)
class OrderState:
    """How an order of the case stands, as the authority needs to know it."""

    pk: UUID
    order: Order

    @property
    def provider_name(self) -> str:
        """To whom it is, or that nobody is chosen yet."""
        return self.order.provider.name if self.order.provider else "ingen utförare vald"

    @property
    def is_open(self) -> bool:
        """Whether it is still to be carried out, answered or sent."""
        return self.order.state in OPEN

    @property
    def is_confirmed(self) -> bool:
        """Whether the provider has accepted it."""
        return self.order.state in CONFIRMED

    @property
    def can_end(self) -> bool:
        """Whether we can end it ourselves: one that is opened and unanswered, the provider must first give back."""
        return self.order.state != "opened"


def orders_of(case: Case) -> list[OrderState]:
    """Return the orders that rest on a case, newest first. One statement."""
    letters = OrderVersion.objects.filter(source_type=SOURCE, source_id=case.pk, number=F("order__version"))
    rows = letters.select_related("order__provider").order_by("-written_at", "id")
    return [OrderState(row.order.pk, row.order) for row in rows]


def case_of_order(order_id: UUID) -> Case | None:
    """Return the case an order rests on, if it rests on one."""
    source = OrderVersion.objects.filter(order_id=order_id, source_type=SOURCE)
    key = source.values_list("source_id", flat=True).first()
    return Case.objects.filter(pk=key).first() if key else None


def draft_orders(doing: "Doing") -> None:
    """Draft the order of the newest decision's granted lines: facts go by name as the process says, never case text."""
    decision = Decision.objects.filter(case=doing.case).order_by("-number").first()
    granted = list(decision.lines.filter(granted=True).order_by("position")) if decision else []
    if not granted:
        return
    kind = doing.process.order_kind
    starts = min(line.valid_from for line in granted if line.valid_from)
    ends = [line.valid_to for line in granted]
    draft_order(
        person=doing.case.person,
        source=(SOURCE, doing.case.pk),
        service=doing.process.code,
        kind=kind if kind in dict(KINDS) else "other",
        lines=[suggested(line) for line in granted],
        facts=order_facts(doing, granted),
        starts_on=max(starts, doing.today),
        ends_on=None if None in ends else max(day for day in ends if day),
        life_areas=[rating.area for rating in doing.facts.get("life_area_needs", [])],
        granted_minutes=granted_minutes(granted),
        branch=doing.case.compartment,
        by=doing.by,
        now=doing.now,
    )


def order_facts(doing: "Doing", granted: list[DecisionLine]) -> dict[str, str]:
    """Return what the provider is told: what was granted, and the facts of the process's own order form."""
    said = {
        "Beviljat": "\n".join(
            f"{line.service_label}: {amount(line.quantity)} {line.unit}" for line in granted
        )
    }
    for field in doing.process.form("order").fields():
        value, fact = doing.facts.get(field.fact.name), field.fact
        told = field.shown(doing.facts) and may_show("provider", fact.secrecy, fact.given_by)
        if value is not None and told:
            said[str(field.fact.label)] = spec(field.fact.name).show(value)
    return said


def suggested(line: DecisionLine) -> Line:
    """Return a first suggestion of how often and how long; whoever orders changes it before it is sent."""
    times, what = max(1, round(line.quantity)), line.service_label
    if line.unit == "timmar per månad":
        weekly = line.quantity * 60 / MONTH_IN_WEEKS
        visits = max(1, round(weekly / 60))
        return Line(what, min(visits, 100), "week", min(1440, max(1, round(weekly / visits))))
    if line.unit in ("gånger per dygn", "gånger per natt"):
        return Line(what, times, "day", 0, "night" if line.unit.endswith("natt") else "")
    if line.unit.endswith("per vecka"):
        return Line(what, times, "week", 0)
    return Line(what, times if line.unit.endswith("per månad") else 1, "month", 0)


def granted_minutes(granted: list[DecisionLine]) -> int | None:
    """Return the decision's minutes per month; None where it grants no hours."""
    hours = [line.quantity for line in granted if line.unit == "timmar per månad"]
    return round(sum(hours) * 60) if hours else None


def end_orders(case: Case, last_day: date, *, by: Actor, now: datetime) -> None:
    """Tell each provider the last day of its order; what is not answered is taken back."""
    for state in orders_of(case):
        if state.is_open:
            close_order(state.order, last_day=last_day, by=by, now=now)


def close_order(order: Order, *, last_day: date, by: Actor, now: datetime) -> None:
    """End a running order, drop a draft, recall an unopened one; ask to have back one that is opened."""
    if order.state == "sent":
        recall_order(order, reason="not_needed", by=by, now=now)
    elif order.state == "opened":
        ask_recall(order, reason="not_needed", by=by, now=now)
    elif order.state == "draft":
        end_order(order, end_date=last_day, reason="not_sent", by=by, now=now)
    else:
        end_order(order, end_date=last_day, reason="other", by=by, now=now)


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

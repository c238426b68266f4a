"""Care plans: agree on one, follow it up."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max

from livlina.core import audit, outbox
from livlina.core.access import Actor, demand, fetch
from livlina.core.clock import day_of
from livlina.provider.homecare.models import CarePlan, PlannedTask, PlanReview
from livlina.registers.orders.models import Order, OrderVersion


class PlanRefused(Exception):
    """The plan does not hold together. The sentence is for a person, in Swedish."""


@dataclass(frozen=True)
class Task:
    """One thing to be done. `minutes` each time; weekdays 1 (Monday) to 7."""

    what: str
    how: str = ""
    life_area: str = ""
    times: tuple[str, ...] = ()
    weekdays: tuple[int, ...] = ()
    minutes: int | None = None
    double_staffing: bool = False


@dataclass(frozen=True)
class Plan:
    """What provider and person agreed on."""

    goal: str
    participation: str
    follow_up_on: date
    tasks: tuple[Task, ...]
    wishes: str = ""


def agree_plan(order: Order, plan: Plan, *, by: Actor, now: datetime) -> CarePlan:
    """Write the next version of the order's care plan and return it.

    Saying again what already holds changes nothing: the version that holds is returned. Raises Refused for whoever
    has not the order at their unit, and PlanRefused when the order does not run or the plan lacks something.
    """
    demand(by, "homecare.plan")
    letter = fetch(
        by, "orders.read_content", OrderVersion.objects.filter(number=order.version), order_id=order.pk
    )
    _whole(order, plan, now)
    Order.objects.select_for_update().get(pk=order.pk)  # two who plan at once take turns
    holds = CarePlan.objects.filter(order=order).order_by("-number").first()
    if holds is not None and _same(holds, plan):
        return holds
    last = CarePlan.objects.filter(order=order).aggregate(last=Max("number"))["last"] or 0
    made = CarePlan.objects.create(
        municipality_id=by.municipality_id,
        order=order,
        person_id=letter.person_id,
        unit_id=by.unit_id,
        number=last + 1,
        goal=plan.goal.strip(),
        participation=plan.participation.strip(),
        wishes=plan.wishes.strip(),
        follow_up_on=plan.follow_up_on,
        agreed_at=now,
        author_id=by.user_id,
        author_name=by.name,
        author_title=by.title,
    )
    for position, task in enumerate(plan.tasks, 1):
        _write(made, position, task)
    audit.wrote(by, "homecare.plan", now=now, obj=made)
    outbox.announce("care_plan.agreed", made, now=now)
    return made


def review_plan(
    plan: CarePlan, outcome: str, text: str, next_on: date, *, by: Actor, now: datetime
) -> PlanReview:
    """Note a follow-up of the plan. Raises Refused, and PlanRefused without words or with a day that has passed."""
    demand(by, "homecare.review", plan)
    if not text.strip():
        raise PlanRefused("Skriv vad som kom fram vid uppföljningen.")
    if next_on <= day_of(now):
        raise PlanRefused("Nästa uppföljning måste ligga framåt i tiden.")
    review = PlanReview.objects.create(
        municipality_id=by.municipality_id,
        plan=plan,
        at=now,
        user_id=by.user_id,
        user_name=by.name,
        outcome=outcome,
        text=text.strip(),
        next_on=next_on,
    )
    audit.wrote(by, "homecare.review", now=now, person_id=plan.person_id, obj=plan)
    if outcome == "need":
        outbox.announce("care_plan.need_changed", plan, now=now)
    return review


def _write(plan: CarePlan, position: int, task: Task) -> None:
    PlannedTask.objects.create(
        municipality_id=plan.municipality_id,
        plan=plan,
        position=position,
        what=task.what.strip(),
        how=task.how.strip(),
        life_area=task.life_area,
        times=list(task.times),
        weekdays=list(task.weekdays),
        minutes=task.minutes,
        double_staffing=task.double_staffing,
    )


def _whole(order: Order, plan: Plan, now: datetime) -> None:
    """Refuse a plan for an order that does not run, or one that lacks what every plan must hold."""
    if not order.is_running:
        raise PlanRefused("Beställningen ska vara bekräftad innan genomförandeplanen skrivs.")
    if not plan.tasks or not all(task.what.strip() for task in plan.tasks):
        raise PlanRefused("Skriv minst en sak som ska göras.")
    if not plan.goal.strip():
        raise PlanRefused("Skriv målet med insatsen.")
    if not plan.participation.strip():
        raise PlanRefused("Skriv hur den enskilde har deltagit, eller varför det inte gick.")
    if plan.follow_up_on <= day_of(now):
        raise PlanRefused("Uppföljningen måste ligga framåt i tiden.")


def _same(holds: CarePlan, plan: Plan) -> bool:
    """Whether the plan that holds already says this."""
    said = (holds.goal, holds.participation, holds.wishes, holds.follow_up_on)
    if said != (plan.goal.strip(), plan.participation.strip(), plan.wishes.strip(), plan.follow_up_on):
        return False
    kept = [
        Task(t.what, t.how, t.life_area, tuple(t.times), tuple(t.weekdays), t.minutes, t.double_staffing)
        for t in holds.tasks.order_by("position")
    ]
    return kept == list(plan.tasks)

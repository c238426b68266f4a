"""When the party got the decision, and whether an appeal came in time (FL 33, 44–45 §§)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from livlina.authority.cases.actions import clocks
from livlina.authority.cases.actions.steps import Doing, take_step
from livlina.authority.cases.models import Appeal, Decision, ServiceOfNotice, signature
from livlina.core.access import Actor
from livlina.core.calendar import Deadline, weeks

APPEAL_WEEKS = 3  # FL 44 §
SIMPLE_SERVICE_WEEKS = (
    2  # delgivningslagen (2010:1932) 26 §: presumed two weeks after sending, with a control letter
)


@dataclass(frozen=True)
class Timing:
    """Whether an appeal is in time, why, and the last day if it is known."""

    in_time: bool
    reason: str
    last_day: date | None


def last_day(decision: Decision) -> date | None:
    """Return the legal date by which an appeal must have come in; None while the day of service is not known."""
    served = (
        ServiceOfNotice.objects.filter(decision=decision, served_on__isnull=False)
        .order_by("-at", "-id")
        .first()
    )
    if served is None or served.served_on is None:
        return None
    return Deadline.on(weeks(served.served_on, APPEAL_WEEKS)).legal_date


def appeal_timing(appeal: Appeal) -> Timing:
    """Judge an appeal by the day it came in. A service without proof gives no last day: it counts as in time."""
    last = last_day(appeal.decision)
    received = appeal.received_on
    if received is None:
        return Timing(False, "Överklagandet har inte kommit in.", last)
    if last is None:
        return Timing(
            True, "Dagen för delgivning är inte känd. Överklagandet räknas som inkommet i rätt tid.", None
        )
    if received <= last:
        return Timing(
            True, f"Överklagandet kom in den {received}, i rätt tid. Sista dag var den {last}.", last
        )
    late = (received - last).days
    days = "en dag" if late == 1 else f"{late} dagar"
    return Timing(
        False, f"Överklagandet kom in den {received}, {days} för sent. Sista dag var den {last}.", last
    )


@transaction.atomic
def record_service(
    decision: Decision,
    *,
    how: str,
    sent_on: date,
    served_on: date | None,
    by: Actor,
    now: datetime,
    control_letter: bool = False,
    note: str = "",
) -> ServiceOfNotice:
    """Record how and when the party got the decision. Only a known day begins the time to appeal.

    With `control_letter` (simple service) the party is presumed to have got it two weeks after it was sent.
    Raises Refused, StepRefused.
    """
    if control_letter and served_on is None:
        served_on = sent_on + timedelta(weeks=SIMPLE_SERVICE_WEEKS)
    appeal = decision.appeals.get()
    if served_on is None:
        row = _write(decision, how, sent_on, None, note, by=by, now=now)
        return row
    answers = {"notified_on": served_on, "notified_how": how}
    doing: Doing = take_step(decision.case, "record_notice", by=by, now=now, answers=answers, appeal=appeal)
    row = _write(decision, how, sent_on, served_on, note, by=by, now=now)
    begin_appeal_time(doing.the_appeal, doing, served_on)
    return row


def begin_appeal_time(appeal: Appeal, doing: Doing, served_on: date) -> None:
    """Begin the three weeks, and keep the last day beside the appeal."""
    clocks.start(doing.case, doing.process, "notified", served_on, now=doing.now, appeal=appeal)
    appeal.last_day = last_day(appeal.decision)
    appeal.save(update_fields=["last_day"])
    clocks.refresh(doing.case)


def _write(
    decision: Decision,
    how: str,
    sent_on: date,
    served_on: date | None,
    note: str,
    *,
    by: Actor,
    now: datetime,
) -> ServiceOfNotice:
    from livlina.core import audit
    from livlina.core.access import demand

    demand(by, "cases.step", decision.case)
    row = ServiceOfNotice.objects.create(
        **signature(by, now), decision=decision, how=how, sent_on=sent_on, served_on=served_on, note=note
    )
    audit.wrote(
        by, "cases.record_service", now=now, obj=row, person_id=decision.case.person_id, detail={"how": how}
    )
    return row

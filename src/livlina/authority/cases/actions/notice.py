"""When the party got the decision, and whether an appeal came in time (FL 33, 44–45 §§)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from livlina.authority.cases.actions import clocks
from livlina.authority.cases.actions.parties import guardians_of
from livlina.authority.cases.actions.steps import Doing, take_step
from livlina.authority.cases.engine import StepRefused
from livlina.authority.cases.models import Appeal, Decision, ServiceOfNotice, signature
from livlina.core.access import Actor
from livlina.core.calendar import Deadline, weeks
from livlina.registers.people.models import Person

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
    """Return the legal date by which the last party's appeal must have come in; None while no day of service is known."""
    served = last_served(decision)
    return Deadline.on(weeks(served, APPEAL_WEEKS)).legal_date if served else None


def last_served(decision: Decision) -> date | None:
    """Return the day the last of the parties got it, each by what was last noted of them: the time runs for each."""
    rows = ServiceOfNotice.objects.filter(decision=decision, served_on__isnull=False)
    newest = rows.order_by("party_id", "-at", "-id").distinct("party_id")
    return max((row.served_on for row in newest if row.served_on), default=None)


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
    party: Person | None = None,
) -> ServiceOfNotice:
    """Record how and when a party got the decision. Only a known day begins the time to appeal.

    `party`: a guardian in the case; None is the one the case is about. The decision can be appealed until the last
    party's time is out.

    With `control_letter` (simple service) the party is presumed to have got it two weeks after it was sent.
    Raises Refused, StepRefused.
    """
    if control_letter and served_on is None:
        served_on = sent_on + timedelta(weeks=SIMPLE_SERVICE_WEEKS)
    if party is not None and not guardians_of(decision.case).filter(person=party).exists():
        raise StepRefused("Personen är inte inskriven som vårdnadshavare i ärendet.")
    appeal = decision.appeals.get()
    if served_on is None:
        return _write(decision, how, sent_on, None, note, party, by=by, now=now)
    answers = {"notified_on": served_on, "notified_how": how}
    doing: Doing = take_step(decision.case, "record_notice", by=by, now=now, answers=answers, appeal=appeal)
    row = _write(decision, how, sent_on, served_on, note, party, by=by, now=now)
    begin_appeal_time(doing.the_appeal, doing, last_served(decision) or served_on)
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
    party: Person | None,
    *,
    by: Actor,
    now: datetime,
) -> ServiceOfNotice:
    from livlina.core import audit
    from livlina.core.access import demand

    demand(by, "cases.step", decision.case)
    row = ServiceOfNotice.objects.create(
        **signature(by, now), decision=decision, how=how, sent_on=sent_on, served_on=served_on, note=note,
        party=party,
    )  # fmt: skip
    detail = {"how": how} | ({"party": str(party.pk)} if party else {})
    audit.wrote(
        by, "cases.record_service", now=now, obj=row, person_id=decision.case.person_id, detail=detail
    )
    return row

"""The month's decision: its lines follow from the approved calculation, and go through the house's one way to decide."""

from calendar import monthrange
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from livlina.authority.aid.actions.months import advance
from livlina.authority.aid.actions.refused import AidRefused
from livlina.authority.aid.models import Calculation, MonthApplication
from livlina.authority.aid.queries.picture import newest_calculation
from livlina.authority.cases.actions import DecisionDraft, LineDraft, decide, take_step
from livlina.authority.cases.models import Decision
from livlina.core.access import Actor, demand, system

SERVICE = "livelihood"


def draft_of(calculation: Calculation, reasons: str = "") -> DecisionDraft:
    """Return the decision a calculation leads to: granted kronor on one line, what is refused on another."""
    month = calculation.month_application.month
    last = date(month.year, month.month, monthrange(month.year, month.month)[1])
    lines = []
    if calculation.aid:
        lines.append(LineDraft(SERVICE, True, calculation.aid, month, last))
    refused = calculation.sought - calculation.aid
    if refused > 0:
        lines.append(LineDraft(SERVICE, False, refused, reasons=reasons))
    return DecisionDraft(lines=tuple(lines), reasons=reasons)


@transaction.atomic
def decide_month(month: MonthApplication, *, reasons: str = "", by: Actor, now: datetime) -> Decision:
    """Decide a month by its approved calculation. Raises Refused, AidRefused, StepRefused, FactsWrong.

    What gives no money goes on to wait for the next month at once.
    """
    demand(by, "aid.month", month)
    calculation = newest_calculation(month)
    if calculation is None or calculation.approved_at is None:
        raise AidRefused("Beräkningen är inte godkänd.")
    decision = decide(month.case, draft_of(calculation, reasons), by=by, now=now)
    if not decision.grants:
        case = take_step(
            month.case, "settle_unpaid", by=system(by.municipality_id, by.compartments), now=now
        ).case
        advance(case, now=now)
    return decision


def granted(decision: Decision) -> Decimal:
    """Return the kronor a decision grants. One statement."""
    return sum((line.quantity for line in decision.lines.all() if line.granted), Decimal(0))


def follows(calculation: Calculation, draft: DecisionDraft) -> bool:
    """Whether a decision grants exactly what the calculation says."""
    return sum((line.quantity for line in draft.lines if line.granted), Decimal(0)) == calculation.aid

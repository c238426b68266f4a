"""Saying why a decision is not carried out, and settling a quarter."""

from datetime import date, datetime

from django.db import transaction

from livlina.authority.cases.models import Case, signature
from livlina.authority.unexecuted.models import CAUSES, QuarterReport, Reason, ReportRow
from livlina.authority.unexecuted.quarter import Quarter
from livlina.authority.unexecuted.queries import frozen, latest_reason, lines
from livlina.core import audit
from livlina.core.access import Actor, demand
from livlina.core.clock import day_of
from livlina.core.models import Assignment
from livlina.registers.watches.actions import Owner, close_for, raise_watch

SOURCE = "unexecuted.quarter"


class ReasonWrong(Exception):
    """Skriv skälet i korthet, och när den enskilde fick erbjudandet om hen har tackat nej."""


class ReasonsMissing(Exception):
    """Det finns beslut utan skäl. Be enheten skriva varför de inte är verkställda."""


class QuarterNotOver(Exception):
    """Kvartalet är inte slut än."""


class NothingToReport(Exception):
    """Inget beslut ska rapporteras. Nollrapport lämnas inte."""


@transaction.atomic
def give_reason(
    case: Case,
    *,
    cause: str,
    text: str,
    by: Actor,
    now: datetime,
    offered_on: date | None = None,
    answer: str = "",
) -> Reason:
    """Write why the decision of a case is not carried out; the same again is the same row. Raises ReasonWrong, Refused."""
    demand(by, "unexecuted.explain", case)
    text = " ".join(text.split())[:400]
    if cause not in dict(CAUSES) or not text or (cause == "declined" and offered_on is None):
        raise ReasonWrong(ReasonWrong.__doc__)
    if offered_on is not None and offered_on > day_of(now):
        raise ReasonWrong("Erbjudandet kan inte ha lämnats efter i dag.")
    last = latest_reason(case)
    if last and (last.cause, last.text, last.offered_on, last.answer) == (cause, text, offered_on, answer):
        return last
    reason = Reason.objects.create(
        **signature(by, now), case=case, cause=cause, text=text, offered_on=offered_on, answer=answer
    )
    audit.wrote(
        by, "unexecuted.explain", now=now, obj=case, person_id=case.person_id, detail={"cause": cause}
    )
    return reason


@transaction.atomic
def settle(quarter: Quarter, *, by: Actor, now: datetime) -> QuarterReport:
    """Freeze the quarter's report: settled twice is settled once.

    Raises QuarterNotOver, ReasonsMissing, NothingToReport, Refused.
    """
    demand(by, "unexecuted.report")
    before = QuarterReport.objects.filter(year=quarter.year, quarter=quarter.number).first()
    if before is not None:
        return before
    if quarter.last >= day_of(now):
        raise QuarterNotOver(QuarterNotOver.__doc__)
    found = lines(by, quarter, now)
    if not found:
        raise NothingToReport(NothingToReport.__doc__)
    if any(line.lacks_reason for line in found):
        raise ReasonsMissing(ReasonsMissing.__doc__)
    report = QuarterReport.objects.create(**signature(by, now), year=quarter.year, quarter=quarter.number)
    ReportRow.objects.bulk_create(frozen(report, found))
    close_for((SOURCE, quarter.key(by.municipality_id)), why="Kvartalet är fastställt", by=by, now=now)
    audit.wrote(
        by, "unexecuted.report", now=now, obj=report, detail={"quarter": str(quarter), "rows": len(found)}
    )
    return report


def remind(quarter: Quarter, *, by: Actor, now: datetime) -> int:
    """Tell the board's secretary that a quarter is over and not settled. Return how many watches were raised."""
    demand(by, "unexecuted.remind")
    if QuarterReport.objects.filter(year=quarter.year, quarter=quarter.number).exists():
        return 0
    held = Assignment.objects.filter(role="committee_secretary").valid(day_of(now)).order_by("-id").first()
    if held is None:
        return 0
    raise_watch(
        "unexecuted.to_report",
        (SOURCE, quarter.key(by.municipality_id)),
        owner=Owner("committee_secretary", held.unit_id),
        due_at=now,
        by=by,
        now=now,
    )
    return 1

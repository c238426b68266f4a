"""Reported time: written row by row, refused when it cannot be right, handed in, and approved by somebody else."""

from datetime import UTC, date, datetime, time, timedelta

from django.db import transaction

from livlina.authority.assistance.faults import TimeRefused
from livlina.authority.assistance.models import (
    KINDS,
    AssistanceDecision,
    AssistanceMonth,
    Assistant,
    TimeReport,
    TimeRow,
    due_day,
)
from livlina.authority.assistance.sums import counted, granted_minutes
from livlina.authority.cases.models import signature
from livlina.core import audit
from livlina.core.access import Actor, demand
from livlina.core.clock import SWEDEN, local

MIDNIGHT = time(0, 0)


@transaction.atomic
def report_time(
    decision: AssistanceDecision,
    assistant: Assistant,
    *,
    day: date,
    begins: time,
    ends: time,
    kind: str,
    by: Actor,
    now: datetime,
) -> list[TimeRow]:
    """Write when an assistant worked; past midnight it becomes two rows, one for each day.

    Times are Swedish. An end that is not after the beginning is the next day. Raises Refused, TimeRefused with what is
    wrong: outside the decision or the employment, in the future, over another time of the assistant, too many hours.
    """
    demand(by, "assistance.write", decision)
    # Held until the end: of two at once, with one assistant or on one decision, the second sees what the first wrote.
    assistant = Assistant.objects.select_for_update().get(pk=assistant.pk)
    held = AssistanceDecision.objects.select_for_update(of=("self",)).select_related("case")
    decision = held.get(pk=decision.pk)
    if kind not in dict(KINDS):
        raise TimeRefused("Välj aktiv tid, väntetid eller beredskap.")
    if begins == ends:
        raise TimeRefused("Passet börjar och slutar på samma klockslag.")
    rows = []
    for part_day, first, last in _parts(day, begins, ends):
        _refuse_outside(decision, assistant, part_day, last, now)
        _refuse_overlap(assistant, first, last)
        report = _report(decision, assistant, part_day, by=by)
        rows.append(
            TimeRow.objects.create(
                **signature(by, now), report=report, assistant=assistant, day=part_day, begins_at=first,
                ends_at=last, kind=kind,
            )
        )  # fmt: skip
        _refuse_too_much(decision, part_day)
    person_id, said = decision.case.person_id, {"rows": len(rows)}
    audit.wrote(by, "assistance.write", now=now, obj=rows[0].report, person_id=person_id, detail=said)
    return rows


def _parts(day: date, begins: time, ends: time) -> list[tuple[date, datetime, datetime]]:
    """The time on each day it touches, as moments."""
    first = _moment(day, begins)
    if ends > begins:
        return [(day, first, _moment(day, ends))]
    after = day + timedelta(days=1)
    midnight = _moment(after, MIDNIGHT)
    parts = [(day, first, midnight)]
    return parts if ends == MIDNIGHT else [*parts, (after, midnight, _moment(after, ends))]


def _moment(day: date, at: time) -> datetime:
    """A Swedish clock time as a moment. One that the clocks jump over does not exist: TimeRefused."""
    moment = datetime.combine(day, at, SWEDEN).astimezone(
        UTC
    )  # two Swedish times are subtracted as clocks, not as time
    if local(moment).time() != at:
        raise TimeRefused(f"Klockan {at:%H.%M} fanns inte den {day}: då ställdes klockan fram.")
    return moment


def _refuse_outside(
    decision: AssistanceDecision, assistant: Assistant, day: date, last: datetime, now: datetime
) -> None:
    if not decision.runs(day):
        raise TimeRefused(
            f"Den {day} ligger utanför beslutet, som gäller {decision.valid_from}–{decision.valid_to}."
        )
    if not assistant.is_employed(day):
        raise TimeRefused(f"{assistant.name} var inte anställd den {day}.")
    if last > now:
        raise TimeRefused("Tid redovisas när den är gjord, inte i förväg.")


def _refuse_overlap(assistant: Assistant, first: datetime, last: datetime) -> None:
    """Nobody works in two places at once; with whom else is not said."""
    rows = TimeRow.objects.filter(assistant=assistant, struck_at=None, begins_at__lt=last, ends_at__gt=first)
    row = rows.order_by("begins_at").first()
    if row is not None:
        raise TimeRefused(
            f"{assistant.name} har redan redovisad tid {row.day} klockan {local(row.begins_at):%H.%M}–"
            f"{local(row.ends_at):%H.%M}. En assistent kan inte arbeta på två ställen samtidigt."
        )


def _refuse_too_much(decision: AssistanceDecision, day: date) -> None:
    """What counts in the accounting period is not more than what the decision gives for it."""
    first, last = decision.accounting_period(day)
    granted = granted_minutes(decision.hours_per_week, first, last)
    minutes: dict[str, int] = {}
    for row in TimeRow.objects.filter(
        report__month__decision=decision, struck_at=None, day__range=(first, last)
    ):
        minutes[row.kind] = minutes.get(row.kind, 0) + row.minutes
    total = counted(minutes, first)
    if total > granted:
        raise TimeRefused(
            f"Beslutet ger {said(granted)} för {first}–{last}. Med den här tiden blir det {said(total)}."
        )


def _report(decision: AssistanceDecision, assistant: Assistant, day: date, *, by: Actor) -> TimeReport:
    """The assistant's report of the month, begun if there is none. What is handed in or accounted for takes no more."""
    month = open_month(decision, day, by=by)
    if month.sent_on is not None:
        raise TimeRefused(f"{month.in_words.capitalize()} är redovisad. Öppna månaden om den ska rättas.")
    report, _new = TimeReport.objects.select_for_update().get_or_create(
        municipality_id=by.municipality_id,
        month=month,
        assistant=assistant,
        defaults={"compartment": decision.compartment},
    )
    if report.state != "draft":
        raise TimeRefused("Tidredovisningen är inlämnad. Lämna tillbaka den om något ska ändras.")
    return report


@transaction.atomic
def begin_month(decision: AssistanceDecision, month: str, *, by: Actor, now: datetime) -> AssistanceMonth:
    """Open a month written 2026-03, to write its time. Raises Refused, TimeRefused when the decision does not hold in it."""
    demand(by, "assistance.write", decision)
    try:
        first = date.fromisoformat(f"{month.strip()}-01")
    except ValueError:
        raise TimeRefused("Skriv månaden som år och månad, till exempel 2026-03.") from None
    if first > decision.valid_to or first < decision.valid_from.replace(day=1) or first > now.date():
        raise TimeRefused("Beslutet gäller inte i den månaden, eller så har den inte börjat.")
    return open_month(decision, first, by=by)


def open_month(decision: AssistanceDecision, day: date, *, by: Actor) -> AssistanceMonth:
    """Return the month of a decision that a day lies in, made if there is none."""
    first = day.replace(day=1)
    month, _new = AssistanceMonth.objects.get_or_create(
        municipality_id=by.municipality_id,
        decision=decision,
        first_day=first,
        defaults={"due_on": due_day(first), "compartment": decision.compartment},
    )
    return month


@transaction.atomic
def strike_row(row: TimeRow, *, reason: str, by: Actor, now: datetime) -> TimeRow:
    """Strike a row that is wrong: it stays, with why. Struck twice is struck once. Raises Refused, TimeRefused."""
    report = _held(row.report, by=by)
    row = TimeRow.objects.select_for_update().get(pk=row.pk)
    if row.struck_at is not None:
        return row
    if report.state != "draft":
        raise TimeRefused("Tidredovisningen är inlämnad. Lämna tillbaka den om något ska ändras.")
    if len(reason.strip()) < 3:
        raise TimeRefused("Skriv varför raden stryks.")
    row.struck_at, row.struck_by, row.struck_why = now, by.name, reason.strip()[:400]
    row.save(update_fields=["struck_at", "struck_by", "struck_why"])
    audit.wrote(by, "assistance.strike", now=now, obj=row, person_id=report.month.decision.case.person_id)
    return row


@transaction.atomic
def hand_in(report: TimeReport, *, by: Actor, now: datetime) -> TimeReport:
    """Hand an assistant's month in, to be approved by somebody else. Raises Refused, TimeRefused."""
    report = _held(report, by=by)
    if report.state != "draft":
        raise TimeRefused("Tidredovisningen är redan inlämnad.")
    if not report.rows.filter(struck_at=None).exists():
        raise TimeRefused("Det finns ingen tid att lämna in.")
    report.state, report.reported_by_user_id = "handed_in", by.user_id
    report.reported_by, report.reported_at, report.returned_why = by.name, now, ""
    report.save(update_fields=["state", "reported_by_user_id", "reported_by", "reported_at", "returned_why"])
    audit.wrote(by, "assistance.hand_in", now=now, obj=report, person_id=report.month.decision.case.person_id)
    return report


@transaction.atomic
def approve(report: TimeReport, *, by: Actor, now: datetime) -> TimeReport:
    """Approve an assistant's month: by another than whoever handed it in, or wrote any of it.

    Raises Refused, TimeRefused.
    """
    report = _held(report, by=by)
    if report.state != "handed_in":
        raise TimeRefused("Bara en inlämnad tidredovisning kan godkännas.")
    wrote = report.rows.filter(by_user_id=by.user_id).exists()
    if wrote or by.user_id is None or report.reported_by_user_id == by.user_id:
        raise TimeRefused("Någon annan än den som har skrivit tiden ska godkänna den.")
    report.state, report.approved_by_user_id = "approved", by.user_id
    report.approved_by, report.approved_at = by.name, now
    report.save(update_fields=["state", "approved_by_user_id", "approved_by", "approved_at"])
    audit.wrote(by, "assistance.approve", now=now, obj=report, person_id=report.month.decision.case.person_id)
    return report


@transaction.atomic
def give_back(report: TimeReport, *, reason: str, by: Actor, now: datetime) -> TimeReport:
    """Give a month back to be changed, with why; until the account is sent. Raises Refused, TimeRefused."""
    report = _held(report, by=by)
    if report.state == "draft":
        return report
    if report.month.sent_on is not None:
        raise TimeRefused(
            f"{report.month.in_words.capitalize()} är redovisad. Öppna månaden om den ska rättas."
        )
    if len(reason.strip()) < 3:
        raise TimeRefused("Skriv varför tidredovisningen lämnas tillbaka.")
    report.state, report.returned_why = "draft", reason.strip()
    report.approved_by_user_id, report.approved_by, report.approved_at = None, "", None
    report.save(update_fields=["state", "returned_why", "approved_by_user_id", "approved_by", "approved_at"])
    audit.wrote(
        by, "assistance.give_back", now=now, obj=report, person_id=report.month.decision.case.person_id
    )
    return report


def _held(report: TimeReport, *, by: Actor) -> TimeReport:
    """The report as it stands now, held; Refused for whoever may not write in its case."""
    demand(by, "assistance.write", report.month.decision)
    rows = TimeReport.objects.select_for_update(of=("self",)).select_related(
        "month__decision__case", "assistant"
    )
    return rows.get(pk=report.pk)


def said(minutes: int) -> str:
    """12 timmar 30 minuter; whole hours without minutes."""
    hours, rest = divmod(minutes, 60)
    return f"{hours} timmar" + (f" {rest} minuter" if rest else "")


__all__ = [
    "approve",
    "begin_month",
    "give_back",
    "hand_in",
    "open_month",
    "report_time",
    "said",
    "strike_row",
]

"""What is not carried out, read from the clocks of the cases: now, in a quarter, and in figures."""

import csv
import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from livlina.authority.cases.models import Case, Deadline, Decision
from livlina.authority.unexecuted.models import ANSWERS, CAUSES, KINDS, QuarterReport, Reason, ReportRow
from livlina.authority.unexecuted.quarter import Quarter, substitute
from livlina.core import audit
from livlina.core.access import Actor, Refused, allowed, demand
from livlina.core.clock import day_of
from livlina.registers.people.models import PersonNumber

CLOCKS = ("not_executed", "not_resumed")
"""What a process calls the three months after the decision, and after an interruption."""

CARRIED_OUT = ("begin_service", "resume_service")
"""The steps that mean that it is carried out; whatever else stops the clock ends it."""


@dataclass(frozen=True)
class Line:
    """One decision that is not carried out, or was reported so and is done since."""

    clock: Deadline
    case: Case
    decision: Decision
    kind: str
    reason: Reason | None
    done_on: date | None

    @property
    def kind_words(self) -> str:
        """“Inte verkställt”."""
        return dict(KINDS)[self.kind]

    @property
    def service(self) -> str:
        """What was granted."""
        granted = [line.service_label for line in self.decision.lines.all() if line.granted]
        return ", ".join(dict.fromkeys(granted))

    @property
    def interrupted_on(self) -> date | None:
        """The first day it was interrupted, when that is what is reported."""
        return self.clock.anchor_date if self.clock.name == "not_resumed" else None

    @property
    def lacks_reason(self) -> bool:
        """Whether somebody must write why before the quarter can be settled."""
        return self.kind == "open" and self.reason is None


def lines(actor: Actor, quarter: Quarter, now: datetime) -> list[Line]:
    """Return what the quarter's report holds as it stands, those without a reason first. Six statements. Raises Refused.

    Open: not carried out on the quarter's last day (or today, in a quarter that is not over). Executed or ended: was
    open in an earlier report, and is done.
    """
    demand(actor, "unexecuted.list")
    day = min(quarter.last, day_of(now))
    told = set(ReportRow.objects.filter(kind="open").values_list("clock_id", flat=True))
    done = set(ReportRow.objects.exclude(kind="open").values_list("clock_id", flat=True))
    clocks = list(
        Deadline.objects.filter(
            Q(state="running")
            | Q(stopped_at__isnull=False, pk__in=told - done)
            | Q(stopped_at__date__gt=day),
            name__in=CLOCKS,
            strict_date__lte=day,
            case__in=allowed(actor, "unexecuted.list", Case.objects.all()),
        )
        .exclude(stopped_by="restarted")
        .select_related("case__person", "case__unit")
        .order_by("anchor_date", "id")
    )
    cases = [clock.case_id for clock in clocks]
    decisions = _granted(cases)
    reasons: dict[UUID, Reason] = {}
    for reason in Reason.objects.filter(case_id__in=cases).order_by("at", "id"):
        reasons[reason.case_id] = reason
    found = [
        _line(clock, decisions[clock.case_id], reasons.get(clock.case_id), day)
        for clock in clocks
        if clock.case_id in decisions
    ]
    audit.read(actor, "unexecuted.list", now=now, detail={"quarter": str(quarter), "count": len(found)})
    return sorted(found, key=lambda line: (not line.lacks_reason, line.decision.decided_on))


def one(actor: Actor, clock_id: UUID) -> Deadline:
    """Return the clock of one decision, to explain. Raises Refused."""
    clock = Deadline.objects.filter(name__in=CLOCKS, pk=clock_id).select_related("case__person").first()
    if clock is None:
        raise Refused("unexecuted.explain", obj=f"cases.deadline:{clock_id}")
    demand(actor, "unexecuted.explain", clock.case)
    return clock


def latest_reason(case: Case) -> Reason | None:
    """Return why the decision of a case is not carried out, as last written."""
    return Reason.objects.filter(case=case).order_by("-at", "-id").first()


def report_of(actor: Actor, quarter: Quarter) -> QuarterReport | None:
    """Return the quarter's settled report, if there is one. Raises Refused."""
    demand(actor, "unexecuted.list")
    return QuarterReport.objects.filter(year=quarter.year, quarter=quarter.number).first()


def rows_of(actor: Actor, report: QuarterReport) -> list[ReportRow]:
    """Return what was reported, in the order of the decisions. Raises Refused."""
    demand(actor, "unexecuted.report")
    return list(report.rows.select_related("case").order_by("decided_on", "id"))


def for_ivo(actor: Actor, report: QuarterReport, now: datetime) -> str:
    """Return the report as semicolon-separated text with numbers, for whoever types it in at IVO. Raises Refused."""
    rows = rows_of(actor, report)
    numbers = dict(
        PersonNumber.objects.filter(current=True, person_id__in=[row.case.person_id for row in rows])
        .values_list("person_id", "value")
    )  # fmt: skip
    heads = ["Ärende", "Person", *_HEADS]
    audit.read(actor, "unexecuted.report", now=now, obj=report, detail={"rows": len(rows), "for": "ivo"})
    return _table(
        heads,
        ([row.case.number, row.substitute or str(numbers[row.case.person_id]), *_cells(row)] for row in rows),
    )


def for_auditors(actor: Actor, report: QuarterReport, now: datetime) -> str:
    """Return the same rows without anything that says whom they are about. Raises Refused."""
    rows = rows_of(actor, report)
    audit.read(actor, "unexecuted.report", now=now, obj=report, detail={"rows": len(rows), "for": "auditors"})
    return _table(["Rad", *_HEADS], ([str(place), *_cells(row)] for place, row in enumerate(rows, 1)))


def for_council(actor: Actor, report: QuarterReport) -> list[tuple[str, str, str, int]]:
    """Return the figures for the council: service, sex, how long since the decision, and how many. Raises Refused."""
    last = Quarter(report.year, report.quarter).last
    counted = Counter(
        (row.service, {"female": "Kvinna", "male": "Man"}.get(row.sex, "Okänt"), _elapsed(row, last))
        for row in rows_of(actor, report)
        if row.kind == "open"
    )
    return [(*about, count) for about, count in sorted(counted.items())]


def frozen(report: QuarterReport, found: list[Line]) -> list[ReportRow]:
    """Return the rows of a report, not yet stored: a substitute where no number may be shown."""
    with_number = set(
        PersonNumber.objects.filter(current=True, person_id__in=[line.case.person_id for line in found])
        .values_list("person_id", flat=True)
    )  # fmt: skip
    places: Counter[str] = Counter()
    rows = []
    for line in sorted(found, key=lambda line: (line.decision.decided_on, line.clock.pk)):
        person = line.case.person
        hidden = person.is_protected or person.pk not in with_number
        stands_for = (
            substitute(person.birth_date, person.sex, places[f"{person.birth_date}"]) if hidden else ""
        )
        places[f"{person.birth_date}"] += hidden
        rows.append(_row(report, line, stands_for))
    return rows


def _granted(cases: Iterable[UUID]) -> dict[UUID, Decision]:
    """Return the newest granting decision of each case."""
    found = {}
    rows = Decision.objects.filter(case_id__in=cases).prefetch_related("lines").order_by("number")
    for decision in rows:
        if decision.grants:
            found[decision.case_id] = decision
    return found


def _line(clock: Deadline, decision: Decision, reason: Reason | None, day: date) -> Line:
    stopped = day_of(clock.stopped_at) if clock.stopped_at else None
    if stopped is None or stopped > day:
        return Line(clock, clock.case, decision, "open", reason, None)
    kind = "executed" if clock.stopped_by in CARRIED_OUT else "ended"
    return Line(clock, clock.case, decision, kind, reason, stopped)


def _row(report: QuarterReport, line: Line, stands_for: str) -> ReportRow:
    reason = line.reason
    return ReportRow(
        municipality_id=report.municipality_id,
        compartment=line.case.compartment,
        at=report.at,
        by_user_id=report.by_user_id,
        by_name=report.by_name,
        by_title=report.by_title,
        by_role=report.by_role,
        report=report,
        case=line.case,
        clock_id=line.clock.pk,
        kind=line.kind,
        substitute=stands_for,
        sex=line.case.person.sex,
        law=line.decision.law_text,
        service=line.service[:400],
        decided_on=line.decision.decided_on,
        interrupted_on=line.interrupted_on,
        cause=reason.cause if reason else "",
        text=reason.text if reason else "",
        offered_on=reason.offered_on if reason else None,
        answer=reason.answer if reason else "",
        done_on=line.done_on,
    )


_HEADS = (
    "Läge", "Kön", "Lagrum", "Insats", "Beslutsdatum", "Avbrott från", "Erbjudande", "Svar", "Skäl", "Skäl i korthet",
    "Verkställt eller avslutat",
)  # fmt: skip


def _cells(row: ReportRow) -> list[str]:
    return [
        dict(KINDS)[row.kind], {"female": "Kvinna", "male": "Man"}.get(row.sex, "Okänt"), row.law, row.service,
        str(row.decided_on), str(row.interrupted_on or ""), str(row.offered_on or ""),
        dict(ANSWERS)[row.answer] if row.answer else "", dict(CAUSES).get(row.cause, ""), row.text,
        str(row.done_on or ""),
    ]  # fmt: skip


def _table(heads: list[str], rows: Iterable[list[str]]) -> str:
    out = io.StringIO()
    table = csv.writer(out, delimiter=";", lineterminator="\r\n")
    table.writerow(heads)
    table.writerows(rows)
    return out.getvalue()


def _elapsed(row: ReportRow, last: date) -> str:
    since = (last - (row.interrupted_on or row.decided_on)).days
    for limit, words in ((183, "3–6 månader"), (365, "6–12 månader")):
        if since < limit:
            return words
    return "mer än 12 månader"


def anything(quarter: Quarter) -> bool:
    """Whether any clock had run out when the quarter ended, and ran then. One statement."""
    return Deadline.objects.filter(
        Q(stopped_at=None) | Q(stopped_at__date__gt=quarter.last),
        name__in=CLOCKS,
        strict_date__lte=quarter.last,
    ).exists()

"""Services to older persons and persons with a disability: under SoL by month, under LSS by year."""

from datetime import date
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from livlina.across.statistics.columns.base import Record, facts, rows
from livlina.across.statistics.periods import Period
from livlina.authority.cases.engine import load
from livlina.authority.cases.models import Case, CaseEvent, CaseFact, DecisionLine

BEGUN = ("begin_service", "resume_service")
UNDER_LSS = Q(service__startswith="lss_")
READ = (
    "service", "quantity", "unit", "valid_from", "valid_to", "law_text", "decision__number", "decision__case__number",
    "decision__case__process_code", "decision__case__person__sex", "decision__case__person__birth_date",
    "decision__case__person__protection",
)  # fmt: skip
"""What the files need of a row of some hundred thousand; the rest is reasons, letters and sealed words."""
LSS_MONTH, LSS_DAY = 10, 1
"""The day of the year that the LSS file tells of."""

facts("sol", "process", "service", "quantity", "unit", "from", "to", "what", "on", "law")
LSS_SERVICES = (
    "assistance", "companion", "contact_person", "respite", "short_stay", "minding", "child_family_home", "child_home",
    "group_home", "adapted_home", "daily_activity",
)  # fmt: skip
facts("lss", "circle", "home_municipality", *LSS_SERVICES)
_OF_LSS = {
    "assistance": ("lss_assistance_basic", "lss_assistance_other"),
    "companion": ("lss_companion", "lss_companion_travel"),
    "contact_person": ("lss_contact_person",),
    "respite": ("lss_respite_regular", "lss_respite_on_call"),
    "short_stay": ("lss_short_stay", "lss_short_stay_camp"),
    "minding": ("lss_short_term_minding", "lss_minding_holidays"),
    "child_family_home": ("lss_child_family_home",),
    "child_home": ("lss_child_home",),
    "group_home": ("lss_group_home", "lss_service_home"),
    "adapted_home": ("lss_adapted_home",),
    "daily_activity": ("lss_daily_activity",),
}


@rows("sol.running")
def running(period: Period) -> list[Record]:
    """Services that are carried out on the month's last day: granted, begun, and neither ended nor closed."""
    return [_sol(line) for line in _running(period.last, ~UNDER_LSS)]


@rows("sol.decisions")
def decisions(period: Period) -> list[Record]:
    """Granted services that begin or end in the month, one row each."""
    days = (period.first, period.last)
    lines = _lines(Q(valid_from__range=days) | Q(valid_to__range=days), ~UNDER_LSS)
    found = []
    for line in lines:
        for what, on in (("begun", line.valid_from), ("ended", line.valid_to)):
            if on and days[0] <= on <= days[1]:
                found.append(_sol(line, what=what, on=on))
    return found


@rows("lss.yearly")
def yearly(period: Period) -> list[Record]:
    """One row for each person with LSS services that are carried out on 1 October."""
    lines = _running(date(period.year, LSS_MONTH, LSS_DAY), UNDER_LSS)
    circles = _circles({line.decision.case_id for line in lines})
    found: dict[UUID, Record] = {}
    for line in lines:
        case = line.decision.case
        record = found.setdefault(
            case.person_id, Record(case.person, case.number, dict.fromkeys(LSS_SERVICES, "0"))
        )
        record.facts["circle"] = record.facts.get("circle") or circles.get(case.pk)
        for name, codes in _OF_LSS.items():
            if line.service in codes:
                record.facts[name] = "1"
    return [one for one in found.values() if "1" in one.facts.values()]


def _lines(*when: Q | Exists) -> QuerySet[DecisionLine]:
    """Granted lines of decisions of the branch, without its own acts (färdtjänst and the like)."""
    kept = [one.code for one in load().all() if one.area in ("elder_care", "disability")]
    lines = DecisionLine.objects.filter(
        *when, granted=True, decision__subject="", decision__case__compartment=settings.AREAS["elder_care"],
        decision__case__process_code__in=kept,
    )  # fmt: skip
    return (
        lines.select_related("decision__case__person")
        .only(*READ)
        .order_by("decision__case__number", "position", "id")
    )


def _running(day: date, law: Q) -> list[DecisionLine]:
    """Lines under a law in force on a day whose service has begun, of the newest decision of each case."""
    begun = CaseEvent.objects.filter(case=OuterRef("decision__case"), step__in=BEGUN, at__date__lte=day)
    lines = list(
        _lines(
            law,
            Q(valid_from__lte=day)
            & (Q(valid_to=None) | Q(valid_to__gte=day))
            & Q(decision__decided_on__lte=day),
            Q(decision__case__closed_at=None) | Q(decision__case__closed_at__date__gt=day),
            Exists(begun),
        )
    )
    newest: dict[UUID, int] = {}
    for line in lines:
        newest[line.decision.case_id] = max(newest.get(line.decision.case_id, 0), line.decision.number)
    return [line for line in lines if line.decision.number == newest[line.decision.case_id]]


def _sol(line: DecisionLine, **more: object) -> Record:
    case: Case = line.decision.case
    return Record(
        case.person, case.number,
        {"process": case.process_code, "service": line.service, "quantity": line.quantity, "unit": line.unit,
         "from": line.valid_from, "to": line.valid_to, "law": line.law_text, **more},
    )  # fmt: skip


def _circles(cases: set[UUID]) -> dict[UUID, str]:
    """The circle of persons (LSS 1 §) that each case says, 1 to 3."""
    said = CaseFact.objects.filter(case_id__in=cases, name="lss_circle").order_by("at", "id")
    return {row.case_id: str(row.value) for row in said}

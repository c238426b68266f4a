"""Reports of concern: taken in from anyone, and sorted into one intake for each child, from the day they came in."""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from livlina.authority.cases.actions.cases import NoUnit, begin_case, intake_unit
from livlina.authority.cases.actions.facts import write_facts
from livlina.authority.cases.actions.steps import note_event
from livlina.authority.cases.engine import Process, load
from livlina.authority.cases.models import Case, signature
from livlina.authority.cases.models.report import ConcernReport, ReportedPerson
from livlina.authority.cases.processes import FactsWrong, branch_of, parse_facts, spec
from livlina.core import audit, outbox, tenancy
from livlina.core.access import Actor, Refused, demand
from livlina.core.calendar import Channel, deemed_received
from livlina.core.clock import SWEDEN, day_of
from livlina.core.ids import IdentityNumber
from livlina.core.ids7 import uuid7
from livlina.core.models import Assignment
from livlina.registers.people import queries as people
from livlina.registers.people.actions import NumberTaken, register_person
from livlina.registers.people.models import Person
from livlina.registers.watches.actions import Owner, close_for, raise_watch

FORM = "report"
CHILD_CONCERN = "child_concern"
SOURCE = "cases.concernreport"
WATCH = "cases.report_to_sort"
IN_THE_CASE = (
    "concern_about",
    "concern_kinds",
    "danger_now",
    "child_whereabouts",
    "guardians_know",
    "reporter_kind",
)
"""What every child's case says of the report. Who reported stays in the report; what is said of the other children too."""

ONLINE_PER_HOUR = 120
"""More reports than this in an hour, without signing in, are not people."""

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


class TooManyReports(Exception):
    """Det kommer in ovanligt många anmälningar just nu. Ring oss i stället, eller försök igen om en stund."""


class AlreadySorted(Exception):
    """Anmälan är redan fördelad på barn. Någon annan hann före."""


class CannotOpenChild(Exception):
    """Ett av barnen går inte att registrera härifrån. Spara anmälan utan barn, så tar barnenheten hand om den."""


@dataclass(frozen=True)
class ReportedChild:
    """A child as the one who takes the report down knows it: in the register, only by name, unknown or not yet born."""

    number: IdentityNumber | None = None
    given_names: str = ""
    family_name: str = ""
    birth_date: date | None = None
    unborn: bool = False
    person: Person | None = None


@transaction.atomic
def receive_report(
    answers: Mapping[str, Any],
    *,
    found_on: date,
    how: Channel,
    by: Actor,
    now: datetime,
    key: UUID | None = None,
    process_code: str = CHILD_CONCERN,
    improbable: bool = False,
) -> ConcernReport:
    """Take in a report as it was said. Sent again with the same `key` it is the first one's answer.

    Anyone of the authority may hand one in, also from another branch, and so may the system for a visitor who has not
    signed in; those who sort it are told at once. Raises FactsWrong, TooManyReports, Refused.
    """
    demand(by, "cases.report")
    process = load().current(process_code, on=day_of(now))
    values = reported_values(process, answers)
    if found_on > day_of(now):
        raise FactsWrong({"found_on": "Anmälan kan inte ha kommit in efter i dag."})
    branch = branch_of(process)
    with tenancy.acting(by.municipality_id, (*by.compartments, branch), by.user_id):
        sent = ConcernReport.objects.filter(pk=key).first() if key else None
        if sent is not None:
            return sent
        if by.kind == "system":
            _not_too_many(now)
        report = _as_said(process, values, key, by=by, now=now)
        report.received_on = deemed_received(found_on, how, improbable=improbable)
        report.received_how = how.value
        report.sha256 = hashlib.sha256(canonical(report).encode()).hexdigest()
        report.save(force_insert=True)
        said = {"sha256": report.sha256, "online": report.online}
        audit.wrote(by, "cases.report", now=now, obj=report, detail=said)
        _tell(report, process, by=by, now=now)
        outbox.announce("report.received", report, now=now)
    return report


def _as_said(
    process: Process, values: Mapping[str, Any], key: UUID | None, *, by: Actor, now: datetime
) -> ConcernReport:
    """The report with what it says; the day it counts from and its hash are set by the caller, who stores it."""
    return ConcernReport(
        **signature(by, now),
        pk=key or uuid7(),
        compartment=branch_of(process),
        process_code=process.code,
        process_version=process.version,
        answers={name: spec(name).dump(value) for name, value in values.items()},
        receipt_number="A-" + "".join(secrets.choice(LETTERS) for _ in range(8)),
        online=by.kind == "system",
        anonymous=bool(values.get("reporter_anonymous")) or not values.get("reporter_name"),
        under_duty=values.get("reporter_kind") == "under_duty",
    )


@transaction.atomic
def sort_report(
    report: ConcernReport, children: Sequence[ReportedChild], *, by: Actor, now: datetime
) -> list[Case]:
    """Begin one intake for each child, with the same report, from the day it came in. Once.

    Raises Refused, AlreadySorted, CannotOpenChild, FactsWrong without any child.
    """
    demand(by, "cases.sort_report", report)
    report = ConcernReport.objects.select_for_update().get(pk=report.pk)
    if report.sorted_at is not None:
        raise AlreadySorted(AlreadySorted.__doc__)
    if not children:
        raise FactsWrong({"children": "Ange minst ett barn. Vet du inte vem barnet är, välj ”okänt barn”."})
    process = load().process(report.process_code, report.process_version)
    persons = list(dict.fromkeys(_person(child, by=by, now=now) for child in children))
    cases = [_intake(report, process, person, by=by, now=now) for person in persons]
    ConcernReport.objects.filter(pk=report.pk).update(sorted_at=now)
    close_for((SOURCE, report.pk), types=(WATCH,), why="Anmälan är fördelad", by=by, now=now)
    audit.wrote(
        by, "cases.sort_report", now=now, obj=report, detail={"cases": [case.number for case in cases]}
    )
    return cases


@transaction.atomic
def register_report(
    answers: Mapping[str, Any],
    children: Sequence[ReportedChild],
    *,
    found_on: date,
    how: Channel,
    by: Actor,
    now: datetime,
    improbable: bool = False,
) -> tuple[ConcernReport, list[Case]]:
    """Take down a report and begin an intake for each child, in one go. Raises as the two above."""
    report = receive_report(answers, found_on=found_on, how=how, by=by, now=now, improbable=improbable)
    return report, sort_report(report, children, by=by, now=now)


def reported_values(process: Process, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parsed answers of the report. Raises FactsWrong: who reports in their work says who they are."""
    known = {field.fact.name for field in process.form(FORM).fields()}
    values = {
        name: value
        for name, value in parse_facts({k: v for k, v in answers.items() if k in known}).items()
        if value is not None
    }
    errors = {fact.name: f"{fact.label}: svara på frågan." for fact in process.missing(FORM, values)}
    if values.get("reporter_kind") == "under_duty":
        if values.get("reporter_anonymous"):
            errors["reporter_anonymous"] = "Den som anmäler i sitt arbete kan inte vara anonym."
        elif not values.get("reporter_name"):
            errors["reporter_name"] = "Den som anmäler i sitt arbete skriver sitt namn."
    if errors:
        raise FactsWrong(errors)
    if values.get("reporter_anonymous"):
        for name in ("reporter_name", "reporter_contact", "reporter_workplace"):
            values.pop(name, None)
    return values


def canonical(report: ConcernReport) -> str:
    """Return what was reported as one line of JSON, always the same: its SHA-256 is the report's."""
    said = {
        "process": [report.process_code, report.process_version],
        "answers": report.answers,
        "received": report.received_on.isoformat(),
        "at": report.at.isoformat(),
    }
    return json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _not_too_many(now: datetime) -> None:
    recent = ConcernReport.objects.filter(online=True, at__gt=now - timedelta(hours=1))
    if recent.count() >= ONLINE_PER_HOUR:
        raise TooManyReports(TooManyReports.__doc__)


def _tell(report: ConcernReport, process: Process, *, by: Actor, now: datetime) -> None:
    """Whoever sorts reports is told at once: the protection assessment is due the same day (SoL 20:1)."""
    today = day_of(now)
    held = Assignment.objects.filter(municipality_id=by.municipality_id, role="reception").valid(today)
    desk = held.order_by("id").values_list("unit_id", flat=True).first()
    try:
        unit: UUID | None = intake_unit(process, by.municipality_id, today).pk
    except NoUnit:
        unit = None  # the report is kept all the same, and told to the reception or to nobody there is
    role, place = ("reception", desk) if desk else ("unit_manager", unit)
    if place is not None:
        due = min(now + timedelta(hours=2), datetime.combine(today, time(23, 59), SWEDEN))
        units = {"unit_manager": unit} if unit else {}
        raise_watch(
            WATCH,
            (SOURCE, report.pk),
            owner=Owner(role, place, compartment=report.compartment),
            due_at=due,
            units=units,
            by=by,
            now=now,
        )


def _person(child: ReportedChild, *, by: Actor, now: datetime) -> Person:
    """The child in the register; one who is unknown or not born yet is registered without a number."""
    if child.person is not None:
        demand(by, "people.read", child.person)
        return child.person
    found = people.by_number(by, child.number) if child.number else None
    if found is not None:
        return found
    family = child.family_name.strip() or "okänt efternamn"
    given = "Väntat barn till" if child.unborn else child.given_names.strip() or "Okänt barn"
    try:
        with transaction.atomic():
            return register_person(
                given_names=given, family_name=family, number=None if child.unborn else child.number,
                birth_date=child.birth_date or (child.number.birth_date if child.number else None), by=by, now=now,
            )  # fmt: skip
    except (NumberTaken, Refused):
        raise CannotOpenChild(CannotOpenChild.__doc__) from None


def _intake(report: ConcernReport, process: Process, person: Person, *, by: Actor, now: datetime) -> Case:
    channel = Channel(report.received_how)
    case = begin_case(process, person, received_on=report.received_on, how=channel, by=by, now=now)
    ReportedPerson.objects.create(**signature(by, now), report=report, case=case, person=person)
    values = parse_facts({name: report.answers[name] for name in IN_THE_CASE if name in report.answers})
    write_facts(
        case, values, by=by, now=now, source="officer", ref=str(report.pk),
        text=f"Anmälan {report.receipt_number}", as_of=report.received_on,
    )  # fmt: skip
    label = f"Anmälan {report.receipt_number} inkommen {report.received_on}"
    note_event(case, "register", label, by=by, now=now, law="sol_19_1", detail={"report": str(report.pk)})
    outbox.announce("case.reported", case, now=now)
    return case

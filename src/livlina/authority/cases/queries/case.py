"""A case with everything its page shows, in few statements: rows of many kinds come along as JSON in one."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from livlina.authority.cases.drawing import draw, outline
from livlina.authority.cases.engine import FactSpec, FactWrong, Process, Step, load
from livlina.authority.cases.engine.process import MAIN
from livlina.authority.cases.models import (
    Appeal,
    Case,
    CaseEvent,
    CaseFact,
    Communication,
    Deadline,
    Decision,
    DecisionLine,
    Document,
)
from livlina.authority.cases.processes import process_of, spec
from livlina.core import audit, compiled
from livlina.core.access import Actor, allowed, fetch
from livlina.core.clock import day_of
from livlina.core.ids import IdentityNumberColumn
from livlina.registers.journal import queries as journal
from livlina.registers.orders.models import OrderVersion
from livlina.registers.people import queries as people
from livlina.registers.people.models import Person, PersonNumber
from livlina.registers.people.queries.person import review_of
from livlina.registers.watches.models import Watch, kind

EVENTS = 30


@dataclass(frozen=True)
class FactView:
    """A fact as it is shown: what, and by whom it was said on which day."""

    spec: FactSpec
    raw: Any
    source: str
    source_text: str
    as_of: date
    by_name: str

    @property
    def shown(self) -> str:
        """The value in words; a code no longer offered as it was stored."""
        try:
            return self.spec.show(self.spec.parse(self.raw))
        except FactWrong:
            return str(self.raw)

    @property
    def said(self) -> str:
        """“Ansökan 2026-000123, 2026-03-01”."""
        return f"{self.source_text or self.by_name}, {self.as_of.isoformat()}"

    @property
    def origin(self) -> str:
        """“Uppgift från ansökan 2026-000123, 2026-03-01”: the source inside a sentence; a name keeps its capital."""
        words = self.said
        return f"Uppgift från {words[0].lower() + words[1:] if self.source_text else words}"


@dataclass
class CasePage:
    """Everything on the page of a case."""

    case: Case
    process: Process
    header: people.PersonHeader
    facts: dict[str, FactView]
    deadlines: list[dict[str, Any]]
    decisions: list[dict[str, Any]]
    appeals: list[dict[str, Any]]
    communications: list[dict[str, Any]]
    documents: list[dict[str, Any]]
    orders: list[dict[str, Any]]
    events: list[dict[str, Any]]
    watches: list[dict[str, Any]]
    notes: list[journal.Shown] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

    @property
    def state_label(self) -> str:
        """Where the case stands."""
        return self.process.state(self.case.state).label

    @property
    def values(self) -> dict[str, Any]:
        """Facts as the process compares them."""
        found = {}
        for name, view in self.facts.items():
            try:
                found[name] = view.spec.parse(view.raw)
            except FactWrong:
                found[name] = view.raw
        return found

    @property
    def states(self) -> list[str]:
        """Where each flow stands, for the drawing."""
        return [self.case.state, *(appeal["state"] for appeal in self.appeals)]


def case_page(
    actor: Actor, case_id: UUID, now: datetime, *, verb: str = "cases.read", notes: bool = True
) -> CasePage:
    """Open a case and record it. Three statements: the case with all its rows, the notes, the record. Raises Refused."""
    case = compiled.fetch(actor, verb, _whole, case_id)
    person: Person = case.person
    person.number, person.reached = case.person_number, True  # type: ignore[attr-defined]
    audit.read(actor, verb, now=now, person_id=person.pk, obj=case, review=review_of(actor, person))
    process = process_of(case)
    today = day_of(now)
    return CasePage(
        case=case,
        process=process,
        header=people.header(actor, person, now=now, current="cases:person"),
        facts=_fact_views(case.fact_rows),  # type: ignore[attr-defined]
        deadlines=[_deadline(row, today) for row in case.deadline_rows],  # type: ignore[attr-defined]
        decisions=case.decision_rows,  # type: ignore[attr-defined]
        appeals=[_appeal(row, process) for row in case.appeal_rows],  # type: ignore[attr-defined]
        communications=case.communication_rows,  # type: ignore[attr-defined]
        documents=case.document_rows,  # type: ignore[attr-defined]
        orders=case.order_rows,  # type: ignore[attr-defined]
        events=[_moment(row, "at") for row in case.event_rows],  # type: ignore[attr-defined]
        watches=[_watch(row) for row in case.watch_rows],  # type: ignore[attr-defined]
        notes=journal.latest(actor, person)
        if notes and actor.role in ("case_worker", "unit_manager")
        else [],
        steps=_open_steps(case, process, actor.role),
    )


def _open_steps(case: Case, process: Process, role: str) -> list[Step]:
    """The steps that may be offered: what the newest decision itself rules out is no choice at all."""
    lines = case.decision_rows[0]["lines"] if case.decision_rows else []  # type: ignore[attr-defined]
    granted = any(line["granted"] for line in lines)
    ruled_out = "decision_grants_nothing" if granted else "decision_grants_something"
    steps = process.steps_from(case.state, role)
    return [step for step in steps if step.flow == MAIN and ruled_out not in step.guards]


def timeline(actor: Actor, case_id: UUID, now: datetime) -> list[CaseEvent]:
    """Return every event of a case, newest first. Raises Refused."""
    case = fetch(actor, "cases.read", Case.objects.all(), pk=case_id)
    audit.read(actor, "cases.read", now=now, obj=case)
    return list(CaseEvent.objects.filter(case=case).order_by("-at", "-id"))


def person_cases(actor: Actor, person_id: UUID) -> list[Case]:
    """Return the cases of a person, also of the person's earlier rows, that the actor may open, newest first.

    One statement.
    """
    theirs = Person.objects.filter(Q(pk=person_id) | Q(same_as=person_id)).values("pk")
    rows = allowed(actor, "cases.read", Case.objects.filter(person_id__in=theirs))
    return list(rows.select_related("unit", "responsible").order_by("-received_on", "-number"))


def drawing(process: Process, states: Iterable[str]) -> tuple[str, str]:
    """Return the process as SVG with where the case stands, and the same in words."""
    return _drawn(process.code, process.version, tuple(name for name in states if name in process.states))


@lru_cache(maxsize=512)
def _drawn(code: str, version: str, at: tuple[str, ...]) -> tuple[str, str]:
    """Drawn once for each place a case can stand in: a version of a process never changes."""
    process = load().process(code, version)
    return draw(process, at), outline(process, at)


def _whole(actor: Actor) -> QuerySet[Case]:
    """The case with its person's number, and the rows of every kind that the page shows."""
    here = OuterRef("pk")
    current = PersonNumber.objects.filter(
        municipality_id=OuterRef("municipality_id"), person_id=OuterRef("person_id"), current=True
    )
    number = Subquery(current.values("value")[:1], output_field=IdentityNumberColumn())
    return Case.objects.select_related("person", "unit", "responsible", "application", "continues").annotate(
        person_number=number,
        fact_rows=_rows(
            CaseFact.objects.filter(case=here, about_id=None).order_by("name", "-at", "-id").distinct("name"),
            "name", "value", "source", "source_text", "as_of", "by_name",
        ),
        deadline_rows=_rows(
            Deadline.objects.filter(case=here, state="running").order_by("strict_date", "id"),
            "id", "name", "label", "strict_date", "legal_date", "anchor_date", "about_id",
        ),
        decision_rows=ArraySubquery(
            Decision.objects.filter(case=here)
            .order_by("-number")
            .values(row=_object("id", "number", "outcome", "decided_on", "against", "reasons", "by_name", "by_title",
                                "valid_from", "valid_to", "follow_up_on", "delegation_text", "relation", "law_text",
                                "reservation", "interim", "ended_on", "subject", "harm_ground", lines=_lines()))
        ),
        appeal_rows=_rows(
            Appeal.objects.filter(case=here).order_by("opened_at", "id"),
            "id", "state", "decision_id", "received_on", "last_day", "in_time", "in_time_reason", "review",
            "forwarded_on", "court", "judgment", "judgment_on", decision_number="decision__number",
        ),
        communication_rows=_rows(
            Communication.objects.filter(case=here).order_by("-at", "-id"),
            "id", "what", "how", "sent_on", "answer_by", "answer", "answered_on", "answered_by",
        ),
        document_rows=_rows(
            Document.objects.filter(case=here).order_by("-at", "-id"),
            "id", "kind", "title", "recipient_name", "at", "sent_at", "withdrawn_at", "sha256",
            copy_of="data__copy_of",
        ),
        order_rows=_rows(
            OrderVersion.objects.filter(
                source_type="cases.case", source_id=here, number=F("order__version")
            ).order_by("-written_at"),
            "order_id", state="order__state", provider="order__provider__name", answer_by="order__answer_by",
        ),
        event_rows=_rows(
            CaseEvent.objects.filter(case=here).order_by("-at", "-id")[:EVENTS],
            "step", "label", "at", "by_name", "by_title", "law_text", "to_state",
        ),
        watch_rows=_rows(
            Watch.objects.filter(object_id=here, closed_at=None).order_by("due_at"),
            "id", "type", "due_at",
        ),
    )  # fmt: skip


def _rows(queryset: QuerySet, *names: str, **renamed: str) -> ArraySubquery:
    """The rows as a list of JSON objects: one column of the case's own statement."""
    return ArraySubquery(queryset.values(row=_object(*names, **renamed)))


def _object(*names: str, **renamed: Any) -> JSONObject:
    return JSONObject(**{name: name for name in names}, **renamed)


def _lines() -> ArraySubquery:
    return _rows(
        DecisionLine.objects.filter(decision=OuterRef("pk")).order_by("position"),
        "granted", "service", "service_label", "quantity", "unit", "valid_from", "valid_to", "reasons", "appeal_text",
    )  # fmt: skip


def _fact_views(rows: list[dict[str, Any]]) -> dict[str, FactView]:
    return {
        row["name"]: FactView(
            spec(row["name"]), row["value"], row["source"], row["source_text"],
            date.fromisoformat(row["as_of"]), row["by_name"],
        )
        for row in rows
        if row["value"] is not None
    }  # fmt: skip


def _deadline(row: dict[str, Any], today: date) -> dict[str, Any]:
    """A clock with how near it is: colours go by the strict date."""
    strict, legal = date.fromisoformat(row["strict_date"]), date.fromisoformat(row["legal_date"])
    left = (strict - today).days
    color = "danger" if left < 0 else "warning" if left <= 14 else "neutral"
    return row | {"strict_date": strict, "legal_date": legal, "left": left, "color": color}


def _appeal(row: dict[str, Any], process: Process) -> dict[str, Any]:
    return row | {"state_label": process.state(row["state"]).label}


def _moment(row: dict[str, Any], name: str) -> dict[str, Any]:
    return row | {name: datetime.fromisoformat(row[name])}


def _watch(row: dict[str, Any]) -> dict[str, Any]:
    return _moment(row, "due_at") | {"kind": kind(row["type"])}

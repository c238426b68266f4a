"""The tables of case work, and one method for each kind of row."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from livlina.authority.cases.engine import Process
from livlina.authority.cases.models import (
    Appeal,
    Application,
    Case,
    CaseEvent,
    CaseFact,
    Closure,
    Communication,
    Deadline,
    Decision,
    DecisionLine,
    FollowUp,
    ServiceOfNotice,
)
from livlina.core.clock import day_of
from livlina.demo.copy import Sink, Tables
from livlina.demo.matters import Matter
from livlina.demo.organisation import Worker
from livlina.demo.plan import Days, Town
from livlina.registers.people.models import Reach

SIGNED = ("at", "by_user_id", "by_name", "by_title", "by_role")
Words = tuple[str, str]
Span = tuple[date | None, date | None]


class Signature(NamedTuple):
    """Who wrote a row, and when."""

    at: datetime
    user_id: int | None
    name: str
    title: str
    role: str

    @classmethod
    def of(cls, worker: Worker, at: datetime) -> "Signature":
        """Return the signature of someone of the staff."""
        return cls(at, worker.user_id, worker.name, worker.title, worker.role)


@dataclass(slots=True)
class Clock:
    """One deadline of a case."""

    id: str
    about: str
    name: str
    label: str
    law: str
    anchor: str
    anchor_date: date
    strict: date
    legal: date
    told: tuple[tuple[date, str], ...]
    state: str = "running"
    stopped_at: datetime | None = None
    stopped_by: str = ""


class CaseTables:
    """Where the rows of cases go.

    `late` hears of each running clock that someone should have been told of, `appeals` of each that waits for us.
    """

    def __init__(self, town: Town, days: Days, sink: Sink) -> None:
        self.days, self.tables = days, Tables(sink)
        self.late: list[tuple[Matter, Clock, str]] = []
        self.appeals: list[tuple[str, Matter]] = []
        of, code = self.tables.of, {"municipality_id": town.municipality_id, "compartment": 1}
        self._application = of(
            Application, "id", "process_code", "process_version", "applicant_id", "person_id", "answers", "sha256",
            "receipt_number", "received_on", "received_how", "taken_down", *SIGNED, mandate="self", **code,
        )  # fmt: skip
        self._case = of(
            Case, "id", "number", "process_code", "process_version", "person_id", "unit_id", "responsible_id",
            "application_id", "continues_id", "state", "state_since", "received_on", "received_how", "back_dated",
            "registered_on", "next_due", "closed_at", **code,
        )  # fmt: skip
        self._event = of(
            CaseEvent, "id", "case_id", "about_id", "step", "label", "flow", "from_state", "to_state", "law_key",
            "law_text", *SIGNED, **code,
        )  # fmt: skip
        self._fact = of(
            CaseFact, "id", "case_id", "about_id", "name", "value", "source", "source_ref", "source_text", "as_of",
            *SIGNED, **code,
        )  # fmt: skip
        self._deadline = of(
            Deadline, "id", "case_id", "about_id", "name", "label", "law_key", "anchor", "anchor_date", "strict_date",
            "legal_date", "escalations", "next_escalation", "state", "stopped_at", "stopped_by", **code,
        )  # fmt: skip
        self._decision = of(
            Decision, "id", "case_id", "outcome", "decided_on", "against", "reasons", "valid_from", "valid_to",
            "follow_up_on", "law_key", "law_text", "appeal_text", "unit_name", "delegation_id", "delegation_text",
            *SIGNED, number=1, **code,
        )  # fmt: skip
        self._line = of(
            DecisionLine, "id", "decision_id", "position", "service", "service_label", "granted", "quantity", "unit",
            "valid_from", "valid_to", "law_key", "law_text", "appeal_text", *SIGNED, **code,
        )  # fmt: skip
        self._rest(code)
        self.applied: dict[str, str] = {}

    def _rest(self, code: dict[str, int]) -> None:
        of = self.tables.of
        self._communication = of(
            Communication, "id", "case_id", "what", "how", "sent_on", "answer_by", "answer", "answered_on",
            "answered_by", *SIGNED, **code,
        )  # fmt: skip
        self._appeal = of(
            Appeal, "id", "case_id", "decision_id", "state", "opened_at", "received_on", "received_how",
            "received_from", "last_day", "in_time", "in_time_reason", "review", "forwarded_on", "court", "judgment",
            "judgment_on", **code,
        )  # fmt: skip
        self._service = of(
            ServiceOfNotice, "id", "decision_id", "how", "sent_on", "served_on", *SIGNED, **code
        )
        self._follow_up = of(
            FollowUp, "id", "case_id", "on", "how", "goals_met", "result", "next_on", *SIGNED, **code
        )
        self._closure = of(Closure, "id", "case_id", "reason", "note", "closed_on", *SIGNED, **code)
        self._reach = of(
            Reach, "id", "person_id", "unit_id", "source", "reason", "since", "until",
            municipality_id=code["municipality_id"],
        )  # fmt: skip

    def application(
        self, key: str, matter: Matter, process: Process, said: Mapping[str, Any], digest: str, by: Signature
    ) -> None:
        """An application as it was sent, or taken down."""
        self.applied[matter.id] = key
        self._application.add(
            key, process.code, process.version, matter.person.id, matter.person.id, said, digest, matter.number,
            matter.received_on, matter.channel, by.role != "citizen", *by,
        )  # fmt: skip

    def case(
        self, matter: Matter, process: Process, state: str, due: date | None, closed: datetime | None
    ) -> None:
        """The case itself."""
        registered = day_of(matter.registered)
        since = matter.steps[-1].at if matter.steps else matter.registered
        self._case.add(
            matter.id, matter.number, process.code, process.version, matter.person.id, matter.worker.unit_id,
            None if matter.fate == "received" else matter.worker.user_id, self.applied.pop(matter.id),
            matter.follows or None, state, since, matter.received_on, matter.channel,
            matter.received_on < registered, registered, due, closed,
        )  # fmt: skip

    def event(
        self, key: str, matter: Matter, about: str | None, step: str, label: str, flow: str, way: Words, law: Words,
        by: Signature,
    ) -> None:  # fmt: skip
        """One row of the timeline."""
        self._event.add(key, matter.id, about, step, label, flow, *way, *law, *by)

    def fact(
        self, key: str, matter: Matter, about: str, name: str, value: Any, source: str, ref: str, text: str, day: date,
        by: Signature,
    ) -> None:  # fmt: skip
        """One answer."""
        self._fact.add(key, matter.id, about or None, name, value, source, ref, text, day, *by)

    def clocks(self, matter: Matter, clocks: list[Clock]) -> None:
        """The clocks of a case; those running that someone should know of by now are remembered in `late`."""
        for one in clocks:
            coming = [day for day, _ in one.told if day > self.days.today]
            due = [role for day, role in one.told if day <= self.days.today]
            running = one.state == "running"
            if running and due:
                self.late.append((matter, one, due[-1]))
            following = min(coming, default=None) if running else one.told[0][0] if one.told else None
            self._deadline.add(
                one.id, matter.id, one.about or None, one.name, one.label, one.law, one.anchor, one.anchor_date,
                one.strict, one.legal, [[day.isoformat(), role] for day, role in one.told], following, one.state,
                one.stopped_at, one.stopped_by,
            )  # fmt: skip

    def decision(
        self, key: str, matter: Matter, at: datetime, by: Signature, *, against: bool, reasons: str, period: Span,
        follow_up: date | None, law: Words, appeal_text: str, rule: Words,
    ) -> None:  # fmt: skip
        """A decision."""
        self._decision.add(
            key, matter.id, matter.outcome, day_of(at), against, reasons, *period, follow_up, *law, appeal_text,
            matter.worker.unit_name, *rule, *by,
        )  # fmt: skip

    def line(
        self, key: str, decision: str, place: int, service: str, words: Words, granted: bool, quantity: int,
        period: Span, law: Words, appeal_text: str, by: Signature,
    ) -> None:  # fmt: skip
        """One service of a decision."""
        self._line.add(
            key,
            decision,
            place,
            service,
            words[0],
            granted,
            quantity,
            words[1],
            *period,
            *law,
            appeal_text,
            *by,
        )

    def communication(
        self,
        key: str,
        matter: Matter,
        said: Mapping[str, Any],
        by: Signature,
        answered: datetime | None,
        answer: str,
    ) -> None:
        """The material the party was sent, and the answer."""
        self._communication.add(
            key, matter.id, said["proposed_decision"], said["communicated_how"], day_of(by.at),
            date.fromisoformat(said["answer_by"]), answer if answered else "", day_of(answered) if answered else None,
            matter.person.name if answered else "", *by,
        )  # fmt: skip

    def appeal(self, matter: Matter, *row: Any) -> None:
        """What can be appealed, and what became of it."""
        self._appeal.add(*row)
        if row[3] in ("appeal_received", "appeal_review"):
            self.appeals.append((row[0], matter))

    def service(self, key: str, decision: str, how: str, sent: date, served: date, by: Signature) -> None:
        """That the party got the decision."""
        self._service.add(key, decision, how, sent, served, *by)

    def follow_up(self, key: str, matter: Matter, said: Mapping[str, Any], by: Signature) -> None:
        """One follow-up."""
        self._follow_up.add(
            key, matter.id, date.fromisoformat(said["followed_up_on"]), said["followed_up_how"], said["goals_met"],
            "continue", date.fromisoformat(said["follow_up_on"]), *by,
        )  # fmt: skip

    def closure(self, key: str, matter: Matter, facts: Mapping[str, Any], by: Signature) -> None:
        """Why a case was closed."""
        reason = facts.get("closure_reason") or facts.get("write_off_reason", "other")
        self._closure.add(key, matter.id, reason, facts.get("closure_note", ""), day_of(by.at), *by)

    def reach(self, key: str, matter: Matter, until: date | None) -> None:
        """That the unit may open the person for the sake of the case."""
        self._reach.add(
            key,
            matter.person.id,
            matter.worker.unit_id,
            f"cases.case:{matter.id}",
            "case",
            matter.registered,
            until,
        )

"""The rows of a case, as the room writes them when its steps are taken: events, facts, clocks, decisions, appeals.

Labels, laws, clocks and what starts and stops them are read from the process itself, so that a case told here stands
where one would that was worked by hand.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from random import Random
from types import SimpleNamespace
from typing import Any

from livlina.authority.cases import engine
from livlina.authority.cases.actions.application import canonical
from livlina.authority.cases.engine import Process
from livlina.authority.cases.processes import code_label, law_text, legal_basis, service_unit
from livlina.core.calendar import add_months
from livlina.core.clock import day_of
from livlina.demo import answers
from livlina.demo.casetables import CaseTables, Clock, Signature
from livlina.demo.delegation import Delegated
from livlina.demo.ids import uuid_at
from livlina.demo.matters import Done, Matter
from livlina.demo.plan import Days
from livlina.demo.texts import ANSWERS

AGAINST = ("partly_granted", "rejected", "dismissed")
KEPT_WHEN_CLOSED = frozenset(("decision_outcome", "write_off_reason", "closure_reason", "appeal_wish"))
"""Of a closed case only the answers about its end are told as facts; the application keeps its own in any case."""
REACH_AFTER_CLOSING = timedelta(days=90)


@cache
def _due(code: str, version: str, anchor: str, day: date) -> tuple[Any, ...]:
    return tuple(engine.load().process(code, version).due(anchor, day))


@dataclass
class Telling:
    """One case while its rows are made."""

    matter: Matter
    process: Process
    tables: CaseTables
    delegated: Delegated
    days: Days
    rng: Random
    clocks: dict[tuple[str, str], Clock] = field(default_factory=dict)
    done: list[Clock] = field(default_factory=list)
    said: dict[str, Any] = field(default_factory=dict)
    state: str = "received"
    decision: str = ""
    appeal: str = ""

    def tell(self) -> None:
        """Make every row of the case."""
        matter = self.matter
        self._received()
        for step in matter.steps:
            self._take(step)
        if self.appeal:
            self._appealed()
        running = list(self.clocks.values())
        self.tables.clocks(matter, [*self.done, *running])
        closed = None if matter.is_open else matter.steps[-1].at
        self.tables.case(
            matter, self.process, self.state, min((one.strict for one in running), default=None), closed
        )
        until = day_of(closed) + REACH_AFTER_CLOSING if closed else None
        self.tables.reach(self._id(matter.registered), matter, until)

    def _id(self, at: datetime) -> str:
        return uuid_at(self.rng, at)

    # ---- what comes in -----------------------------------------------------------------------------------

    def _received(self) -> None:
        """The application, its answers as the first facts, and the clocks from the day it came in."""
        matter, at = self.matter, self.matter.registered
        by = self._citizen(at) if matter.channel == "e_service" else self._worker(at)
        said = answers.application(self.process, matter.person, matter.received_on, self.rng)
        key = self._id(at)
        sent = SimpleNamespace(
            process_code=self.process.code, process_version=self.process.version, applicant_id=matter.person.id,
            person_id=matter.person.id, mandate="self", answers=said, at=at,
        )  # fmt: skip
        digest = hashlib.sha256(canonical(sent).encode()).hexdigest()  # type: ignore[arg-type]
        self.tables.application(key, matter, self.process, said, digest, by)
        about = {"received_on": matter.received_on.isoformat(), "received_how": matter.channel}
        self._facts(said, by, "application", key, f"Ansökan {matter.number}", matter.received_on)
        self._facts(
            about, by, "application" if by.role == "citizen" else "officer", key, "Registrering", day_of(at)
        )
        label = "Ansökan inkommen" if by.role == "citizen" else "Ansökan registrerad"
        self.tables.event(self._id(at), matter, None, "register", label, "main", ("received", "received"),
                          ("fl_22", law_text("fl_22")), by)  # fmt: skip
        self._start("received", matter.received_on)

    # ---- the steps ---------------------------------------------------------------------------------------

    def _take(self, done: Done) -> None:
        step, at = self.process.step(done.name), done.at
        by = self._who(done.name, at)
        facts = self._answers_of(step.form, done) if step.form else {}
        self._facts(facts, by, "officer" if by.role != "citizen" else "citizen", "", "", day_of(at))
        self.tables.event(
            self._id(at), self.matter, None, step.name, step.label, step.flow, (self.state, step.target),
            (step.law, law_text(step.law)), by,
        )  # fmt: skip
        self.state = step.target
        self._stop(
            (rule.name for rule in self.process.deadlines if step.name in rule.stops_at), step.name, at
        )
        self._start(step.name, day_of(at))
        for effect in step.effects:
            self._effect(effect.name, step.name, done, facts, by)

    def _effect(self, effect: str, step: str, done: Done, facts: Mapping[str, Any], by: Signature) -> None:
        day = day_of(done.at)
        match effect:
            case "record_opening":
                self._start("opened", day)
            case "record_decision" | "record_write_off":
                self._decide(done, by)
            case "start_not_executed_clock" if step == "interrupt_service":
                self._start("interrupted", day)
            case "stop_not_executed_clock":
                within = {"decided", "interrupted"}
                names = [rule.name for rule in self.process.deadlines if within & set(rule.anchors)]
                self._stop(names, step, done.at)
                if step == "begin_service":
                    self._start("followed_up", day)
            case "begin_retention":
                for name, about in list(self.clocks):
                    if not about:
                        self._end(name, about, "lapsed", "closed", done.at)
                self.tables.closure(self._id(done.at), self.matter, facts, by)

    def _answers_of(self, form: str, done: Done) -> dict[str, Any]:
        """What was written in the step's form; dates and outcomes are those of the case."""
        matter, day = self.matter, day_of(done.at)
        said = answers.answered(self.process, form, matter.person, day, self.rng)
        said.pop("received_on", None), said.pop("received_how", None), said.pop("proxy_person", None)
        match done.name:
            case "suspend":
                said |= {"waiting_review_on": (day + timedelta(days=14)).isoformat()}
            case "communicate":
                self._investigated(done)
                said |= {"communicated_on": day.isoformat(), "communicated_how": "letter",
                         "answer_by": (day + timedelta(days=14)).isoformat()}  # fmt: skip
                self.tables.communication(self._id(done.at), matter, said, self._worker(done.at),
                                          matter.when("receive_answer"), self._said_by_party())  # fmt: skip
            case "receive_answer":
                said = {"party_answer": self._said_by_party()}
            case "decide":
                said = self._decided(day)
            case "write_off":
                reason = matter.closing if matter.closing in ("withdrawn", "died", "moved") else "withdrawn"
                said = {"write_off_reason": reason}
            case "interrupt_service":
                said |= {"interrupted_on": day.isoformat(), "interruption_reason": "hospital"}
            case "continue_service":
                said = self._followed_up(said, day, done)
            case "end_service":
                said = {"ends_on": (day + timedelta(days=5)).isoformat()}
            case "close" | "close_ungranted":
                said = {"closure_reason": matter.closing or "other", "closure_note": "Avslutat enligt rutin."}
        return said

    def _investigated(self, done: Done) -> None:
        """What goes against the party is written before it is communicated."""
        said = answers.answered(self.process, "investigation", self.matter.person, day_of(done.at), self.rng)
        said.pop("proposed_decision", None)
        self._facts(said, self._worker(done.at), "officer", "", "", day_of(done.at))

    def _decided(self, day: date) -> dict[str, Any]:
        matter = self.matter
        said: dict[str, Any] = {"decision_outcome": matter.outcome, "decision_interim": False}
        if matter.outcome in AGAINST:
            said["decision_reasons"] = self._reasons()
        if any(granted for _, _, granted in matter.services):
            said["decision_period"] = [one.isoformat() for one in self._period(day)]
            said["follow_up_on"] = add_months(day, 6).isoformat()
        return said

    def _followed_up(self, said: dict[str, Any], day: date, done: Done) -> dict[str, Any]:
        said |= {"followed_up_on": day.isoformat(), "followed_up_how": "phone", "goals_met": "met"}
        self._start("followed_up", day)
        said["follow_up_on"] = add_months(day, 6).isoformat()
        self.tables.follow_up(self._id(done.at), self.matter, said, self._worker(done.at))
        return said

    # ---- decisions and appeals ---------------------------------------------------------------------------

    def _decide(self, done: Done, by: Signature) -> None:
        """The decision, its lines, and the flow in which it can be appealed."""
        matter, day = self.matter, day_of(done.at)
        self.decision, granted = self._id(done.at), any(granted for *_, granted in matter.services)
        law = legal_basis(self.process, day)
        period = self._period(day) if granted else (None, None)
        appeal = self.delegated.appeal_text
        against = matter.outcome in AGAINST
        self.tables.decision(
            self.decision, matter, done.at, by, against=against, reasons=self._reasons() if against else "",
            period=period, follow_up=add_months(day, 6) if granted else None, law=(law, law_text(law)),
            appeal_text=appeal if against and not matter.services else "", rule=self.delegated.rule(matter.outcome),
        )  # fmt: skip
        for place, (service, quantity, yes) in enumerate(matter.services, 1):
            words = (label_of(service, day), unit_of(service, day))
            self.tables.line(
                self._id(done.at), self.decision, place, service, words, yes, quantity, period if yes else (None, None),
                (law, law_text(law)), "" if yes else appeal, by,
            )  # fmt: skip
        if granted:
            self._start("decided", day)
            if period[1]:
                self._start("decision_end", period[1])
        if matter.outcome not in ("written_off", "closed_no_action"):
            self.appeal = self._id(done.at)

    def _period(self, day: date) -> tuple[date, date]:
        begins = day + timedelta(days=1)
        if self.matter.process == "short_term_housing":
            return begins, begins + timedelta(days=self.matter.services[0][1])
        return begins, add_months(begins, 12) - timedelta(days=1)

    def _appealed(self) -> None:
        """Notice of the decision, the time to appeal, and the appeal if one came in."""
        from livlina.demo.appeals import tell_appeal

        tell_appeal(self)

    def _reasons(self) -> str:
        if "reasons" not in self.said:
            self.said["reasons"] = self.rng.choice(ANSWERS["decision_reasons"]).format(p=self.matter.person)
        return str(self.said["reasons"])

    def _said_by_party(self) -> str:
        if "party" not in self.said:
            self.said["party"] = self.rng.choice(ANSWERS["party_answer"])
        return str(self.said["party"])

    # ---- clocks and facts --------------------------------------------------------------------------------

    def _start(self, anchor: str, day: date, about: str = "") -> None:
        for due in _due(self.process.code, self.process.version, anchor, day):
            if (due.name, about) in self.clocks:
                self._end(due.name, about, "lapsed", "restarted", self.days.at(day, 12))
            self.clocks[due.name, about] = Clock(
                self._id(self.matter.registered), about, due.name, due.label, self._rule_law(due.name), anchor, day,
                due.strict_date, due.legal_date, due.escalations,
            )  # fmt: skip

    def _rule_law(self, name: str) -> str:
        return next(rule.law for rule in self.process.deadlines if rule.name == name)

    def _stop(self, names: Iterable[str], step: str, at: datetime, about: str = "") -> None:
        for name in names:
            if (name, about) in self.clocks:
                self._end(name, about, "met", step, at)

    def _end(self, name: str, about: str, state: str, step: str, at: datetime) -> None:
        clock = self.clocks.pop((name, about))
        clock.state, clock.stopped_at, clock.stopped_by = state, at, step
        self.done.append(clock)

    def _facts(
        self,
        said: Mapping[str, Any],
        by: Signature,
        source: str,
        ref: str,
        text: str,
        day: date,
        about: str = "",
    ) -> None:
        if not (self.matter.is_open or set(said) & KEPT_WHEN_CLOSED):
            return
        for name, value in said.items():
            if self.said.get(f"fact {name}{about}") != value:
                self.said[f"fact {name}{about}"] = value
                self.tables.fact(self._id(by.at), self.matter, about, name, value, source, ref, text, day, by)

    # ---- who does it -------------------------------------------------------------------------------------

    def _who(self, step: str, at: datetime) -> Signature:
        if step == "assign":
            return Signature.of(self.matter.manager, at)
        if step == "receive_answer" and self.matter.channel == "e_service":
            return self._citizen(at)
        if step == "begin_service":
            return Signature(at, None, "Livlina", "Automatisk", "system")
        return self._worker(at)

    def _worker(self, at: datetime) -> Signature:
        return Signature.of(self.matter.worker, at)

    def _citizen(self, at: datetime) -> Signature:
        return Signature(at, None, self.matter.person.name, "", "citizen")


@cache
def label_of(service: str, day: date) -> str:
    """Return what a service is called."""
    return code_label("services", service, day)


@cache
def unit_of(service: str, day: date) -> str:
    """Return what a service is counted in."""
    return service_unit(service, day)

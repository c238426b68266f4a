"""One way to take a step, for every step: check access, lock the case, ask the process, write, audit, announce."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction

from livlina.authority.cases.actions import clocks
from livlina.authority.cases.actions.deadlines import close_watches
from livlina.authority.cases.actions.drafts import forget_draft
from livlina.authority.cases.actions.facts import current_facts, write_facts
from livlina.authority.cases.actions.words import DecisionDraft
from livlina.authority.cases.engine import Process, Step, StepRefused, Taken
from livlina.authority.cases.engine.process import MAIN, Letter
from livlina.authority.cases.engine.words import EFFECTS, GUARDS
from livlina.authority.cases.models import Appeal, Case, CaseEvent, Decision, Document, signature
from livlina.authority.cases.processes import law_text, parse_facts, process_of
from livlina.core import audit, outbox
from livlina.core.access import Actor, demand
from livlina.core.clock import day_of, local


@dataclass
class Doing:
    """A step being taken: what its guards and effects may look at."""

    case: Case
    process: Process
    step: Step
    by: Actor
    now: datetime
    facts: dict[str, Any]
    appeal: Appeal | None = None
    draft: DecisionDraft | None = None
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    decision: Decision | None = None
    event: CaseEvent | None = None
    letters: list[Document] = field(default_factory=list)
    rehearsed: bool = False
    unsent: list[Letter] = field(default_factory=list)

    @property
    def today(self) -> date:
        """The Swedish day on which the step is taken."""
        return day_of(self.now)

    @property
    def the_appeal(self) -> Appeal:
        """The appeal the step is about. Raises StepRefused without one."""
        if self.appeal is None:
            raise StepRefused("Välj vilket beslut överklagandet gäller.")
        return self.appeal

    @property
    def the_draft(self) -> DecisionDraft:
        """The decision about to be taken. Raises StepRefused without one."""
        if self.draft is None:
            raise StepRefused("Skriv beslutet.")
        return self.draft

    @property
    def the_decision(self) -> Decision:
        """The decision the step took. Raises StepRefused without one."""
        if self.decision is None:
            raise StepRefused("Inget beslut är fattat.")
        return self.decision

    @property
    def about_id(self) -> UUID | None:
        """The appeal the step belongs to, if it stands beside the main flow."""
        return self.appeal.pk if self.appeal and self.step.flow != MAIN else None


@transaction.atomic
def take_step(
    case: Case,
    step_name: str,
    *,
    by: Actor,
    now: datetime,
    answers: Mapping[str, Any] | None = None,
    appeal: Appeal | None = None,
    draft: DecisionDraft | None = None,
    choices: Mapping[str, Mapping[str, str]] | None = None,
    verb: str = "cases.step",
    rehearsed: bool = False,
) -> Doing:
    """Take one step in a case and return what came of it.

    `answers` are facts as posted; `draft` is the decision a step records; `choices` say what becomes of each open
    item; a step that is `rehearsed` makes no letters. Raises Refused, StepRefused (sentences in Swedish) or
    FactsWrong; nothing is written then.
    """
    demand(by, verb, case)
    seen, case = case.state, locked(case)
    if appeal is not None:
        seen, appeal = appeal.state, Appeal.objects.select_for_update().get(pk=appeal.pk)
    process = process_of(case)
    doing = Doing(
        case, process, process.step(step_name), by, now, {}, appeal, draft, choices or {}, rehearsed=rehearsed
    )
    if doing.step.flow != MAIN and appeal is None:
        raise StepRefused("Välj vilket beslut överklagandet gäller.")
    if answers:
        write_facts(case, parse_facts(answers), by=by, now=now, about_id=doing.about_id)
    doing.facts = current_facts(case, about_id=doing.about_id)
    taken = _ask(doing, seen)
    _write(doing, taken)
    audit.wrote(
        by, f"cases.{step_name}", now=now, obj=case, detail={"to": taken.new_state, "number": case.number}
    )
    outbox.announce(f"case.{step_name}", appeal if doing.about_id and appeal else case, now=now)
    return doing


def locked(case: Case) -> Case:
    """Return the case as it stands now, held until the transaction ends: of two at once, one waits."""
    return Case.objects.select_for_update(of=("self",)).select_related("person", "unit").get(pk=case.pk)


def _ask(doing: Doing, seen: str) -> Taken:
    """Ask the process; if somebody else moved the case since it was shown, say who."""
    state = _state(doing)
    guards = {name: partial(word.does, doing) for name, word in GUARDS.items()}
    try:
        return doing.process.take(
            state, doing.step.name, role=doing.by.role, facts=doing.facts, guards=guards
        )
    except StepRefused as refused:
        if state == seen:
            raise
        last = CaseEvent.objects.filter(case=doing.case, about_id=doing.about_id).latest("at", "id")
        who = f"{last.by_name} hann före: ”{last.label}” klockan {local(last.at):%H.%M}."
        raise StepRefused(who, *refused.reasons) from None


def _state(doing: Doing) -> str:
    beside = doing.appeal if doing.step.flow != MAIN else None
    return beside.state if beside else doing.case.state


def _write(doing: Doing, taken: Taken) -> None:
    """Write the event and the state, then clocks, effects and letters, in that order."""
    from livlina.authority.cases.actions.letters import issue_letter

    before = _state(doing)
    doing.event = record_event(
        doing.case, doing.step, before, taken.new_state, by=doing.by, now=doing.now, about_id=doing.about_id
    )
    if doing.step.flow == MAIN:
        _move_case(doing, taken.new_state)
    elif doing.appeal is not None:
        doing.appeal.state = taken.new_state
        doing.appeal.save(update_fields=["state"])
    told = clocks.stop(
        doing.case, taken.stopped, step=doing.step.name, now=doing.now, about_id=doing.about_id
    )
    close_watches(told, why=doing.step.label, by=doing.by, now=doing.now)
    clocks.start(
        doing.case,
        doing.process,
        doing.step.name,
        doing.today,
        now=doing.now,
        appeal=doing.appeal,
        facts=doing.facts,
    )
    for effect in taken.effects:
        EFFECTS[effect.name].does(doing, effect.what)
    doing.unsent = list(taken.letters) if doing.rehearsed else []
    doing.letters = [] if doing.rehearsed else [issue_letter(doing, letter) for letter in taken.letters]
    clocks.refresh(doing.case)
    if doing.step.form:
        forget_draft(doing.case, doing.step.form, by=doing.by)


def _move_case(doing: Doing, state: str) -> None:
    """Write only the fields meant; a final state closes the case."""
    case = doing.case
    case.state, case.state_since = state, doing.now
    fields = ["state", "state_since"]
    if doing.process.state(state).final:
        case.closed_at = doing.now
        fields.append("closed_at")
    case.save(update_fields=fields)


def record_event(
    case: Case, step: Step, before: str, after: str, *, by: Actor, now: datetime, about_id: UUID | None = None
) -> CaseEvent:
    """Write one row of the timeline."""
    return CaseEvent.objects.create(
        **signature(by, now),
        case=case,
        about_id=about_id,
        step=step.name,
        label=step.label,
        flow=step.flow,
        from_state=before,
        to_state=after,
        law_key=step.law,
        law_text=law_text(step.law),
    )


def note_event(
    case: Case,
    name: str,
    label: str,
    *,
    by: Actor,
    now: datetime,
    law: str = "",
    detail: dict[str, Any] | None = None,
) -> CaseEvent:
    """Write a row of the timeline that is no step of the process: registered, assigned anew, letter sent."""
    return CaseEvent.objects.create(
        **signature(by, now),
        case=case,
        step=name,
        label=label,
        flow=MAIN,
        from_state=case.state,
        to_state=case.state,
        law_key=law,
        law_text=law_text(law),
        detail=detail or {},
    )

"""One real case of every process, in which every fact of every form is filled with a mark that is found again anywhere.

A text carries the mark of its case and its fact. What is chosen, counted or dated is dyed when it is shown: `dye` lets
every value that is made ready for people carry the name of its fact.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from livlina.authority.cases import actions
from livlina.authority.cases.actions import letters
from livlina.authority.cases.actions.cases import begin_case
from livlina.authority.cases.actions.decide import store_decision
from livlina.authority.cases.actions.execution import draft_orders, orders_of
from livlina.authority.cases.actions.facts import current_facts, write_facts
from livlina.authority.cases.actions.steps import Doing
from livlina.authority.cases.actions.words import DecisionDraft, LineDraft
from livlina.authority.cases.engine import FactSpec, Process, StepRefused
from livlina.authority.cases.engine.words import EFFECTS
from livlina.authority.cases.models import (
    Appeal,
    Application,
    Case,
    CaseParty,
    Communication,
    Decision,
    Document,
    signature,
)
from livlina.authority.cases.processes import branch_of
from livlina.core.access import Actor
from livlina.core.answers import Question
from livlina.core.calendar import Channel
from livlina.registers.orders import actions as orders
from livlina.registers.orders.models import Order, Provider
from livlina.registers.people.models import Person

MARK = re.compile(
    r"zq(\d\d|xx)x(\d{4})z"
    r"|\b(21\d\d-\d\d-\d\d)\b"
    r"|(?<![\w.,-])(5[1-9][ \u00a0\u202f]?\d{3})(?![\w-])"
)
FIRST_DAY, FIRST_NUMBER, DAYS_BETWEEN = date(2101, 1, 1), 51000, 53
"""A date and a number of a fact are such as stand nowhere else, where its process lets them."""
DAY = date(2026, 3, 2)
TEXTS = ("text", "long_text", "rated_choices")
DAYS_OF_CLOCKS = {"received_on"}
"""Dates that lists show for what they are: the day a case came in."""


class Marks:
    """The mark of each fact, and back."""

    def __init__(self, facts: Iterable[str]) -> None:
        self.names = sorted(facts)
        self.place = {name: place for place, name in enumerate(self.names)}
        self.plain = set[int]()

    def of(self, name: str, case: int | None = None) -> str:
        """The mark of a fact in a case, or of the fact in any case."""
        return f"zq{'xx' if case is None else f'{case:02d}'}x{self.place[name]:04d}z"

    def found(self, text: str) -> set[tuple[int | None, str]]:
        """The marks in a text: (case, fact); no case for what is dyed."""
        found = set[tuple[int | None, str]]()
        for case, fact, day, number in set(MARK.findall(text)):
            if fact:
                found.add((None if case == "xx" else int(case), self.names[int(fact)]))
                continue
            place = (
                divmod((date.fromisoformat(day) - FIRST_DAY).days, DAYS_BETWEEN)
                if day
                else (int(re.sub(r"\D", "", number)) - FIRST_NUMBER, 0)
            )
            if not place[1] and place[0] in self.plain:
                found.add((None, self.names[place[0]]))
        return found

    def day(self, name: str) -> str:
        """A date that stands nowhere but in this fact."""
        self.plain.add(self.place[name])
        return (FIRST_DAY + timedelta(days=self.place[name] * DAYS_BETWEEN)).isoformat()

    def number(self, name: str) -> str:
        """A number that stands nowhere but in this fact."""
        self.plain.add(self.place[name])
        return str(FIRST_NUMBER + self.place[name])


@dataclass
class Filled:
    """A case with its marks."""

    number: int
    process: Process
    case: Case
    worker: Actor
    application: Application | None
    names: frozenset[str]
    orders: list[Order] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    rows: dict[tuple[str, str], list[Any]] = field(default_factory=dict)
    """What a parameter of a room's routes may be, where rooms.py has made the rows: (room, parameter)."""
    exact: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    """The sets of arguments of a route whose parameters go together."""
    known: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    """What was found for a parameter of a route before."""


@dataclass
class Around:
    """Those who stand round every case."""

    person: Person
    online: dict[str, Actor]
    """The person and the one who acts for that person, as citizens."""
    other: Person
    workers: dict[int, Actor]
    provider: Provider
    manager: Actor
    now: datetime


def dye(monkeypatch: pytest.MonkeyPatch, marks: Marks) -> None:
    """Let what is shown carry its fact's mark, where the stored value cannot."""
    real = Question.show

    def show(self: Question, value: Any, language: str = "sv") -> str:
        said = real(self, value, language)
        known = isinstance(self, FactSpec) and self.type not in TEXTS and self.name in marks.place
        return f"{said} {marks.of(self.name)}" if said and known else said

    monkeypatch.setattr(Question, "show", show)


def plain_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the bytes of a letter be its text: WeasyPrint takes 0.3 s for each of some three hundred."""
    monkeypatch.setattr(letters, "render_pdf", lambda html, title: html.encode())


def facts_of(process: Process) -> dict[str, FactSpec]:
    """Every fact in any form of a process."""
    return {item.fact.name: item.fact for form in process.forms.values() for item in form.fields()}


def fill(around: Around, processes: Iterable[Process], marks: Marks) -> list[Filled]:
    """Begin a case of each process, by a citizen where one can apply, and bring it as far as its rows go."""
    made = set[Any]()
    return [_filled(around, number, process, marks, made) for number, process in enumerate(processes)]


def _filled(around: Around, number: int, process: Process, marks: Marks, made: set[Any]) -> Filled:
    worker, now = around.workers[branch_of(process)], around.now
    answers = _answers(around, number, process, marks)
    form = process.forms.get("application")
    if form is not None and form.audience == "citizen":
        application, case = _applied(around, number, process, answers)
    else:
        application = None
        case = begin_case(process, around.person, received_on=DAY, how=Channel.POST, by=worker, now=now)
    Case.objects.filter(pk=case.pk).update(responsible_id=worker.user_id, unit_id=worker.unit_id)
    case.refresh_from_db()
    values = {name: spec.parse(answers[name]) for name, spec in facts_of(process).items()}
    write_facts(case, values, by=worker, now=now)
    filled = Filled(number, process, case, worker, application, frozenset(values))
    CaseParty.objects.create(
        municipality_id=case.municipality_id,
        case=case,
        person=around.other,
        part="opposing_party",
        begins_on=DAY,
    )
    told = values.get("proposed_decision") or marks.of("proposed_decision", number)
    Communication.objects.create(
        **signature(worker, now), case=case, what=told, how="letter", sent_on=DAY, answer_by=date(2030, 1, 1)
    )
    decision = _decided(filled, now)
    _letters(around, filled, decision, made)
    _ordered(around, filled)
    _effects(around, filled, decision)
    _left(filled)
    return filled


def _answers(around: Around, number: int, process: Process, marks: Marks) -> dict[str, Any]:
    """A raw answer to each question, so chosen that what depends on it is asked."""
    wanted: dict[str, list[Any]] = {}
    for form in process.forms.values():
        for item in form.fields():
            if item.show_if:
                wanted.setdefault(item.show_if.fact, []).append(item.show_if.value)
    return {
        name: _answer(spec, marks, number, wanted.get(name, []), around)
        for name, spec in facts_of(process).items()
    }


def _answer(spec: FactSpec, marks: Marks, number: int, wanted: list[Any], around: Around) -> Any:
    mark = marks.of(spec.name, number)
    options = [row.code for row in spec.options()]
    match spec.type:
        case "text" | "long_text":
            return mark
        case "yes_no":
            return wanted[0] if wanted else True
        case "choice":
            return wanted[0] if wanted else options[0]
        case "choices":
            return list(dict.fromkeys(wanted or options[:1]))
        case "date":
            return DAY.isoformat() if spec.name in DAYS_OF_CLOCKS else marks.day(spec.name)
        case "number":
            few = spec.maximum is not None and spec.maximum < FIRST_NUMBER + len(marks.names)
            return str(Decimal(spec.minimum or 1)) if few else marks.number(spec.name)
        case "period":
            return [DAY.isoformat(), None]
        case "rated_choices":
            return [{"area": options[0], "need": spec.ratings[-1].codes[0].code, "text": mark}]
        case _:
            return str(around.person.pk)


def _applied(
    around: Around, number: int, process: Process, answers: dict[str, Any]
) -> tuple[Application, Case]:
    """Every second application the person sends, every second the one who acts for that person."""
    who = around.online["person" if number % 2 else "mandate"]
    draft = actions.begin_application(process.code, by=who, now=around.now, person=around.person)
    asked = {item.fact.name for item in process.form("application").fields()} - {"applying_for"}
    actions.save_answers(draft, {name: answers[name] for name in asked}, by=who, now=around.now)
    application = actions.send_application(draft.pk, by=who, now=around.now + timedelta(seconds=number))
    other = around.online["mandate" if number % 2 else "person"]
    actions.begin_application(process.code, by=other, now=around.now, person=around.person)
    return application, application.cases.get()


def _decided(filled: Filled, now: datetime) -> Decision:
    """A decision with a granted line, if the process grants services."""
    service = filled.process.services[:1]
    lines = tuple(LineDraft(code, True, Decimal(2), DAY, date(2027, 3, 1)) for code in service)
    draft = DecisionDraft(lines=lines, outcome="granted", reasons="Behovet är styrkt.")
    return store_decision(filled.case, filled.process, draft, by=filled.worker, now=now)


def doing_in(filled: Filled, now: datetime, decision: Decision | None = None) -> Doing:
    """A step being taken in the case by its worker."""
    facts = filled.facts = filled.facts or current_facts(filled.case)
    return Doing(
        filled.case,
        filled.process,
        filled.process.steps[0],
        filled.worker,
        now,
        facts,
        decision=decision,
    )


def _letters(around: Around, filled: Filled, decision: Decision, made: set[Any]) -> None:
    """Every letter of the process, sent to those it goes to; those that are withheld are not made.

    A letter of the same template that discloses the same is made in one case, and one letter at least in each.
    """
    doing = doing_in(filled, around.now, decision)
    both = {
        effect.what
        for step in filled.process.steps
        for effect in step.effects
        if effect.name == "send_to_opposing_party"
    }
    for letter in filled.process.letters.values():
        for reader in (around.person, around.other) if letter.name in both else (around.person,):
            key = (letter.template, tuple(letter.discloses), reader is around.person)
            if key in made and filled.number in made:
                continue
            try:
                with transaction.atomic():
                    document = letters.issue_letter(doing, letter, to=reader)
            except StepRefused:
                continue
            made |= {key, filled.number}
            Document.objects.filter(pk=document.pk).update(sent_at=around.now)


def _ordered(around: Around, filled: Filled) -> None:
    """The order of the process, with the provider that has it confirmed."""
    if "order" not in filled.process.forms:
        return
    draft_orders(doing_in(filled, around.now))
    for state in orders_of(filled.case):
        order = orders.choose_provider(state.order, around.provider, by=filled.worker, now=around.now)
        orders.send_order(order, repeated_name=around.provider.name, by=filled.worker, now=around.now)
        orders.open_order(order, by=around.manager, now=around.now)
        order.refresh_from_db()
        orders.confirm_order(order, start=DAY, contact="Petra", by=around.manager, now=around.now)
        filled.orders.append(order)


def _effects(around: Around, filled: Filled, decision: Decision) -> None:
    """What the steps of the process would do beside: watches, clocks, placements, homes, submissions.

    A case that took no step in order is refused some of it; what was done stands in `done`.
    """
    done = set[tuple[str, str]]()
    for step in filled.process.steps:
        for effect in step.effects:
            if effect.name.startswith(
                ("close_", "end_", "cancel_", "stop_", "place_order", "record_decision")
            ):
                continue
            if (effect.name, effect.what) in done:
                continue
            doing = doing_in(filled, around.now, decision)
            doing.step = step
            try:
                with transaction.atomic():
                    EFFECTS[effect.name].does(doing, effect.what)
            except Exception:
                continue
            filled.done.append(effect.name)
            done.add((effect.name, effect.what))


def _left(filled: Filled) -> None:
    """Leave the case where most of those who may look can look: communicated, or ready for the board; and appealed."""
    states = filled.process.states
    chosen = "communicated" if filled.number % 2 else "ready_to_decide"
    if chosen in states:
        Case.objects.filter(pk=filled.case.pk).update(state=chosen, closed_at=None)
    Appeal.objects.filter(case=filled.case).update(received_on=DAY, received_how="post")
    filled.case.refresh_from_db()


def marks_in(filled: Filled, marks: Marks) -> Iterator[str]:
    """The marks of the case that its texts carry."""
    for name, spec in facts_of(filled.process).items():
        if spec.type in TEXTS:
            yield marks.of(name, filled.number)

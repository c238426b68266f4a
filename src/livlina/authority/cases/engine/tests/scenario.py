"""Runs a told scenario (scenario.yaml): sentences, what happens, and what shall hold after each."""

from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from livlina.authority.cases.engine.catalogue import Catalogue
from livlina.authority.cases.engine.process import Process, StepRefused, Taken
from livlina.authority.cases.engine.words import GUARDS
from livlina.core.marked import Block, Report, read_yaml


@dataclass
class Told:
    """A case as the scenario tells it so far."""

    catalogue: Catalogue
    process: Process
    states: dict[str, str]
    facts: dict[str, Any] = field(default_factory=dict)
    clocks: dict[str, date] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def start_clocks(self, anchor: str, on: date) -> None:
        self.clocks |= {due.name: due.legal_date for due in self.process.due(anchor, on, facts=self.facts)}

    def apply(self, taken: Taken, step: str, on: date) -> None:
        self.states[taken.flow] = taken.new_state
        for effect in taken.effects:
            if effect.name == "open_flow":
                self.states[effect.what] = self.process.start(effect.what).name
        for name in taken.stopped:
            self.clocks.pop(name, None)
        self.start_clocks(step, on)


def run(catalogue: Catalogue, process: Process) -> list[str]:
    """What did not go as told: an empty list when all did."""
    report = Report()
    file = catalogue.root / process.folder / "scenario.yaml"
    block = read_yaml(file, catalogue.root, report)
    block.text("title")
    told = Told(catalogue, process, {"main": process.start().name})
    for event in block.rows("told", required=True):
        _happen(told, event)
        event.done()
    block.done()
    return [str(problem) for problem in report.found()] + told.wrong


def _happen(told: Told, event: Block) -> None:
    event.text("say")
    on = event.day("on") or date.max
    for name, block_value in _pairs(event, "facts"):
        told.facts[name] = told.catalogue.fact(name).parse(block_value)
    letters: list[str] = []
    step = event.text("step", required=False)
    if step:
        letters = _try_step(told, event, step, on)
    # A step that ends one clock and begins the next, as a follow-up does, ends the old one first.
    for anchor, _ in event.words("day_of"):
        told.start_clocks(anchor, on)
    expect = event.block("expect")
    if expect:
        _compare(told, expect, letters)
        expect.done()


def _try_step(told: Told, event: Block, step: str, on: date) -> list[str]:
    objections = dict(_pairs(event, "objections"))
    role, refused = event.text("by"), event.text("refused", required=False)
    guards = {name: partial(objections.get, name) for name in GUARDS}
    state = told.states[told.process.step(step).flow]
    try:
        taken = told.process.take(state, step, role=role, facts=told.facts, guards=guards)
    except StepRefused as refusal:
        if not refused or refused not in str(refusal):
            told.wrong.append(f'{event.place}: {step} was refused: "{refusal}"')
        return []
    if refused:
        told.wrong.append(f"{event.place}: {step} was taken, and should have been refused: {refused}")
    told.apply(taken, step, on)
    return [letter.name for letter in taken.letters]


def _compare(told: Told, expect: Block, letters: list[str]) -> None:
    wanted = {
        "state": (told.states["main"], expect.text("state", required=False) or told.states["main"]),
        "appeal": (
            told.states.get("appeal", ""),
            expect.text("appeal", required=False) or told.states.get("appeal", ""),
        ),
    }
    if expect.has("letters"):
        wanted["letters"] = (", ".join(letters), ", ".join(name for name, _ in expect.words("letters")))
    for name, day in _pairs(expect, "due"):
        wanted[f"due {name}"] = (str(told.clocks.get(name, "not running")), str(day))
    for name, _ in expect.words("not_due"):
        wanted[f"clock {name}"] = ("running" if name in told.clocks else "stopped", "stopped")
    if expect.has("missing"):
        form = expect.text("form")
        missing = [spec.name for spec in told.process.missing(form, told.facts)]
        wanted["missing"] = (", ".join(missing), ", ".join(name for name, _ in expect.words("missing")))
    for what, (got, want) in wanted.items():
        if got != want:
            told.wrong.append(f'{expect.place}: {what} is "{got}", told "{want}"')


def _pairs(block: Block, key: str) -> list[tuple[str, Any]]:
    inner = block.block(key)
    if inner is None:
        return []
    inner.read |= set(inner.values)
    return [(name, _plain(value)) for name, value in inner.values.items()]


def _plain(value: Any) -> Any:
    if isinstance(value, Block):
        return {key: _plain(item) for key, item in value.values.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value

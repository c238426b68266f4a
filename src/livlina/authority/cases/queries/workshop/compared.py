"""Two versions of a process beside each other: what is added, removed and changed, in words a manager reads."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from livlina.authority.cases.engine import Process, Step, load
from livlina.authority.cases.engine.process import DeadlineRule, Effect, Field, Form
from livlina.authority.cases.queries.workshop import words

KINDS = {"added": "Nytt", "removed": "Utgår", "changed": "Ändras"}
COLORS = {"added": "success", "removed": "danger", "changed": "warning"}


@dataclass(frozen=True)
class Change:
    """One difference: what kind, of what, and how."""

    kind: str
    what: str
    how: str = ""

    @property
    def kind_words(self) -> str:
        """“Nytt”, “Utgår” or “Ändras”."""
        return KINDS[self.kind]

    @property
    def color(self) -> str:
        """Beside the word, never alone."""
        return COLORS[self.kind]


@dataclass(frozen=True)
class Group:
    """The differences of one kind of thing."""

    title: str
    changes: list[Change]


def compare(
    old: Process, new: Process, *, old_root: Path | None = None, new_root: Path | None = None
) -> list[Group]:
    """Return what differs from the old version to the new, by kind of thing; kinds without a difference are left out.

    The roots are where the letters' files lie; without them letters are compared by name alone.
    """
    groups = (
        Group("Om processen", list(_head(old, new))),
        Group("Lägen", list(_states(old, new))),
        Group("Steg", list(_steps(old, new))),
        Group("Formulär och uppgifter", list(_forms(old, new))),
        Group("Frister", list(_deadlines(old, new))),
        Group("Brev", list(_letters(old, new, old_root, new_root))),
        Group("Bevakningar", list(_names({n: w.label for n, w in old.watches.items()},
                                         {n: w.label for n, w in new.watches.items()}))),
    )  # fmt: skip
    return [group for group in groups if group.changes]


def _head(old: Process, new: Process) -> Iterator[Change]:
    if old.label != new.label:
        yield Change("changed", "Namnet", f"”{old.label}” blir ”{new.label}”")
    if old.about != new.about:
        yield Change("changed", "Beskrivningen", new.about)
    yield from _names(
        {key: _law(key) for key in old.legal_basis}, {key: _law(key) for key in new.legal_basis}
    )
    yield from _names(
        {code: _service(code) for code in old.services}, {code: _service(code) for code in new.services}
    )


def _names(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Change]:
    """What came, what went, and what has another title."""
    for name, label in new.items():
        if name not in old:
            yield Change("added", f"”{label}”")
        elif old[name] != label:
            yield Change("changed", f"”{old[name]}”", f"heter nu ”{label}”")
    for name, label in old.items():
        if name not in new:
            yield Change("removed", f"”{label}”")


def _states(old: Process, new: Process) -> Iterator[Change]:
    yield from _names(
        {name: state.label for name, state in old.states.items()},
        {name: state.label for name, state in new.states.items()},
    )
    for name, state in new.states.items():
        before = old.states.get(name)
        if before and before.final != state.final:
            yield Change(
                "changed", f"”{state.label}”", "är nu sist" if state.final else "är inte längre sist"
            )


def _steps(old: Process, new: Process) -> Iterator[Change]:
    before = {step.name: step for step in old.steps}
    for step in new.steps:
        if step.name not in before:
            yield Change("added", f"”{step.label}”", _step_words(new, step))
        elif how := list(_step_changes(old, new, before[step.name], step)):
            yield Change("changed", f"”{before[step.name].label}”", "; ".join(how))
    now = {step.name for step in new.steps}
    for name, step in before.items():
        if name not in now:
            yield Change("removed", f"”{step.label}”", _step_words(old, step))


def _step_words(process: Process, step: Step) -> str:
    sources = ", ".join(words.state_label(process, name) for name in step.sources)
    return f"från {sources} till {words.state_label(process, step.target)}, av {words.roles(step.roles)}"


def _step_changes(old: Process, new: Process, before: Step, after: Step) -> Iterator[str]:
    if before.label != after.label:
        yield f"heter nu ”{after.label}”"
    for said, was, now in (
        ("från", [words.state_label(old, n) for n in before.sources], [words.state_label(new, n) for n in after.sources]),
        ("får tas av", [words.role(n) for n in before.roles], [words.role(n) for n in after.roles]),
        ("kräver att", [words.guard(n) for n in before.guards], [words.guard(n) for n in after.guards]),
        ("skickar", [_letter(old, s.letter) for s in before.letters], [_letter(new, s.letter) for s in after.letters]),
        ("gör", [_effect(e) for e in before.effects], [_effect(e) for e in after.effects]),
    ):  # fmt: skip
        yield from _sets(said, was, now)
    if before.target != after.target:
        yield f"leder nu till ”{words.state_label(new, after.target)}”"
    if before.form != after.form:
        yield (
            f"frågar nu efter ”{_form(new, after.form)}”" if after.form else "frågar inte längre efter något"
        )
    if before.law != after.law:
        yield f"stöds nu på {_law(after.law)}" if after.law else "har inte längre ett eget lagrum"


def _sets(said: str, was: list[str], now: list[str]) -> Iterator[str]:
    came, went = [one for one in now if one not in was], [one for one in was if one not in now]
    if came:
        yield f"{said} nu även: {', '.join(came)}"
    if went:
        yield f"{said} inte längre: {', '.join(went)}"


def _forms(old: Process, new: Process) -> Iterator[Change]:
    yield from _names(
        {name: str(form.label) for name, form in old.forms.items()},
        {name: str(form.label) for name, form in new.forms.items()},
    )
    for name, form in new.forms.items():
        if name in old.forms:
            yield from _fields(old, new, old.forms[name], form)


def _fields(old: Process, new: Process, before: Form, after: Form) -> Iterator[Change]:
    was = {field.fact.name: field for field in before.fields()}
    now = {field.fact.name: field for field in after.fields()}
    where = f"i ”{after.label}”"
    for name, field in now.items():
        what = f"”{field.fact.label}” {where}"
        if name not in was:
            yield Change(
                "added", what, ", ".join(filter(None, [_duty(field), words.condition(new, field.show_if)]))
            )
        elif how := list(_field_changes(old, new, was[name], field)):
            yield Change("changed", what, "; ".join(how))
    for name, field in was.items():
        if name not in now:
            yield Change("removed", f"”{field.fact.label}” {where}")


def _field_changes(old: Process, new: Process, before: Field, after: Field) -> Iterator[str]:
    if before.required != after.required:
        yield f"är nu {_duty(after)}"
    shown = words.condition(new, after.show_if)
    if words.condition(old, before.show_if) != shown:
        yield f"frågas nu {shown or 'alltid'}"
    if before.carried != after.carried:
        yield "visas nu som redan känd" if after.carried else "frågas nu på nytt"


def _duty(field: Field) -> str:
    return "obligatorisk" if field.required else "frivillig"


def _deadlines(old: Process, new: Process) -> Iterator[Change]:
    was = {rule.name: rule for rule in old.deadlines}
    now = {rule.name: rule for rule in new.deadlines}
    for name, rule in now.items():
        if name not in was:
            yield Change(
                "added", f"”{rule.label}”", f"{words.rule_length(rule)} från {words.begins(rule, new)}"
            )
        elif how := list(_deadline_changes(old, new, was[name], rule)):
            yield Change("changed", f"”{was[name].label}”", "; ".join(how))
    for name, rule in was.items():
        if name not in now:
            yield Change("removed", f"”{rule.label}”", words.rule_length(rule))


def _deadline_changes(old: Process, new: Process, before: DeadlineRule, after: DeadlineRule) -> Iterator[str]:
    if before.label != after.label:
        yield f"heter nu ”{after.label}”"
    if (was := words.rule_length(before)) != (now := words.rule_length(after)):
        yield f"{was} blir {now}"
    if (was := words.begins(before, old)) != (now := words.begins(after, new)):
        yield f"räknas nu från {now}, tidigare {was}"
    yield from _sets(
        "stannar vid",
        [f"”{words.step_label(old, name)}”" for name in before.stops_at],
        [f"”{words.step_label(new, name)}”" for name in after.stops_at],
    )
    if words.ladder(before) != words.ladder(after):
        yield f"sägs nu till {words.ladder(after)}"
    if before.law != after.law:
        yield f"stöds nu på {_law(after.law)}" if after.law else "har inte längre ett eget lagrum"
    if before.lapses != after.lapses:
        yield (
            "det den vaktar upphör nu enligt lag"
            if after.lapses
            else "det den vaktar upphör inte längre enligt lag"
        )


def _letters(old: Process, new: Process, old_root: Path | None, new_root: Path | None) -> Iterator[Change]:
    yield from _names(
        {name: letter.label for name, letter in old.letters.items()},
        {name: letter.label for name, letter in new.letters.items()},
    )
    if old_root is None or new_root is None:
        return
    for name, letter in new.letters.items():
        if name in old.letters and _text(old_root, old.letters[name].template) != _text(
            new_root, letter.template
        ):
            yield Change("changed", f"”{letter.label}”", "har ny text")


def _text(root: Path, template: str) -> bytes:
    path = root / template
    return path.read_bytes() if path.is_file() else b""


def _effect(effect: Effect) -> str:
    return f"{effect.name} {effect.what}".strip()


def _law(key: str) -> str:
    laws = load().laws
    return laws[key].label if key in laws else key


def _service(code: str) -> str:
    for table in reversed(load().tables.get("services", ())):
        if row := table.code(code):
            return str(row.label)
    return code


def _letter(process: Process, name: str) -> str:
    return f"”{process.letters[name].label}”" if name in process.letters else name


def _form(process: Process, name: str) -> str:
    return str(process.forms[name].label) if name in process.forms else name

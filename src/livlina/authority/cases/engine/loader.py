"""Reads one version of a process: process.yaml, the fragments it includes, and forms.yaml."""

import hashlib
import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from livlina.authority.cases.engine import names, words
from livlina.authority.cases.engine import process as made
from livlina.authority.cases.engine.process import (
    Condition,
    Field,
    Form,
    Letter,
    Process,
    Setting,
    State,
    Step,
)
from livlina.authority.cases.engine.shelf import Shelf
from livlina.authority.cases.engine.templates import facts_told
from livlina.core.answers import CODED
from livlina.core.calendar import Length
from livlina.core.marked import Block, Place


@dataclass
class Loader:
    """Gathers the parts of one version; names that are used before they are known are checked by the checker."""

    shelf: Shelf
    folder: str
    begins: date
    states: dict[str, State] = field(default_factory=dict)
    steps: dict[str, Step] = field(default_factory=dict)
    deadlines: dict[str, made.DeadlineRule] = field(default_factory=dict)
    letters: dict[str, Letter] = field(default_factory=dict)
    watches: dict[str, made.Watch] = field(default_factory=dict)
    forms: dict[str, Form] = field(default_factory=dict)
    flow_labels: dict[str, str] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)

    def load(self) -> Process:
        """Read the version; what is wrong goes to the shelf's report."""
        head = self._open(f"{self.folder}/process.yaml")
        for name, place in head.words("includes"):
            self._include(name, place)
        self._read_part(head, made.MAIN)
        self._read_forms_file()
        legal_basis = tuple(law for law, _ in head.words("legal_basis", required=True))
        for law in legal_basis:
            self.shelf.cite(law, head, "legal_basis", self.begins)
        area, code, version = self.folder.split("/")
        process = Process(
            code=code,
            version=version,
            area=area,
            label=head.text("title"),
            about=head.text("about"),
            valid_from=self.begins,
            valid_to=head.day("valid_to", required=False),
            legal_basis=legal_basis,
            order_kind=head.text("order_kind", required=False),
            services=self._services(head),
            flow_labels=self.flow_labels,
            states=self.states,
            steps=tuple(self.steps.values()),
            deadlines=tuple(self.deadlines.values()),
            letters=self.letters,
            watches=self.watches,
            forms=self.forms,
            fingerprint=self._fingerprint(),
            at=head.place,
        )
        head.done()
        return process

    def _include(self, name: str, place: Place) -> None:
        if not (self.shelf.root / name).is_file():
            self.shelf.report.add(place, f'There is no file "{name}".', "Name it from the processes folder.")
            return
        part = self._open(name)
        flow = part.text("flow", required=False) or made.MAIN
        if flow != made.MAIN:
            self.flow_labels[flow] = part.text("title")
        self._read_part(part, flow)
        part.done()

    def _open(self, name: str) -> Block:
        self.files.append(name)
        return self.shelf.read(name)

    def _fingerprint(self) -> str:
        parts = [(self.shelf.root / name).read_bytes() for name in dict.fromkeys(self.files)]
        return hashlib.sha256(b"\0".join(parts)).hexdigest()

    def _read_forms_file(self) -> None:
        name = f"{self.folder}/forms.yaml"
        if not (self.shelf.root / name).exists():
            place = Place(f"{self.folder}/process.yaml", 1)
            self.shelf.report.add(place, "The version has no forms.yaml.", "Add it with at least one form.")
            return
        block = self._open(name)
        self._read_forms(block)
        block.done()

    def _services(self, head: Block) -> tuple[str, ...]:
        known = {row.code for table in self.shelf.tables.get("services", []) for row in table.codes}
        found = head.words("services")
        for service, place in found:
            if service not in known:
                self.shelf.report.unknown(place, "code in the table services", service, known)
        return tuple(service for service, _ in found)

    def _read_part(self, part: Block, flow: str) -> None:
        for name, block in part.named("states"):
            self._keep(self.states, name, self._state(name, block, flow))
        for name, block in part.named("steps"):
            self._keep(self.steps, name, self._step(name, block, flow))
        for name, block in part.named("deadlines"):
            self._keep(self.deadlines, name, self._deadline(name, block))
        for name, block in part.named("letters"):
            self._keep(self.letters, name, self._letter(name, block))
        for name, block in part.named("watches"):
            owner = self._role(block.text("owner"), block.at("owner"))
            self._keep(self.watches, name, made.Watch(name, block.text("title"), owner, block.place))
            block.done()
        self._read_forms(part)

    def _keep(self, shelf: dict[str, Any], name: str, item: Any) -> None:
        if name in shelf:
            self.shelf.report.add(
                item.at, f'"{name}" stands already in {shelf[name].at}.', "Keep one of them."
            )
        shelf[name] = item

    def _state(self, name: str, block: Block, flow: str) -> State:
        state = State(
            name=name,
            label=block.text("title"),
            flow=flow,
            start=block.flag("start"),
            final=block.flag("final"),
            may_rest=block.flag("may_rest"),
            beside=block.text("beside", required=False),
            at=block.place,
        )
        block.done()
        return state

    def _step(self, name: str, block: Block, flow: str) -> Step:
        roles = block.words("roles")
        if not roles:
            self.shelf.report.add(
                block.place, f'The step "{name}" has no role.', 'Add "roles: [case_worker]".'
            )
        for guard, place in (guards := block.words("guards")):
            if guard not in words.GUARDS:
                self.shelf.report.unknown(place, "guard", guard, words.GUARDS)
        step = Step(
            name=name,
            label=block.text("title"),
            flow=flow,
            sources=tuple(source for source, _ in block.words("from", required=True)),
            target=block.text("to"),
            roles=tuple(self._role(role, place) for role, place in roles),
            form=block.text("form", required=False),
            guards=tuple(guard for guard, _ in guards),
            effects=tuple(self._effect(item, place) for item, place in block.mixed("effects")),
            letters=tuple(self._step_letter(item) for item, _ in block.mixed("letters")),
            law=self.shelf.law(block, "law", self.begins, required=False),
            at=block.place,
        )
        block.done()
        return step

    def _role(self, role: str, place: Place) -> str:
        if role and role not in names.KNOWN_ROLES:
            self.shelf.report.unknown(place, "role", role, names.KNOWN_ROLES)
        return role

    def _effect(self, item: str | Block, place: Place) -> made.Effect:
        name, what = (item, "") if isinstance(item, str) else item.pair()
        if name not in words.EFFECTS:
            self.shelf.report.unknown(place, "effect", name, words.EFFECTS)
        elif bool(wanted := words.EFFECTS[name].takes) != bool(what):
            mend = f'Write "{name}: <{wanted}>".' if wanted else f'Write "{name}" alone.'
            self.shelf.report.add(
                place, f'The effect "{name}" takes {f"a {wanted}" if wanted else "no word"}.', mend
            )
        return made.Effect(name, what, place)

    def _step_letter(self, item: str | Block) -> made.StepLetter:
        if isinstance(item, str):
            return made.StepLetter(item, None)
        letter = made.StepLetter(item.text("letter"), self._condition(item, "when"))
        item.done()
        return letter

    def _condition(self, block: Block, key: str) -> Condition | None:
        inner = block.block(key)
        if inner is None:
            return None
        fact, value = inner.text("fact"), inner.values.get("is")
        inner.read.add("is")
        inner.done()
        spec = self.shelf.facts.get(fact)
        if spec is None:
            self.shelf.report.unknown(inner.place, "fact", fact, self.shelf.facts)
            return None
        self.shelf.used.add(fact)
        known = [row.code for row in spec.options()]
        if spec.type in CODED and value not in known:
            self.shelf.report.unknown(inner.place, f'choice of "{fact}"', str(value), known)
        elif spec.type == "yes_no" and not isinstance(value, bool):
            self.shelf.report.add(
                inner.place, f'"{fact}" is compared with "{value}".', "Compare it with yes or no."
            )
        return Condition(fact, value)

    def _deadline(self, name: str, block: Block) -> made.DeadlineRule:
        report, anchors = self.shelf.report, block.words("anchor")
        if not anchors:
            mend = f"Add a step, or one of: {', '.join(names.KNOWN_ANCHORS)}."
            report.add(block.place, f'The deadline "{name}" has no anchor.', mend)
        stops = block.words("stops_at")
        if not stops:
            report.add(block.place, f'The deadline "{name}" never stops.', 'Add "stops_at: [<step>]".')
        rows, lapses = block.rows("escalate"), block.flag("lapses")
        if not rows and not lapses:
            mend = 'Add "escalate: [on the day: case_worker]".'
            report.add(block.place, f'The deadline "{name}" has no escalation.', mend)
        if rows and lapses:
            mend = 'Remove "escalate": the role on duty is told.'
            report.add(block.place, f'The deadline "{name}" lapses, so who is told is given.', mend)
        rule = made.DeadlineRule(
            name=name,
            label=block.text("title"),
            anchors=tuple(anchor for anchor, _ in anchors),
            day=self._day(block),
            length=self._length(block),
            stops_at=tuple(stop for stop, _ in stops),
            escalate=tuple(self._escalation(row) for row in rows),
            lapses=lapses,
            law=self.shelf.law(block, "law", self.begins, required=False),
            at=block.place,
        )
        block.done()
        return rule

    def _day(self, block: Block) -> str:
        name = block.text("day", required=False)
        spec = self.shelf.facts.get(name)
        if name and (spec is None or spec.type != "date"):
            dates = [fact.name for fact in self.shelf.facts.values() if fact.type == "date"]
            self.shelf.report.unknown(block.at("day"), "date fact", name, dates)
        self.shelf.used.add(name)
        return name

    def _length(self, block: Block) -> Length | Setting:
        never = Length(0, "day")
        if not block.has("setting"):
            return block.length("length") or never
        name = block.text("setting")
        if name not in self.shelf.settings:
            self.shelf.report.unknown(
                block.at("setting"), "setting in settings.yaml", name, self.shelf.settings
            )
        self.shelf.used.add(f"setting {name}")
        return self.shelf.settings.get(name, never)

    def _escalation(self, row: Block) -> made.Escalation:
        when, role = row.pair()
        self._role(role, row.place)
        match = re.fullmatch(r"(\d{1,4} (?:day|week|month)s?) (before|after)", when)
        if when != "on the day" and match is None:
            mend = 'Write "14 days before", "on the day" or "3 days after", then a colon and the role.'
            self.shelf.report.add(row.place, f'"{when}" is no time to tell someone.', mend)
        length = Length.parse(match[1]) if match else None
        return made.Escalation(role, length, bool(match) and when.endswith("before"))

    def _letter(self, name: str, block: Block) -> Letter:
        label, template, inner = block.text("title"), block.text("template"), block.block("discloses")
        discloses = {fact: inner.text(fact) for fact in inner.values} if inner else {}
        block.done()
        path = template.replace("<version>", self.folder)
        if template and not (self.shelf.root / path).is_file():
            mend = "Write the letter, or correct the path (from the processes folder)."
            self.shelf.report.add(block.at("template"), f'The letter "{name}" has no file "{path}".', mend)
        elif template:
            self.files.append(path)
        told = tuple(dict.fromkeys(fact for fact, _ in facts_told(self.shelf.root, path)))
        return Letter(name, label, path, told, discloses, block.place)

    def _read_forms(self, part: Block) -> None:
        for name, block in part.named("forms"):
            self._keep(self.forms, name, self._form(name, block))

    def _form(self, name: str, block: Block) -> Form:
        audience = block.text("for")
        if audience and audience not in names.AUDIENCES:
            self.shelf.report.unknown(block.at("for"), "audience", audience, names.AUDIENCES)
        label = block.label("title", english=audience == "citizen")
        pages = [self._page(row, audience) for row in block.rows("pages")]
        fields = [item for each in block.mixed("fields") if (item := self._field(*each))]
        if audience == "citizen":
            pages += [made.Page(item.fact.label, (item,)) for item in fields]  # one thing per page
        elif fields:
            pages.append(made.Page(label, tuple(fields)))
        if not pages:
            self.shelf.report.add(
                block.place, f'The form "{name}" asks nothing.', 'Add "fields:" or "pages:".'
            )
        block.done()
        return Form(name, label, audience, tuple(pages), block.place)

    def _page(self, row: Block, audience: str) -> made.Page:
        label = row.label("title", english=audience == "citizen")
        fields = [item for each in row.mixed("fields") if (item := self._field(*each))]
        row.done()
        return made.Page(label, tuple(fields))

    def _field(self, item: str | Block, place: Place) -> Field | None:
        name = item if isinstance(item, str) else item.text("fact")
        carried = optional = False
        show_if = None
        if isinstance(item, Block):
            carried, optional, show_if = (
                item.flag("carried"),
                item.flag("optional"),
                self._condition(item, "show_if"),
            )
            item.done()
        spec = self.shelf.facts.get(name)
        if spec is None:
            self.shelf.report.unknown(place, "fact", name, self.shelf.facts)
            return None
        self.shelf.used.add(name)
        return Field(spec, not optional, carried, show_if, place)

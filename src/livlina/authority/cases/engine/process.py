"""A process as the loader has read it, and how a case steps through it. Nothing here stores anything."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from livlina.authority.cases.engine.facts import FactSpec
from livlina.authority.cases.engine.names import KNOWN_ROLES
from livlina.core.calendar import Deadline, Length
from livlina.core.marked import Label, Place

MAIN = "main"
ON_DUTY = "duty_officer"
Guard = Callable[[], str | None]


class StepRefused(Exception):
    """Steget går inte att ta; `reasons` säger varför, en mening var, för den som försökte."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True)
class Law:
    """A citation: statute (SFS number), chapter and section, and the days it was in force."""

    key: str
    statute: str
    chapter: str
    section: str
    valid_from: date
    valid_to: date | None
    label: str
    at: Place = field(compare=False)


@dataclass(frozen=True)
class Condition:
    """One fact compared with one value; for a fact with several choices: that the value is among them."""

    fact: str
    value: Any

    def holds(self, facts: Mapping[str, Any]) -> bool:
        """Whether the comparison is true of these facts."""
        given = facts.get(self.fact)
        return self.value in given if isinstance(given, list) else given == self.value


@dataclass(frozen=True)
class Field:
    """A fact in a form. `carried`: known from before and shown with its source and date, not asked."""

    fact: FactSpec
    required: bool
    carried: bool
    show_if: Condition | None
    at: Place = field(compare=False)

    def shown(self, facts: Mapping[str, Any]) -> bool:
        """Whether the form shows it, given the facts so far."""
        return self.show_if is None or self.show_if.holds(facts)


@dataclass(frozen=True)
class Page:
    """Fields that stand together; a citizen meets one thing per page."""

    label: Label
    fields: tuple[Field, ...]

    def shown(self, facts: Mapping[str, Any]) -> bool:
        """Whether the page has anything to show."""
        return any(field.shown(facts) for field in self.fields)


@dataclass(frozen=True)
class Form:
    """An ordered list of facts for a citizen, an officer or a provider."""

    name: str
    label: Label
    audience: str
    page_list: tuple[Page, ...]
    at: Place = field(compare=False)

    def pages(self, facts: Mapping[str, Any] | None = None) -> list[Page]:
        """All pages, or those that have something to show for these facts."""
        return [page for page in self.page_list if facts is None or page.shown(facts)]

    def fields(self) -> list[Field]:
        """Every field, in order."""
        return [field for page in self.page_list for field in page.fields]


@dataclass(frozen=True)
class State:
    """Where a flow can stand. `may_rest`: it may stay here for good; `beside`: the state it is drawn beside."""

    name: str
    label: str
    flow: str
    start: bool
    final: bool
    may_rest: bool
    beside: str
    at: Place = field(compare=False)


@dataclass(frozen=True)
class Effect:
    """Something the room does when the step is taken; `what` is a watch or a flow, or empty."""

    name: str
    what: str
    at: Place = field(compare=False)


@dataclass(frozen=True)
class StepLetter:
    """A letter that a step sends, if the condition holds."""

    letter: str
    when: Condition | None


@dataclass(frozen=True)
class Step:
    """A way from some states to another: who may, what must hold, what follows."""

    name: str
    label: str
    flow: str
    sources: tuple[str, ...]
    target: str
    roles: tuple[str, ...]
    form: str
    guards: tuple[str, ...]
    effects: tuple[Effect, ...]
    letters: tuple[StepLetter, ...]
    law: str
    at: Place = field(compare=False)


@dataclass(frozen=True)
class Escalation:
    """Who is told, and how far from the strict date: the length is None on the day itself."""

    role: str
    length: Length | None
    before: bool

    def day(self, due: date) -> date:
        """The day the role is told, for a deadline with this strict date."""
        if self.length is None:
            return due
        return self.length.before(due) if self.before else self.length.after(due)


@dataclass(frozen=True)
class Setting:
    """A length with dated values. One that a statute fixes holds for all; another a municipality may replace."""

    name: str
    label: str
    values: tuple[tuple[date, date | None, Length], ...]
    at: Place = field(compare=False)
    statute: bool = False

    def on(self, day: date, own: Length | None = None) -> Length:
        """The length on a day (before the first, the first), or the municipality's own where no statute fixes it."""
        if own is not None and not self.statute:
            return own
        valid = [
            length for begins, ends, length in self.values if begins <= day and (ends is None or day <= ends)
        ]
        return valid[-1] if valid else self.values[0][2]


@dataclass(frozen=True)
class DeadlineRule:
    """When something is due after its anchors, what stops the clock, and who is told when.

    `day`: the date fact to count from, instead of the day of the step. `lapses`: what it guards ends by law after it.
    """

    name: str
    label: str
    anchors: tuple[str, ...]
    day: str
    length: Length | Setting
    stops_at: tuple[str, ...]
    escalate: tuple[Escalation, ...]
    lapses: bool
    law: str
    at: Place = field(compare=False)

    def begins(self, taken: date, facts: Mapping[str, Any]) -> date:
        """The day the clock begins when its step is taken: that day, or the one written in the fact `day`."""
        written = facts.get(self.day) if self.day else None
        return written if isinstance(written, date) else taken

    def told(self, begins: date, ends: date) -> tuple[tuple[date, str], ...]:
        """Who is told on which day. What lapses is told the role on duty at half, at 80 %, and the last three days."""
        if not self.lapses:
            return tuple(sorted((step.day(ends), step.role) for step in self.escalate))
        whole = (ends - begins).days
        days = {begins + timedelta(days=whole * part // 100) for part in (50, 80)}
        days |= {day for left in range(3) if (day := ends - timedelta(days=left)) >= begins}
        return tuple((day, ON_DUTY) for day in sorted(days))


@dataclass(frozen=True, order=True)
class Due:
    """A deadline of a case: its rule's name and Swedish title, its dates, and who is told on which day."""

    strict_date: date
    legal_date: date
    name: str
    label: str
    escalations: tuple[tuple[date, str], ...]
    begins: date


@dataclass(frozen=True)
class Letter:
    """A letter; `template` is a path from the processes folder, for the room's template engine.

    `tells`: the facts it names. `discloses`: those of a class that letters do not carry, each with why this one does.
    """

    name: str
    label: str
    template: str
    tells: tuple[str, ...]
    discloses: Mapping[str, str]
    at: Place = field(compare=False)


@dataclass(frozen=True)
class Watch:
    """A duty to raise: Swedish title and the role that owns it when the case has no responsible worker."""

    name: str
    label: str
    owner: str
    at: Place = field(compare=False)


@dataclass(frozen=True)
class Taken:
    """What follows from a step: write the state, do the effects, start and stop the clocks, send the letters."""

    new_state: str
    flow: str
    effects: tuple[Effect, ...]
    deadlines: tuple[DeadlineRule, ...]
    stopped: tuple[str, ...]
    letters: tuple[Letter, ...]


@dataclass(frozen=True)
class Process:
    """One version of a process. A case stays with the version it began in."""

    code: str
    version: str
    area: str
    label: str
    about: str
    valid_from: date
    valid_to: date | None
    legal_basis: tuple[str, ...]
    order_kind: str
    services: tuple[str, ...]
    flow_labels: Mapping[str, str]
    states: Mapping[str, State]
    steps: tuple[Step, ...]
    deadlines: tuple[DeadlineRule, ...]
    letters: Mapping[str, Letter]
    watches: Mapping[str, Watch]
    forms: Mapping[str, Form]
    fingerprint: str
    at: Place = field(compare=False)

    @property
    def folder(self) -> str:
        """The version's folder, from the processes folder."""
        return f"{self.area}/{self.code}/{self.version}"

    def flows(self) -> list[str]:
        """The names of the flows; the main one first."""
        return list(dict.fromkeys([MAIN, *(state.flow for state in self.states.values())]))

    def start(self, flow: str = MAIN) -> State:
        """The state in which a flow begins."""
        return next(state for state in self.states.values() if state.flow == flow and state.start)

    def state(self, name: str) -> State:
        """A state by name. Raises KeyError."""
        return self.states[name]

    def step(self, name: str) -> Step:
        """A step by name. Raises KeyError."""
        for step in self.steps:
            if step.name == name:
                return step
        raise KeyError(f"{self.folder} has no step {name}")

    def form(self, name: str) -> Form:
        """A form by name. Raises KeyError."""
        return self.forms[name]

    def steps_from(self, state: str, role: str) -> list[Step]:
        """The steps this role may try from a state, in the order they are written."""
        return [step for step in self.steps if state in step.sources and role in step.roles]

    def missing(self, form: str, facts: Mapping[str, Any]) -> list[FactSpec]:
        """The required facts of a form that have no value yet."""
        return [
            field.fact
            for field in self.form(form).fields()
            if field.required and field.shown(facts) and facts.get(field.fact.name) in (None, "", [])
        ]

    def take(
        self, state: str, step_name: str, *, role: str, facts: Mapping[str, Any], guards: Mapping[str, Guard]
    ) -> Taken:
        """What follows when a role takes a step. Raises StepRefused with every reason, in Swedish.

        `guards` gives for each guard's name a function that answers None, or why not, as a Swedish sentence.
        A guard without a function is a fault in the program: KeyError.
        """
        step = self.step(step_name)
        if state not in step.sources:
            raise StepRefused(f"”{step.label}” går inte att göra när läget är ”{self.state(state).label}”.")
        if role not in step.roles:
            may = ", ".join(KNOWN_ROLES[name] for name in step.roles)
            raise StepRefused(f"Du har inte behörighet till ”{step.label}”. Det har: {may}.")
        reasons = (
            [f"”{fact.label}” är inte ifyllt." for fact in self.missing(step.form, facts)]
            if step.form
            else []
        )
        reasons += [reason for name in step.guards if (reason := guards[name]())]
        if reasons:
            raise StepRefused(*reasons)
        letters = [sent.letter for sent in step.letters if sent.when is None or sent.when.holds(facts)]
        return Taken(
            new_state=step.target,
            flow=step.flow,
            effects=step.effects,
            deadlines=tuple(rule for rule in self.deadlines if step.name in rule.anchors),
            stopped=tuple(rule.name for rule in self.deadlines if step.name in rule.stops_at),
            letters=tuple(self.letters[name] for name in letters),
        )

    def due(
        self,
        anchor: str,
        at: date,
        *,
        lengths: Mapping[str, Length] | None = None,
        facts: Mapping[str, Any] | None = None,
    ) -> list[Due]:
        """The deadlines that begin at an anchor (a day of KNOWN_ANCHORS, or a step), the earliest first.

        `lengths`: the municipality's own lengths, by the name of the setting they replace. `facts`: where a rule
        that counts from a written day finds it.
        """
        found = []
        for rule in self.deadlines:
            if anchor not in rule.anchors:
                continue
            begins, length = rule.begins(at, facts or {}), rule.length
            if isinstance(length, Setting):
                length = length.on(begins, (lengths or {}).get(length.name))
            end = Deadline.on(length.after(begins))
            told = rule.told(begins, end.strict_date)
            found.append(Due(end.strict_date, end.legal_date, rule.name, rule.label, told, begins))
        return sorted(found)

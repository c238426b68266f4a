"""What a version would mean for the cases that are open now: counts by state, by clock and by fact, and never a case.

Nothing is moved by it. The database counts rows by day and state; the engine says what the rules make of a day.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, QuerySet

from livlina.authority.cases.engine import FactSpec, Form, Process
from livlina.authority.cases.engine.process import MAIN, DeadlineRule, Setting
from livlina.authority.cases.models import Case, CaseEvent, CaseFact, Deadline
from livlina.authority.cases.processes import own_lengths
from livlina.authority.cases.queries.workshop import words
from livlina.core.access import Actor, demand
from livlina.core.calendar import Length
from livlina.core.clock import day_of
from livlina.core.tenancy import acting


@dataclass(frozen=True)
class InState:
    """How many open cases stand in a state, and whether the version has it."""

    label: str
    count: int
    exists: bool


@dataclass
class Clock:
    """What becomes of the running clocks of one name."""

    label: str
    running: int = 0
    earlier: int = 0
    later: int = 0
    red_now: int = 0
    red_then: int = 0
    fate: str = "kvar"

    @property
    def turns_red(self) -> int:
        """How many more would have passed their day."""
        return max(self.red_then - self.red_now, 0)


@dataclass(frozen=True)
class Lacking:
    """A fact that a form of the version requires and the version before did not."""

    form: str
    fact: str
    count: int
    total: int
    when: str


@dataclass
class Preview:
    """What would change for the cases that are open in other versions."""

    process: Process
    total: int = 0
    by_version: dict[str, int] = field(default_factory=dict)
    states: list[InState] = field(default_factory=list)
    clocks: list[Clock] = field(default_factory=list)
    lacking: list[Lacking] = field(default_factory=list)

    @property
    def stuck(self) -> int:
        """How many stand in a state the version does not have: those cannot be moved."""
        return sum(one.count for one in self.states if not one.exists)

    @property
    def turn_red(self) -> int:
        """How many clocks would have passed their day at once."""
        return sum(clock.turns_red for clock in self.clocks)


def preview(
    actor: Actor, new: Process, now: datetime, *, before: Mapping[str, Process] | None = None
) -> Preview:
    """Return what moving every open case of the process to this version would mean. A handful of statements.

    An administrator, who may open no case, counts all branches; others count what their own branch holds.
    `before` are the versions cases may stand in, by version, for what they asked for already.
    """
    demand(actor, "cases.preview")
    found = Preview(new)
    with _counting(actor):
        cases = Case.objects.filter(
            municipality_id=actor.municipality_id, process_code=new.code, closed_at=None
        ).exclude(process_version=new.version)
        found.by_version = dict(
            cases.order_by()
            .values_list("process_version")
            .annotate(n=Count("pk"))
            .order_by("process_version")
        )
        found.total = sum(found.by_version.values())
        if found.total:
            old = [process for version, process in (before or {}).items() if version in found.by_version]
            found.states = list(_states(cases, new, old))
            found.clocks = _clocks(cases, new, own_lengths(actor.municipality_id, day_of(now)), day_of(now))
            found.lacking = list(_lacking(cases, new, old))
    return found


@contextmanager
def _counting(actor: Actor) -> Iterator[None]:
    """See the branches the actor's own, or for an administrator all: only numbers leave this module."""
    if actor.role != "administrator":
        yield
        return
    with acting(actor.municipality_id, settings.BRANCHES):
        yield


def _states(cases: QuerySet[Case], new: Process, old: list[Process]) -> Iterator[InState]:
    rows = dict(cases.order_by().values_list("state").annotate(n=Count("pk")))
    order = list(new.states)
    for name in sorted(rows, key=lambda one: (one in order, order.index(one) if one in order else 0, one)):
        labels = [process.states[name].label for process in [new, *old] if name in process.states]
        yield InState(labels[0] if labels else name, rows[name], name in new.states)


def _clocks(cases: QuerySet[Case], new: Process, own: Mapping[str, Length], today: date) -> list[Clock]:
    """Running clocks as the version counts them; those it does not have, and those it would begin."""
    rules = {rule.name: rule for rule in new.deadlines}
    found: dict[str, Clock] = {}
    rows = (
        Deadline.objects.filter(case__in=cases, state="running")
        .order_by()
        .values_list("name", "label", "anchor_date", "strict_date")
        .annotate(n=Count("pk"))
    )
    for name, label, anchor_date, strict_date, count in rows:
        rule = rules.get(name)
        clock = found.setdefault(name, Clock(rule.label if rule else label))
        clock.running += count
        clock.red_now += count if strict_date < today else 0
        if rule is None:
            clock.fate = "utgår"
            continue
        then = end_of(rule, anchor_date, own)
        clock.earlier += count if then < strict_date else 0
        clock.later += count if then > strict_date else 0
        clock.red_then += count if then < today else 0
    for name, rule in rules.items():
        if name not in found and (begun := _would_begin(cases, rule, own, today)).running:
            found[name] = begun
    return sorted(found.values(), key=lambda clock: (-clock.turns_red, clock.label))


def end_of(rule: DeadlineRule, begins: date, own: Mapping[str, Length]) -> date:
    """Return the strict day a rule gives a clock that began on a day."""
    length = rule.length
    if isinstance(length, Setting):
        length = own.get(length.name) or length.on(begins)
    return length.after(begins)


def _would_begin(cases: QuerySet[Case], rule: DeadlineRule, own: Mapping[str, Length], today: date) -> Clock:
    """The clocks a version adds, for cases past their beginning and not yet past what stops them."""
    clock = Clock(rule.label, fate="tillkommer")
    if rule.day:
        return clock  # counted from a day someone has yet to write
    had = Deadline.objects.filter(case_id=OuterRef("pk"), name=rule.name)
    fresh = cases.filter(~Exists(had))  # one it has had does not begin again
    stopped = CaseEvent.objects.filter(case_id=OuterRef("pk"), step__in=rule.stops_at)
    days: Counter[date] = Counter()
    if "received" in rule.anchors:
        rows = fresh.filter(~Exists(stopped)).order_by().values_list("received_on").annotate(n=Count("pk"))
        days.update(dict(rows))
    steps = [anchor for anchor in rule.anchors if anchor != "received"]
    later = CaseEvent.objects.filter(
        case_id=OuterRef("case_id"), step__in=rule.stops_at, at__gte=OuterRef("at")
    ).exclude(pk=OuterRef("pk"))
    begun = CaseEvent.objects.filter(case__in=fresh, step__in=steps).filter(~Exists(later))
    newest = begun.order_by("case_id", "-at").distinct("case_id").values_list("at", flat=True)
    days.update(day_of(moment) for moment in (newest if steps else ()))
    for day, count in days.items():
        clock.running += count
        clock.red_then += count if end_of(rule, day, own) < today else 0
    return clock


def newly_required(new: Process, old: list[Process]) -> list[tuple[Form, FactSpec, str]]:
    """Return each fact that a step's form requires now and no form of the same name did before, and its condition."""
    found = []
    asked = {step.form for step in new.steps if step.flow == MAIN and step.form}
    for name in asked:
        before = {
            one.fact.name
            for process in old
            if name in process.forms
            for one in process.forms[name].fields()
            if one.required
        }
        for one in new.forms[name].fields():
            if one.required and one.fact.name not in before:
                found.append((new.forms[name], one.fact, words.condition(new, one.show_if)))
    return found


def _lacking(cases: QuerySet[Case], new: Process, old: list[Process]) -> Iterator[Lacking]:
    required = newly_required(new, old)
    names = {fact.name for _, fact, _ in required}
    newest = (
        CaseFact.objects.filter(case__in=cases, name__in=names, about_id=None)
        .order_by("case_id", "name", "-at", "-id")
        .distinct("case_id", "name")
    )
    said = CaseFact.objects.filter(pk__in=newest.values("pk")).exclude(value=None).order_by()
    known = dict(said.values_list("name").annotate(n=Count("pk"))) if names else {}
    total = cases.count() if names else 0
    for form, fact, when in required:
        count = total - known.get(fact.name, 0)
        if count:
            yield Lacking(str(form.label), str(fact.label), count, total, when)

"""The work list: today's cases by nearest day, in four statements however many are open. Its filters are its address."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.http import QueryDict
from django.urls import reverse

from livlina.authority.cases.engine import Process, load
from livlina.authority.cases.models import Case, FormDraft, WorklistDefault
from livlina.core import audit, compiled
from livlina.core.access import Actor, allowed
from livlina.core.clock import day_of
from livlina.core.models import Assignment, Municipality, Unit, User
from livlina.registers.watches.queries import stood_in_for

PAGE = 50
LAST = 200
"""Nobody turns to a later page; each page is a statement of its own to keep."""

ENOUGH = 1000
"""Counting stops here: “1000+” says as much, and counts no further."""

WORKERS = ("case_worker", "unit_manager")
TABS = {"mine": "Mina ärenden", "unit": "Enhetens ärenden", "new": "Att fördela", "absent": "Jag ersätter"}
DUE = {"week": "Frist inom en vecka", "late": "Försenade"}


@dataclass(frozen=True)
class Wanted:
    """What of the list is wanted, as its address says it. What an address says wrongly is not said at all."""

    tab: str = ""
    area: str = ""
    process: str = ""
    state: str = ""
    due: str = ""
    unit: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "Wanted":
        """Read an address's query."""
        said = {one.name: query.get(one.name, "")[:60] for one in fields(cls)}
        known = {process.code for process in load().all()}
        said["tab"] = said["tab"] if said["tab"] in TABS else ""
        said["area"] = said["area"] if said["area"] in settings.AREAS else ""
        said["process"] = said["process"] if said["process"] in known else ""
        said["state"] = said["state"] if any(said["state"] in one.states for one in load().all()) else ""
        said["due"] = said["due"] if said["due"] in DUE else ""
        try:
            said["unit"] = str(UUID(said["unit"])) if said["unit"] else ""
        except ValueError:
            said["unit"] = ""
        return cls(**said)

    def but(self, **other: str) -> str:
        """The address's query with something else in it: `tab=mine&process=home_care`."""
        said = replace(self, **other)
        return urlencode({one.name: value for one in fields(self) if (value := getattr(said, one.name))})

    @property
    def narrow(self) -> bool:
        """Whether anything but a tab is asked for."""
        return any(getattr(self, one.name) for one in fields(self) if one.name != "tab")

    def due_before(self, today: date) -> date | None:
        """The day that the nearest day must come before: today for what is late, a week on for the week."""
        return {"late": today, "week": today + timedelta(days=8)}.get(self.due)

    def narrowed(self, due_before: date | None) -> Q:
        """The rows within a tab that are wanted."""
        found = Q()
        if self.area:
            found &= Q(process_code__in={one.code for one in load().all() if one.area == self.area})
        if self.process:
            found &= Q(process_code=self.process)
        if self.state:
            found &= Q(state=self.state)
        if self.unit:
            found &= Q(unit_id=UUID(self.unit))
        return found & Q(next_due__lt=due_before) if due_before else found


@dataclass(frozen=True)
class Row:
    """One line: a case and what is nearest in it."""

    case: Case
    process_label: str
    state_label: str
    days_left: int | None

    @property
    def color(self) -> str:
        """By the strict date: passed, within two weeks, or later."""
        if self.days_left is None:
            return "neutral"
        return "danger" if self.days_left < 0 else "warning" if self.days_left <= 14 else "neutral"


@dataclass(frozen=True)
class Worklist:
    """A page of one tab, and how many lie in each."""

    tab: str
    rows: list[Row]
    counts: dict[str, int]
    more: bool
    page: int
    wanted: Wanted = field(default_factory=Wanted)
    saved: str = ""
    units: list[dict[str, Any]] = field(default_factory=list)

    @property
    def shown(self) -> int:
        """How many the filters leave, no further than ENOUGH."""
        return self.counts["shown"]


class _Count(Subquery):
    """How many rows a bounded query gives."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def worklist(actor: Actor, now: datetime, *, wanted: Wanted | None = None, page: int = 1) -> Worklist:
    """Return a page of the actor's open cases, the nearest day first. Three statements, whatever lies there.

    Tabs: `mine`, `unit`, `new` (not yet assigned) and `absent` (those of colleagues the actor stands in for). Without
    any wish: as the actor has saved it, or mine for a worker and new for a manager.
    """
    today = day_of(now)
    wanted, counts, saved, units = _counted(actor, wanted, today)
    absent_on = today if wanted.tab == "absent" else None
    cases = compiled.run(_page_of, actor, absent_on, wanted.due_before(today), wanted=wanted, page=page)
    rows = [_row(case, today) for case in cases[:PAGE]]
    audit.read(
        actor,
        "cases.list",
        now=now,
        detail={"tab": wanted.tab, "shown": [str(row.case.person_id) for row in rows]},
    )
    return Worklist(wanted.tab, rows, counts, len(cases) > PAGE, page, wanted, saved, units)


def choices(actor: Actor, wanted: Wanted) -> dict[str, list[tuple[str, str]]]:
    """Return what the filters offer: areas and processes of the actor's branches, and states of what is chosen."""
    mine = [process for process in load().all() if settings.AREAS[process.area] in actor.compartments]
    codes = {process.code: process for process in mine if wanted.area in ("", process.area)}
    chosen = [process for process in codes.values() if wanted.process in ("", process.code)]
    states = {
        name: state.label
        for process in chosen
        for name, state in process.states.items()
        if _is_worked(process, name)
    }
    areas = {process.area: settings.AREA_NAMES[process.area] for process in mine}
    return {
        "area": list(areas.items()) if len(areas) > 1 else [],
        "process": sorted(((code, one.label) for code, one in codes.items()), key=lambda pair: pair[1]),
        "state": sorted(states.items(), key=lambda pair: pair[1]),
        "due": list(DUE.items()),
    }


def _is_worked(process: Process, name: str) -> bool:
    """Whether an open case can stand there."""
    state = process.states[name]
    return state.flow == "main" and not state.final


def by_number(actor: Actor, number: str, *, verb: str = "cases.read") -> Case | None:
    """Return the case with a number, if the actor may open it. One statement."""
    rows = allowed(actor, verb, Case.objects.select_related("person", "unit"))
    return rows.filter(number=number.strip()).first()


def address_of(actor: Actor, number: str) -> str | None:
    """Return the address of the case with a number, if the actor may open it: what a search is handed on to."""
    found = by_number(actor, number)
    return reverse("cases:case", args=[found.pk]) if found else None


def workers_of(case: Case, on: date) -> list[User]:
    """Return those who can be given the case: workers and managers of its unit on the day. One statement."""
    held = Assignment.objects.filter(unit_id=case.unit_id, role__in=WORKERS).valid(on)
    return list(User.objects.filter(pk__in=held.values("user_id"), is_active=True).order_by("name"))


def _tab(actor: Actor, tab: str, today: date | None) -> QuerySet[Case]:
    """The open cases of a tab in their order: each reads one index from its beginning."""
    opened = allowed(actor, "cases.read", Case.objects.filter(closed_at=None))
    if tab == "mine":
        return opened.filter(responsible_id=actor.user_id).order_by("next_due", "id")
    if tab == "absent" and today is not None:
        return opened.filter(responsible_id__in=stood_in_for(actor, today)).order_by("next_due", "id")
    place = Q(unit_id=actor.unit_id) if actor.role in WORKERS else Q()
    if tab == "new":
        return opened.filter(place, responsible=None).order_by("received_on", "id")
    return opened.filter(place).order_by("next_due", "id")


def _page_of(
    actor: Actor, absent_on: date | None, due_before: date | None, *, wanted: Wanted, page: int
) -> QuerySet[Case]:
    """A page of what is wanted, and one row more if there is another."""
    rows = _tab(actor, wanted.tab, absent_on).filter(wanted.narrowed(due_before))
    draft = FormDraft.objects.filter(case_id=OuterRef("pk"), user_id=actor.user_id)
    start = (min(page, LAST) - 1) * PAGE
    shown = rows.select_related("person", "responsible").annotate(has_draft=Exists(draft))
    return shown[start : start + PAGE + 1]


def _counts_of(
    actor: Actor, assignment_id: UUID | None, today: date, due_before: date | None, *, wanted: Wanted
) -> QuerySet[Municipality]:
    """One row: how many lie in each tab and in what is wanted, what is saved, and the units to choose from."""
    rows = {tab: _tab(actor, tab, today) for tab in TABS}
    rows["shown"] = rows[wanted.tab].filter(wanted.narrowed(due_before))
    each: dict[str, Any] = {
        f"n_{name}": _Count(row.order_by().values("pk")[:ENOUGH]) for name, row in rows.items()
    }
    own = WorklistDefault.objects.filter(municipality_id=actor.municipality_id, assignment_id=assignment_id)
    each["saved"] = Subquery(own.values("query")[:1])
    if actor.role not in WORKERS:
        places = Unit.objects.filter(municipality_id=actor.municipality_id, side="authority").order_by("name")
        each["units"] = ArraySubquery(places.values(row=JSONObject(id="id", name="name")))
    return Municipality.objects.filter(pk=actor.municipality_id).annotate(**each)


def _counted(
    actor: Actor, wanted: Wanted | None, today: date
) -> tuple[Wanted, dict[str, int], str, list[dict[str, Any]]]:
    """What is wanted, how many lie in each tab (no further than ENOUGH), what is saved, and units. One statement.

    What is saved is known only when it has been read, so how many the saved filters leave is not counted with them.
    """
    asked = wanted or Wanted()
    asked = replace(asked, tab=asked.tab or _first_tab(actor))
    (home,) = compiled.run(
        _counts_of, actor, actor.assignment_id, today, asked.due_before(today), wanted=asked
    )
    found: dict[str, int] = {name: getattr(home, f"n_{name}") for name in (*TABS, "shown")}
    saved, units = getattr(home, "saved", None) or "", getattr(home, "units", [])
    if wanted is None and saved:
        asked = Wanted.read(QueryDict(saved))
        asked = replace(asked, tab=asked.tab or _first_tab(actor))
        found["shown"] = -1
    return asked, found, saved, units


def _first_tab(actor: Actor) -> str:
    return "new" if actor.role == "unit_manager" else "mine" if actor.role == "case_worker" else "unit"


def _row(case: Case, today: date) -> Row:
    process = load().process(case.process_code, case.process_version)
    left = (case.next_due - today).days if case.next_due else None
    return Row(case, process.label, process.state(case.state).label, left)

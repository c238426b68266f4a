"""The work list: today's cases by nearest day, in four statements however many are open."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from livlina.authority.cases.engine import load
from livlina.authority.cases.models import Case, FormDraft
from livlina.core import audit
from livlina.core.access import Actor, allowed
from livlina.core.clock import day_of
from livlina.core.models import Assignment, Municipality, User

PAGE = 50
ENOUGH = 1000
"""Counting stops here: “1000+” says as much, and counts no further."""

TABS = {"mine": "Mina ärenden", "unit": "Enhetens ärenden", "new": "Att fördela"}


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
    last: date | None = field(default=None)


class _Count(Subquery):
    """How many rows a bounded query gives."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def worklist(actor: Actor, now: datetime, *, tab: str = "", page: int = 1) -> Worklist:
    """Return a page of the actor's open cases, the nearest day first. Three statements, whatever lies there.

    Tabs: `mine`, `unit`, and `new` (not yet assigned). Without one: mine for a worker, new for a manager.
    """
    default = "new" if actor.role == "unit_manager" else "mine" if actor.role == "case_worker" else "unit"
    tab = tab if tab in TABS else default
    shown = _tab(actor, tab).select_related("person", "responsible")
    draft = FormDraft.objects.filter(case_id=OuterRef("pk"), user_id=actor.user_id)
    start = (page - 1) * PAGE
    cases = list(shown.annotate(has_draft=Exists(draft))[start : start + PAGE + 1])
    today = day_of(now)
    rows = [_row(case, today) for case in cases[:PAGE]]
    audit.read(
        actor, "cases.list", now=now, detail={"tab": tab, "shown": [str(row.case.person_id) for row in rows]}
    )
    return Worklist(tab, rows, _counts(actor), len(cases) > PAGE, page)


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
    held = Assignment.objects.filter(unit_id=case.unit_id, role__in=("case_worker", "unit_manager")).valid(on)
    return list(User.objects.filter(pk__in=held.values("user_id"), is_active=True).order_by("name"))


def _tab(actor: Actor, tab: str) -> QuerySet[Case]:
    """The open cases of a tab in their order: each reads one index from its beginning."""
    opened = allowed(actor, "cases.read", Case.objects.filter(closed_at=None))
    if tab == "mine":
        return opened.filter(responsible_id=actor.user_id).order_by("next_due", "id")
    place = Q(unit_id=actor.unit_id) if actor.role in ("case_worker", "unit_manager") else Q()
    if tab == "new":
        return opened.filter(place, responsible=None).order_by("received_on", "id")
    return opened.filter(place).order_by("next_due", "id")


def _counts(actor: Actor) -> dict[str, int]:
    """How many lie in each tab, no further than ENOUGH. One statement."""
    each: dict[str, Any] = {tab: _Count(_tab(actor, tab).order_by().values("pk")[:ENOUGH]) for tab in TABS}
    home = Municipality.objects.filter(pk=actor.municipality_id)
    return dict(zip(TABS, home.values_list(*each.values()).get(), strict=True))


def _row(case: Case, today: date) -> Row:
    process = load().process(case.process_code, case.process_version)
    left = (case.next_due - today).days if case.next_due else None
    return Row(case, process.label, process.state(case.state).label, left)

"""Questions about placed children, already filtered by access; and the one that retention asks."""

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import F, Q
from django.urls import reverse

from livlina.authority.cases.models import Case, CaseEvent, DecisionLine
from livlina.authority.contractors.queries import FreeHome, free_homes
from livlina.authority.placements.access import CHILDREN
from livlina.authority.placements.models import (
    ChildTalk,
    Consideration,
    Placement,
    PlanVersion,
    ReporterLetter,
    YearlyList,
)
from livlina.core import audit
from livlina.core.access import Actor, Refused, allowed, fetch, may
from livlina.registers.people.models import Person, PersonNumber

HEADS = ("Namn", "Personnummer", "Slag av hem", "Hem", "Hemmets nummer", "Grund", "Från", "Till")
HIDDEN = "Skyddade personuppgifter, lämnas särskilt"


CARED_FOR = ("note_execution", "note_late_execution", "begin_care_home", "begin_care_behaviour")
SHELTERED = ("note_execution", "note_late_execution", "move_in")
"""Steps that say that the child lives elsewhere: it was taken into care, or came to the sheltered housing."""

LSS_HOMES = ("lss_child_family_home", "lss_child_home")
CHOOSING = ("decided", "placed")


class CannotTell(Exception):
    """Whether a child was placed cannot be told by one who sees nothing of the branch: the answer would be no."""


@dataclass(frozen=True)
class PlacementPage:
    """A placement and all that belongs to its case."""

    placement: Placement
    homes: list[Placement]
    plans: list[PlanVersion]
    considerations: list[Consideration]
    talks: list[ChildTalk]


def placed_as_child(person_id: UUID) -> bool:
    """Whether the person has ever been placed: then nothing about it is destroyed. Raises CannotTell.

    A sticky answer: placements are never removed. Care that was carried out under LVU, and a child's sheltered housing,
    count as well, and a home under LSS 9 § 8 where that branch is seen. Asked from outside the branch of children a no
    would be false, which is how children's files have been lost; so it is refused instead.
    """
    cared = Q(case__process_code="lvu", step__in=CARED_FOR) | Q(
        case__process_code="shelter_child", step__in=SHELTERED
    )
    lss = DecisionLine.objects.filter(
        decision__case__person_id=person_id, service__in=LSS_HOMES, granted=True
    )
    if lss.exists() or CaseEvent.objects.filter(cared, case__person_id=person_id).exists():
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('livlina.compartments', true)")
        seen = (cursor.fetchone()[0] or "").split(",")
    if str(CHILDREN) not in seen:
        raise CannotTell(CannotTell.__doc__)
    return Placement.objects.filter(person_id=person_id).exists()


def placement_page(actor: Actor, placement_id: UUID, *, now: datetime) -> PlacementPage:
    """Open a placement and record it. Raises Refused."""
    found = fetch(
        actor,
        "placements.read",
        Placement.objects.select_related("case", "case__unit", "person"),
        pk=placement_id,
    )
    audit.read(actor, "placements.read", now=now, person_id=found.person_id, obj=found)
    return PlacementPage(
        placement=found,
        homes=list(Placement.objects.filter(case=found.case).order_by("-begins_on", "-id")),
        plans=list(PlanVersion.objects.filter(case=found.case).order_by("kind", "-number")),
        considerations=list(Consideration.objects.filter(case=found.case).order_by("-considered_on", "-id")),
        talks=list(ChildTalk.objects.filter(case=found.case).order_by("-visited_on", "-id")),
    )


def reporter_letter(actor: Actor, letter_id: UUID, *, now: datetime) -> ReporterLetter:
    """Open what a reporter was told, and record it. Raises Refused."""
    rows = ReporterLetter.objects.select_related("case")
    found = fetch(actor, "placements.told", rows, pk=letter_id)
    audit.read(actor, "placements.told", now=now, person_id=found.case.person_id, obj=found)
    return found


def links_of_case(actor: Actor, case: Case) -> list[tuple[str, str]]:
    """Return what a case's own page leads to here: words and address. One statement, for children alone."""
    if case.compartment != CHILDREN:
        return []
    if case.process_code == "child_concern":
        told = allowed(actor, "placements.told", ReporterLetter.objects.filter(case=case))
        letter = told.values_list("pk", flat=True).first() if may(actor, "placements.told") else None
        return [("Brev till anmälaren", reverse("placements:told", args=[letter]))] if letter else []
    rows = allowed(actor, "placements.read", Placement.objects.filter(case=case))
    newest = rows.order_by("-begins_on", "-id").values_list("pk", flat=True).first()
    links = [("Placeringen", reverse("placements:placement", args=[newest]))] if newest else []
    choosing = case.process_code == "child_placement" and case.state in CHOOSING
    if choosing and may(actor, "placements.choose"):
        links.append(("Välj hem", reverse("placements:choose", args=[case.pk])))
    return links


def fitting_homes(actor: Actor, case: Case, kind: str, since: date) -> list[FreeHome]:
    """Return the registered homes with room that fit the child of a case on a day: name, kinds, ages, places, no more."""
    age = case.person.age(since)
    assignment = "on_call_home" if kind == "on_call_home" else "foster_home"
    return [] if age is None else free_homes(actor, assignment, max(age, 0), since)


def placements(actor: Actor, year: int) -> list[Placement]:
    """Return the register of a year: every placement that ran on some day of it. Raises Refused outside the branch."""
    if CHILDREN not in actor.compartments:
        raise Refused("placements.register")
    first, last = date(year, 1, 1), date(year, 12, 31)
    rows = allowed(actor, "placements.register", Placement.objects.select_related("person", "case"))
    ran = Q(ends_on=None) | Q(ends_on__gte=first)
    return list(rows.filter(ran, begins_on__lte=last).order_by("begins_on", "id"))


def crowded_homes(actor: Actor) -> list[tuple[str, int]]:
    """Return the family homes with more than three placed now (SoF 16:2), fullest first."""
    rows = allowed(actor, "placements.register", Placement.objects.filter(ends_on=None))
    found: dict[str, list[str]] = {}
    for row in rows.order_by(F("begins_on").asc()):
        if row.in_family_home:
            home = str(row.listing_id or row.home_number or row.home_name.casefold())
            found.setdefault(home, []).append(row.home_name)
    crowd = [(names[-1], len(names)) for names in found.values() if len(names) > 3]
    return sorted(crowd, key=lambda pair: -pair[1])


def yearly_list(actor: Actor, year: int) -> YearlyList | None:
    """Return what was sent, or is to be sent, for a year."""
    return allowed(actor, "placements.list", YearlyList.objects.filter(year=year)).first()


def register_csv(actor: Actor, year: int, *, now: datetime) -> str:
    """Return the register of a year as IVO gets it, and record whose data were read. Raises Refused.

    Protected persons are named in the list only as such: theirs are handed over by another way.
    """
    rows = placements(actor, year)
    numbers = _numbers([row.person_id for row in rows])
    out = io.StringIO()
    table = csv.writer(out, delimiter=";", lineterminator="\r\n")
    table.writerow(HEADS)
    for row in rows:
        audit.read(actor, "placements.register", now=now, person_id=row.person_id, obj=row)
        secret = row.person.protection != Person.Protection.NONE
        table.writerow(
            [
                HIDDEN if secret else _plain(row.person.full_name),
                "" if secret else numbers.get(row.person_id, ""),
                row.get_home_kind_display(),
                "" if secret else _plain(row.home_name),
                "" if secret else _plain(row.home_number),
                row.get_ground_display(),
                row.begins_on.isoformat(),
                row.ends_on.isoformat() if row.ends_on else "",
            ]
        )
    return out.getvalue()


def _plain(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text and text[0] in "=+-@\t" else text


def _numbers(persons: list[UUID]) -> dict[UUID, str]:
    rows = PersonNumber.objects.filter(person_id__in=persons, current=True)
    return {row.person_id: row.value.display() for row in rows}

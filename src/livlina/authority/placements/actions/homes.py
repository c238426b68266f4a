"""The home a child comes to: one that the contractors have approved and checked, and that has room that day."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from livlina.authority.cases.actions.facts import write_facts
from livlina.authority.cases.actions.steps import Doing, locked
from livlina.authority.cases.engine import StepRefused
from livlina.authority.cases.engine.words import guard
from livlina.authority.cases.models import Case, signature
from livlina.authority.contractors import actions as contractors
from livlina.authority.contractors import queries as homes
from livlina.authority.contractors.models import Listing
from livlina.authority.placements.models import HomeChoice, Placement
from livlina.core import audit
from livlina.core.access import Actor, demand
from livlina.registers.people.models import Person

ASSIGNMENT = {"foster_home": "foster_home", "network_home": "foster_home", "on_call_home": "on_call_home"}
"""What a home is approved as, by the slag of home the child comes to: a nätverkshem is a familjehem (SoL 9:2)."""

CHOSEN_IN = ("decided", "placed")
NONE_CHOSEN = "Inget hem är valt. Öppna ”Välj hem” i ärendet och välj ett hem med ledig plats."
LIVES_THERE = "Barnet bor redan i det valda hemmet. Öppna ”Välj hem” och välj vart barnet flyttar."
AGE_UNKNOWN = "Barnets födelsedatum saknas. Skriv in det först: hemmet är godkänt för vissa åldrar."
FULL = "Hemmet har ingen ledig plats. Välj ett annat hem."


@transaction.atomic
def choose_home(case: Case, home_id: UUID, *, kind: str, since: date, by: Actor, now: datetime) -> HomeChoice:
    """Choose the registered home a child is to come to; the place is taken when it comes.

    Raises Refused, or StepRefused in words when the home is not approved for the kind and the child's age that day,
    an extract is missing (SoF 3:3), or it is full.
    """
    demand(by, "placements.choose", case)
    case = locked(case)
    if case.process_code != "child_placement" or case.state not in CHOSEN_IN:
        raise StepRefused("Hem väljs när placeringen är beslutad, eller när barnet ska flytta.")
    listing = homes.listing(by, home_id)
    if listing is None or kind not in ASSIGNMENT:
        raise StepRefused(NONE_CHOSEN)
    if why := why_not(listing, kind, case.person, since):
        raise StepRefused(why)
    free = homes.free_homes(by, ASSIGNMENT[kind], age_of(case.person, since), since)
    if home_id not in {home.home_id for home in free}:
        raise StepRefused(FULL)
    choice = HomeChoice.objects.create(
        **signature(by, now), case=case, listing=listing, kind=kind, since=since
    )
    told = {"family_home_kind": kind, "home_name": listing.name, "home_since": since}
    write_facts(case, told, by=by, now=now)
    audit.wrote(by, "placements.choose", now=now, obj=choice, person_id=case.person_id, detail={"kind": kind})
    return choice


@guard
def home_people_are_checked(doing: Doing) -> str | None:
    """A registered home is chosen, approved for the child that day, and its adults have shown both extracts (SoF 3:3)."""
    choice = chosen(doing.case)
    if choice is None:
        return NONE_CHOSEN
    lives = Placement.objects.filter(case=doing.case, ends_on=None).first()
    if lives is not None and (lives.listing_id, lives.home_kind) == (choice.listing_id, choice.kind):
        return LIVES_THERE
    since = doing.facts.get("home_since")
    if not isinstance(since, date):
        return None  # the form says what is not filled in
    return why_not(choice.listing, choice.kind, doing.case.person, since)


def chosen(case: Case) -> HomeChoice | None:
    """Return the choice that counts: the newest."""
    return HomeChoice.objects.filter(case=case).select_related("listing").order_by("-at", "-pk").first()


def why_not(listing: Listing, kind: str, child: Person, on: date) -> str | None:
    """Why the child cannot come to a home on a day, in Swedish; how many live there is another question."""
    if child.age(on) is None:
        return AGE_UNKNOWN
    return listing.why_not(ASSIGNMENT[kind], age_of(child, on), on)


def age_of(child: Person, on: date) -> int:
    """The child's age on a day; one not yet born is nought."""
    return max(child.age(on) or 0, 0)


def take_place(placement: Placement, *, by: Actor, now: datetime) -> None:
    """Take the child's place in its home, under the contractors' lock. Raises StepRefused when it is gone."""
    listing = placement.listing
    if listing is None:
        return
    on = placement.begins_on
    try:
        contractors.take_place(
            listing.home_id, kind=ASSIGNMENT[placement.home_kind], age=age_of(placement.person, on),
            source=source(placement), begins_on=on, by=by, now=now,
        )  # fmt: skip
    except contractors.NoPlace:
        raise StepRefused(FULL) from None
    except contractors.ContractorRefused as refused:
        raise StepRefused(str(refused)) from None


def leave_place(placement: Placement, on: date, *, by: Actor, now: datetime) -> None:
    """Give the place back from the day the child leaves: another may come that day."""
    if placement.listing_id is None:
        return
    last = max(placement.begins_on, on - timedelta(days=1))
    contractors.leave_place(source(placement), ends_on=last, by=by, now=now)


def source(placement: Placement) -> str:
    """What the place is taken by: says nothing of whom."""
    return f"placements.placement:{placement.pk}"

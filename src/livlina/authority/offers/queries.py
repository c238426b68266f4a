"""Every question about what is offered, already filtered by access."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet

from livlina.authority.offers.models import FULL, Offer, OfferVersion, Participation
from livlina.core import audit
from livlina.core.access import Actor, allowed, fetch, may
from livlina.core.clock import day_of

ENOUGH = 200
"""More named participants than this are not shown on one page."""


@dataclass(frozen=True)
class OfferRow:
    """An offer as it stands on a day, and how many take part or have been counted this year."""

    offer: Offer
    version: OfferVersion
    running: int
    counted: int

    @property
    def is_open(self) -> bool:
        """Whether anyone may still begin."""
        return self.offer.closed_on is None


@dataclass(frozen=True)
class OfferPage:
    """An offer with its versions, and who takes part if one may know."""

    row: OfferRow
    versions: list[OfferVersion]
    participants: list[Participation] | None
    runs: bool
    arranges: bool


def offers(actor: Actor, now: datetime, *, ended: bool = False) -> list[OfferRow]:
    """Return what is offered in the actor's branches today, or what no longer is. Two statements."""
    today = day_of(now)
    rows = _counted(allowed(actor, "offers.read", Offer.objects.all()), today)
    rows = rows.filter(closed_on__lt=today) if ended else rows.exclude(closed_on__lt=today)
    return _as_rows(rows, today)


def offer_page(actor: Actor, offer_id: UUID, now: datetime) -> OfferPage:
    """Open an offer; those who run it see who takes part, and that is recorded. Raises Refused."""
    today = day_of(now)
    offer = fetch(actor, "offers.read", _counted(Offer.objects.all(), today), pk=offer_id)
    runs = may(actor, "offers.run", offer)
    participants = None
    if runs:
        rows = allowed(actor, "offers.participants", Participation.objects.filter(documentation=FULL))
        rows = rows.filter(offer=offer).select_related("person")
        participants = list(rows.order_by("ends_on", "-begins_on")[:ENOUGH])
        audit.read(actor, "offers.participants", now=now, obj=offer, detail={"count": len(participants)})
    row = _as_row(offer, today)
    versions = sorted(offer.versions.all(), key=lambda each: each.number, reverse=True)
    return OfferPage(row, versions, participants, runs, may(actor, "offers.arrange", offer))


def participation(actor: Actor, participation_id: UUID, now: datetime) -> Participation:
    """Open a named participation with its notes, and record the reading. Raises Refused."""
    rows = Participation.objects.select_related("person", "offer", "version").prefetch_related("notes")
    found = fetch(actor, "offers.participants", rows, pk=participation_id, documentation=FULL)
    audit.read(actor, "offers.participants", now=now, obj=found, person_id=found.person_id)
    return found


def of_person(actor: Actor, person_id: UUID) -> list[Participation]:
    """Return what the person takes part in, as far as the actor's own unit runs it."""
    rows = allowed(actor, "offers.participants", Participation.objects.filter(person_id=person_id))
    return list(rows.select_related("version", "offer").order_by("-begins_on"))


def to_join(actor: Actor, now: datetime) -> list[OfferRow]:
    """Return what the actor's unit runs today and documents by name."""
    return [
        row
        for row in offers(actor, now)
        if row.offer.unit_id == actor.unit_id and row.version.documentation == FULL
    ]


def listed(actor: Actor, now: datetime) -> list[OfferVersion]:
    """Return what a citizen can take part in today without applying; of who takes part nothing. Two statements."""
    today = day_of(now)
    rows = allowed(actor, "offers.browse", Offer.objects.all()).exclude(closed_on__lt=today)
    found = [_current(offer, today) for offer in rows.prefetch_related("versions").order_by("begun_at")]
    shown = [version for version in found if version is not None and version.listed]
    return sorted(shown, key=lambda version: version.name)


def counts(actor: Actor, year: int) -> dict[str, int]:
    """Return how many began to take part in a year, by name of what was offered: numbers only."""
    begun = allowed(actor, "offers.read", Offer.objects.all()).annotate(
        number=Count("participations", filter=Q(participations__begins_on__year=year))
    )
    found: dict[str, int] = {}
    for offer in begun.prefetch_related("versions"):
        latest = max(offer.versions.all(), key=lambda version: version.number)
        found[latest.name] = found.get(latest.name, 0) + offer.number
    return found


def _counted(rows: QuerySet[Offer], today: date) -> QuerySet[Offer]:
    """Offers with their versions, how many take part, and how many have been counted this year."""
    named = Q(participations__documentation=FULL, participations__ends_on=None)
    tally = ~Q(participations__documentation=FULL) & Q(participations__begins_on__year=today.year)
    return (
        rows.select_related("unit")
        .annotate(
            running=Count("participations", filter=named), counted=Count("participations", filter=tally)
        )
        .prefetch_related(Prefetch("versions", OfferVersion.objects.order_by("valid_from")))
    )


def _as_rows(rows: Iterable[Offer], today: date) -> list[OfferRow]:
    return sorted((_as_row(offer, today) for offer in rows), key=lambda row: row.version.name)


def _as_row(offer: Offer, today: date) -> OfferRow:
    """The version of the day; of what is not offered yet, the first."""
    version = _current(offer, today) or offer.versions.all()[0]
    return OfferRow(offer, version, offer.running, offer.counted)  # type: ignore[attr-defined]


def _current(offer: Offer, today: date) -> OfferVersion | None:
    begun = [version for version in offer.versions.all() if version.valid_from <= today]
    return max(begun, key=lambda version: version.valid_from) if begun else None

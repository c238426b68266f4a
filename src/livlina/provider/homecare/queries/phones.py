"""What a manager sees of the unit's phones: heard when, what waits, what could not be taken in, paper that is not whole."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from livlina.core.access import Actor, allowed, fetch
from livlina.provider.homecare.actions.phones import silent
from livlina.provider.homecare.models import FieldEvent, PaperPage, Phone

MOST = 200


@dataclass(frozen=True)
class Held:
    """One phone as the list shows it. `silent`: under a shift, for two hours."""

    phone: Phone
    silent: bool = False


def phones(actor: Actor, now: datetime, *, ended: bool = False) -> list[Held]:
    """Return the unit's phones, those to ring about first. Two statements."""
    rows = allowed(actor, "field.phones", Phone.objects.filter(revoked_at__isnull=not ended))
    quiet = {one.pk for one in silent(actor.municipality_id, now)}
    found = [
        Held(one, one.pk in quiet)
        for one in rows.select_related("carer__user").order_by("carer__user__name", "id")
    ]
    return sorted(found, key=lambda one: not one.silent)


def silent_phones(actor: Actor, now: datetime) -> list[Phone]:
    """Return the unit's phones that are silent during a shift, for whoever plans the day. One statement."""
    return [one for one in silent(actor.municipality_id, now) if one.unit_id == actor.unit_id]


def phone(actor: Actor, pk: UUID, verb: str = "field.phones") -> Phone:
    """Return one phone with its carer. Raises Refused."""
    return fetch(actor, verb, Phone.objects.select_related("carer__user"), pk=pk)


def quarantine(actor: Actor, *, settled: bool = False) -> list[FieldEvent]:
    """Return what waits to be settled (or has been), the oldest first. One statement.

    Left out: what no phone had signed when it came and has come in since as it should.
    """
    rows = FieldEvent.objects.filter(sealed__isnull=False, settled_at__isnull=not settled)
    came = FieldEvent.objects.filter(event_id=OuterRef("event_id"), verdict="accepted")
    rows = rows.filter(Q(phone__isnull=False) | ~Exists(came))
    found = allowed(actor, "field.quarantine", rows).select_related("phone__carer__user")
    return list(found.order_by("-settled_at" if settled else "received_at", "id")[:MOST])


def quarantined(actor: Actor, pk: UUID, verb: str = "field.quarantine") -> FieldEvent:
    """Return one event with its phone and carer. Raises Refused."""
    return fetch(actor, verb, FieldEvent.objects.select_related("phone__carer__user"), pk=pk)


@dataclass
class Bundle:
    """One bundle of pages written on paper."""

    batch: UUID
    last: datetime
    pages: list[PaperPage] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many pages there are to be, as counted highest."""
        return max(page.count for page in self.pages)

    @property
    def missing(self) -> list[int]:
        """The numbers that have not been entered."""
        return sorted(set(range(1, self.count + 1)) - {page.page for page in self.pages})

    @property
    def alike(self) -> bool:
        """Whether everybody counted the same, and no page came twice."""
        numbers = [page.page for page in self.pages]
        return len({page.count for page in self.pages}) == 1 and len(numbers) == len(set(numbers))

    @property
    def whole(self) -> bool:
        """Whether every page is entered, once."""
        return self.alike and not self.missing


def bundles(actor: Actor) -> list[Bundle]:
    """Return the unit's latest bundles of paper, those that are not whole first. One statement."""
    rows = allowed(actor, "field.paper", PaperPage.objects.all()).order_by("-entered_at")[:1000]
    found: dict[UUID, list[PaperPage]] = defaultdict(list)
    for row in rows:
        found[row.batch].append(row)
    made = [Bundle(batch, pages[0].entered_at, pages) for batch, pages in found.items()]
    return sorted(made, key=lambda one: one.whole)

"""The provider register: whom an order may go to, how much they have, and whose names are easily mixed up."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher

from django.db.models import Q, Sum

from livlina.core.access import Actor, demand
from livlina.registers.orders.models import Provider
from livlina.registers.orders.models.order import RUNNING, WAITING

ALIKE = 0.6
PLAIN_WORDS = frozenset(
    {"ab", "hb", "kb", "och", "i", "hemtjänst", "hemtjänsten", "omsorg", "omsorgen", "vård"}
)
"""Words that many providers carry: to share one of them is no likeness."""


@dataclass(frozen=True)
class Choice:
    """A provider that may be chosen, with its load in hours per week and the names it may be taken for."""

    provider: Provider
    ordered_hours: int
    in_area: bool
    alike: list[str] = field(default_factory=list)

    @property
    def free_hours(self) -> int | None:
        """Hours per week not yet ordered; None when the capacity is not stated."""
        if self.provider.capacity_hours is None:
            return None
        return self.provider.capacity_hours - self.ordered_hours


def choices(actor: Actor, service: str, area: str, on: date) -> list[Choice]:
    """Return who takes orders of `service` on the Swedish day `on`, those in the area first. One statement."""
    demand(actor, "orders.draft")
    holds = Q(orders__state__in=(*WAITING, *RUNNING), orders__versions__source_id__isnull=False)
    providers = list(
        Provider.objects.valid(on)
        .filter(municipality_id=actor.municipality_id)
        .annotate(ordered=Sum("orders__versions__weekly_minutes", filter=holds))
        .order_by("name")
    )
    found = [
        Choice(
            one,
            round((one.ordered or 0) / 60),
            not one.areas or area in one.areas,
            lookalikes(one.name, providers),
        )
        for one in providers
        if service in one.services
    ]
    return sorted(found, key=lambda choice: not choice.in_area)


def lookalikes(name: str, providers: Sequence[Provider]) -> list[str]:
    """Return names among `providers` that `name` may be taken for: alike as a whole, or in how a word begins."""
    return [other.name for other in providers if other.name != name and _alike(name, other.name)]


def _alike(one: str, other: str) -> bool:
    if SequenceMatcher(None, one.casefold(), other.casefold()).ratio() >= ALIKE:
        return True
    starts = {word[:4] for word in one.casefold().split() if word not in PLAIN_WORDS}
    return any(word[:4] in starts for word in other.casefold().split() if word not in PLAIN_WORDS)

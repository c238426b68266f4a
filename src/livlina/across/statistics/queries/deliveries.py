"""Files to the state: what is due, what was made, and how it differs from the one before."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q

from livlina.across.statistics import files
from livlina.across.statistics.layout import Layout, layout_for, newest
from livlina.across.statistics.models import Delivery, Making
from livlina.across.statistics.periods import Period
from livlina.across.statistics.states import state_of, state_words
from livlina.core import audit
from livlina.core.access import Actor, Refused, allowed, demand, fetch, may
from livlina.core.clock import day_of

BACK = 13
"""So many months, and so few years, can be chosen."""
LATELY, DAY = timedelta(minutes=10), timedelta(days=1)
COLORS = {
    "receipt": "success",
    "unknown": "danger",
    "failed": "danger",
    "checked": "info",
    "ordered": "info",
    "sent": "warning",
}


@dataclass(frozen=True)
class Due:
    """One flow and period: when it is due, and the newest delivery of it."""

    layout: Layout
    period: Period
    due_on: date
    delivery: Delivery | None
    state: str
    late: bool

    @property
    def words(self) -> str:
        """How far it has come, in words."""
        return state_words(self.state) if self.delivery else "Inte gjord"

    @property
    def color(self) -> str:
        """The colour of the words."""
        return COLORS.get(self.state, "danger" if self.late else "neutral")


def due(actor: Actor, side: str, now: datetime) -> list[Due]:
    """Return the period that ended last of each flow in the actor's branches, and what became of it. Two statements."""
    today = day_of(now)
    found = []
    for layout in newest():
        period = Period.of(today, layout.period).before
        held = layout_for(layout.flow, period)
        if held is not None and held.side == side and held.compartment in actor.compartments:
            found.append((held, period))
    made = deliveries(actor, [(layout.flow, str(period)) for layout, period in found])
    rows = []
    for layout, period in found:
        one = made.get((layout.flow, str(period)))
        state = state_of(one) if one else ""
        due_on = layout.due_on(period)
        rows.append(Due(layout, period, due_on, one, state, state != "receipt" and due_on < today))
    return sorted(rows, key=lambda row: (row.due_on, row.layout.name))


def deliveries(actor: Actor, wanted: list[tuple[str, str]]) -> dict[tuple[str, str], Delivery]:
    """Return the newest delivery of each flow and period asked for."""
    rows = allowed(actor, "statistics.deliveries", Delivery.objects.all()).filter(
        flow__in={flow for flow, _ in wanted}, period__in={period for _, period in wanted}
    )
    return {(row.flow, row.period): row for row in rows.prefetch_related("events").order_by("number")}


def history(actor: Actor, flow: str) -> list[tuple[Delivery, str]]:
    """Return every delivery of a flow, newest first, with how far it came."""
    rows = allowed(actor, "statistics.deliveries", Delivery.objects.filter(flow=flow)).prefetch_related(
        "events"
    )
    return [(row, state_words(state_of(row))) for row in rows.order_by("-period", "-number")[:60]]


def makings(actor: Actor, flow: str, now: datetime) -> list[Making]:
    """Return the files of a flow that are being made, those just made, and those of the last day that could not be."""
    rows = allowed(actor, "statistics.makings", Making.objects.filter(flow=flow)).select_related("delivery")
    lately = Q(ended_at=None) | Q(ended_at__gt=now - LATELY) | (~Q(refused="") & Q(ended_at__gt=now - DAY))
    return list(rows.filter(lately).order_by("-at")[:10])


def periods(layout: Layout, now: datetime) -> list[Period]:
    """Return the periods a file can be made for, newest first."""
    found = [Period.of(day_of(now), layout.period).before]
    while len(found) < (BACK if layout.period == "month" else 3):
        found.append(found[-1].before)
    return [one for one in found if layout_for(layout.flow, one)]


def flow_of(actor: Actor, flow: str, side: str) -> Layout:
    """Return the newest layout of a flow in one's own branches. Raises Refused, so that a branch is not even a name."""
    found = next((one for one in newest() if one.flow == flow and one.side == side), None)
    if found is None or found.compartment not in actor.compartments:
        raise Refused("statistics.deliveries")
    demand(actor, "statistics.deliveries")
    return found


def one(actor: Actor, key: UUID) -> Delivery:
    """Return one delivery. Raises Refused."""
    return fetch(actor, "statistics.deliveries", Delivery.objects.prefetch_related("events"), pk=key)


def layout_of(delivery: Delivery) -> Layout:
    """Return the layout a delivery was made by. Raises LookupError when it is gone."""
    period = Period.parse(delivery.period, "month" if "-" in delivery.period else "year")
    found = layout_for(delivery.flow, period) if period else None
    if found is None:
        raise LookupError(f"No layout of {delivery.flow} holds for {delivery.period}.")
    return found


def before(delivery: Delivery) -> Delivery | None:
    """Return what it is compared with: the delivery before it in the period that was received, else the period before's."""
    period = Period.parse(delivery.period, "month" if "-" in delivery.period else "year")
    rows = Delivery.objects.filter(flow=delivery.flow).prefetch_related("events")
    earlier = [
        *rows.filter(period=delivery.period, number__lt=delivery.number).order_by("-number"),
        *rows.filter(period=str(period.before) if period else "").order_by("-number"),
    ]
    received = [row for row in earlier if state_of(row) == "receipt"]
    usable = [
        row
        for row in earlier
        if row.period != delivery.period and state_of(row) not in ("withdrawn", "failed")
    ]
    return next(iter([*received, *usable]), None)


def difference(delivery: Delivery, other: Delivery) -> files.Difference:
    """Return what a delivery says that another does not, in numbers."""
    new, old = layout_of(delivery), layout_of(other)
    return files.difference(new, files.parse(old, other.content), files.parse(new, delivery.content))


def content(actor: Actor, delivery: Delivery, now: datetime) -> bytes:
    """Return the file's bytes for whoever sends it, and write down that they were read. Raises Refused."""
    demand(actor, "statistics.deliver", delivery)
    audit.read(actor, "statistics.deliver", now=now, obj=delivery, detail={"rows": delivery.rows})
    return delivery.content.encode(layout_of(delivery).encoding)


def may_send(actor: Actor) -> bool:
    """Whether the actor makes and sends files."""
    return may(actor, "statistics.deliver")

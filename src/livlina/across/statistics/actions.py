"""Making a file, checking it, and saying what became of it. A delivery is sent once, whatever happens."""

from datetime import datetime

from django.db import connection, transaction

from livlina.across.statistics import files
from livlina.across.statistics.layout import Layout, layout_for
from livlina.across.statistics.models import ONCE, Delivery, DeliveryEvent, Making
from livlina.across.statistics.periods import Period
from livlina.across.statistics.states import latest, state_of
from livlina.authority.cases.models import signature
from livlina.core import audit
from livlina.core.access import Actor, Refused, demand, may
from livlina.core.clock import day_of
from livlina.registers.watches.actions import close_for

SOURCE = "statistics.period"
UNSETTLED = ("ordered", "sent", "unknown")
"""States in which nobody may make the file anew: it may have arrived."""
NEXT = {
    "made": ("checked", "withdrawn"),
    "checked": ("ordered", "sent", "withdrawn"),
    "ordered": ("sent",),
    "sent": ("receipt", "unknown", "failed"),
    "unknown": ("receipt", "failed"),
}
"""What may follow on what. After a receipt, a failure or a withdrawal nothing does: a correction is a new delivery."""


class NoLayout(Exception):
    """Det finns ingen postbeskrivning som gäller för perioden."""


class PeriodNotOver(Exception):
    """Perioden är inte slut än, så uppgifterna kan ändras."""


class Unsettled(Exception):
    """En fil för perioden är på väg, eller så vet vi inte om den kom fram. Ta reda på det hos mottagaren först."""


class CannotNow(Exception):
    """Det går inte längre: leveransen har redan gått vidare. Läs om sidan."""


class HeldRows(Exception):
    """Några rader hålls inne. Rätta dem och gör om filen, eller kryssa i att den ska skickas utan dem."""


class ReceiptMissing(Exception):
    """Skriv kvittots nummer, eller vad mottagaren svarade."""


@transaction.atomic
def ask(flow: str, period: Period, *, by: Actor, now: datetime) -> Making:
    """Ask for the file of a period: the worker makes it. Asked for twice meanwhile it is one.

    Raises NoLayout, PeriodNotOver, Unsettled, Refused.
    """
    layout = _may_make(flow, period, by=by, now=now)
    mine = {"municipality_id": by.municipality_id, "flow": flow, "period": str(period), "ended_at": None}
    told = signature(by, now) | {"compartment": layout.compartment}
    return Making.objects.get_or_create(**mine, defaults=told)[0]


def fulfil(making: Making, *, by: Actor, now: datetime) -> Delivery | None:
    """Make a file that was asked for, in the name of who asked; None when it could not be, which the asking then says.

    Raises Refused.
    """
    demand(by, "statistics.fulfil")
    asker = Actor(
        "staff", making.municipality_id, making.by_role, making.by_name, user_id=making.by_user_id,
        title=making.by_title, compartments=(making.compartment,),
    )  # fmt: skip
    period = Period.parse(making.period, "month" if "-" in making.period else "year")
    try:
        with transaction.atomic():
            making.delivery = make(making.flow, period, by=asker, now=now) if period else None
    except (NoLayout, PeriodNotOver, Unsettled) as wrong:
        making.refused = str(wrong)
    making.ended_at = now
    making.save(update_fields=["delivery", "refused", "ended_at"])
    return making.delivery


@transaction.atomic
def make(flow: str, period: Period, *, by: Actor, now: datetime) -> Delivery:
    """Make the file of a period. Made again with the same content it is the same delivery.

    Raises NoLayout, PeriodNotOver, Unsettled, Refused.
    """
    layout = _may_make(flow, period, by=by, now=now)
    before = latest(flow, period)
    state = state_of(before) if before else ""
    made = files.make(layout, period)
    if (
        before
        and before.sha256 == made.sha256
        and before.problems == made.problems
        and state not in ("failed", "withdrawn")
    ):
        return before
    if before and state in ("made", "checked"):
        tell(before, "withdrawn", "Ersatt av en nyare fil.", by=by, now=now)
    delivery = Delivery.objects.create(
        **signature(by, now), compartment=layout.compartment, flow=flow, layout_version=layout.version,
        period=str(period), number=(before.number if before else 0) + 1, rows=made.rows, held=made.held,
        problems=made.problems, content=made.content, sha256=made.sha256,
    )  # fmt: skip
    detail = {"flow": flow, "period": str(period), "rows": made.rows, "held": made.held}
    audit.wrote(by, "statistics.deliver", now=now, obj=delivery, detail=detail)
    return delivery


@transaction.atomic
def check(delivery: Delivery, *, without_held: bool, by: Actor, now: datetime) -> None:
    """Say that the file may be sent. Raises HeldRows when rows are held and nobody says to leave them, CannotNow."""
    demand(by, "statistics.deliver", delivery)
    if delivery.held and not without_held:
        raise HeldRows(HeldRows.__doc__)
    tell(delivery, "checked", "", by=by, now=now)


@transaction.atomic
def sent_by_hand(delivery: Delivery, *, arrived: bool, receipt: str, by: Actor, now: datetime) -> None:
    """Say that somebody put the file in the receiver's e-service, and got a receipt or does not know. Raises CannotNow."""
    demand(by, "statistics.deliver", delivery)
    if arrived and not receipt.strip():
        raise ReceiptMissing(ReceiptMissing.__doc__)
    tell(delivery, "sent", "för hand", by=by, now=now)
    tell(delivery, "receipt" if arrived else "unknown", receipt, by=by, now=now)


@transaction.atomic
def settle(delivery: Delivery, *, arrived: bool, words: str, by: Actor, now: datetime) -> None:
    """Say what the receiver answered about a file nobody knew of. Raises CannotNow, ReceiptMissing."""
    demand(by, "statistics.deliver", delivery)
    if not words.strip():
        raise ReceiptMissing(ReceiptMissing.__doc__)
    if state_of(delivery) != "unknown":
        raise CannotNow(CannotNow.__doc__)
    tell(delivery, "receipt" if arrived else "failed", words, by=by, now=now)


@transaction.atomic
def order(delivery: Delivery, *, by: Actor, now: datetime) -> None:
    """Leave the file to the municipality's adapter: the worker sends it. Raises CannotNow."""
    demand(by, "statistics.deliver", delivery)
    tell(delivery, "ordered", "", by=by, now=now)


def tell(delivery: Delivery, kind: str, words: str, *, by: Actor, now: datetime) -> DeliveryEvent:
    """Write what happened, if it may follow on what was; the row is locked meanwhile. Raises CannotNow, Refused."""
    if not (may(by, "statistics.deliver", delivery) or may(by, "statistics.send", delivery)):
        raise Refused("statistics.deliver")
    _lock(delivery)
    state = state_of(delivery)
    if kind not in NEXT.get(state, ()) or (kind in ONCE and delivery.events.filter(kind=kind).exists()):
        raise CannotNow(CannotNow.__doc__)
    event = DeliveryEvent.objects.create(
        **signature(by, now),
        compartment=delivery.compartment,
        delivery=delivery,
        kind=kind,
        words=" ".join(words.split())[:300],
    )
    if kind == "receipt":
        period = Period.parse(delivery.period, "month" if "-" in delivery.period else "year")
        key = period.key(delivery.flow, delivery.municipality_id) if period else delivery.pk
        close_for((SOURCE, key), why="Filen är mottagen", by=by, now=now)
    audit.wrote(by, "statistics.deliver", now=now, obj=delivery, detail={"event": kind})
    return event


def _may_make(flow: str, period: Period, *, by: Actor, now: datetime) -> Layout:
    demand(by, "statistics.deliver")
    layout = layout_for(flow, period)
    if layout is None:
        raise NoLayout(NoLayout.__doc__)
    if layout.compartment not in by.compartments:
        raise Refused("statistics.deliver")
    if period.last >= day_of(now):
        raise PeriodNotOver(PeriodNotOver.__doc__)
    before = latest(flow, period)
    if before and state_of(before) in UNSETTLED:
        raise Unsettled(Unsettled.__doc__)
    return layout


def _lock(delivery: Delivery) -> None:
    """One at a time for each delivery, until the transaction ends; what was fetched before is read anew."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [str(delivery.pk)])
    delivery.__dict__.get("_prefetched_objects_cache", {}).pop("events", None)

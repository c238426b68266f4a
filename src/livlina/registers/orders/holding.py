"""What every action on an order does the same way: hold the row, move it along the state machine, write it down."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from livlina.core import audit, outbox
from livlina.core.access import Actor, Refused, demand
from livlina.registers.orders.faults import NoProvider, WrongState
from livlina.registers.orders.models import Order, OrderEvent, OrderVersion, Provider
from livlina.registers.orders.models.content import PROVIDER, WRITTEN
from livlina.registers.orders.models.order import TRANSITIONS
from livlina.registers.watches.actions import Owner


def hold(order: Order, verb: str, by: Actor) -> Order:
    """Lock the order and then ask whether `by` may: what was recalled while we waited is refused. Raises Refused."""
    held = Order.objects.select_for_update(of=("self",)).filter(pk=order.pk).first()
    if held is None:
        raise Refused(verb, obj=f"orders.order:{order.pk}")
    demand(by, verb, held)
    return held


def move(order: Order, verb: str, **values: Any) -> None:
    """Move a held order along the state machine and set `values`. Raises WrongState."""
    try:
        order.state = TRANSITIONS[order.state, verb]
    except KeyError:
        raise WrongState from None
    for name, value in values.items():
        setattr(order, name, value)
    order.save(update_fields=["state", *values])


def record(
    order: Order,
    what: str,
    by: Actor,
    *,
    now: datetime,
    at: datetime | None = None,
    reason: str = "",
    text: str = "",
    person_id: UUID | None = None,
) -> None:
    """Write down what happened, in the order's own history and in the audit record."""
    OrderEvent.objects.create(
        municipality_id=order.municipality_id,
        order=order,
        kind=what,
        at=at or now,
        recorded_at=now,
        user_id=by.user_id,
        actor_name=by.name,
        role=by.role,
        unit_name=by.unit_name,
        reason=reason,
        text=text.strip()[:400],
    )
    audit.wrote(by, f"orders.{what}", now=now, obj=order, person_id=person_id, detail={"state": order.state})


def tell(name: str, order: Order, *, now: datetime) -> None:
    """Announce an event to the rooms above."""
    outbox.announce(f"order.{name}", order, now=now)


def letter(order: Order, copy: Q = WRITTEN) -> OrderVersion:
    """Return what the order says now, from the copy on one side. Raises WrongState if that side has none."""
    found = order.versions.filter(copy, number=order.version).select_related("person").first()
    if found is None:
        raise WrongState
    return found


def handed_letter(order: Order) -> OrderVersion:
    """Return the provider's copy."""
    return letter(order, Q(compartment=PROVIDER))


def orderer(order: Order) -> Owner:
    """Return who must act on the authority's side: the role in the unit, never one person only."""
    return Owner(order.orderer_role, order.orderer_unit_id, compartment=order.branch)


def provider_of(order: Order) -> Provider:
    """Return the chosen provider. Raises NoProvider."""
    if order.provider is None:
        raise NoProvider
    return order.provider


def source_of(order: Order) -> tuple[str, UUID]:
    """Return the order as watches know it."""
    return "orders.order", order.pk

"""Who may order, and who may open. The orderer's unit on one side, the provider's unit on the other; never both."""

from django.db.models import Q

from livlina.core.access import Actor, rule
from livlina.registers.orders.models import Delivery, Order, OrderVersion
from livlina.registers.orders.models.content import PROVIDER, WRITTEN
from livlina.registers.orders.models.order import READABLE, WAITING

ORDERERS = ("case_worker", "unit_manager", "duty_officer")
PROVIDERS = ("provider_manager", "provider_staff", "nurse")
ANSWERERS = ("provider_manager", "provider_staff")


def ordered_here(actor: Actor) -> Q:
    """Orders of the actor's unit; whoever is on duty besides gets every order that waits for an answer."""
    own = Q(orderer_unit_id=actor.unit_id)
    return own | Q(state__in=WAITING) if actor.role == "duty_officer" else own


def written_here(actor: Actor) -> Q:
    """Letters of orders the actor's unit placed (the authority's copy), or opened (the provider's)."""
    if actor.role in PROVIDERS:
        opened = Q(order__state__in=READABLE, order__opened_at__isnull=False)
        return opened & Q(compartment=PROVIDER, order__provider__unit_id=actor.unit_id)
    own = Q(order__orderer_unit_id=actor.unit_id)
    if actor.role == "duty_officer":
        own |= Q(order__state__in=WAITING)
    return own & WRITTEN


def sent_here(actor: Actor) -> Q:
    """Envelopes that lie at the actor's unit. One recalled unopened was never here."""
    here = Q(provider__unit_id=actor.unit_id)
    return here & (Q(state="sent") | Q(opened_at__isnull=False))


def opened_here(actor: Actor) -> Q:
    """Orders the actor's unit has opened and may read."""
    return Q(provider__unit_id=actor.unit_id, opened_at__isnull=False, state__in=READABLE)


def about_the_units(actor: Actor) -> Q:
    """Deliveries on orders of the actor's unit, whichever side it stands on."""
    if actor.role in PROVIDERS:
        return Q(order__provider__unit_id=actor.unit_id)
    return Q(order__orderer_unit_id=actor.unit_id)


rule("orders.draft", None, roles=(*ORDERERS, "system"))
rule("orders.read", Order, roles=ORDERERS, where=ordered_here)
rule("orders.change", Order, roles=ORDERERS, where=ordered_here)
rule("orders.send", Order, roles=ORDERERS, where=ordered_here)
rule("orders.recall", Order, roles=ORDERERS, where=ordered_here)
rule(
    "orders.end",
    Order,
    roles=(*ORDERERS, "system"),
    where=lambda actor: Q() if actor.role == "system" else ordered_here(actor),
)
rule("orders.inbox", Order, roles=PROVIDERS, where=sent_here)
rule("orders.open", Order, roles=ANSWERERS, where=sent_here)
rule("orders.answer", Order, roles=ANSWERERS, where=sent_here)
rule("orders.deliver", Order, roles=PROVIDERS, where=opened_here)
rule(
    "orders.read_content",
    OrderVersion,
    roles=(*ORDERERS, *PROVIDERS),
    where=written_here,
    law="OSL 26:1; lag 2001:454 10 §",
)
rule("orders.read_delivery", Delivery, roles=(*ORDERERS, *PROVIDERS), where=about_the_units)
rule("orders.keep_register", None, roles=("unit_manager", "support", "system"))
rule("orders.escalate", None, roles=("system",))

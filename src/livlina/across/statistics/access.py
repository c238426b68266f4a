"""Who makes and sends files to the state, and who sees which figures. The branches are secret from each other."""

from django.db.models import Q

from livlina.across.statistics.models import Delivery, Figure, Making
from livlina.core.access import Actor, rule

SENDERS = ("committee_secretary", "nurse")
"""The secretary for the authority's branches; a nurse for the municipality's nursing, which only the health branch sees."""
LAW = "Förordning (1981:1370) 2 §; förordning (2004:16)"


def of_side(actor: Actor) -> Q:
    """Deliveries of the branches one works in."""
    return Q(compartment__in=actor.compartments)


def of_unit(actor: Actor) -> Q:
    """Figures of one's own unit, and those of the whole municipality in the branches one works in."""
    if actor.role in ("provider_manager", "unit_manager"):
        return of_side(actor) & (Q(unit=None) | Q(unit_id=actor.unit_id))
    return of_side(actor)


rule("statistics.deliveries", Delivery, roles=(*SENDERS, "unit_manager"), where=of_side, law=LAW)
rule("statistics.deliver", Delivery, roles=SENDERS, where=of_side, law=LAW)
rule("statistics.makings", Making, roles=(*SENDERS, "unit_manager"), where=of_side, law=LAW)
rule("statistics.remind", None, roles=("system",))
rule("statistics.fulfil", None, roles=("system",))
rule("statistics.send", Delivery, roles=("system",))
rule(
    "statistics.figures",
    Figure,
    roles=("unit_manager", "committee_secretary", "provider_manager", "support"),
    where=of_unit,
)
rule("statistics.operations", None, roles=("support", "administrator"))
rule("statistics.count", None, roles=("system",))

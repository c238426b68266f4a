"""Who may read and write care plans: the unit that has opened the order, nobody else."""

from django.db.models import Q

from livlina.core.access import Actor, rule
from livlina.provider.homecare.models import CarePlan

PROVIDERS = ("provider_manager", "provider_staff", "nurse")


def at_the_unit(actor: Actor) -> Q:
    """Plans of the actor's own unit."""
    return Q(unit_id=actor.unit_id)


rule("homecare.plan", None, roles=PROVIDERS, law="SOSFS 2014:5 6 kap.")
rule("homecare.read", CarePlan, roles=PROVIDERS, where=at_the_unit)
rule("homecare.review", CarePlan, roles=PROVIDERS, where=at_the_unit)

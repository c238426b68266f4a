"""Who may see and do what with what is offered without an individual decision. Deny by default.

What is offered is no secret within its branch. Who takes part is known to the unit that runs it, and of a protected
person to the named few alone (OSL 8:2, 26:1).
"""

from django.db.models import Exists, OuterRef, Q

from livlina.authority.offers.models import Offer, Participation
from livlina.core.access import Actor, rule
from livlina.core.clock import today
from livlina.registers.people.models import Person, ProtectedAccess

WORKERS = ("case_worker", "unit_manager")
DECIDERS = ("unit_manager", "committee_secretary")


def branch(actor: Actor) -> Q:
    """Offers of the branches one's assignment lies in."""
    return Q(compartment__in=actor.compartments)


def run(actor: Actor) -> Q:
    """Offers that one's own unit runs."""
    return branch(actor) & Q(unit_id=actor.unit_id)


def arranged(actor: Actor) -> Q:
    """Offers a manager's own unit runs; the board's secretary arranges all."""
    return branch(actor) if actor.role == "committee_secretary" else run(actor)


def taking_part(actor: Actor) -> Q:
    """Named participants in what one's own unit runs; the protected only for the named few."""
    few = ProtectedAccess.objects.running(today()).filter(
        person_id=OuterRef("person_id"), user_id=actor.user_id
    )
    seen = Q(person=None) | Q(person__protection=Person.Protection.NONE) | Q(Exists(few))
    return branch(actor) & Q(offer__unit_id=actor.unit_id) & seen


rule("offers.read", Offer, roles=("reception", *WORKERS, "committee_secretary"), where=branch, law="SoL 11:5")
rule("offers.begin", None, roles=DECIDERS, law="SoL 11:5")
rule("offers.arrange", Offer, roles=DECIDERS, where=arranged, law="SoL 11:5")
rule("offers.run", Offer, roles=WORKERS, where=run, law="SoL 11:5")
rule("offers.participants", Participation, roles=WORKERS, where=taking_part, law="OSL 26:1; SoL 14 kap.")
rule("offers.browse", Offer, roles=("citizen",), where=branch, law="SoL 11:5")

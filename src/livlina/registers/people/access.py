"""Who may find, open and change a person. Deny by default.

The authority may open anyone in its municipality (a reading without a relation is marked for review), the
provider only those its unit has a `Reach` to. A protected person is opened by the named few, whatever the role
(OSL 26:1, 22:1; lag 2001:454 10 §). Searching is by name, number or case number only (SFS 2001:637 15 §).
"""

from django.db.models import Exists, OuterRef, Q

from livlina.core.access import Actor, rule
from livlina.core.clock import today
from livlina.registers.people.models import Mandate, Person, ProtectedAccess, Reach

OFFICERS = ("reception", "case_worker", "unit_manager", "duty_officer")
PROVIDERS = ("provider_manager", "provider_staff", "nurse")


def named(actor: Actor) -> Q:
    """Persons without protection, and protected ones whose named few include the actor."""
    few = ProtectedAccess.objects.running(today()).filter(person_id=OuterRef("pk"), user_id=actor.user_id)
    return Q(protection=Person.Protection.NONE) | Q(Exists(few))


def reached(actor: Actor) -> Q:
    """Persons the actor's unit has something to do with."""
    reach = Reach.objects.running(today()).filter(person_id=OuterRef("pk"), unit_id=actor.unit_id)
    return Q(Exists(reach))


def acts_for(actor: Actor) -> Q:
    """The citizen, and those they act for by a mandate in force. The protected are not served by e-service."""
    holds = Mandate.objects.in_force(today()).filter(principal_id=OuterRef("pk"), holder_id=actor.person_id)
    return (Q(pk=actor.person_id) | Q(Exists(holds))) & Q(protection=Person.Protection.NONE)


def opens(actor: Actor) -> Q:
    """Persons the actor may open."""
    if actor.role == "system":
        return Q()
    if actor.role == "citizen":
        return acts_for(actor)
    everyone = (*OFFICERS, "committee_chair")  # the chair decides of whoever the night brings (LVU 6 §)
    return named(actor) if actor.role in everyone else named(actor) & reached(actor)


def names_the_few(actor: Actor) -> Q:
    """Protected persons for whom the actor picks the named few: of one's own unit, or those nobody can open."""
    few = ProtectedAccess.objects.running(today()).filter(person_id=OuterRef("pk"))
    orphan = ~Exists(few) if actor.role == "unit_manager" else Q(pk__in=[])
    own = Exists(few.filter(user_id=actor.user_id))
    return ~Q(protection=Person.Protection.NONE) & (reached(actor) | Q(own) | Q(orphan))


rule("people.search", None, roles=OFFICERS, law="SFS 2001:637 15 §")
rule("people.register", None, roles=(*OFFICERS, "system"))
rule(
    "people.read",
    Person,
    roles=(*OFFICERS, *PROVIDERS, "system"),
    where=opens,
    law="lag 2001:454 10 §; OSL 26:1",
)
rule("people.write", Person, roles=(*OFFICERS, "system"), where=opens)
rule("people.protect", Person, roles=(*OFFICERS, "system"), where=opens, law="OSL 22:1; SFS 1991:481 16 §")
rule("people.merge", Person, roles=("unit_manager",), where=opens)
rule("people.name_the_few", Person, roles=("unit_manager", "provider_manager"), where=names_the_few)
rule("people.act_for", Person, roles=("citizen",), where=acts_for, law="FB 6:11, 11 kap.")
rule(
    "people.reach", Person, roles=(*OFFICERS, "committee_chair", *PROVIDERS, "citizen", "system"), where=opens
)
rule("people.follow", Person, roles=("system", *OFFICERS), where=opens, law="SFS 1991:481")

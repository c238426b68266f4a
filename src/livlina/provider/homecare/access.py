"""Who may read and write what the unit carries out: care plans, visits, rosters. The unit itself, nobody else.

The authority is named nowhere here: it reads what was delivered, over the order.
"""

from django.db.models import Exists, OuterRef, Q

from livlina.core.access import Actor, rule
from livlina.core.clock import today
from livlina.provider.homecare.models import (
    CarePlan,
    Delegation,
    Dose,
    DoseSignature,
    NursingTask,
    Shift,
    Visit,
    VisitSeries,
)
from livlina.provider.homecare.models.words import HEALTH
from livlina.registers.people.models import Person, ProtectedAccess

PROVIDERS = ("provider_manager", "provider_staff", "nurse")


def at_the_unit(actor: Actor) -> Q:
    """Rows of the actor's own unit; the system works for all of them."""
    return Q() if actor.role == "system" else Q(unit_id=actor.unit_id)


rule("homecare.plan", None, roles=PROVIDERS, law="SOSFS 2014:5 6 kap.")
rule("homecare.read", CarePlan, roles=PROVIDERS, where=at_the_unit)
rule("homecare.review", CarePlan, roles=PROVIDERS, where=at_the_unit)

# Visits: the manager plans, everybody of the unit sees its day and tells what happened.
MANAGER = ("provider_manager",)
rule("homecare.day", Visit, roles=PROVIDERS, where=at_the_unit, law="OSL 26:1")
rule("homecare.visit", Visit, roles=PROVIDERS, where=at_the_unit)
rule("homecare.extra", None, roles=PROVIDERS)
rule("homecare.correct", Visit, roles=MANAGER, where=at_the_unit)
rule("homecare.approve", Visit, roles=MANAGER, where=at_the_unit)
rule("homecare.schedule", Visit, roles=(*MANAGER, "system"), where=at_the_unit)
rule("homecare.series", VisitSeries, roles=(*MANAGER, "system"), where=at_the_unit)
rule("homecare.shifts", Shift, roles=PROVIDERS, where=at_the_unit)
rule("homecare.roster", Shift, roles=MANAGER, where=at_the_unit)
rule("homecare.measures", Visit, roles=MANAGER, where=at_the_unit)
rule("homecare.report", Visit, roles=(*MANAGER, "system"), where=at_the_unit)


# Nursing -------------------------------------------------------------------------------------------------------------
# Its own book: whoever has not the health compartment in their assignment reaches nothing of it, whatever the role. A
# manager sees delegations, which are about staff, and no order and no signature (PDL 4:1).

NURSE, SIGNERS = ("nurse",), ("nurse", "provider_staff")


def _few(actor: Actor, person: str = "person") -> Q:
    """Persons without protection, and protected ones whose named few include the actor."""
    few = ProtectedAccess.objects.running(today()).filter(
        person_id=OuterRef(f"{person}_id"), user_id=actor.user_id
    )
    return Q(**{f"{person}__protection": Person.Protection.NONE}) | Q(Exists(few))


def _delegated(actor: Actor, to: str = "") -> Exists:
    """Whether the actor holds a delegation today for the row's task and person."""
    day = today()
    held = Delegation.objects.filter(
        Q(person=None) | Q(person_id=OuterRef(f"{to}person_id")), carer_id=actor.assignment_id, revoked_at=None,
        task=OuterRef(f"{to}task"), valid_from__lte=day, valid_to__gte=day,
    )  # fmt: skip
    return Exists(held)


def nursed_here(actor: Actor) -> Q:
    """What is ordered at the actor's unit; for a carer only what today's delegations let them do."""
    own = Q(unit_id=actor.unit_id) & _few(actor)
    return own & Q(delegated=True) & Q(_delegated(actor)) if actor.role == "provider_staff" else own


def doses_here(actor: Actor) -> Q:
    """Doses of the same."""
    return Q(task__in=NursingTask.objects.filter(nursed_here(actor)))


def own_signature(actor: Actor) -> Q:
    """A nurse corrects what the unit has signed, a carer what they signed themselves."""
    own = Q(task__unit_id=actor.unit_id)
    return own if actor.role == "nurse" else own & Q(by_id=actor.user_id)


def delegations_here(actor: Actor) -> Q:
    """Delegations of the unit; a carer sees their own."""
    own = Q(unit_id=actor.unit_id)
    return own & Q(carer_id=actor.assignment_id) if actor.role == "provider_staff" else own


rule("nursing.list", None, roles=NURSE, compartment=HEALTH, law="PDL 4:1")
rule("nursing.round", None, roles=SIGNERS, compartment=HEALTH)
rule("nursing.read", NursingTask, roles=SIGNERS, where=nursed_here, compartment=HEALTH, law="PDL 4:1")
rule("nursing.read_dose", Dose, roles=SIGNERS, where=doses_here, compartment=HEALTH, law="PDL 4:1")
rule("nursing.order", None, roles=NURSE, compartment=HEALTH, law="HSLF-FS 2017:37")
rule("nursing.end", NursingTask, roles=NURSE, where=nursed_here, compartment=HEALTH)
rule("nursing.count", NursingTask, roles=NURSE, where=nursed_here, compartment=HEALTH, law="HSLF-FS 2017:37")
# Whether the delegation held when it was done is asked of that moment, not of today: a phone may come home late.
rule("nursing.sign", NursingTask, roles=SIGNERS, where=at_the_unit, compartment=HEALTH, law="HSLF-FS 2017:37")
rule("nursing.correct", DoseSignature, roles=SIGNERS, where=own_signature, compartment=HEALTH, law="PDL 3:14")
rule("nursing.delegations", Delegation, roles=PROVIDERS, where=delegations_here)
rule("nursing.delegate", Delegation, roles=NURSE, where=at_the_unit, law="PSL 6:3; SOSFS 1997:14")
rule("nursing.clock", None, roles=("system",))

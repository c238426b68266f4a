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
    FieldEvent,
    NursingTask,
    PaperPage,
    Phone,
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
    if actor.role == "system":
        return Q()
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
rule("nursing.pause", NursingTask, roles=(*NURSE, "system"), where=nursed_here, compartment=HEALTH)
rule("nursing.count", NursingTask, roles=NURSE, where=nursed_here, compartment=HEALTH, law="HSLF-FS 2017:37")
# Whether the delegation held when it was done is asked of that moment, not of today: a phone may come home late.
rule("nursing.sign", NursingTask, roles=SIGNERS, where=at_the_unit, compartment=HEALTH, law="HSLF-FS 2017:37")
rule("nursing.correct", DoseSignature, roles=SIGNERS, where=own_signature, compartment=HEALTH, law="PDL 3:14")
rule("nursing.delegations", Delegation, roles=PROVIDERS, where=delegations_here)
rule("nursing.delegate", Delegation, roles=NURSE, where=at_the_unit, law="PSL 6:3; SOSFS 1997:14")
rule("nursing.clock", None, roles=("system",))


# Phones --------------------------------------------------------------------------------------------------------------
# A carer has a phone and what it is given; the manager sees which phones there are, ends one, and settles what could not
# be taken in. What such an event says is opened only by who may read it where it belongs.


def phones_here(actor: Actor) -> Q:
    """Events of the unit's phones, and those that no known phone has signed: whose they are nobody knows."""
    return Q(phone__unit_id=actor.unit_id) | Q(phone=None)


def texts_here(actor: Actor) -> Q:
    """What one may read of those: nursing only with the health compartment, protected persons only as one of the few."""
    few = ProtectedAccess.objects.running(today()).filter(user_id=actor.user_id).values("person_id")
    hidden = Person.objects.exclude(protection=Person.Protection.NONE).exclude(pk__in=few).values("pk")
    own = Q(phone__unit_id=actor.unit_id) & (Q(person_id=None) | ~Q(person_id__in=hidden))
    health = Q(kind="dose") | Q(phone__carer__role="nurse")
    return own if HEALTH in actor.compartments else own & ~health


rule("field.phone", None, roles=PROVIDERS)
rule("field.phones", Phone, roles=MANAGER, where=at_the_unit)
rule("field.revoke", Phone, roles=MANAGER, where=at_the_unit)
rule("field.quarantine", FieldEvent, roles=(*MANAGER, "nurse"), where=phones_here)
rule("field.open", FieldEvent, roles=(*MANAGER, "nurse"), where=texts_here, law="OSL 26:1; PDL 4:1")
rule("field.settle", FieldEvent, roles=(*MANAGER, "nurse"), where=phones_here)
rule("field.paper", PaperPage, roles=PROVIDERS, where=at_the_unit)
rule("field.clock", None, roles=("system",))

"""Who may do what with contractors. Deny by default; a home is its own branch's (OSL 8:2, 26:1)."""

from django.db.models import Exists, OuterRef, Q

from livlina.authority.contractors.models import CONTRACTORS, Basis, Contract, Home, Listing, Remuneration
from livlina.core.access import Actor, rule
from livlina.core.clock import today
from livlina.registers.people.models import Person, ProtectedAccess

SEEKING = (1, 4, 6, CONTRACTORS)
"""The branches that look for a place or a contact: elder and disability, children, adults, and contractors."""

WORKERS = ("case_worker", "unit_manager")


def branch(actor: Actor, prefix: str = "") -> Q:
    """Homes, for the branch of contractors; one whose contact is protected only for the named few."""
    if CONTRACTORS not in actor.compartments:
        return Q(pk__in=[])
    named = ProtectedAccess.objects.running(today()).filter(
        person_id=OuterRef(f"{prefix}contact_id"), user_id=actor.user_id
    )
    return Q(**{f"{prefix}contact__protection": Person.Protection.NONE}) | Q(Exists(named))


rule(
    "contractors.read",
    Home,
    roles=(*WORKERS, "system"),
    where=branch,
    law="OSL 8:2, 26:1",
    compartment=CONTRACTORS,
)
rule("contractors.write", Home, roles=WORKERS, where=branch, law="SoF 3:3", compartment=CONTRACTORS)
rule("contractors.register", None, roles=WORKERS, compartment=CONTRACTORS)
rule("contractors.approve", Home, roles=("unit_manager",), where=branch, compartment=CONTRACTORS)
rule("contractors.sign", Contract, roles=("unit_manager",), where=lambda actor: branch(actor, "home__"))
rule(
    "contractors.confirm",
    Remuneration,
    roles=("unit_manager",),
    where=lambda actor: branch(actor, "contract__home__"),
)
rule("contractors.settle", None, roles=WORKERS, compartment=CONTRACTORS)
rule("contractors.pay", Basis, roles=("unit_manager",), where=lambda actor: branch(actor, "contract__home__"))
rule("contractors.payroll", None, roles=("unit_manager",), law="OSL 26:1", compartment=CONTRACTORS)
rule("contractors.rates", None, roles=("unit_manager",), compartment=CONTRACTORS)
rule("contractors.list", Listing, roles=(*WORKERS, "duty_officer"), law="SoL 9:2", compartment=SEEKING)
rule("contractors.place", Listing, roles=(*WORKERS, "duty_officer", "committee_secretary", "system"))

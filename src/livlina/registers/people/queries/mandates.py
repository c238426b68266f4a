"""Who may act for whom."""

from datetime import date

from livlina.core.access import Actor, allowed
from livlina.registers.people.models import Mandate, Person


def principals(actor: Actor, on: date) -> list[Mandate]:
    """Mandates by which the citizen acts for others on the day `on`; each with its `principal`. Never the protected."""
    may_be_served = allowed(actor, "people.act_for", Person.objects.all())
    rows = Mandate.objects.in_force(on).filter(holder_id=actor.person_id, principal__in=may_be_served)
    return list(rows.select_related("principal").order_by("principal__given_names", "pk"))


def holders(person: Person, on: date) -> list[Mandate]:
    """Mandates in force for a person on the day `on`; each with its `holder`."""
    rows = Mandate.objects.in_force(on).filter(principal=person).select_related("holder")
    return list(rows.order_by("kind", "valid_from", "pk"))

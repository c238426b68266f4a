"""Units of the municipality, and what is left in one."""

from datetime import date

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from livlina.authority.cases.models import Case, IntakeUnit
from livlina.core import tenancy
from livlina.core.access import Actor, allowed
from livlina.core.models import Assignment, Unit
from livlina.registers.orders.models import Provider
from livlina.registers.watches.models import WatchDesk


def units(actor: Actor, today: date) -> QuerySet[Unit]:
    """Return every unit by side and name, with how many hold an assignment there today (`staff`). One statement."""
    held = Q(assignments__valid_from__lte=today) & (
        Q(assignments__valid_to=None) | Q(assignments__valid_to__gte=today)
    )
    counted = Count("assignments__user_id", filter=held, distinct=True)
    return allowed(actor, "portal.units", Unit.objects.annotate(staff=counted)).order_by("side", "name")


def units_to_give(actor: Actor) -> list[Unit]:
    """Return the units in which the actor gives assignments: all that stand, or one's own."""
    rows = Unit.objects.filter(municipality_id=actor.municipality_id, ended_on=None)
    if actor.role in settings.AUDIENCES["operations"]:
        return list(rows.order_by("side", "name"))
    return list(rows.filter(pk=actor.unit_id))


def left_in(unit: Unit, today: date) -> list[str]:
    """Return in words what keeps a unit from being ended: that there is something, never how much or about whom.

    The administrator sees no case; whether there is one in the unit is asked on the house's behalf.
    """
    place = Q(municipality_id=unit.municipality_id, unit=unit)
    with tenancy.acting(unit.municipality_id, tenancy.EVERYTHING):
        asked = {
            "uppdrag": Assignment.objects.filter(place).filter(Q(valid_to=None) | Q(valid_to__gte=today)),
            "öppna ärenden": Case.objects.filter(place, closed_at=None),
            "bevakningar": WatchDesk.objects.filter(place),
            "inflödet av nya ärenden": IntakeUnit.objects.filter(place),
            "en plats i utförarregistret": Provider.objects.filter(place).filter(
                Q(valid_to=None) | Q(valid_to__gte=today)
            ),
        }
        return [words for words, rows in asked.items() if rows.exists()]

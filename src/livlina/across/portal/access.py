"""Who may open which start page, see their own reads, look at the log of others, and administer staff and units."""

from django.conf import settings
from django.db.models import Q

from livlina.across.portal.models import SealedKey, SealOpening
from livlina.core.access import Actor, rule
from livlina.core.models import Assignment, AuditEvent, Unit

STAFF = tuple(settings.ROLES)
MANAGERS = ("unit_manager", "provider_manager")
ADMINISTRATOR = "administrator"
GIVES = {"unit_manager": ("case_worker",), "provider_manager": ("provider_staff",)}
"""The roles a manager gives in the own unit; every other is the administrator's to give."""


def of_own_unit(actor: Actor) -> Q:
    """What others in the manager's unit did. Nobody reviews what they did themselves."""
    return Q(unit_id=actor.unit_id) & ~Q(user_id=actor.user_id)


def of_staff(actor: Actor) -> Q:
    """The assignments one administers: all of the municipality's, or those of the unit one leads."""
    return Q() if actor.role == ADMINISTRATOR else Q(unit_id=actor.unit_id)


def of_others(actor: Actor) -> Q:
    """Those of them that are not one's own; a manager's, and another role than they give, is the administrator's."""
    others = of_staff(actor) & ~Q(user_id=actor.user_id)
    return others if actor.role == ADMINISTRATOR else others & Q(role__in=GIVES.get(actor.role, ()))


def by_another(actor: Actor) -> Q:
    """What others opened: nobody looks into their own."""
    return ~Q(user_id=actor.user_id)


rule("portal.officer_start", None, roles=settings.AUDIENCES["officer"])
rule("portal.provider_start", None, roles=settings.AUDIENCES["provider"])
rule("portal.operations_start", None, roles=settings.AUDIENCES["operations"])
rule("portal.citizen_start", None, roles=("citizen",))
rule("portal.own_reads", None, roles=STAFF)
rule("portal.readers", None, roles=("citizen",), law="PDL 8:5")
rule("portal.review", AuditEvent, roles=MANAGERS, where=of_own_unit, law="PDL 4:3; lag 2001:454 10 §")
rule("portal.staff", Assignment, roles=(ADMINISTRATOR, *MANAGERS), where=of_staff)
rule("portal.assign", Assignment, roles=(ADMINISTRATOR, *MANAGERS), where=of_others)
rule("portal.account", None, roles=(ADMINISTRATOR,))
rule("portal.begin", None, roles=("system",))
rule("portal.units", Unit, roles=(ADMINISTRATOR,))
rule("portal.seals", SealedKey, roles=(ADMINISTRATOR,))
rule("portal.open_seal", None, roles=("system",))
rule("portal.review_seal", SealOpening, roles=(ADMINISTRATOR, *MANAGERS, "duty_officer"), where=by_another)

"""Who may open which start page, see their own reads, and look at the log of others."""

from django.conf import settings
from django.db.models import Q

from livlina.core.access import Actor, rule
from livlina.core.models import AuditEvent

STAFF = tuple(settings.ROLES)
MANAGERS = ("unit_manager", "provider_manager")


def of_own_unit(actor: Actor) -> Q:
    """What others in the manager's unit did. Nobody reviews what they did themselves."""
    return Q(unit_id=actor.unit_id) & ~Q(user_id=actor.user_id)


rule("portal.officer_start", None, roles=settings.AUDIENCES["officer"])
rule("portal.provider_start", None, roles=settings.AUDIENCES["provider"])
rule("portal.operations_start", None, roles=settings.AUDIENCES["operations"])
rule("portal.citizen_start", None, roles=("citizen",))
rule("portal.own_reads", None, roles=STAFF)
rule("portal.readers", None, roles=("citizen",), law="PDL 8:5")
rule("portal.review", AuditEvent, roles=MANAGERS, where=of_own_unit, law="PDL 4:3; lag 2001:454 10 §")

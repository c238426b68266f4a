"""Who may tell of a deviation, and who judges it. Everyone who works may tell (LSS 24 b §, SoL 27 kap. 2 §)."""

from django.conf import settings
from django.db.models import Q

from livlina.across.quality.models import Deviation
from livlina.core.access import Actor, rule

STAFF = tuple(settings.ROLES)
MANAGERS = ("unit_manager", "provider_manager")


def own_or_units(actor: Actor) -> Q:
    """A manager sees the unit's reports; everyone sees what they told themselves."""
    told = Q(reporter_id=actor.user_id)
    return told | Q(unit_id=actor.unit_id) if actor.role in MANAGERS else told


rule("deviation.report", None, roles=STAFF, law="SoL 27:2, LSS 24 b")
rule("deviation.read", Deviation, roles=STAFF, where=own_or_units)
rule(
    "deviation.judge", Deviation, roles=MANAGERS, where=lambda actor: Q(unit_id=actor.unit_id), law="LSS 24 e"
)

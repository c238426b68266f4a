"""Who may fetch and print the packs of their unit, who makes the code that opens them, and who reads what is proved."""

from django.db.models import Q

from livlina.core.access import Actor, rule
from livlina.core.models import Unit


def own_unit(actor: Actor) -> Q:
    """The unit one works at."""
    return Q(pk=actor.unit_id)


rule("continuity.packs", Unit, roles=("provider_manager", "provider_staff", "nurse"), where=own_unit)
rule("continuity.pack_paper", Unit, roles=("provider_manager", "nurse"), where=own_unit)
rule("continuity.pack_code", Unit, roles=("provider_manager",), where=own_unit)

KEEPERS = ("administrator", "support")
MANAGERS = ("unit_manager", "provider_manager")
# Of the whole installation, and never about a person: whoever may read reads all. The secretary has the late drills.
READERS = (*KEEPERS, *MANAGERS, "committee_secretary")
rule("continuity.reserves", None, roles=READERS)
rule("continuity.drill", None, roles=READERS)
rule("continuity.sign", None, roles=("administrator",))
rule("continuity.tell_of_drills", None, roles=("system",))

"""Who may see and settle a watch: those on whose desk it lies, and the manager of the unit that owns it."""

from django.db.models import Q

from livlina.core.access import Actor, rule
from livlina.registers.watches.models import Watch, WatchDesk
from livlina.registers.watches.models.kinds import MUNICIPALITY_WIDE

OFFICERS = ("reception", "case_worker", "unit_manager", "committee_secretary", "duty_officer")
PROVIDERS = ("provider_manager", "provider_staff", "nurse")
MANAGERS = ("unit_manager", "provider_manager")
EVERYONE = (*OFFICERS, *PROVIDERS, "citizen", "system")


def desk_of(actor: Actor) -> Q:
    """Desks at which the actor sits: the role's in the unit, or the role's for the whole municipality."""
    place = Q(unit__isnull=True) if actor.role in MUNICIPALITY_WIDE else Q(unit_id=actor.unit_id)
    return place & Q(role=actor.role) & (Q(user__isnull=True) | Q(user_id=actor.user_id))


def lies_with(actor: Actor) -> Q:
    """Watches on the actor's desk; a manager besides sees what the unit owns, whoever has it."""
    if actor.role == "system":
        return Q()
    mine = Q(pk__in=WatchDesk.objects.filter(desk_of(actor)).values("watch_id"))
    return mine | Q(unit_id=actor.unit_id) if actor.role in MANAGERS else mine


rule("watches.read", Watch, roles=(*OFFICERS, *PROVIDERS), where=lies_with)
rule("watches.act", Watch, roles=(*OFFICERS, *PROVIDERS, "system"), where=lies_with)
rule("watches.snooze", Watch, roles=(*OFFICERS, *PROVIDERS), where=lies_with)
rule("watches.ignore", Watch, roles=(*OFFICERS, *PROVIDERS), where=lies_with)
rule("watches.hand_over", Watch, roles=(*OFFICERS, *PROVIDERS), where=lies_with)
rule("watches.statistics", None, roles=("unit_manager",))
# Raising and settling are effects of something else a person was allowed to do; no page offers them.
rule("watches.raise", None, roles=EVERYONE)
rule("watches.settle", None, roles=EVERYONE)
rule("watches.escalate", None, roles=("system",))

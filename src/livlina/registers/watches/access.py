"""Who may see and settle a watch: those on whose desk it lies, and the manager of the unit that owns it."""

from django.db.models import Q

from livlina.core.access import Actor, rule
from livlina.core.clock import today
from livlina.registers.watches.models import Substitute, Watch, WatchDesk
from livlina.registers.watches.models.kinds import MUNICIPALITY_WIDE

OFFICERS = (
    "reception",
    "case_worker",
    "unit_manager",
    "committee_secretary",
    "committee_chair",
    "duty_officer",
)
PROVIDERS = ("provider_manager", "provider_staff", "nurse")
MANAGERS = ("unit_manager", "provider_manager")
EVERYONE = (*OFFICERS, *PROVIDERS, "citizen", "system")


def desk_of(actor: Actor) -> Q:
    """Desks at which the actor sits: the role's in the unit, or the role's for the whole municipality."""
    place = Q(unit__isnull=True) if actor.role in MUNICIPALITY_WIDE else Q(unit_id=actor.unit_id)
    return place & Q(role=actor.role) & (Q(user__isnull=True) | Q(user_id=actor.user_id) | stood_in(actor))


def stood_in(actor: Actor) -> Q:
    """Desks of colleagues in the unit whom the actor stands in for today."""
    absent = Substitute.objects.absent_for(actor.user_id, actor.unit_id, today())
    return Q(user_id__in=absent.filter(municipality_id=actor.municipality_id), unit_id=actor.unit_id)


def substitutions(actor: Actor) -> Q:
    """For a manager the unit's; for others those where they are away or stand in."""
    own = Q() if actor.role in MANAGERS else Q(absent_id=actor.user_id) | Q(substitute_id=actor.user_id)
    return Q(unit_id=actor.unit_id) & own


def lies_with(actor: Actor) -> Q:
    """Watches on the actor's desk; a manager besides sees what the unit owns, whoever has it."""
    if actor.role == "system":
        return Q()
    mine = Q(pk__in=WatchDesk.objects.filter(desk_of(actor)).values("watch_id"))
    return mine | Q(unit_id=actor.unit_id) if actor.role in MANAGERS else mine


rule("watches.read", Watch, roles=(*OFFICERS, *PROVIDERS, "support"), where=lies_with)
rule("watches.act", Watch, roles=(*OFFICERS, *PROVIDERS, "system"), where=lies_with)
rule("watches.snooze", Watch, roles=(*OFFICERS, *PROVIDERS), where=lies_with)
rule("watches.ignore", Watch, roles=(*OFFICERS, *PROVIDERS), where=lies_with)
rule("watches.hand_over", Watch, roles=(*OFFICERS, *PROVIDERS), where=lies_with)
rule("watches.statistics", None, roles=("unit_manager",))
# Raising and settling are effects of something else a person was allowed to do; no page offers them.
rule("watches.raise", None, roles=EVERYONE)
rule("watches.settle", None, roles=EVERYONE)
rule("watches.escalate", None, roles=("system",))
rule("watches.hand_over_desk", None, roles=("unit_manager", "system"))
rule("watches.appoint", None, roles=("case_worker", "unit_manager"))
rule("watches.stand_in", Substitute, roles=("case_worker", "unit_manager"), where=substitutions)

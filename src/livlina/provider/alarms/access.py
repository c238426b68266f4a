"""Who may do what about alarms: the team whose alarm it is and whoever is on call for it, nobody else.

An alarm whose unit nobody knows is everybody's who answers alarms, until somebody knows whose it is: there is no
person in it yet, and help must come. Of a protected person the named few see who it is; whoever has the alarm may
open it to be able to help, and that is recorded for a manager to look at.
"""

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from livlina.core.access import Actor, rule
from livlina.provider.alarms.models import (
    Alarm,
    AlarmUnit,
    CallEntry,
    CallRound,
    Channel,
    EmergencyCode,
    OnCall,
)

PROVIDERS = ("provider_manager", "provider_staff", "nurse")
SYSTEM = ("system",)


def on_call_now(actor: Actor, team: str = "team_id") -> Exists:
    """Whether the actor is on call for the row's team at this moment."""
    rows = OnCall.objects.filter(assignment_id=actor.assignment_id, starts_at__lte=Now(), ends_at__gt=Now())
    return Exists(rows.filter(team_id=OuterRef(team)))


def answered_here(actor: Actor) -> Q:
    """Alarms of the actor's team, of teams the actor is on call for, and those whose unit nobody knows."""
    if actor.role == "system":
        return Q()
    return Q(team_id=actor.unit_id) | Q(unit__isnull=True) | Q(on_call_now(actor))


def own_team(actor: Actor) -> Q:
    """Rows of the actor's own team."""
    return Q(team_id=actor.unit_id)


def own(actor: Actor) -> Q:
    """What is the actor's own: numbers, codes."""
    return Q(user_id=actor.user_id)


rule("alarms.desk", None, roles=PROVIDERS)
rule("alarms.read", Alarm, roles=PROVIDERS, where=answered_here, law="SoL 11:1; OSL 26:1")
rule("alarms.answer", Alarm, roles=(*PROVIDERS, *SYSTEM), where=answered_here)
rule("alarms.statistics", None, roles=PROVIDERS)
rule("alarms.rota", OnCall, roles=PROVIDERS, where=own_team)
rule("alarms.plan_rota", OnCall, roles=("provider_manager",), where=own_team)
rule("alarms.reach_me", Channel, roles=PROVIDERS, where=own)
rule("alarms.own_code", EmergencyCode, roles=PROVIDERS, where=own)
rule("alarms.exchange", None, roles=SYSTEM)
rule("alarms.escalate", None, roles=SYSTEM)
rule("alarms.call_came", None, roles=SYSTEM)
rule("alarms.keep_receivers", None, roles=("support", *SYSTEM))


def teams_units(actor: Actor) -> Q:
    """Units of the actor's team, and of teams the actor is on call for."""
    return Q(team_id=actor.unit_id) | Q(on_call_now(actor))


def rung_here(actor: Actor) -> Q:
    """Call rounds in which the actor's team, or a team the actor is on call for, has somebody to reach."""
    return Q(Exists(CallEntry.objects.filter(teams_units(actor), round_id=OuterRef("pk"))))


rule("alarms.told", None, roles=SYSTEM)
rule("alarms.units", AlarmUnit, roles=PROVIDERS, where=teams_units)
rule("alarms.add_unit", None, roles=PROVIDERS)
rule("alarms.keep_unit", AlarmUnit, roles=PROVIDERS, where=own_team)
rule("alarms.crisis", CallRound, roles=PROVIDERS, where=rung_here, law="SoL 11:1; lag 2025:1506")
rule("alarms.call", CallEntry, roles=PROVIDERS, where=teams_units)
rule("alarms.open_round", None, roles=("provider_manager", *SYSTEM))
rule("alarms.close_round", CallRound, roles=("provider_manager",), where=rung_here)

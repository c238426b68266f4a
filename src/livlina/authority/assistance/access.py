"""Who may do what with personal assistance: whoever may open the case it rests on (OSL 26:1)."""

from django.conf import settings
from django.db.models import Q

from livlina.authority.assistance.models import AssistanceDecision, AssistanceMonth
from livlina.authority.cases.models import Case
from livlina.core.access import Actor, allowed, rule

WORKERS = ("case_worker", "unit_manager")
BRANCH = settings.AREAS["disability"]


def cases(actor: Actor) -> Q:
    """Decisions in cases the actor may open."""
    return Q(case__in=allowed(actor, "cases.read", Case.objects.order_by()))


def months(actor: Actor) -> Q:
    """Months of decisions in cases the actor may open."""
    return Q(decision__case__in=allowed(actor, "cases.read", Case.objects.order_by()))


def own_cases(actor: Actor) -> Q:
    """Cases the actor may open."""
    return Q(pk__in=allowed(actor, "cases.read", Case.objects.order_by()).values("pk"))


rule("assistance.list", None, roles=WORKERS, compartment=BRANCH)
rule("assistance.assistants", None, roles=WORKERS, compartment=BRANCH)
rule("assistance.decide", Case, roles=WORKERS, where=own_cases, law="LSS 9 § 2; SFB 51 kap.")
rule("assistance.read", AssistanceDecision, roles=WORKERS, where=cases, law="LSS 21 a §")
rule("assistance.write", AssistanceDecision, roles=WORKERS, where=cases, law="LSS 11 a §")
rule("assistance.month", AssistanceMonth, roles=WORKERS, where=months, law="LSS 11 a §")
rule("assistance.remind", None, roles=("system",))

"""Who may do what with financial aid: those who work with the case, in this branch alone (OSL 8:2, 26:1)."""

from django.db.models import Q

from livlina.authority.aid.models import (
    FINANCIAL_AID,
    AidWarning,
    MonthApplication,
    Payment,
    PayoutAccount,
    Recovery,
)
from livlina.authority.cases.models import Case
from livlina.core.access import Actor, allowed, rule

WORKERS = ("case_worker", "unit_manager")


def worked(actor: Actor, prefix: str = "case__") -> Q:
    """Rows of the branch's cases that the actor works with; the system has them all."""
    branch = Q(**{f"{prefix}compartment": FINANCIAL_AID})
    if actor.role == "system":
        return branch
    if FINANCIAL_AID not in actor.compartments:
        return Q(pk__in=[])
    return branch & Q(**{f"{prefix}pk__in": allowed(actor, "cases.write", Case.objects.all()).values("pk")})


def followed(actor: Actor, prefix: str = "case__") -> Q:
    """Rows of the citizen's own cases, and of those they act for."""
    return Q(**{f"{prefix}pk__in": allowed(actor, "cases.follow", Case.objects.all()).values("pk")})


rule(
    "aid.work",
    Case,
    roles=(*WORKERS, "system"),
    where=lambda actor: worked(actor, ""),
    law="SoL 12:1; OSL 26:1",
)
rule("aid.month", MonthApplication, roles=(*WORKERS, "system"), where=worked, law="OSL 26:1")
rule("aid.apply", Case, roles=("citizen",), where=lambda actor: followed(actor, ""), law="FL 19 §")
rule("aid.follow", MonthApplication, roles=("citizen",), where=followed, law="FL 10 §")
rule("aid.see_warning", AidWarning, roles=(*WORKERS, "system"), where=worked)
rule("aid.account", PayoutAccount, roles=WORKERS, where=worked)
rule("aid.pay", Payment, roles=(*WORKERS, "system"), where=worked)
rule("aid.payments", None, roles=WORKERS, compartment=FINANCIAL_AID)
rule("aid.bank", None, roles=(*WORKERS, "system"), compartment=FINANCIAL_AID)
rule("aid.recover", Recovery, roles=(*WORKERS, "system"), where=worked)
rule("aid.amounts", None, roles=("unit_manager",), compartment=FINANCIAL_AID)
rule("aid.set_amounts", None, roles=("administrator",))

"""Who may see and write about placed children: only their own branch (OSL 8:2, 26:1). Deny by default."""

from django.db.models import Q

from livlina.authority.cases.models import Case
from livlina.authority.placements.models import Placement, ReporterLetter, YearlyList
from livlina.core.access import Actor, allowed, rule

CHILDREN = 4
"""The branch of children and young people (config/roles.py)."""


def opened(actor: Actor) -> Q:
    """Placements of the cases that the actor may open."""
    return Q(case__in=allowed(actor, "cases.read", Case.objects.all()))


def register(actor: Actor) -> Q:
    """Every placement of the branch, save those of protected persons for others than the named few."""
    return Q(case__in=allowed(actor, "cases.receive", Case.objects.all()))


rule(
    "placements.read",
    Placement,
    roles=("case_worker", "unit_manager", "committee_secretary", "duty_officer"),
    where=opened,
    compartment=CHILDREN,
    law="OSL 26:1",
)
rule(
    "placements.choose",
    Case,
    roles=("case_worker", "unit_manager"),
    where=lambda actor: Q(pk__in=allowed(actor, "cases.write", Case.objects.all()).values("pk")),
    compartment=CHILDREN,
    law="SoF 3:3",
)
rule(
    "placements.told",
    ReporterLetter,
    roles=("case_worker", "unit_manager", "duty_officer"),
    where=opened,
    compartment=CHILDREN,
    law="OSL 26:1",
)
rule(
    "placements.register",
    Placement,
    roles=("unit_manager", "committee_secretary"),
    where=register,
    compartment=CHILDREN,
    law="SoF 3:4",
)
rule(
    "placements.list",
    YearlyList,
    roles=("unit_manager", "committee_secretary"),
    compartment=CHILDREN,
    law="SoF 3:4",
)
rule("placements.remind", None, roles=("system",))

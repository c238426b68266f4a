"""Follow-ups, and the closing of a case with a choice for every item that was still open."""

from typing import ClassVar

from django.db import models

from livlina.authority.cases.models.base import AuthorityRecord
from livlina.authority.cases.models.case import Case
from livlina.core.models import TenantForeignKey

GOALS = [
    ("met", "Målet är uppnått"),
    ("partly", "Målet är delvis uppnått"),
    ("not_met", "Målet är inte uppnått"),
]
RESULTS = [
    ("continue", "Fortsätter som förut"),
    ("change", "Behoven utreds på nytt"),
    ("end", "Insatsen avvecklas"),
]


class FollowUp(AuthorityRecord):
    """One follow-up of how the service meets the needs; what was said stands in the facts."""

    case = TenantForeignKey(Case, related_name="follow_ups")
    on = models.DateField()
    how = models.CharField(max_length=20)
    goals_met = models.CharField(max_length=10, choices=GOALS, blank=True)
    result = models.CharField(max_length=10, choices=RESULTS)
    next_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["municipality", "case", "-on"], name="follow_up_case")]


class Closure(AuthorityRecord):
    """Why a case was closed, and what was chosen for each open item. A closed case is never opened again."""

    case = TenantForeignKey(Case, related_name="closures")
    reason = models.CharField(max_length=40)
    note = models.TextField(blank=True)
    closed_on = models.DateField()
    items = models.JSONField(default=list, help_text="[{key, kind, label, choice, reason}]")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "case"], name="closure_once")
        ]

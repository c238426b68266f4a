"""Förvaltningsbesvär: what can be appealed, and what became of it (FL 40–46 §§)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from livlina.authority.cases.models.application import CHANNELS
from livlina.authority.cases.models.base import AuthorityModel
from livlina.authority.cases.models.case import Case
from livlina.authority.cases.models.decision import Decision
from livlina.core.models import TenantForeignKey

JUDGMENTS = [
    ("upheld", "Överklagandet avslås"),
    ("changed", "Beslutet ändras"),
    ("remitted", "Målet återförvisas till nämnden"),
    ("dismissed", "Överklagandet avvisas"),
]
REVIEWS = [
    ("unchanged", "Beslutet ändras inte"),
    ("partly", "Beslutet ändras delvis"),
    ("fully", "Beslutet ändras helt"),
]


class Appeal(AuthorityModel):
    """Begun by the decision, with the window in which it may be appealed; what is written in it is facts of the case."""

    case = TenantForeignKey(Case, related_name="appeals")
    decision = TenantForeignKey(Decision, related_name="appeals")
    state = models.CharField(max_length=40)
    opened_at = models.DateTimeField()
    received_on = models.DateField(null=True, blank=True)
    received_how = models.CharField(max_length=12, choices=CHANNELS, blank=True)
    received_from = models.CharField(max_length=160, blank=True)
    last_day = models.DateField(
        null=True, blank=True, help_text="Legal date; empty while the service is unknown."
    )
    in_time = models.BooleanField(null=True, blank=True)
    in_time_reason = models.CharField(max_length=400, blank=True)
    review = models.CharField(max_length=10, choices=REVIEWS, blank=True)
    changed_by = TenantForeignKey(Decision, null=True, blank=True, related_name="+")
    forwarded_on = models.DateField(null=True, blank=True)
    court = models.CharField(max_length=120, blank=True)
    judgment = models.CharField(max_length=10, choices=JUDGMENTS, blank=True)
    judgment_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "decision"], name="appeal_one_flow_per_decision"),
            models.CheckConstraint(
                condition=Q(forwarded_on=None) | ~Q(court=""), name="appeal_forwarded_somewhere"
            ),
            models.CheckConstraint(
                condition=Q(judgment="") | Q(judgment_on__isnull=False), name="appeal_judged_some_day"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["municipality", "case"], name="appeal_case")]

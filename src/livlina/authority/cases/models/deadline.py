"""Clocks of a case: when they began, when they end by counting and by law, and how they ended."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from livlina.authority.cases.models.base import AuthorityModel
from livlina.authority.cases.models.case import Case
from livlina.core.models import TenantForeignKey

STATES = [
    ("running", "Löper"),
    ("met", "Klar"),
    ("extended", "Förlängd"),
    ("lapsed", "Gäller inte längre"),
]


class Deadline(AuthorityModel):
    """One clock. Reminders go by the strict date; only what is done after the legal date is too late."""

    case = TenantForeignKey(Case, related_name="deadlines")
    about_id = models.UUIDField(null=True, blank=True, help_text="The appeal it belongs to.")
    name = models.CharField(max_length=40)
    label = models.CharField(max_length=160)
    law_key = models.CharField(max_length=40, blank=True)
    lapses = models.BooleanField(default=False, help_text="What it guards ends by law when the day passes.")
    anchor = models.CharField(max_length=40)
    anchor_date = models.DateField()
    strict_date = models.DateField()
    legal_date = models.DateField()
    escalations = models.JSONField(default=list, help_text="[[day, role]], the earliest first.")
    next_escalation = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=STATES, default="running")
    stopped_at = models.DateTimeField(null=True, blank=True)
    stopped_by = models.CharField(max_length=40, blank=True, help_text="The step that stopped it.")
    extended_by = TenantForeignKey("cases.Decision", null=True, blank=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(legal_date__gte=F("strict_date")), name="deadline_law_is_kinder"
            ),
            models.CheckConstraint(
                condition=Q(state="running", stopped_at=None)
                | (~Q(state="running") & Q(stopped_at__isnull=False)),
                name="deadline_stopped_when_not_running",
            ),
            models.UniqueConstraint(
                fields=["municipality", "case", "name", "about_id"],
                condition=Q(state="running"),
                nulls_distinct=False,
                name="deadline_runs_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["municipality", "next_escalation"], condition=Q(state="running"), name="deadline_tell"
            ),
            models.Index(fields=["municipality", "case", "strict_date"], name="deadline_case"),
        ]

    @property
    def was_told(self) -> bool:
        """Whether someone has been told of it: its first day of telling has come and gone."""
        first = self.escalations[0][0] if self.escalations else None
        return first is not None and (
            self.next_escalation is None or self.next_escalation.isoformat() != first
        )

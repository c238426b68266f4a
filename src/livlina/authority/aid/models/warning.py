"""A warning about a month: raised once for its cause, acknowledged by a worker, closed when the cause is gone."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from livlina.authority.aid.causes import TYPES
from livlina.authority.aid.models.month import MonthApplication
from livlina.authority.cases.models import AuthorityModel, Case
from livlina.core.models import TenantForeignKey

WARNING_STATES = [("open", "Öppen"), ("acknowledged", "Sedd"), ("closed", "Avslutad")]


class AidWarning(AuthorityModel):
    """One row for one cause of one case, for ever: what is closed is never opened again."""

    case = TenantForeignKey(Case, related_name="aid_warnings")
    month_application = TenantForeignKey(MonthApplication, related_name="warnings")
    type = models.CharField(max_length=24, choices=list(TYPES.items()))
    source_key = models.CharField(max_length=160)
    words = models.CharField(max_length=240)
    state = models.CharField(max_length=12, choices=WARNING_STATES, default="open")
    raised_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by_id = models.BigIntegerField(null=True, blank=True)
    acknowledged_by_name = models.CharField(max_length=160, blank=True)
    reason = models.CharField(max_length=400, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "case", "type", "source_key"], name="warning_once_a_cause"
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False)
                | (~Q(state="closed") & Q(closed_at=None)),
                name="warning_closed_some_time",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["municipality", "month_application", "state"], name="warning_month")
        ]

"""Reports of concern: one document, also about several children, and the intake that each child got."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from livlina.authority.cases.models.application import CHANNELS
from livlina.authority.cases.models.base import AuthorityRecord
from livlina.authority.cases.models.case import Case
from livlina.core.models import TenantForeignKey


class ConcernReport(AuthorityRecord):
    """A report as it came in: never changed. Who reported stands only here, and may be nobody (OSL 26:5)."""

    changeable = ("sorted_at",)

    process_code = models.CharField(max_length=40)
    process_version = models.CharField(max_length=10)
    answers = models.JSONField(help_text="As FactSpec.dump, by the name of the fact.")
    sha256 = models.CharField(max_length=64, help_text="Of the canonical JSON of what was reported.")
    receipt_number = models.CharField(max_length=16)
    received_on = models.DateField(help_text="FL 22 §: every clock begins here, never at registration.")
    received_how = models.CharField(max_length=12, choices=CHANNELS)
    online = models.BooleanField(help_text="Written by the reporter, without signing in.")
    anonymous = models.BooleanField()
    under_duty = models.BooleanField(help_text="May be told whether an investigation was opened.")
    sorted_at = models.DateTimeField(null=True, blank=True, help_text="When its children got their intakes.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "receipt_number"], name="report_receipt_once"),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="report_hashed"),
            models.CheckConstraint(
                condition=Q(anonymous=False) | Q(under_duty=False), name="report_duty_has_a_name"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["municipality", "received_on"], condition=Q(sorted_at=None), name="report_unsorted"
            ),
        ]


class ReportedPerson(AuthorityRecord):
    """One person the report is about, with the case that began by it: each has a file of their own."""

    belongs_to = "report"

    report = TenantForeignKey(ConcernReport, related_name="reported")
    case = TenantForeignKey(Case, related_name="reports")
    person = TenantForeignKey("people.Person", related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "report", "person"], name="reported_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["municipality", "case"], name="reported_case")]

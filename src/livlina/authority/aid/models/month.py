"""A month that is applied for, what was written in it, and what other authorities answered."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from livlina.authority.cases.models import Application, AuthorityRecord, Case, Decision
from livlina.authority.cases.models.application import CHANNELS
from livlina.core.models import TenantForeignKey

KINDS = [("new", "Nyansökan"), ("renewal", "Återansökan"), ("supplement", "Komplettering")]
STATES = [
    ("open", "Handläggs"),
    ("linked", "Länkad till en annan ansökan för månaden"),
    ("decided", "Beslutad"),
    ("withdrawn", "Återkallad"),
]
GROUPS = [("cost", "Kostnad"), ("income", "Inkomst")]
SOURCE_STATES = [
    ("ok", "Svar med uppgifter"),
    ("empty", "Svar utan uppgifter"),
    ("error", "Fel"),
    ("timeout", "Inget svar i tid"),
    ("not_asked", "Inte tillfrågad"),
]


class MonthApplication(AuthorityRecord):
    """One application for one month. A second one for an open month is linked to the first, never a case of its own."""

    changeable = ("state", "decision")

    case = TenantForeignKey(Case, related_name="months")
    month = models.DateField(help_text="Its first day.")
    kind = models.CharField(max_length=10, choices=KINDS)
    state = models.CharField(max_length=10, choices=STATES, default="open")
    received_on = models.DateField()
    received_how = models.CharField(max_length=12, choices=CHANNELS)
    application = TenantForeignKey(Application, null=True, blank=True, related_name="+")
    linked_to = TenantForeignKey("aid.MonthApplication", null=True, blank=True, related_name="linked")
    decision = TenantForeignKey(Decision, null=True, blank=True, related_name="+")
    household_changed = models.BooleanField(default=False)
    told = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "case", "month"], condition=Q(state="open"), name="month_open_once"
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="month_is_its_first_day"),
            models.CheckConstraint(
                condition=Q(state="linked", linked_to__isnull=False)
                | (~Q(state="linked") & Q(linked_to__isnull=True)),
                name="month_linked_to_another",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["municipality", "case", "-month"], name="month_case")]


class AppliedRow(AuthorityRecord):
    """A cost or an income as the applicant wrote it."""

    belongs_to = "month_application"

    month_application = TenantForeignKey(MonthApplication, related_name="rows")
    position = models.PositiveSmallIntegerField()
    group = models.CharField(max_length=8, choices=GROUPS)
    kind = models.CharField(max_length=24)
    person = TenantForeignKey("people.Person", null=True, blank=True, related_name="+")
    amount = models.DecimalField(max_digits=10, decimal_places=2)
    same_as_last = models.BooleanField(default=False)
    words = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "month_application", "position"], name="applied_row_position"
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="applied_row_not_negative"),
        ]


class SourceAnswer(AuthorityRecord):
    """What one source answered about one person, at one question. A later question is a row of its own."""

    belongs_to = "month_application"

    month_application = TenantForeignKey(MonthApplication, related_name="answers")
    person = TenantForeignKey("people.Person", related_name="+")
    source = models.CharField(max_length=4)
    status = models.CharField(max_length=10, choices=SOURCE_STATES)
    attempt = models.PositiveSmallIntegerField()
    rows = models.JSONField(default=list, help_text="[{kind, amount, on, text}]")
    fault = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "month_application", "person", "source", "attempt"],
                name="answer_once_an_attempt",
            ),
        ]

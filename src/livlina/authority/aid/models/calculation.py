"""A month, calculated: each counting is a row that stays; one is approved by a named worker."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from livlina.authority.aid.models.month import MonthApplication
from livlina.authority.cases.models import AuthorityRecord, Case
from livlina.core.models import TenantForeignKey

LINE_GROUPS = [("norm", "Riksnorm"), ("cost", "Kostnad"), ("income", "Inkomst")]


def kronor(**options: object) -> models.DecimalField:
    """A column of kronor, exact to the öre."""
    return models.DecimalField(max_digits=10, decimal_places=2, **options)  # type: ignore[arg-type]


class Calculation(AuthorityRecord):
    """One counting of one month. What it says is never changed: counting again makes a new one."""

    changeable = ("approved_by_id", "approved_by_name", "approved_at")

    case = TenantForeignKey(Case, related_name="calculations")
    month_application = TenantForeignKey(MonthApplication, related_name="calculations")
    number = models.PositiveSmallIntegerField()
    norm_year = models.PositiveSmallIntegerField()
    norm = kronor()
    costs = kronor()
    income = kronor()
    aid = kronor()
    sought = kronor()
    approved_by_id = models.BigIntegerField(null=True, blank=True)
    approved_by_name = models.CharField(max_length=160, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "month_application", "number"], name="calculation_number_once"
            ),
            models.CheckConstraint(condition=Q(aid__gte=0, income__gte=0), name="calculation_not_negative"),
            models.CheckConstraint(
                condition=Q(aid=0) | Q(aid=models.F("norm") + models.F("costs") - models.F("income")),
                name="calculation_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(approved_by_id=None, approved_at=None)
                | Q(approved_by_id__isnull=False, approved_at__isnull=False),
                name="calculation_approved_some_time",
            ),
        ]

    @property
    def need(self) -> object:
        """Norm and costs, in kronor."""
        return self.norm + self.costs


class CalculationLine(AuthorityRecord):
    """One row of a calculation: applied, approved (for an income: counted), and why they differ."""

    belongs_to = "calculation"

    calculation = TenantForeignKey(Calculation, related_name="lines")
    position = models.PositiveSmallIntegerField()
    group = models.CharField(max_length=8, choices=LINE_GROUPS)
    kind = models.CharField(max_length=40)
    label = models.CharField(max_length=160)
    person = TenantForeignKey("people.Person", null=True, blank=True, related_name="+")
    applied = kronor()
    approved = kronor()
    incentive = kronor(default=0)
    capped = models.BooleanField(default=False)
    reason = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "calculation", "position"], name="calculation_line_position"
            ),
        ]


class SupportMonth(AuthorityRecord):
    """Whether a person was granted försörjningsstöd for a month: the job incentive counts these. The newest row holds."""

    case = TenantForeignKey(Case, related_name="+")
    person = TenantForeignKey("people.Person", related_name="+")
    month = models.DateField()
    granted = models.BooleanField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["municipality", "person", "month", "at"], name="support_person")
        ]

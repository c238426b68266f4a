"""Personal assistance: the decision time is reported on, the assistants and their months. Compartment as the case's."""

from datetime import date, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from livlina.authority.cases.models import AuthorityModel, AuthorityRecord, Case
from livlina.core.answers import MONTHS
from livlina.core.calendar import add_months
from livlina.core.models import TenantForeignKey

PAYERS = [("fk", "Försäkringskassan"), ("municipality", "Kommunen")]
ARRANGERS = [
    ("municipality", "Kommunen"),
    ("company", "Ett företag eller ett kooperativ"),
    ("self", "Den enskilde är arbetsgivare"),
]
KINDS = [("active", "Aktiv tid"), ("waiting", "Väntetid"), ("standby", "Beredskap")]
REPORT_STATES = [("draft", "Skrivs"), ("handed_in", "Inlämnad"), ("approved", "Godkänd")]
FK_DUE_DAY = 5
"""The day of the second month after on which Försäkringskassan has the account (domain §5.4)."""


class AssistanceDecision(AuthorityModel):
    """How many hours a week, from when to when, who pays: Försäkringskassan's decision or the municipality's own."""

    case = TenantForeignKey(Case, related_name="assistance")
    payer = models.CharField(max_length=12, choices=PAYERS)
    reference = models.CharField(max_length=60, blank=True, help_text="Försäkringskassan's own number.")
    hours_per_week = models.DecimalField(max_digits=6, decimal_places=2)
    accounting_months = models.PositiveSmallIntegerField(default=1, help_text="Beräkningsperiod, 1–6 months.")
    valid_from = models.DateField()
    valid_to = models.DateField()
    arranger = models.CharField(max_length=12, choices=ARRANGERS)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(accounting_months__range=(1, 6)), name="assistance_accounting"
            ),
            models.CheckConstraint(
                condition=Q(hours_per_week__gt=0, hours_per_week__lte=336), name="assistance_hours"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")), name="assistance_ends_after_start"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["municipality", "case", "-valid_from"], name="assistance_case"),
            models.Index(fields=["municipality", "payer", "valid_to"], name="assistance_running"),
        ]

    def runs(self, day: date) -> bool:
        """Whether it holds on a day."""
        return self.valid_from <= day <= self.valid_to

    def accounting_period(self, day: date) -> tuple[date, date]:
        """Return the first and the last day of the accounting period a day lies in. The last may be cut short."""
        begins = self.valid_from
        count = 0
        while (after := add_months(self.valid_from, (count + 1) * self.accounting_months)) <= day:
            begins, count = after, count + 1
        return begins, min(after - timedelta(days=1), self.valid_to)


class Assistant(AuthorityModel):
    """Someone employed to assist, by the municipality or by the company that arranges it."""

    name = models.CharField(max_length=160)
    employee_number = models.CharField(
        max_length=40, help_text="As in the employer's pay system; no person number."
    )
    employer = models.CharField(max_length=160)
    employed_from = models.DateField()
    employed_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "employer", "employee_number"], name="assistant_once"
            ),
            models.CheckConstraint(
                condition=Q(employed_to=None) | Q(employed_to__gte=F("employed_from")),
                name="assistant_ends_after_start",
            ),
        ]

    def is_employed(self, day: date) -> bool:
        """Whether the employment holds on a day."""
        return self.employed_from <= day and (self.employed_to is None or day <= self.employed_to)


class AssistanceMonth(AuthorityModel):
    """A month of a decision: what is reported in it, and when Försäkringskassan has the account."""

    belongs_to = "decision"

    decision = TenantForeignKey(AssistanceDecision, related_name="months")
    first_day = models.DateField()
    due_on = models.DateField(help_text="The 5th of the second month after.")
    sent_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "decision", "first_day"], name="assistance_month_once"
            ),
            models.CheckConstraint(condition=Q(first_day__day=1), name="assistance_month_first_day"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["municipality", "due_on"], condition=Q(sent_on=None), name="assistance_month_due"
            )
        ]

    @property
    def last_day(self) -> date:
        """The last day of the month."""
        return add_months(self.first_day, 1) - timedelta(days=1)

    @property
    def in_words(self) -> str:
        """“mars 2026”."""
        return f"{MONTHS['sv'].split(',')[self.first_day.month - 1]} {self.first_day.year}"


def due_day(first_day: date) -> date:
    """Return when a month is to be accounted for: the 5th of the second month after."""
    return add_months(first_day, 2).replace(day=FK_DUE_DAY)


class TimeReport(AuthorityModel):
    """One assistant's month: written, handed in, and approved by somebody else."""

    belongs_to = "month"

    month = TenantForeignKey(AssistanceMonth, related_name="reports")
    assistant = TenantForeignKey(Assistant, related_name="reports")
    state = models.CharField(max_length=10, choices=REPORT_STATES, default="draft")
    reported_by_user_id = models.BigIntegerField(null=True)
    reported_by = models.CharField(max_length=160, blank=True)
    reported_at = models.DateTimeField(null=True)
    approved_by_user_id = models.BigIntegerField(null=True)
    approved_by = models.CharField(max_length=160, blank=True)
    approved_at = models.DateTimeField(null=True)
    returned_why = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "month", "assistant"], name="report_once_a_month"
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | ~Q(approved_by_user_id=F("reported_by_user_id")),
                name="report_approved_by_another",
            ),
        ]


class TimeRow(AuthorityRecord):
    """From when to when an assistant worked, and how. Written once; a wrong row is struck and stays."""

    belongs_to = "report"
    changeable = ("struck_at", "struck_by", "struck_why")

    report = TenantForeignKey(TimeReport, related_name="rows")
    assistant = TenantForeignKey(Assistant, related_name="rows")
    day = models.DateField(help_text="The Swedish day on which it begins; a row never runs past midnight.")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    kind = models.CharField(max_length=8, choices=KINDS)
    struck_at = models.DateTimeField(null=True, blank=True)
    struck_by = models.CharField(max_length=160, blank=True)
    struck_why = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("begins_at")), name="time_row_of_some_time"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["municipality", "assistant", "begins_at"], name="time_row_assistant"),
            models.Index(fields=["municipality", "report", "begins_at"], name="time_row_report"),
        ]

    @property
    def minutes(self) -> int:
        """Whole minutes that passed, also in the night when the clocks change."""
        return int((self.ends_at - self.begins_at).total_seconds() // 60)


class MonthAccount(AuthorityRecord):
    """The account of a month as it was handed to Försäkringskassan: sums, and the file byte for byte."""

    belongs_to = "month"

    month = TenantForeignKey(AssistanceMonth, related_name="accounts")
    number = models.PositiveSmallIntegerField(help_text="1; a corrected account gets the next number.")
    minutes = models.PositiveIntegerField(help_text="That count, after waiting time and standby are weighed.")
    first_minutes = models.PositiveIntegerField(help_text="Of them, those the municipality pays for.")
    ore = models.BigIntegerField(
        null=True, help_text="Of the rest at the hourly amount; none where that is unknown."
    )
    hourly_ore = models.PositiveIntegerField(null=True)
    verify = models.BooleanField(help_text="The hourly amount is not confirmed.")
    receipt = models.CharField(max_length=120, blank=True)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "month", "number"], name="account_number_once"),
            models.CheckConstraint(condition=Q(first_minutes__lte=F("minutes")), name="account_first_within"),
        ]

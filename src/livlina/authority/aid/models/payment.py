"""Money on its way: accounts, payments that two persons stand for, files to the bank, and its answers."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from livlina.authority.aid.models.calculation import kronor
from livlina.authority.cases.models import AuthorityModel, AuthorityRecord, Case, Decision
from livlina.core.models import TenantForeignKey

ACCOUNT_KINDS = [("bank_account", "Bankkonto"), ("bankgiro", "Bankgiro"), ("plusgiro", "Plusgiro")]
PAYMENT_STATES = [
    ("created", "Väntar på godkännande"),
    ("approved", "Godkänd"),
    ("in_file", "Skickad till banken"),
    ("paid", "Utbetald"),
    ("error", "Avvisad av banken"),
    ("replaced", "Ersatt av en ny betalning"),
    ("cancelled", "Borttagen innan den skickades"),
]
LIVE = ("created", "approved", "in_file", "paid")
"""States in which a payment counts against what was granted."""


class PayoutAccount(AuthorityRecord):
    """Where money may go. Never used before another than who wrote it has confirmed it; a change is a new row."""

    changeable = ("confirmed_by_id", "confirmed_by_name", "confirmed_at", "ended_at")

    case = TenantForeignKey(Case, related_name="accounts")
    payee = models.CharField(max_length=70, help_text="As the bank prints it.")
    kind = models.CharField(max_length=12, choices=ACCOUNT_KINDS)
    number = models.CharField(max_length=34)
    confirmed_by_id = models.BigIntegerField(null=True, blank=True)
    confirmed_by_name = models.CharField(max_length=160, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(confirmed_by_id=None) | ~Q(confirmed_by_id=F("by_user_id")),
                name="account_confirmed_by_another",
            ),
            models.CheckConstraint(condition=Q(number__regex=r"^[0-9]{2,34}$"), name="account_is_digits"),
        ]


class PaymentFile(AuthorityRecord):
    """A file to the bank (ISO 20022 pain.001.001.03): made once, stored as it was sent."""

    changeable = ("sent_at",)

    message_id = models.CharField(max_length=35)
    row_count = models.PositiveIntegerField()
    control_sum = models.DecimalField(max_digits=14, decimal_places=2)
    content = models.TextField()
    sha256 = models.CharField(max_length=64)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "message_id"], name="file_message_once"),
        ]


class Payment(AuthorityModel):
    """One amount to one account for one decision. Created by one, approved by another; the database holds to it."""

    case = TenantForeignKey(Case, related_name="payments")
    decision = TenantForeignKey(Decision, related_name="payments")
    account = TenantForeignKey(PayoutAccount, related_name="payments")
    amount = kronor()
    message = models.CharField(max_length=35, blank=True)
    state = models.CharField(max_length=10, choices=PAYMENT_STATES, default="created")
    reference = models.CharField(max_length=35, help_text="EndToEndId in the file.")
    created_at = models.DateTimeField()
    created_by_id = models.BigIntegerField()
    created_by_name = models.CharField(max_length=160)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by_id = models.BigIntegerField(null=True, blank=True)
    approved_by_name = models.CharField(max_length=160, blank=True)
    file = TenantForeignKey(PaymentFile, null=True, blank=True, related_name="payments")
    replaces = TenantForeignKey("aid.Payment", null=True, blank=True, related_name="replaced_by")
    bank_reason = models.CharField(max_length=160, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_of_something"),
            models.CheckConstraint(
                condition=Q(approved_by_id=None) | ~Q(approved_by_id=F("created_by_id")),
                name="payment_approved_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("created", "cancelled")) | Q(approved_by_id__isnull=False),
                name="payment_sent_only_approved",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("created", "approved", "cancelled"), file=None)
                | Q(state__in=("in_file", "paid", "error", "replaced"), file__isnull=False),
                name="payment_sent_in_a_file",
            ),
            models.UniqueConstraint(fields=["municipality", "reference"], name="payment_reference_once"),
            models.UniqueConstraint(
                fields=["municipality", "replaces"],
                condition=~Q(state="cancelled"),
                name="payment_replaced_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["municipality", "state", "created_at"], name="payment_state"),
            models.Index(fields=["municipality", "decision"], name="payment_decision"),
        ]


class BankAnswer(AuthorityRecord):
    """An answer from the bank as it came, and what became of each row. The same answer read twice is one."""

    sha256 = models.CharField(max_length=64)
    kind = models.CharField(max_length=8, help_text="pain.002 or camt.054")
    content = models.TextField()
    rows = models.JSONField(default=list, help_text="[{reference, status, outcome, reason}]")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "sha256"], name="bank_answer_once"),
        ]

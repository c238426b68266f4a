"""Letters as they were made, byte for byte, and when the party got them."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from livlina.authority.cases.models.base import AuthorityRecord
from livlina.authority.cases.models.case import Case
from livlina.authority.cases.models.decision import Decision
from livlina.core.models import TenantForeignKey

HOW = [
    ("e_service", "I e-tjänsten"),
    ("letter", "Med vanligt brev"),
    ("receipt", "Med delgivningskvitto"),
    ("handed", "Överlämnat vid besök"),
    ("oral", "Muntligt"),
]


class Document(AuthorityRecord):
    """A letter: made once, stored with its hash, its template and the data it was made from. Never rendered again."""

    changeable = ("sent_at", "withdrawn_at")

    case = TenantForeignKey(Case, related_name="documents")
    decision = TenantForeignKey(Decision, null=True, blank=True, related_name="documents")
    about_id = models.UUIDField(null=True, blank=True)
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=160)
    recipient = TenantForeignKey("people.Person", null=True, blank=True, related_name="+")
    recipient_name = models.CharField(max_length=160)
    template = models.CharField(max_length=160)
    template_version = models.CharField(max_length=64, help_text="Hash of the template's text.")
    data = models.JSONField(help_text="What the letter was made from.")
    pdf = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    sent_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="document_hashed"),
        ]
        indexes: ClassVar = [models.Index(fields=["municipality", "case", "-at"], name="document_case")]


class ServiceOfNotice(AuthorityRecord):
    """That a decision was sent to the party, and when it reached them if that is known; a later row adds to an earlier."""

    belongs_to = "decision"

    decision = TenantForeignKey(Decision, related_name="services")
    party = TenantForeignKey(
        "people.Person",
        null=True,
        blank=True,
        related_name="+",
        help_text="Empty: the one the case is about.",
    )
    how = models.CharField(max_length=12, choices=HOW)
    sent_on = models.DateField()
    served_on = models.DateField(
        null=True, blank=True, help_text="Empty: not known, and no time to appeal runs."
    )
    note = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(served_on=None) | Q(served_on__gte=F("sent_on")), name="service_not_before_sent"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["municipality", "decision", "-at"], name="service_decision")
        ]

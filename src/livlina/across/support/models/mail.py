"""Letters in and out, and what is said with suppliers: each once, whatever is repeated."""

from typing import ClassVar

from django.db import models

from livlina.across.support.models.ticket import Ticket
from livlina.core.models import PermanentModel, TenantForeignKey


class InMail(PermanentModel):
    """A letter that came, and what became of it. Its words lie in the ticket."""

    OUTCOMES = [
        ("ticket", "Nytt ärende"),
        ("reply", "Svar i ett ärende"),
        ("automatic", "Automatiskt svar, läggs åt sidan"),
        ("loop", "Vår egen, läggs åt sidan"),
        ("flood", "För många från samma avsändare"),
        ("empty", "Tomt"),
    ]

    message_id = models.CharField(
        max_length=64, help_text="SHA-256 of the letter's own id, or of the letter."
    )
    sender = models.CharField(max_length=254)
    at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=OUTCOMES)
    ticket = TenantForeignKey(Ticket, null=True, related_name="letters")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "message_id"], name="in_mail_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["municipality", "sender", "-at"], name="in_mail_sender")]


class OutMail(PermanentModel):
    """A letter to send. It is written with what it tells of, and sent afterwards."""

    changeable = ("sent_at", "tries", "fault")

    ticket = TenantForeignKey(Ticket, related_name="sent")
    to = models.CharField(max_length=254)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    automatic = models.BooleanField(default=False)
    at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    fault = models.CharField(max_length=160, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["municipality", "sent_at", "at"], name="out_mail_waiting")]


class SupplierMessage(PermanentModel):
    """What was said to a supplier, or by one. Its id is what makes a repeat harmless."""

    DIRECTIONS = [("out", "Till leverantören"), ("in", "Från leverantören")]
    changeable = ("sent_at", "tries", "fault")

    ticket = TenantForeignKey(Ticket, related_name="supplier_messages")
    supplier = models.CharField(max_length=40)
    direction = models.CharField(max_length=3, choices=DIRECTIONS)
    reference = models.CharField(max_length=80, help_text="Theirs when it came in, our id when it went out.")
    text = models.TextField()
    at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    fault = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "supplier", "direction", "reference"], name="supplier_message_once"
            ),
        ]

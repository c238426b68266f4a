"""The staff's phones, what each was given to carry, and every event one has sent. No event is ever thrown away."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from livlina.core.models import PermanentModel, TenantForeignKey, TenantModel
from livlina.provider.homecare.models.staff import Shift
from livlina.provider.homecare.models.words import PROVIDER, VERDICTS


class Phone(TenantModel):
    """A work phone as one carer uses it, known by the public half of a key that cannot leave it."""

    compartment = models.SmallIntegerField(default=PROVIDER, editable=False)
    user_id = models.BigIntegerField()
    carer = TenantForeignKey("core.Assignment", related_name="+")
    unit = TenantForeignKey("core.Unit", related_name="+")
    name = models.CharField("vad telefonen kallas", max_length=80)
    public = models.BinaryField(max_length=65)
    thumbprint = models.CharField(max_length=64)
    registered_at = models.DateTimeField()
    heard_at = models.DateTimeField(null=True)
    waiting = models.PositiveIntegerField(default=0, help_text="Events it said it still carried.")
    receipts = models.PositiveIntegerField(
        default=0, help_text="The number of the last receipt it was given."
    )
    revoked_at = models.DateTimeField(null=True)
    revoked_reason = models.CharField(max_length=200, blank=True)
    wiped_at = models.DateTimeField(null=True, help_text="It said that it had wiped what it carried.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "thumbprint"], name="phone_key_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["municipality", "unit"], name="phone_unit")]


class Pack(PermanentModel):
    """That a phone was given a shift pack: when, for which shift, how large. What it said is not kept twice."""

    compartment = models.SmallIntegerField(default=PROVIDER, editable=False)
    phone = TenantForeignKey(Phone, related_name="packs")
    shift = TenantForeignKey(Shift, related_name="packs")
    made_at = models.DateTimeField()
    until = models.DateTimeField(help_text="When it is wiped: the shift's end and two hours.")
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    persons = models.PositiveSmallIntegerField()


class FieldEvent(PermanentModel):
    """An event a phone sent, by its own id, and what became of it. Its text lies where it belongs, not here."""

    changeable: ClassVar[tuple[str, ...]] = (
        "settled_at",
        "settled_by",
        "settled_text",
        "verdict",
        "result_id",
    )
    compartment = models.SmallIntegerField(default=PROVIDER, editable=False)
    phone = TenantForeignKey(Phone, null=True, related_name="events")
    event_id = models.UUIDField()
    seq = models.PositiveIntegerField(help_text="The phone's own count, without holes.")
    number = models.PositiveIntegerField(help_text="The receipt's number for this phone.")
    version = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=24)
    person_id = models.UUIDField(null=True)
    visit_id = models.UUIDField(null=True)
    at = models.DateTimeField(null=True, help_text="By the phone's clock.")
    received_at = models.DateTimeField()
    content_hash = models.CharField(max_length=64)
    verdict = models.CharField(max_length=12, choices=VERDICTS)
    fault = models.CharField(
        max_length=24, blank=True, help_text="Why it was not taken in as it is, by code."
    )
    words = models.CharField(max_length=300, blank=True, help_text="What its author is told.")
    result_id = models.UUIDField(
        null=True, help_text="The note, the event of the visit, the signature it became."
    )
    sealed = models.BinaryField(
        null=True, help_text="Quarantine: as it came, sealed to the municipality's key."
    )
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=160, blank=True)
    settled_text = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "event_id", "content_hash"], name="field_event_content_once"
            ),
            models.UniqueConstraint(
                fields=["municipality", "phone", "number"],
                condition=Q(phone__isnull=False),
                name="field_receipt_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["municipality", "received_at"],
                condition=Q(verdict="quarantined", settled_at=None),
                name="field_quarantine",
            ),
        ]

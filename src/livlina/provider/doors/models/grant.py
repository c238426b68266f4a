"""Tokens that were made, keys that were ended, and what locks say they did."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from livlina.core.models import PermanentModel, TenantForeignKey
from livlina.provider.doors.models.lock import Lock
from livlina.provider.doors.models.words import GRANT_KINDS, OUTCOMES, PROVIDER


class Grant(PermanentModel):
    """One token as it was made: for whose phone, which locks, from when to when, and why."""

    changeable: ClassVar[tuple[str, ...]] = (
        "revoked_at", "used_at", "used_reason", "reviewed_at", "reviewed_by", "review",
    )  # fmt: skip
    compartment = models.SmallIntegerField(default=PROVIDER, editable=False)
    kind = models.CharField(max_length=12, choices=GRANT_KINDS)
    name = models.CharField(max_length=32, help_text="The token's `cti`, 16 bytes in hexadecimals.")
    unit = TenantForeignKey("core.Unit", related_name="+")
    holder = TenantForeignKey("core.Assignment", null=True, related_name="+")
    holder_name = models.CharField(max_length=160)
    thumbprint = models.CharField(max_length=64, help_text="Of the phone's key.")
    lock_numbers = ArrayField(models.PositiveBigIntegerField(), default=list)
    area = models.CharField(max_length=80, blank=True)
    not_before = models.DateTimeField()
    expires = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True, help_text="Emergency: when a lock or the phone told of it.")
    used_reason = models.CharField(max_length=200, blank=True)
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.CharField(max_length=160, blank=True)
    review = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "name"], name="grant_name_once"),
            models.CheckConstraint(condition=Q(expires__gt=F("not_before")), name="grant_ends_after"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["municipality", "thumbprint"], name="grant_phone"),
            models.Index(fields=["municipality", "unit", "-made_at"], name="grant_unit"),
        ]


class Revocation(PermanentModel):
    """A phone's key, or one token, that opens nothing any more. Its number orders the lists that phones carry."""

    compartment = models.SmallIntegerField(default=PROVIDER, editable=False)
    number = models.PositiveIntegerField()
    thumbprint = models.CharField(max_length=64, blank=True)
    name = models.CharField(max_length=32, blank=True, help_text="One token's cti.")
    until = models.DateTimeField(help_text="When the last thing it ends would have ended by itself.")
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=160)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "number"], name="revocation_number_once"),
            models.CheckConstraint(
                condition=(~Q(thumbprint="") & Q(name="")) | (Q(thumbprint="") & ~Q(name="")),
                name="revocation_of_one_thing",
            ),
        ]


class Opening(PermanentModel):
    """An entry of a lock's log, as the lock wrote it. Chained by hash; any phone may have carried it."""

    changeable: ClassVar[tuple[str, ...]] = ("follows",)
    compartment = models.SmallIntegerField(default=PROVIDER, editable=False)
    lock = TenantForeignKey(Lock, related_name="openings")
    person = TenantForeignKey("people.Person", related_name="+", help_text="Whose door it was that day.")
    number = models.PositiveIntegerField()
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    raw = models.BinaryField(max_length=400)
    at = models.DateTimeField(help_text="By the lock's clock.")
    outcome = models.CharField(max_length=8, choices=OUTCOMES)
    fault = models.CharField(max_length=24, blank=True)
    reason = models.PositiveSmallIntegerField(
        default=0, help_text="Said at the door: protocol.faults.REASONS."
    )
    thumbprint = models.CharField(max_length=64, blank=True)
    grant = TenantForeignKey(Grant, null=True, related_name="openings")
    holder_name = models.CharField(max_length=160, blank=True)
    carried_by = models.CharField(max_length=64, help_text="Thumbprint of the phone that brought it.")
    received_at = models.DateTimeField()
    follows = models.BooleanField(help_text="Whether it follows on the entry before it, by number and hash.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "lock", "number", "digest"], name="opening_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["municipality", "person", "-at"], name="opening_person"),
            models.Index(fields=["municipality", "lock", "-number"], name="opening_lock"),
        ]

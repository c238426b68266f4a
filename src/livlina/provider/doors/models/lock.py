"""Locks on people's doors, and what they rest on."""

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from livlina.core.models import PermanentModel, TenantForeignKey, TenantModel
from livlina.provider.doors.models.words import CONSENTS, KEY_EVENTS, LOCK_STATES, PROVIDER, VENDOR_CALLS


class Lock(TenantModel):
    """One lock. `number` is what it calls itself on the wire: it says nothing of whose door it is."""

    compartment = models.SmallIntegerField(default=PROVIDER, editable=False)
    number = models.PositiveBigIntegerField("låsets nummer", help_text="Below 2**32; random, never reused.")
    person = TenantForeignKey("people.Person", related_name="locks")
    unit = TenantForeignKey("core.Unit", related_name="+", help_text="Who goes there.")
    area = models.CharField("område", max_length=80, blank=True)
    place = models.CharField("vilken dörr", max_length=80, default="Ytterdörren")
    vendor = models.CharField("fabrikat", max_length=20, default="simulator")
    model = models.CharField("modell", max_length=60, blank=True)
    serial = models.CharField("serienummer", max_length=40, blank=True)
    state = models.CharField(max_length=8, choices=LOCK_STATES, default="planned")
    epoch = models.PositiveIntegerField(default=1, help_text="Tokens of an older epoch open nothing.")
    fit_on = models.DateField("monteras", null=True)
    fitter = models.CharField("montör", max_length=160, blank=True)
    fitted_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    battery = models.PositiveSmallIntegerField("batteri, procent", null=True)
    heard_at = models.DateTimeField("senast hämtad logg", null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "number"], name="lock_number_once"),
            models.CheckConstraint(condition=Q(number__range=(1, 2**32 - 1)), name="lock_number_small"),
            models.CheckConstraint(
                condition=~Q(state="fitted") | Q(fitted_at__isnull=False), name="lock_fitted_when"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["municipality", "person"], name="lock_person"),
            models.Index(fields=["municipality", "unit", "state"], name="lock_unit"),
        ]


class LockUnit(TenantModel):
    """That another unit goes to this door too, from a day to a day: night patrol, alarm team, a provider the client
    chose."""

    compartment = models.SmallIntegerField(default=PROVIDER, editable=False)
    lock = TenantForeignKey(Lock, related_name="units")
    unit = TenantForeignKey("core.Unit", related_name="+")
    why = models.CharField("varför", max_length=120)
    first_on = models.DateField("från och med")
    last_on = models.DateField("till och med", null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "lock", "unit", "first_on"], name="lock_unit_once"
            ),
            models.CheckConstraint(
                condition=Q(last_on__isnull=True) | Q(last_on__gte=F("first_on") - timedelta(days=1)),
                name="lock_unit_days",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["municipality", "unit"], name="lock_other_unit")]


class VendorCall(TenantModel):
    """Something a lock's maker is to do: kept until it is done, and tried again when it fails."""

    compartment = models.SmallIntegerField(default=PROVIDER, editable=False)
    lock = TenantForeignKey(Lock, related_name="calls")
    what = models.CharField(max_length=8, choices=VENDOR_CALLS)
    detail = models.JSONField(default=dict, help_text="Numbers and names of keys, never a person's.")
    made_at = models.DateTimeField()
    next_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    fault = models.CharField(max_length=200, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["municipality", "next_at"], condition=Q(done_at=None), name="vendor_call_waits"
            ),
        ]


class Consent(TenantModel):
    """That the client, or who owns the house, has agreed to a lock. Withdrawn, never removed."""

    compartment = models.SmallIntegerField(default=PROVIDER, editable=False)
    lock = TenantForeignKey(Lock, related_name="consents")
    whose = models.CharField(max_length=6, choices=CONSENTS)
    name = models.CharField("vem som samtyckte", max_length=160)
    how = models.CharField("hur", max_length=120)
    given_on = models.DateField()
    withdrawn_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "lock", "whose"], condition=Q(withdrawn_on=None), name="consent_once"
            ),
        ]


class MetalKey(TenantModel):
    """A metal key by its number. Whose door it fits stands here and on no label."""

    compartment = models.SmallIntegerField(default=PROVIDER, editable=False)
    number = models.CharField("nyckelnummer", max_length=20)
    person = TenantForeignKey("people.Person", related_name="+")
    unit = TenantForeignKey("core.Unit", related_name="+")
    place = models.CharField("var den hänger", max_length=80)
    reserve = models.BooleanField("reserv i förseglad låda", default=False)
    holder = TenantForeignKey("core.Assignment", null=True, related_name="+")
    out_since = models.DateTimeField(null=True)
    lost_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "unit", "number"], name="metal_key_once"),
            models.CheckConstraint(
                condition=Q(holder__isnull=True, out_since__isnull=True)
                | Q(holder__isnull=False, out_since__isnull=False),
                name="metal_key_out_with_somebody",
            ),
        ]


class MetalKeyEvent(PermanentModel):
    """A key out, in, lost or given back: signed by who did it."""

    compartment = models.SmallIntegerField(default=PROVIDER, editable=False)
    key = TenantForeignKey(MetalKey, related_name="events")
    what = models.CharField(max_length=8, choices=KEY_EVENTS)
    at = models.DateTimeField()
    holder_name = models.CharField(max_length=160, blank=True)
    by_id = models.BigIntegerField()
    by_name = models.CharField(max_length=160)
    note = models.CharField(max_length=200, blank=True)

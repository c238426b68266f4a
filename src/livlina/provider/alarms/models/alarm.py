"""Receivers, the records they hand over, and alarms with everything done about them."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from livlina.core.models import PermanentModel, TenantForeignKey, TenantModel
from livlina.provider.alarms.models.unit import AlarmUnit
from livlina.provider.alarms.models.words import ALARM_KINDS, ALARM_STATES, DEEDS, OUTCOMES, PROVIDER


class Receiver(TenantModel):
    """One alarm receiver (`livlina alarmd`), as this house knows it. Its pulse is the exchange itself.

    A receiver whose log was lost counts from one again: the row of the lost log is ended, and a new one begins.
    """

    compartment = models.SmallIntegerField(default=PROVIDER, editable=False)
    code = models.CharField(max_length=20)
    name = models.CharField("namn", max_length=80)
    key_hash = models.CharField(max_length=128, help_text="SHA-256 of the bearer token, never the token.")
    confirmed = models.BigIntegerField(default=0, help_text="Every record up to this number is here.")
    told_to = models.BigIntegerField(default=0, help_text="The news it has had.")
    last_at = models.DateTimeField("senaste kontakt", null=True)
    boot = models.CharField(max_length=40, blank=True)
    health = models.JSONField(default=dict)
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "code"], condition=Q(ended_at=None), name="receiver_once"
            ),
            models.UniqueConstraint(
                fields=["key_hash"], condition=Q(ended_at=None), name="receiver_key_once"
            ),
        ]


class Receipt(PermanentModel):
    """One record of a receiver's log, as it came. The same number from the same receiver is the same record."""

    compartment = models.SmallIntegerField(default=PROVIDER, editable=False)
    receiver = TenantForeignKey(Receiver, related_name="receipts")
    number = models.BigIntegerField()
    record = models.UUIDField(help_text="The same for a press that both receivers saw.")
    kind = models.CharField(max_length=20)
    at = models.DateTimeField(help_text="By the receiver's clock.")
    received_at = models.DateTimeField()
    said = models.JSONField(help_text="The record as it stood, without person data.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "receiver", "number"], name="receipt_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["municipality", "record"], name="receipt_record")]


class Alarm(TenantModel):
    """Somebody asks for help. Its id is the record's: seen by two receivers it is one alarm with two receipts."""

    compartment = models.SmallIntegerField(default=PROVIDER, editable=False)
    kind = models.CharField(max_length=14, choices=ALARM_KINDS, default="alarm")
    unit = TenantForeignKey(AlarmUnit, null=True, related_name="alarms")
    person = TenantForeignKey("people.Person", null=True, related_name="alarms")
    team = TenantForeignKey("core.Unit", related_name="+", help_text="Whose alarm it is now.")
    sender = models.CharField("enhetsnummer", max_length=40, blank=True)
    device = models.CharField(max_length=40, blank=True)
    what = models.CharField("vad larmet säger", max_length=120, blank=True)
    where = models.CharField("plats", max_length=120, blank=True)
    call_back = models.CharField("ring upp", max_length=256, blank=True)
    pressed_at = models.DateTimeField(help_text="By the receiver's clock.")
    received_at = models.DateTimeField()
    presses = models.PositiveSmallIntegerField("tryckningar", default=1)
    priority = models.PositiveSmallIntegerField(
        default=1, help_text="1 highest. Presses and waiting raise it."
    )
    step = models.PositiveSmallIntegerField(default=0, help_text="How many times it has gone further.")
    next_at = models.DateTimeField(null=True, help_text="When it goes further if nobody accepts.")
    state = models.CharField(max_length=10, choices=ALARM_STATES, default="waiting")
    accepted_at = models.DateTimeField(null=True)
    holder_id = models.BigIntegerField(null=True, help_text="Who has it now.")
    holder_name = models.CharField(max_length=160, blank=True)
    offered_to_id = models.BigIntegerField(null=True)
    offered_to_name = models.CharField(max_length=160, blank=True)
    on_way_at = models.DateTimeField(null=True)
    on_site_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField("hur det gick", max_length=16, choices=OUTCOMES, blank=True)
    note = TenantForeignKey("journal.Note", null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(compartment=PROVIDER), name="alarm_is_the_providers"),
            models.CheckConstraint(
                condition=Q(state__in=[code for code, _ in ALARM_STATES]), name="alarm_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting")
                | Q(accepted_at__isnull=False, holder_id__isnull=False)
                | Q(state="closed"),
                name="alarm_accepted_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="alarm_closed_how",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True)
                | Q(closed_at__isnull=True)
                | Q(closed_at__gte=F("accepted_at")),
                name="alarm_closed_after_accepted",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["municipality", "team", "received_at"],
                condition=~Q(state="closed"),
                name="alarm_open",
            ),
            models.Index(
                fields=["municipality", "next_at"], condition=Q(state="waiting"), name="alarm_further"
            ),
            models.Index(fields=["municipality", "person", "received_at"], name="alarm_of_person"),
            models.Index(fields=["municipality", "team", "received_at"], name="alarm_month"),
        ]


class AlarmEvent(PermanentModel):
    """One thing that happened to an alarm. `number` runs in the municipality: the receivers follow it."""

    compartment = models.SmallIntegerField(default=PROVIDER, editable=False)
    number = models.BigIntegerField()
    alarm = TenantForeignKey(Alarm, related_name="events")
    did = models.CharField(max_length=12, choices=DEEDS)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=160, blank=True)
    to_name = models.CharField(max_length=160, blank=True)
    text = models.CharField(max_length=300, blank=True)
    receipt = TenantForeignKey(Receipt, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "number"], name="alarm_event_number_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["municipality", "alarm", "at"], name="alarm_events")]

"""When many fall silent: what is known of the cause, and the round of calls to everyone until each is reached."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from livlina.core.models import PermanentModel, TenantForeignKey, TenantModel
from livlina.provider.alarms.models.unit import AlarmUnit
from livlina.provider.alarms.models.words import GROUPS, PROVIDER, ROUND_STATES


class Silence(TenantModel):
    """Many units with something in common fell silent together. Both receivers may tell of the same one."""

    compartment = models.SmallIntegerField(default=PROVIDER, editable=False)
    group = models.CharField(max_length=10, choices=GROUPS)
    value = models.CharField(max_length=80)
    began_at = models.DateTimeField()
    noticed_at = models.DateTimeField()
    over_at = models.DateTimeField(null=True)
    silent = models.PositiveIntegerField("tysta")
    known = models.PositiveIntegerField("av")
    cause = models.CharField("trolig orsak", max_length=300)
    units = ArrayField(models.CharField(max_length=16), default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "group", "value"], condition=Q(over_at=None), name="silence_once"
            ),
        ]


class CallRound(TenantModel):
    """The crisis plan, opened: everyone concerned is rung or visited. Closed only when every person is reached."""

    compartment = models.SmallIntegerField(default=PROVIDER, editable=False)
    silence = TenantForeignKey(Silence, null=True, related_name="rounds")
    reason = models.CharField("anledning", max_length=300)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=160)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=160, blank=True)


class CallEntry(TenantModel):
    """One person of a round."""

    compartment = models.SmallIntegerField(default=PROVIDER, editable=False)
    round = TenantForeignKey(CallRound, related_name="entries")
    unit = TenantForeignKey(AlarmUnit, related_name="+")
    person = TenantForeignKey("people.Person", related_name="+")
    team = TenantForeignKey("core.Unit", related_name="+")
    risk = models.PositiveSmallIntegerField()
    heard_at = models.DateTimeField(null=True, help_text="Last sign of life when the round began.")
    state = models.CharField(max_length=9, choices=ROUND_STATES, default="not_tried")
    state_at = models.DateTimeField(null=True)
    state_by = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "round", "unit"], name="call_entry_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["municipality", "round", "team", "state"], name="call_entries")
        ]


class CallAttempt(PermanentModel):
    """One try to reach somebody in a round, or one hand-over of it to the next shift (`entry` empty)."""

    compartment = models.SmallIntegerField(default=PROVIDER, editable=False)
    round = TenantForeignKey(CallRound, related_name="attempts")
    entry = TenantForeignKey(CallEntry, null=True, related_name="attempts")
    state = models.CharField(max_length=12)
    at = models.DateTimeField()
    by_id = models.BigIntegerField()
    by_name = models.CharField(max_length=160)
    note = models.CharField(max_length=300, blank=True)

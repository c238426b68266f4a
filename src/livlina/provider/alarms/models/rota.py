"""Who is called, by which channel, and whether it reached them."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from livlina.core.models import PermanentModel, TenantForeignKey, TenantModel
from livlina.provider.alarms.models.alarm import Alarm
from livlina.provider.alarms.models.words import CHANNELS, NOTICE_STATES, PROVIDER


class OnCall(TenantModel):
    """Somebody on call for a team, from a moment to a moment. Step 0 takes alarms first, 1 when 0 has not, 2 last."""

    deletable: ClassVar[bool] = True  # a plan that has not begun is taken off the rota; the audit keeps it

    compartment = models.SmallIntegerField(default=PROVIDER, editable=False)
    team = TenantForeignKey("core.Unit", related_name="+")
    assignment = TenantForeignKey("core.Assignment", related_name="+")
    step = models.PositiveSmallIntegerField(default=0)
    skill = models.CharField("kompetens", max_length=20, blank=True)
    area = models.CharField("område", max_length=80, blank=True, help_text="Empty = the whole team's.")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="on_call_ends_after"),
            models.CheckConstraint(condition=Q(step__lte=2), name="on_call_step_known"),
        ]
        indexes: ClassVar = [models.Index(fields=["municipality", "team", "ends_at"], name="on_call_now")]


class Channel(TenantModel):
    """How somebody on duty is reached: a device for notices, a number for SMS and voice. Ended, never removed."""

    compartment = models.SmallIntegerField(default=PROVIDER, editable=False)
    user_id = models.BigIntegerField()
    kind = models.CharField(max_length=5, choices=CHANNELS)
    address = models.CharField(max_length=500)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)


class Notice(PermanentModel):
    """One call for somebody about one alarm, by one supplier."""

    changeable: ClassVar[tuple[str, ...]] = ("state", "answered_at", "fault")
    compartment = models.SmallIntegerField(default=PROVIDER, editable=False)
    alarm = TenantForeignKey(Alarm, related_name="notices")
    step = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=5, choices=CHANNELS)
    supplier = models.CharField(max_length=20)
    user_id = models.BigIntegerField()
    to_name = models.CharField(max_length=160)
    state = models.CharField(max_length=8, choices=NOTICE_STATES, default="waiting")
    made_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "alarm", "step", "channel", "supplier", "user_id"], name="notice_once"
            ),
        ]


class EmergencyCode(TenantModel):
    """A code of one's own for the receiver's page, for when all else is dead. Shown once, kept as a digest."""

    compartment = models.SmallIntegerField(default=PROVIDER, editable=False)
    user_id = models.BigIntegerField()
    name = models.CharField(max_length=160)
    salt = models.CharField(max_length=64)
    digest = models.CharField(max_length=128)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "user_id"], condition=Q(ended_at=None), name="emergency_code_once"
            ),
        ]

"""A duty that waits for someone: the watch, the desks it lies on, and what was done about it."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from livlina.core.models import PermanentModel, TenantForeignKey, TenantModel
from livlina.registers.watches.models.kinds import WatchType, kind


class Watch(TenantModel):
    """Something that must be done by someone before a moment. One open watch per type and source."""

    compartment = models.SmallIntegerField(
        help_text="The owner's side of the wall: the other side's rows are not seen."
    )
    type = models.CharField(max_length=64)
    object_type = models.CharField(
        max_length=64, help_text="What it is about: a label this room does not know."
    )
    object_id = models.UUIDField()
    about = models.CharField(
        max_length=160,
        blank=True,
        db_default="",
        help_text="What the rules call it, where the type says too little.",
    )
    person = TenantForeignKey("people.Person", null=True, related_name="+")
    role = models.CharField(max_length=32)
    unit = TenantForeignKey("core.Unit", related_name="+")
    user = models.ForeignKey("core.User", on_delete=models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    shown_from = models.DateTimeField(help_text="Before this moment it disturbs nobody.")
    due_at = models.DateTimeField()
    snoozed_until = models.DateTimeField(null=True)
    level = models.SmallIntegerField(default=0, help_text="Rungs of the ladder recorded as climbed.")
    acted_at = models.DateTimeField(null=True, help_text="When a person first did something about it.")
    closed_at = models.DateTimeField(null=True)
    closed_why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "type", "object_type", "object_id"],
                condition=Q(closed_at__isnull=True),
                name="watch_once",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("opened_at")),
                name="watch_closes_after",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_why="")
                | (Q(closed_at__isnull=False) & ~Q(closed_why="")),
                name="watch_says_why_closed",
            ),
            models.CheckConstraint(condition=Q(shown_from__gte=F("opened_at")), name="watch_shown_after"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["municipality", "object_id"],
                condition=Q(closed_at__isnull=True),
                name="watch_open_source",
            ),
            models.Index(fields=["municipality", "shown_from", "type"], name="watch_measured"),
        ]

    @property
    def kind(self) -> WatchType:
        """What the room that raised it says about it."""
        return kind(self.type)

    @property
    def title(self) -> str:
        """What is to be done: in the words of whoever raised it, or of its type."""
        return self.about or self.kind.title

    def state(self, now: datetime) -> str:
        """`open`, `snoozed` or `closed`: by the clock, so that no job has to wake a watch."""
        if self.closed_at is not None:
            return "closed"
        return "snoozed" if self.snoozed_until and self.snoozed_until > now else "open"


class WatchDesk(TenantModel):
    """Where an open watch lies, from when: one row per rung, made when the watch is raised.

    The list is read from here alone. Escalation is a moment in `since`, so it holds to the second even if no
    job has run; the rows go when the watch closes, and what happened stays in WatchEvent.
    """

    deletable = True

    compartment = models.SmallIntegerField()
    watch = TenantForeignKey(Watch, related_name="desks")
    rung = models.SmallIntegerField(help_text="0 is the owner's desk.")
    role = models.CharField(max_length=32)
    unit = TenantForeignKey("core.Unit", null=True, related_name="+")
    user = models.ForeignKey("core.User", on_delete=models.PROTECT, null=True, related_name="+")
    since = models.DateTimeField()
    recorded = models.BooleanField(
        default=False, help_text="Whether the climb to this rung stands in WatchEvent."
    )
    type = models.CharField(max_length=64)
    calm = models.BooleanField(help_text="False for a dangerous watch, so that danger sorts first.")
    due_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "watch", "rung"], name="watch_desk_once"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["municipality", "role", "unit", "calm", "due_at", "id"],
                include=["compartment", "user", "since", "type"],
                name="watch_desk_list",
            ),
            models.Index(
                fields=["municipality", "since"], condition=Q(recorded=False), name="watch_desk_climb"
            ),
        ]


class WatchEvent(PermanentModel):
    """One thing that happened to a watch. What the shares of acted on and ignored are counted from."""

    KINDS: ClassVar = [
        ("raised", "uppkom"),
        ("acted", "åtgärdad"),
        ("snoozed", "uppskjuten"),
        ("handed_over", "överlämnad"),
        ("escalated", "eskalerad"),
        ("ignored", "inget för mig"),
        ("closed", "avslutad"),
    ]

    compartment = models.SmallIntegerField()
    watch = TenantForeignKey(Watch, related_name="events")
    kind = models.CharField(max_length=12, choices=KINDS)
    at = models.DateTimeField(help_text="When it took effect; for an escalation the second it was due.")
    recorded_at = models.DateTimeField()
    user_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=160)
    role = models.CharField(
        max_length=32, help_text="Whoever acted; for an escalation the role it climbed to."
    )
    unit_name = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(kind__in=["snoozed", "ignored", "handed_over"]) | ~Q(reason=""),
                name="watch_event_has_reason",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["municipality", "watch", "at"], name="watch_event_order")]

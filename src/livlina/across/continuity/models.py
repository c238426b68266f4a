"""What has been proved, and when: drills and restore tests. They concern the whole installation, not one municipality."""

from typing import ClassVar

from django.db import models

from livlina.core.ids7 import uuid7


class Drill(models.Model):
    """One playing of a story, step by step. Written once: the application may read and add, never change."""

    class Outcome(models.TextChoices):
        """How it went as a whole."""

        WORKS = "works", "höll"
        PARTLY = "partly", "kunde inte övas helt"
        FAILS = "fails", "höll inte"

    class Against(models.TextChoices):
        """What it was played against."""

        RUNNING = "running", "systemet i drift"
        SHADOW = "shadow", "skuggan"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    story = models.CharField(max_length=16, help_text="A name in `continuity.stories`.")
    against = models.CharField(max_length=8, choices=Against)
    address = models.CharField(max_length=200, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    steps = models.JSONField(
        help_text='[{"name", "seconds", "works": true, false or null (not played), "words"}]'
    )
    outcome = models.CharField(max_length=8, choices=Outcome)
    started_by = models.CharField(max_length=160, help_text="A person's name, or the timer's.")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["story", "-started_at"], name="drill_newest")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ended_at__gte=models.F("started_at")), name="drill_ends_after_start"
            ),
        ]


class DrillSignature(models.Model):
    """Somebody responsible has read what a drill showed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    drill = models.ForeignKey(Drill, on_delete=models.PROTECT, related_name="signatures")
    at = models.DateTimeField()
    user_id = models.BigIntegerField()
    name = models.CharField(max_length=160)
    title = models.CharField(max_length=80)
    words = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["drill", "user_id"], name="drill_signed_once_by_each")
        ]


class RestoreTest(models.Model):
    """One backup brought back, started, signed in to and read. Written once."""

    class Outcome(models.TextChoices):
        """Whether the reserve would have worked."""

        WORKS = "works", "höll"
        FAILS = "fails", "höll inte"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    backup = models.CharField(max_length=64, help_text="The base backup's name; empty: none was found.")
    newest_at = models.DateTimeField(null=True, help_text="The last change that came back.")
    newest_age = models.IntegerField(null=True, help_text="Seconds from that change to the test's start.")
    counts = models.JSONField(default=dict, help_text='{"table": [noted, found]}')
    chains_verified = models.IntegerField(default=0)
    chains_broken = models.IntegerField(default=0)
    signed_in_at = models.DateTimeField(null=True, help_text="Empty: nobody could sign in.")
    seconds = models.DecimalField(max_digits=9, decimal_places=1)
    outcome = models.CharField(max_length=8, choices=Outcome)
    words = models.TextField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-started_at"], name="restore_test_newest")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(outcome="works")
                | models.Q(chains_broken=0, signed_in_at__isnull=False, newest_at__isnull=False),
                name="restore_test_works_when_proved",
            ),
        ]

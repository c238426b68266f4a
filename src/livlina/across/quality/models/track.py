"""Tracks: what one event is to each law, each with a clock, an owner, a circle of readers and an outcome of its own."""

from typing import ClassVar

from django.db import models

from livlina.across.quality.models.incident import Incident
from livlina.across.quality.tracks import KINDS
from livlina.core.models import PermanentModel, TenantForeignKey

STEPS = [
    ("judged", "Bedömt"),
    ("stage", "Gjort"),
    ("given", "Lämnat över"),
    ("note", "Anteckning"),
    ("closed", "Avslutat"),
]


class Track(PermanentModel):
    """One law's view of an incident. Which it is and when it begins never changes; steps say what became of it."""

    changeable: ClassVar[tuple[str, ...]] = (
        "owner_id",
        "owner_name",
        "owner_role",
        "owner_unit",
        "closed_at",
    )

    incident = TenantForeignKey(Incident, related_name="tracks")
    kind = models.CharField(max_length=13, choices=[(kind.code, kind.words) for kind in KINDS.values()])
    opened_at = models.DateTimeField()
    owner_id = models.BigIntegerField()
    owner_name = models.CharField(max_length=160)
    owner_role = models.CharField(max_length=32)
    owner_unit = TenantForeignKey("core.Unit", related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "incident", "kind"], name="track_once"),
        ]


class TrackStep(PermanentModel):
    """A judgement, a stage of the law that was done, a hand-over, a note or the closing: who, when, in what words."""

    track = TenantForeignKey(Track, related_name="steps")
    kind = models.CharField(max_length=6, choices=STEPS)
    stage = models.CharField(max_length=16, blank=True)
    outcome = models.CharField(max_length=16, blank=True)
    at = models.DateTimeField()
    user_id = models.BigIntegerField()
    user_name = models.CharField(max_length=160)
    text = models.TextField()
    receipt = models.CharField(max_length=80, blank=True, help_text="The authority's own number.")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(kind="stage") | ~models.Q(stage=""), name="track_step_says_its_stage"
            ),
            models.UniqueConstraint(
                fields=["municipality", "track", "stage"],
                condition=models.Q(kind="stage"),
                name="track_stage_once",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["municipality", "track", "at"], name="track_steps")]

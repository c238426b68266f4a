"""What is stored of a municipality's Merkle log. Hashes and signatures only: nothing here tells of a person.

A tile grows at its end and never otherwise: a database trigger sees to that (migration 0004), and nothing is removed.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from livlina.core.models import PermanentModel, TenantForeignKey, TenantModel


class Log(TenantModel):
    """A municipality's log. A new one is begun only when the old cannot go on: a backup older than what witnesses saw."""

    number = models.PositiveIntegerField()
    origin = models.CharField(
        max_length=200, help_text="The first line of its checkpoints, and its key's name."
    )
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=400, blank=True, help_text="Why it was ended.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "number"], name="log_number_once"),
            models.UniqueConstraint(
                fields=["municipality"], condition=Q(ended_at=None), name="log_one_goes_on"
            ),
            models.CheckConstraint(condition=Q(ended_at=None) | ~Q(why=""), name="log_ends_for_a_reason"),
        ]


class LogTile(TenantModel):
    """Up to 256 hashes of one level of the tree, one after the other."""

    log = TenantForeignKey(Log, related_name="tiles", db_index=False)
    level = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    hashes = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "log", "level", "number"], name="log_tile_once"),
        ]


class LogCheckpoint(PermanentModel):
    """The log's size and root, signed by the log's own key."""

    log = TenantForeignKey(Log, related_name="checkpoints", db_index=False)
    size = models.PositiveBigIntegerField()
    note = models.TextField(help_text="The signed note, as C2SP tlog-checkpoint writes it.")
    at = models.DateTimeField()

    class Meta(PermanentModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "log", "size"], name="log_checkpoint_once"),
        ]


class LogCosignature(PermanentModel):
    """That a witness outside had seen this as the newest, and that it began with everything seen before."""

    checkpoint = TenantForeignKey(LogCheckpoint, related_name="cosignatures")
    witness = models.CharField(max_length=200, help_text="The name of the witness's key.")
    line = models.CharField(max_length=400, help_text="The signature line.")
    at = models.DateTimeField()

    class Meta(PermanentModel.Meta):
        pass


class LogWitness(TenantModel):
    """How it last went with one witness of one log."""

    log = TenantForeignKey(Log, related_name="witnesses", db_index=False)
    witness = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField(default=0, help_text="The largest it cosigned.")
    asked_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, help_text="When it last cosigned.")
    refused_at = models.DateTimeField(null=True, help_text="Since when it refuses; null while it does not.")
    refused_why = models.CharField(max_length=24, blank=True)
    told_at = models.DateTimeField(
        null=True, help_text="When the refusal or silence was told; null when well."
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "log", "witness"], name="log_witness_once"),
        ]


class LogGap(PermanentModel):
    """That the entry at a place of the log is destroyed by law. An entry of the log itself; written by destruction alone."""

    changeable: ClassVar[tuple[str, ...]] = ("log_index",)

    log = TenantForeignKey(Log, related_name="gaps", db_index=False)
    gone = models.PositiveBigIntegerField(help_text="The place of what is destroyed.")
    gone_hash = models.BinaryField(
        help_text="Its chain hash: its salt is gone too, so that this tells nothing."
    )
    at = models.DateTimeField()
    hash = models.BinaryField()
    log_index = models.BigIntegerField(null=True)

    class Meta(PermanentModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "log", "gone"], name="log_gap_once"),
            models.UniqueConstraint(fields=["municipality", "log", "log_index"], name="log_gap_logged_once"),
        ]

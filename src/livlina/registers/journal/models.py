"""What is stored: files, and in them entries that are written once, each chained to the one before.

A note, a correction and a dissent are all entries of one chain per person and book. The columns of the chain
are filled by a database trigger (migration 0002), so that no way of writing passes it by.
"""

from datetime import timedelta
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from livlina.core.models import PermanentModel, TenantForeignKey, TenantModel
from livlina.registers.journal.codes import LIFE_AREAS as LIFE_AREAS
from livlina.registers.journal.codes import CorrectionKind, Kind, Law, Precision
from livlina.registers.journal.log.tables import Log as Log
from livlina.registers.journal.log.tables import LogCheckpoint as LogCheckpoint
from livlina.registers.journal.log.tables import LogCosignature as LogCosignature
from livlina.registers.journal.log.tables import LogGap as LogGap
from livlina.registers.journal.log.tables import LogTile as LogTile
from livlina.registers.journal.log.tables import LogWitness as LogWitness

LATE = timedelta(days=30)
"""How long after an event a note needs no reason for being written now."""

HEALTH_IS_HSL = (Q(compartment=3) & Q(law=Law.HSL)) | (~Q(compartment=3) & ~Q(law=Law.HSL))


class File(TenantModel):
    """An akt: what one unit writes about one person in one book. It is closed, never removed."""

    person = TenantForeignKey("people.Person", related_name="files", db_index=False)
    unit = TenantForeignKey("core.Unit", related_name="+", db_index=False)
    compartment = models.SmallIntegerField("bok")
    law = models.CharField("lagrum", max_length=4, choices=Law, help_text="What its notes usually rest on.")
    opened_at = models.DateTimeField()
    opened_by = models.BigIntegerField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "person", "compartment", "unit"],
                condition=Q(closed_at__isnull=True),
                name="file_open_once",
            ),
            models.CheckConstraint(condition=Q(compartment__gte=1), name="file_in_a_book"),
            models.CheckConstraint(condition=HEALTH_IS_HSL, name="file_law_fits_book"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("opened_at")),
                name="file_closes_after",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["municipality", "person"], name="file_person")]


class ChainHead(TenantModel):
    """The end of one chain: locked by whoever writes, so that two writers get one place each."""

    person = TenantForeignKey("people.Person", related_name="+", db_index=False)
    compartment = models.SmallIntegerField()
    seq = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "person", "compartment"], name="chain_head_once"),
        ]


class Entry(PermanentModel):
    """One link of a person's chain in one book. `seq` to `hash` are set by the database, whatever is sent.

    `log_index` is the entry's place in the municipality's Merkle log, given within seconds by the sequencer.
    """

    changeable: ClassVar[tuple[str, ...]] = ("log_index",)

    person = TenantForeignKey("people.Person", related_name="+", db_index=False)
    compartment = models.SmallIntegerField("bok")
    author_id = models.BigIntegerField(help_text="The user; 0 is Livlina itself.")
    author_name = models.CharField(max_length=160)
    author_title = models.CharField(max_length=80, help_text="As it was then: titles change.")
    author_unit = models.CharField(max_length=120)
    author_unit_id = models.UUIDField(null=True)
    authored_at = models.DateTimeField("skriven", help_text="The server's time; nobody sets it.")
    seq = models.BigIntegerField(default=0)
    salt = models.UUIDField(null=True, help_text="Destroyed with the text, so that the digest tells nothing.")
    digest = models.BinaryField(default=b"")
    prev_hash = models.BinaryField(default=b"")
    hash = models.BinaryField(default=b"")
    log_index = models.BigIntegerField(null=True)

    class Meta(PermanentModel.Meta):
        abstract = True
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "person", "compartment", "seq"], name="%(class)s_place_once"
            ),
            models.UniqueConstraint(fields=["municipality", "log_index"], name="%(class)s_logged_once"),
        ]

    @property
    def author(self) -> str:
        """Name, title and unit, as they stood when it was written."""
        return ", ".join(part for part in (self.author_name, self.author_title, self.author_unit) if part)


class Note(Entry):
    """A journal note: written once, corrected by other rows (SoL 14:3, 14:7; PDL 3 kap.)."""

    changeable = (
        "log_index", "placed_at", "struck_at", "sealed_at", "signed_at", "signed_by", "signed_name",
    )  # fmt: skip

    file = TenantForeignKey(File, related_name="notes", db_index=False)
    client_id = models.UUIDField(help_text="Made where it was written, before it was sent.")
    content_hash = models.BinaryField(help_text="Of what the author gave: the same twice is the same note.")
    variant_of = TenantForeignKey("journal.Note", null=True, related_name="variants", db_index=False)
    event_at = models.DateTimeField("hände")
    event_precision = models.CharField(max_length=6, choices=Precision)
    late_reason = models.CharField("skäl till sen anteckning", max_length=400, blank=True)
    kind = models.CharField("slag", max_length=24, choices=Kind)
    law = models.CharField("lagrum", max_length=4, choices=Law)
    source_person = models.CharField("uppgiftslämnare", max_length=160, blank=True)
    life_areas = ArrayField(models.CharField(max_length=8), default=list, blank=True)
    text = models.TextField("anteckning")
    about_type = models.CharField(max_length=64, blank=True, help_text="`label` of a row in a room above.")
    about_id = models.UUIDField(null=True)
    cites_author = models.CharField(max_length=380, blank=True, help_text="Who first wrote a moved note.")
    cites_at = models.DateTimeField(null=True, help_text="When a moved note was first written.")

    placed_at = models.DateTimeField(help_text="Where it stands in the timeline: event_at, or as corrected.")
    struck_at = models.DateTimeField(null=True)
    sealed_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField("signerad", null=True)
    signed_by = models.BigIntegerField(null=True)
    signed_name = models.CharField(max_length=240, blank=True)

    class Meta(Entry.Meta):
        constraints: ClassVar = [
            *Entry.Meta.constraints,
            models.UniqueConstraint(
                fields=["municipality", "author_id", "client_id", "content_hash"], name="note_sent_once"
            ),
            models.CheckConstraint(
                condition=Q(event_at__lte=F("authored_at")), name="note_not_in_the_future"
            ),
            models.CheckConstraint(
                condition=Q(event_at__gte=F("authored_at") - LATE) | ~Q(late_reason=""),
                name="note_late_with_reason",
            ),
            models.CheckConstraint(condition=HEALTH_IS_HSL, name="note_law_fits_book"),
            models.CheckConstraint(condition=~Q(text=""), name="note_says_something"),
            models.CheckConstraint(
                condition=Q(about_type="", about_id__isnull=True)
                | (~Q(about_type="") & Q(about_id__isnull=False)),
                name="note_about_whole",
            ),
            models.CheckConstraint(
                condition=Q(cites_author="", cites_at__isnull=True)
                | (~Q(cites_author="") & Q(cites_at__isnull=False)),
                name="note_cites_whole",
            ),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True, signed_by__isnull=True)
                | Q(signed_at__isnull=False, signed_by__isnull=False),
                name="note_signed_by_someone",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["municipality", "person", "-placed_at", "-seq"], name="note_timeline"),
            models.Index(fields=["municipality", "content_hash"], name="note_content"),
        ]


class Correction(Entry):
    """What puts a note right: who, when, why, and what holds instead (PDL 3:14; SOSFS 2014:5)."""

    changeable = ("log_index",)

    note = TenantForeignKey(Note, related_name="corrections")
    kind = models.CharField("rättelse", max_length=20, choices=CorrectionKind)
    reason = models.CharField("skäl", max_length=400)
    replacement = TenantForeignKey(Note, null=True, related_name="replaces", db_index=False)
    corrected_event_at = models.DateTimeField(null=True)
    corrected_precision = models.CharField(max_length=6, choices=Precision, blank=True)
    corrected_law = models.CharField(max_length=4, choices=Law, blank=True)
    sealed = models.BooleanField(default=False, help_text="The text no longer shows in this person's file.")

    class Meta(Entry.Meta):
        constraints: ClassVar = [
            *Entry.Meta.constraints,
            models.CheckConstraint(condition=~Q(reason=""), name="correction_has_reason"),
            models.CheckConstraint(
                condition=(
                    Q(kind="wrong_date") & Q(corrected_event_at__isnull=False) & ~Q(corrected_precision="")
                )
                | (~Q(kind="wrong_date") & Q(corrected_event_at__isnull=True) & Q(corrected_precision="")),
                name="correction_date_when_wrong",
            ),
            models.CheckConstraint(
                condition=Q(corrected_event_at__isnull=True) | Q(corrected_event_at__lte=F("authored_at")),
                name="correction_not_in_the_future",
            ),
            models.CheckConstraint(
                condition=(Q(kind="wrong_law") & ~Q(corrected_law=""))
                | (~Q(kind="wrong_law") & Q(corrected_law="")),
                name="correction_law_when_wrong",
            ),
            models.CheckConstraint(
                condition=Q(kind="wrong_person", sealed=True) | (~Q(kind="wrong_person") & Q(sealed=False)),
                name="correction_seals_wrong_person",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["wrong_person", "duplicate", "supplement"])
                | Q(replacement__isnull=False),
                name="correction_names_replacement",
            ),
            models.UniqueConstraint(
                fields=["municipality", "note", "kind"],
                condition=Q(kind__in=["struck_wrong_text", "wrong_person", "duplicate"]),
                name="correction_strikes_once",
            ),
        ]


class Dissent(Entry):
    """The person's own view of what a note says; the note itself is not changed (LSS 21 b; PDL 3:8)."""

    changeable = ("log_index",)

    note = TenantForeignKey(Note, related_name="dissents")
    said_by = models.CharField("vem säger det", max_length=160)
    text = models.TextField("den enskildes uppfattning")

    class Meta(Entry.Meta):
        constraints: ClassVar = [
            *Entry.Meta.constraints,
            models.CheckConstraint(condition=~Q(text=""), name="dissent_says_something"),
        ]


class Draft(TenantModel):
    """What someone is writing and has not yet made a note of: theirs alone, and theirs to throw away.

    `tab` is null for the draft itself; when two windows differ, the second one's text is kept beside it under
    the window's own key. A draft is no note: it can be discarded, and it dies when the note is written.
    """

    deletable = True

    user = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+", db_index=False)
    file = TenantForeignKey(File, related_name="drafts")
    compartment = models.SmallIntegerField()
    form = models.CharField(max_length=80)
    tab = models.UUIDField(null=True)
    version = models.PositiveIntegerField(default=1)
    text = models.TextField(blank=True)
    fields = models.JSONField(default=dict)
    begun_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, help_text="When the unit was told that it lies unfinished.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "user", "file", "form", "tab"],
                nulls_distinct=False,
                name="draft_once",
            ),
        ]

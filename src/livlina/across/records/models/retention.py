"""What is kept and what is destroyed: the list, who agreed, where the copies are, and what remains to show for it.

Rows of a list are removed together with the file they name, by the database function `records_destroy` alone
(migration 0002). What is left is the certificate, which holds no content and no person.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from livlina.across.records.codes import ENDING_KEEPS, KEEPS
from livlina.authority.cases.models import AuthorityRecord
from livlina.core.models import TenantForeignKey, TenantModel

SHA = r"^[0-9a-f]{64}$"


class KeepMark(AuthorityRecord):
    """That a person's file in a branch is kept. Sticky: a placed child's file is kept for ever (domain 2.7)."""

    changeable = ("ended_on", "ended_by")

    person = TenantForeignKey("people.Person", related_name="+")
    kind = models.CharField(max_length=16, choices=KEEPS)
    why = models.CharField(max_length=400)
    ended_on = models.DateField(null=True, blank=True)
    ended_by = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(why=""), name="keep_has_reason"),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(kind__in=ENDING_KEEPS), name="keep_for_ever_does_not_end"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["municipality", "person"], name="keep_person")]


class RetentionRun(AuthorityRecord):
    """A proposal: what would be destroyed in one branch one year, and what would not and why. Nothing is touched by it."""

    year = models.PositiveSmallIntegerField()
    proposed_on = models.DateField()
    rules_sha256 = models.CharField(max_length=64, help_text="Of the rules the proposal was made by.")
    due = models.JSONField(help_text="[{rule, count}]")
    kept = models.JSONField(help_text="[{reason, count}]")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(rules_sha256__regex=SHA), name="run_by_known_rules")
        ]
        indexes: ClassVar = [models.Index(fields=["municipality", "compartment", "-at"], name="run_branch")]


class RetentionItem(AuthorityRecord):
    """One file on the frozen list: by which rule it is due, and exactly which rows it is."""

    run = TenantForeignKey(RetentionRun, related_name="items")
    person = TenantForeignKey("people.Person", related_name="+")
    akt_hash = models.CharField(max_length=64)
    record_class = models.CharField(max_length=40)
    rule = models.CharField(max_length=200)
    last_note_on = models.DateField()
    ceased_on = models.DateField()
    due_on = models.DateField()
    finish_by = models.DateField()
    frozen = models.JSONField(help_text="{table: [id]}")
    rows = models.PositiveIntegerField()
    chain_seq = models.BigIntegerField(default=0)
    chain_hash = models.BinaryField(default=b"")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "run", "person"], name="listed_once"),
            models.CheckConstraint(condition=Q(rows__gt=0), name="listed_with_something"),
            models.CheckConstraint(condition=Q(finish_by__gte=models.F("due_on")), name="listed_in_order"),
        ]


class RetentionApproval(AuthorityRecord):
    """That a second person has gone through the list and agrees."""

    run = TenantForeignKey(RetentionRun, related_name="approvals")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(by_user_id__isnull=False), name="approval_by_a_person"),
            models.UniqueConstraint(
                fields=["municipality", "run", "by_user_id"], name="approved_once_by_each"
            ),
        ]


class RetentionStep(AuthorityRecord):
    """What was done with one file of the list: spared, exported, acknowledged by the archive, copied to quarantine."""

    KINDS: ClassVar = [
        ("spared", "Undantagen från listan"),
        ("exported", "Levererad till e-arkivet"),
        ("receipted", "Kvitterad av e-arkivet"),
        ("quarantined", "Kopia i karantän"),
    ]

    item = TenantForeignKey(RetentionItem, related_name="steps")
    kind = models.CharField(max_length=12, choices=KINDS)
    sha256 = models.CharField(max_length=64, blank=True, help_text="Of the package.")
    place = models.CharField(max_length=200, blank=True, help_text="What the package is called there.")
    receipt_number = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "item", "kind"], name="retention_step_once"),
            models.CheckConstraint(
                condition=~Q(kind="receipted") | ~Q(receipt_number=""), name="receipt_has_a_number"
            ),
            models.CheckConstraint(
                condition=Q(kind="spared") | Q(sha256__regex=SHA), name="step_about_a_package"
            ),
            models.CheckConstraint(condition=~Q(kind="spared") | ~Q(reason=""), name="spared_for_a_reason"),
        ]


class QuarantineCopy(TenantModel):
    """A file's package, encrypted, for the days one may still find that it should have been kept."""

    deletable = True

    compartment = models.SmallIntegerField(editable=False)
    akt_hash = models.CharField(max_length=64)
    sealed = models.BinaryField(help_text="Nonce and AES-256-GCM of the package.")
    sealed_sha256 = models.CharField(max_length=64)
    package_sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    until = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "akt_hash", "package_sha256"], name="quarantine_once"
            ),
            models.CheckConstraint(
                condition=Q(sealed_sha256__regex=SHA, package_sha256__regex=SHA), name="quarantine_hashed"
            ),
        ]


class DestructionCertificate(AuthorityRecord):
    """What remains: that a file was destroyed, by which rule, how much of it, who agreed. Written by the database alone."""

    akt_hash = models.CharField(max_length=64)
    record_class = models.CharField(max_length=40)
    rule = models.CharField(max_length=200)
    rows = models.PositiveIntegerField()
    package_sha256 = models.CharField(max_length=64)
    receipt_number = models.CharField(max_length=80)
    chain_seq = models.BigIntegerField(help_text="How many entries the journal's chain had.")
    chain_hash = models.BinaryField(help_text="The last one's hash: the archived copy can be tried by it.")
    quarantine_until = models.DateField()
    listed_by = models.CharField(max_length=160)
    approved_by = models.CharField(max_length=160)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["municipality", "akt_hash"], name="certificate_akt"),
            models.Index(fields=["municipality", "-at"], name="certificate_day"),
        ]

"""What goes to the administrative court: the submission, the proof that it arrived, what the court answered."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from livlina.authority.cases.models import Case, Deadline
from livlina.authority.cases.models.base import AuthorityModel, AuthorityRecord
from livlina.core.models import TenantForeignKey

PROOFS = [
    ("court_receipt", "Rättens kvittens eller e-postbekräftelse"),
    ("sealed_delivery", "Kvittens från säker digital myndighetspost"),
    ("signature", "Överlämnat mot underskrift"),
    ("fax_journal", "Faxjournal"),
]
HOW = [
    ("digital", "Säker digital myndighetspost"),
    ("e_mail", "E-post till rätten"),
    ("courier", "Bud eller personligt överlämnande"),
    ("fax", "Fax"),
]
STATES = [
    ("drafted", "Utkast, inte skickat"),
    ("sent", "Skickat, bevis saknas"),
    ("proved", "Bevisat hos rätten"),
    ("abandoned", "Gäller inte längre"),
]
DECIDERS = [
    ("chair", "Nämndens ordförande"),
    ("appointed_member", "En ledamot som nämnden har förordnat"),
]


class Proof(AuthorityRecord):
    """That the court has got it, and when: a receipt number, a stored document, or both. Never changed."""

    case = TenantForeignKey(Case, related_name="+")
    kind = models.CharField(max_length=16, choices=PROOFS)
    receipt_number = models.CharField(max_length=80, blank=True)
    reached_at = models.DateTimeField(help_text="When it came in to the court, as the proof shows.")
    document = models.BinaryField(default=b"", blank=True)
    document_name = models.CharField(max_length=120, blank=True)
    document_type = models.CharField(max_length=40, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(receipt_number="") | ~Q(sha256=""),
                name="proof_shows_something",
            ),
            models.CheckConstraint(
                condition=Q(sha256="", document=b"", document_type="")
                | (Q(sha256__regex=r"^[0-9a-f]{64}$") & ~Q(document=b"") & ~Q(document_type="")),
                name="proof_document_hashed",
            ),
            models.CheckConstraint(condition=Q(reached_at__lte=F("at")), name="proof_not_from_the_future"),
        ]


class Submission(AuthorityModel):
    """One thing sent to court. Only a proved one stops a clock: a draft, or a sent letter, is not at the court."""

    case = TenantForeignKey(Case, related_name="submissions")
    deadline = TenantForeignKey(Deadline, null=True, blank=True, related_name="submissions")
    step = models.CharField(max_length=40, help_text="The step of the process it is for.")
    label = models.CharField(max_length=160)
    court = models.CharField(max_length=160)
    state = models.CharField(max_length=10, choices=STATES, default="drafted")
    note = models.TextField(blank=True, help_text="What is sent along, in the sender's words.")
    contents = models.JSONField(
        default=list,
        help_text="The case's letters when it was sent: title and hash of each.",
    )
    drafted_at = models.DateTimeField()
    drafted_by = models.CharField(max_length=160)
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_how = models.CharField(max_length=8, choices=HOW, blank=True)
    sent_by = models.CharField(max_length=160, blank=True)
    proof = TenantForeignKey(Proof, null=True, blank=True, related_name="+")
    used_at = models.DateTimeField(null=True, blank=True, help_text="When the step was taken on it.")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="abandoned")
                | Q(state="drafted", sent_at=None, proof=None)
                | Q(state="sent", sent_at__isnull=False, proof=None)
                | Q(state="proved", sent_at__isnull=False, proof__isnull=False),
                name="submission_proved_by_proof",
            ),
            models.CheckConstraint(
                condition=Q(used_at=None) | Q(state="proved"),
                name="submission_used_when_proved",
            ),
            models.UniqueConstraint(
                fields=["municipality", "case", "step"],
                condition=Q(used_at=None) & ~Q(state="abandoned"),
                name="court_submission_once",
            ),
            models.UniqueConstraint(fields=["municipality", "proof"], name="submission_own_proof"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["municipality", "case", "-drafted_at"], name="submission_case")
        ]

    @property
    def is_open(self) -> bool:
        """Whether something is left to do with it."""
        return self.used_at is None and self.state != "abandoned"


class CourtAnswer(AuthorityRecord):
    """What the court decided, and when: confirmed, revoked, granted, rejected, more time."""

    case = TenantForeignKey(Case, related_name="court_answers")
    step = models.CharField(max_length=40)
    label = models.CharField(max_length=160)
    answered_on = models.DateField()
    court_case_number = models.CharField(max_length=80, blank=True)
    holds_at_once = models.BooleanField(null=True)
    until = models.DateField(null=True, blank=True, help_text="More time to apply: its last day.")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["municipality", "case", "-at"], name="court_answer_case")]


class Hearing(AuthorityModel):
    """A hearing the court has called to (LVU 35 §)."""

    case = TenantForeignKey(Case, related_name="hearings")
    starts_at = models.DateTimeField()
    place = models.CharField(max_length=160)
    court_case_number = models.CharField(max_length=80, blank=True)
    written_by = models.CharField(max_length=160)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["municipality", "case", "starts_at"], name="hearing_case")]


class UrgentDecision(AuthorityRecord):
    """Taken by the chair or an appointed member because the board could not be awaited: reported at its next meeting."""

    changeable = ("reported_on", "reported_by")

    case = TenantForeignKey(Case, related_name="urgent_decisions")
    label = models.CharField(max_length=160)
    law_text = models.CharField(max_length=160)
    decided_on = models.DateField()
    decided_by = models.CharField(max_length=16, choices=DECIDERS)
    decider = models.CharField(max_length=160)
    reported_on = models.DateField(null=True, blank=True, help_text="The meeting it was reported at.")
    reported_by = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(reported_on=None) | Q(reported_on__gte=F("decided_on")),
                name="urgent_reported_after",
            ),
            models.CheckConstraint(
                condition=Q(reported_on=None, reported_by="")
                | (Q(reported_on__isnull=False) & ~Q(reported_by="")),
                name="urgent_reported_by_someone",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["municipality", "decided_on"],
                condition=Q(reported_on=None),
                name="urgent_to_report",
            )
        ]

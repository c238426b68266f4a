"""What one can take part in without an individual decision (SoL 11:5), and what may be known of those who do.

How much is documented, the board says for each offer. The database holds to it: a row that says more than the
offer's version allows cannot be written (the checks below, and the keys over `documentation` in the migration).
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from livlina.authority.cases.models import AuthorityModel, AuthorityRecord
from livlina.core.models import TenantForeignKey

FULL, ANONYMOUS, NONE = "full", "anonymous", "none"
DOCUMENTATION = [
    (FULL, "Deltagandet dokumenteras på person"),
    (ANONYMOUS, "Deltagandet räknas utan uppgift om person"),
    (NONE, "Inget dokumenteras om den som deltar"),
]
END_REASONS = [
    ("completed", "Fullföljt"),
    ("own_wish", "På egen begäran"),
    ("other_help", "Får annan hjälp i stället"),
    ("moved", "Flyttat"),
    ("died", "Avliden"),
    ("offer_closed", "Insatsen erbjuds inte längre"),
]


class Offer(AuthorityModel):
    """Something the board offers to anyone it is meant for. What it is, the versions say."""

    unit = TenantForeignKey("core.Unit", related_name="+")
    begun_at = models.DateTimeField()
    closed_on = models.DateField(null=True, blank=True, help_text="The last day anyone could begin.")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["municipality", "closed_on"], name="offer_open")]


class OfferVersion(AuthorityRecord):
    """What the board decided to offer, from a day: to whom, on which conditions, and how it is documented."""

    belongs_to = "offer"

    offer = TenantForeignKey(Offer, related_name="versions")
    number = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    board_decision = models.CharField(max_length=80, help_text="Such as “SN 2026-01-20 § 12”.")
    decided_on = models.DateField()
    documentation = models.CharField(max_length=9, choices=DOCUMENTATION)
    documentation_reason = models.TextField(blank=True, help_text="Why less than in full (SoL 14 kap.).")
    listed = models.BooleanField(default=True, help_text="Shown to citizens; a protected place is not.")
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    what = models.TextField()
    what_en = models.TextField(blank=True)
    target_group = models.TextField()
    target_group_en = models.TextField(blank=True)
    conditions = models.TextField()
    conditions_en = models.TextField(blank=True)
    contact = models.TextField(help_text="When, where, and whom to turn to.")
    contact_en = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "offer", "number"], name="offer_version_once"),
            models.UniqueConstraint(
                fields=["municipality", "offer", "valid_from"], name="offer_version_a_day"
            ),
            models.CheckConstraint(
                condition=Q(decided_on__lte=F("valid_from")), name="offer_decided_before_it_begins"
            ),
            models.CheckConstraint(condition=~Q(board_decision=""), name="offer_rests_on_a_decision"),
            models.CheckConstraint(
                condition=Q(documentation=FULL) | ~Q(documentation_reason=""),
                name="offer_says_why_less_is_documented",
            ),
        ]


class Participation(AuthorityRecord):
    """One who takes part: by name, or only counted. Of an offer that documents nothing there is no row at all."""

    belongs_to = "offer"
    changeable = ("ends_on", "end_reason")

    offer = TenantForeignKey(Offer, related_name="participations")
    version = TenantForeignKey(OfferVersion, related_name="+")
    documentation = models.CharField(max_length=9, choices=DOCUMENTATION, help_text="As the version's.")
    person = TenantForeignKey("people.Person", null=True, blank=True, related_name="participations")
    begins_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    end_reason = models.CharField(max_length=12, choices=END_REASONS, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(documentation=NONE), name="participation_of_nobody"),
            models.CheckConstraint(
                condition=Q(documentation=FULL, person__isnull=False)
                | Q(documentation=ANONYMOUS, person=None, ends_on=None, end_reason=""),
                name="participation_as_documented",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None, end_reason="")
                | (Q(ends_on__gte=F("begins_on")) & ~Q(end_reason="")),
                name="participation_ended_for_a_reason",
            ),
            models.UniqueConstraint(
                fields=["municipality", "offer", "person"],
                condition=Q(ends_on=None, documentation=FULL),
                name="participation_once_at_a_time",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["municipality", "person", "-begins_on"], name="participation_person"),
            models.Index(fields=["municipality", "offer", "-begins_on"], name="participation_offer"),
        ]


class ParticipationNote(AuthorityRecord):
    """What happened while a named person took part (SoL 14 kap.). Never about one who is only counted."""

    belongs_to = "participation"

    participation = TenantForeignKey(Participation, related_name="notes")
    documentation = models.CharField(max_length=9, default=FULL, editable=False)
    happened_on = models.DateField()
    text = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(documentation=FULL), name="note_about_a_named_one"),
            models.CheckConstraint(condition=~Q(text=""), name="participation_note_says_something"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["municipality", "participation", "-happened_on"], name="note_participation")
        ]

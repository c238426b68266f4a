"""Decisions and their lines, and who may take which on behalf of the board."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from livlina.authority.cases.models.base import AuthorityRecord, SignedRecord
from livlina.authority.cases.models.case import Case
from livlina.core.models import TenantForeignKey

OUTCOMES = [
    ("granted", "Bifall"),
    ("partly_granted", "Delavslag"),
    ("rejected", "Avslag"),
    ("dismissed", "Avvisning"),
    ("written_off", "Avskrivning"),
    ("closed_no_action", "Utredningen avslutas utan insats"),
    ("changed", "Ändring efter omprövning"),
    ("ended", "Upphörande"),
    ("revoked", "Återkallelse"),
]
RESERVED = [
    ("", ""),
    ("needs", "Om behoven minskar eller upphör"),
    ("circumstances", "Om hushållet, boendet eller andra förhållanden ändras"),
    ("follow_up", "Om uppföljningen visar att insatsen inte längre behövs i samma omfattning"),
    ("other", "Under annat villkor"),
]
"""On what condition a favourable decision says of itself that it may be changed (FL 37 §)."""

HARM_GROUNDS = [
    ("", ""),
    ("reservation", "Beslutet har ett förbehåll om det (37 § 1)"),
    ("rule", "Föreskrifterna som beslutet grundas på tillåter det (37 § 1)"),
    ("safety", "Tvingande säkerhetsskäl kräver att beslutet ändras omgående (37 § 2)"),
    ("misled", "Felet beror på att den enskilde har lämnat oriktiga eller vilseledande uppgifter (37 § 3)"),
    ("asked", "Den enskilde har själv begärt det"),
]
"""Why a favourable decision may be changed to the party's harm (FL 37 §); what they asked for is no harm."""

HEARD = [
    ("", ""),
    ("answered", "Ja, och har svarat"),
    ("silent", "Ja, men har inte svarat i tid"),
    ("needless", "Nej, det är uppenbart obehövligt"),
]
"""Whether the party could comment before a decision was corrected or changed (FL 25, 36 §§)."""

SUBJECTS = [("", ""), ("request", "Begäran om att ärendet avgörs (12 § FL)")]
RELATIONS = [("", ""), ("corrects", "Rättelse (36 § FL)"), ("changes", "Ändring (37–39 §§ FL)")]


class DelegationRule(SignedRecord):
    """What a role may decide for the board, how much and for how long (KL 6:37–39). Ended by a last day, never removed."""

    changeable = ("valid_to",)

    outcome = models.CharField(max_length=20, choices=OUTCOMES)
    process_code = models.CharField(max_length=40, blank=True, help_text="Empty: every process.")
    service = models.CharField(max_length=40, blank=True, help_text="Empty: every service.")
    role = models.CharField(max_length=32)
    max_quantity = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    max_months = models.PositiveSmallIntegerField(null=True, blank=True)
    point = models.CharField(
        max_length=40, help_text="Where it stands in the board's own list, such as “3.1”."
    )
    law = models.CharField(max_length=120, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="delegation_ends_after_start",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["municipality", "role", "outcome"], name="delegation_role")]


class Decision(AuthorityRecord):
    """What was decided, by whom, on what ground. Slips are corrected, and changes made, by a new decision."""

    changeable = ("ended_on", "ended_by")

    case = TenantForeignKey(Case, related_name="decisions")
    number = models.PositiveSmallIntegerField(help_text="1, 2, … within the case.")
    outcome = models.CharField(max_length=20, choices=OUTCOMES)
    decided_on = models.DateField()
    against = models.BooleanField(help_text="Goes against the party, wholly or in part.")
    reasons = models.TextField(blank=True)
    reservation = models.TextField(blank=True, help_text="FL 37 §: what allows a change to the party's harm.")
    interim = models.BooleanField(default=False)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    follow_up_on = models.DateField(null=True, blank=True)
    law_key = models.CharField(max_length=40, blank=True)
    law_text = models.CharField(max_length=160, blank=True)
    appeal_text = models.TextField(blank=True)
    presented_by = models.CharField(max_length=160, blank=True, help_text="Föredragande, FL 31 §.")
    unit_name = models.CharField(max_length=120)
    delegation = TenantForeignKey(DelegationRule, null=True, blank=True, related_name="+")
    delegation_text = models.CharField(max_length=200, blank=True)
    previous = TenantForeignKey("cases.Decision", null=True, blank=True, related_name="followed_by")
    relation = models.CharField(max_length=10, choices=RELATIONS, blank=True)
    subject = models.CharField(
        max_length=20, choices=SUBJECTS, blank=True, db_default="", help_text="Empty: the matter itself."
    )
    reserved_for = models.CharField(max_length=20, choices=RESERVED, blank=True, db_default="")
    harm_ground = models.CharField(max_length=20, choices=HARM_GROUNDS, blank=True, db_default="")
    heard = models.CharField(max_length=20, choices=HEARD, blank=True, db_default="")
    heard_words = models.TextField(blank=True, db_default="")
    ended_on = models.DateField(
        null=True, blank=True, help_text="The last day of an interim decision, when the next was taken."
    )
    ended_by = TenantForeignKey("cases.Decision", null=True, blank=True, related_name="ends")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "case", "number"], name="decision_number_once"),
            models.CheckConstraint(
                condition=Q(against=False) | ~Q(reasons=""), name="decision_against_has_reasons"
            ),
            models.CheckConstraint(
                condition=Q(interim=False) | Q(valid_to__isnull=False), name="decision_interim_ends"
            ),
            models.CheckConstraint(
                condition=Q(relation="", previous=None) | (~Q(relation="") & Q(previous__isnull=False)),
                name="decision_follows_another",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None, ended_by=None)
                | Q(interim=True, ended_on__isnull=False, ended_by__isnull=False),
                name="decision_only_interim_is_ended",
            ),
            models.CheckConstraint(
                condition=Q(reserved_for="") | ~Q(reservation=""), name="decision_reservation_in_words"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["municipality", "decided_on"], name="decision_day"),
            models.Index(fields=["municipality", "case", "-number"], name="decision_case"),
        ]

    @property
    def grants(self) -> bool:
        """Whether any line is granted. One statement unless the lines are fetched."""
        return any(line.granted for line in self.lines.all())


class DecisionLine(AuthorityRecord):
    """One service, granted or rejected in one quantity. Granted in part is two lines; only the rejected can be appealed."""

    belongs_to = "decision"

    decision = TenantForeignKey(Decision, related_name="lines")
    position = models.PositiveSmallIntegerField()
    service = models.CharField(max_length=40)
    service_label = models.CharField(max_length=120)
    granted = models.BooleanField()
    quantity = models.DecimalField(max_digits=10, decimal_places=2)
    unit = models.CharField(max_length=40, help_text="Of the quantity, such as “timmar per månad”.")
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    law_key = models.CharField(max_length=40)
    law_text = models.CharField(max_length=160)
    reasons = models.TextField(blank=True)
    appeal_text = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "decision", "position"], name="line_position_once"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="line_of_something"),
            models.CheckConstraint(
                condition=Q(granted=True, appeal_text="") | (Q(granted=False) & ~Q(appeal_text="")),
                name="line_rejected_can_be_appealed",
            ),
            models.CheckConstraint(
                condition=Q(granted=False) | Q(valid_from__isnull=False), name="line_granted_begins"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="line_ends_after_start"
            ),
        ]

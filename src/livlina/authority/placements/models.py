"""Children who are placed outside their own home. Every row lies in the branch of its case; none is ever destroyed."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from livlina.authority.cases.models import AuthorityModel, AuthorityRecord, Case
from livlina.core.models import TenantForeignKey

GROUNDS = [
    ("sol", "Socialtjänstlagen (samtycke)"),
    ("lvu_6", "6 § LVU (omedelbart omhändertagande)"),
    ("lvu_2", "2 § LVU"),
    ("lvu_3", "3 § LVU"),
]
FAMILY_HOMES = [("foster_home", "Familjehem"), ("network_home", "Nätverkshem"), ("on_call_home", "Jourhem")]
CARE_HOMES = [
    ("hvb", "Hem för vård eller boende (HVB)"),
    ("supported_housing", "Stödboende"),
    ("state_home", "Särskilt ungdomshem"),
]
PLANS = [("care", "Vårdplan"), ("implementation", "Genomförandeplan")]
SUBJECTS = [("placement", "Vården"), ("custody", "Vårdnadsöverflyttning")]
ALONE = [
    ("yes_alone", "Ja, i enrum"),
    ("declined", "Nej, barnet ville inte"),
    ("too_young", "Nej, barnet är för litet och har observerats"),
    ("prevented", "Nej, det gick inte att genomföra"),
]


class Placement(AuthorityModel):
    """One child in one home from a day to a day (SoF 3:4). A move ends one row and begins the next."""

    case = TenantForeignKey(Case, related_name="placements")
    person = TenantForeignKey("people.Person", related_name="placements")
    previous = TenantForeignKey("placements.Placement", null=True, blank=True, related_name="followed_by")
    ground = models.CharField(max_length=8, choices=GROUNDS)
    home_kind = models.CharField(max_length=20, choices=[*FAMILY_HOMES, *CARE_HOMES])
    listing = TenantForeignKey(
        "contractors.Listing", null=True, blank=True, related_name="placements",
        help_text="The family home as other branches see it; empty for HVB and the like, and for rows from before.",
    )  # fmt: skip
    home_name = models.CharField(max_length=300)
    home_number = models.CharField(
        max_length=40, blank=True, help_text="Organisation number or register of contractors."
    )
    begins_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    why_ended = models.CharField(
        max_length=40, blank=True, help_text="Code of move_reason or placement_end_reason."
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("begins_on")),
                name="placement_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None, why_ended="") | (Q(ends_on__isnull=False) & ~Q(why_ended="")),
                name="placement_ended_for_a_reason",
            ),
            models.CheckConstraint(condition=~Q(home_name=""), name="placement_is_somewhere"),
            models.UniqueConstraint(
                fields=["municipality", "person"], condition=Q(ends_on=None), name="placement_one_at_a_time"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["municipality", "begins_on"], name="placement_year"),
            models.Index(fields=["municipality", "case"], name="placement_case"),
        ]

    @property
    def in_family_home(self) -> bool:
        """Whether the home is a family's: those get at most three children without IVO being told (SoF 16:2)."""
        return self.home_kind in dict(FAMILY_HOMES)


class HomeChoice(AuthorityRecord):
    """Which registered home was chosen for the child, before it moves there. Chosen anew is a new row; the newest counts."""

    case = TenantForeignKey(Case, related_name="home_choices")
    listing = TenantForeignKey("contractors.Listing", related_name="home_choices")
    kind = models.CharField(max_length=20, choices=FAMILY_HOMES)
    since = models.DateField(
        help_text="The day the home was sought from; the step says on which day the child came."
    )

    class Meta:
        indexes: ClassVar = [models.Index(fields=["municipality", "case", "-at"], name="home_choice_case")]


class ReporterLetter(AuthorityRecord):
    """What the one who reported under duty was told, as written. Never a letter of the case: the family reads those."""

    case = TenantForeignKey(Case, related_name="reporter_letters")
    said = models.CharField(
        max_length=20, help_text="opened, not_opened or already_running; nothing else is ever told."
    )
    recipient_name = models.CharField(max_length=160)
    recipient_contact = models.CharField(max_length=300, blank=True)
    pdf = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(said__in=["opened", "not_opened", "already_running"]),
                name="reporter_told_one_of_three",
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="reporter_letter_hashed"
            ),
            models.UniqueConstraint(
                fields=["municipality", "case", "said"], name="reporter_told_a_thing_once"
            ),
        ]


class PlanVersion(AuthorityRecord):
    """A care plan (SoF 10:2) or an implementation plan (SoF 10:3) as it was adopted; a newer version counts."""

    case = TenantForeignKey(Case, related_name="plan_versions")
    kind = models.CharField(max_length=16, choices=PLANS)
    number = models.PositiveSmallIntegerField()
    adopted_on = models.DateField()
    items = models.JSONField(help_text="[[label, text]] in the order of the regulation.")
    left_out = models.JSONField(default=list, help_text="Labels of what is left out for special reasons.")
    left_out_reasons = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "case", "kind", "number"], name="plan_version_once"
            ),
            models.CheckConstraint(
                condition=Q(left_out=[]) | ~Q(left_out_reasons=""), name="plan_left_out_for_a_reason"
            ),
        ]


class Consideration(AuthorityRecord):
    """That the board considered whether the care is still needed, or whether custody should move (LVU 13 c §)."""

    case = TenantForeignKey(Case, related_name="considerations")
    subject = models.CharField(max_length=12, choices=SUBJECTS)
    considered_on = models.DateField()
    result = models.CharField(max_length=20)
    result_label = models.CharField(max_length=120)
    ground = models.TextField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["municipality", "case", "-considered_on"], name="consideration_case")
        ]


class ChildTalk(AuthorityRecord):
    """A visit to the child, and whether we talked in private."""

    case = TenantForeignKey(Case, related_name="child_talks")
    visited_on = models.DateField()
    alone = models.CharField(max_length=12, choices=ALONE)
    said = models.TextField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["municipality", "case", "-visited_on"], name="child_talk_case")
        ]


class YearlyList(AuthorityModel):
    """The register of placed children of one year, for IVO by 31 January of the next (SoF 3:4), kept as it was sent."""

    year = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    content = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "year"], name="yearly_list_once"),
            models.CheckConstraint(
                condition=Q(sent_at=None, content="") | (Q(sent_at__isnull=False) & ~Q(sha256="")),
                name="yearly_list_kept_as_sent",
            ),
        ]

"""Homes and persons the board engages, what was checked, approved and agreed, and what other branches may see of it.

Everything about a home lies in the branch of contractors. Other branches see its listing alone: what it is called, what
it takes and whether there is room. A child's file never holds more than that.
"""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from livlina.authority.cases.models import AuthorityModel, AuthorityRecord
from livlina.core.models import TenantForeignKey, TenantModel

CONTRACTORS = 8
"""The branch of contractors (config/roles.py)."""

KINDS = [
    ("foster_home", "Familjehem"),
    ("on_call_home", "Jourhem"),
    ("contact_person", "Kontaktperson"),
    ("contact_family", "Kontaktfamilj"),
    ("companion", "Ledsagare"),
    ("respite", "Avlösare"),
]
REGISTERS = [("criminal", "Belastningsregistret"), ("suspicion", "Misstankeregistret")]

NOT_APPROVED = "Hemmet är inte godkänt för uppdraget och åldern den dagen."
NOT_CHECKED = (
    "Utdrag ur belastnings- och misstankeregistret saknas eller är för gamla för någon i hemmet. Då får ingen placeras "
    "där (3 kap. 3 § socialtjänstförordningen). Fråga familjehemsenheten."
)


class Home(AuthorityModel):
    """A home, or a person who takes assignments: investigated for itself, with its own secrecy."""

    name = models.CharField("namn", max_length=120)
    kinds = models.JSONField("uppdrag", default=list, help_text="Codes of KINDS it is interested in.")
    place = models.CharField("kommun", max_length=80, help_text="The municipality it lies in.")
    contact = TenantForeignKey("people.Person", related_name="+")
    case = TenantForeignKey("cases.Case", null=True, blank=True, related_name="+")
    since = models.DateField()
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "case"], condition=Q(case__isnull=False), name="home_of_one_case"
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("since")), name="home_ends_after_start"
            ),
        ]


class Adult(AuthorityModel):
    """An adult of the home who is to be engaged: for each the register extracts are asked."""

    belongs_to = "home"

    home = TenantForeignKey(Home, related_name="adults")
    person = TenantForeignKey("people.Person", related_name="+")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "home", "person"], condition=Q(until=None), name="adult_once"
            ),
        ]


class Check(AuthorityRecord):
    """That an extract was asked for, and the day it was shown and to whom. Never what stands in it (SoF 3:3)."""

    belongs_to = "adult"
    changeable = ("shown_on", "shown_to")

    adult = TenantForeignKey(Adult, related_name="checks")
    register = models.CharField(max_length=10, choices=REGISTERS)
    asked_on = models.DateField()
    shown_on = models.DateField(null=True, blank=True)
    shown_to = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(register__in=("criminal", "suspicion")), name="check_known"),
            models.CheckConstraint(
                condition=Q(shown_on=None, shown_to="") | (Q(shown_on__isnull=False) & ~Q(shown_to="")),
                name="check_shown_to_someone",
            ),
        ]


class Approval(AuthorityRecord):
    """What the home is approved for: kinds, places, ages, from a day to a day. A newer one ends the older."""

    belongs_to = "home"
    changeable = ("valid_to",)

    home = TenantForeignKey(Home, related_name="approvals")
    kinds = models.JSONField()
    capacity = models.PositiveSmallIntegerField()
    age_from = models.PositiveSmallIntegerField()
    age_to = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(capacity__gte=1), name="approval_for_someone"),
            models.CheckConstraint(condition=Q(age_to__gte=F("age_from")), name="approval_ages_in_order"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="approval_ends_after_start",
            ),
        ]


class Contract(AuthorityModel):
    """What was agreed for one kind of assignment; signed by someone else than the one who wrote it."""

    belongs_to = "home"

    home = TenantForeignKey(Home, related_name="contracts")
    kind = models.CharField(max_length=20, choices=KINDS)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    written_by_id = models.BigIntegerField()
    written_by_name = models.CharField(max_length=160)
    signed_on = models.DateField(null=True, blank=True)
    signed_by_id = models.BigIntegerField(null=True, blank=True)
    signed_by_name = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="contract_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(signed_on=None, signed_by_id=None)
                | (
                    Q(signed_on__isnull=False, signed_by_id__isnull=False)
                    & ~Q(signed_by_id=F("written_by_id"))
                ),
                name="contract_signed_by_another",
            ),
        ]


class Rate(TenantModel):
    """A recommended remuneration a month: a row of a dated circular, to be verified against it (`verify`)."""

    kind = models.CharField(max_length=20, choices=KINDS)
    age_from = models.PositiveSmallIntegerField()
    age_to = models.PositiveSmallIntegerField()
    fee_ore = models.PositiveIntegerField(help_text="Arvode, öre a month.")
    expenses_ore = models.PositiveIntegerField(help_text="Omkostnadsersättning, öre a month.")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=160, help_text="The circular it is taken from.")
    verify = models.BooleanField(default=True, help_text="Not yet read against the circular by two persons.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "kind", "age_from", "valid_from"], name="rate_once_a_day"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="rate_has_source"),
        ]


class Remuneration(AuthorityRecord):
    """What is paid a month under a contract, from a day. Proposed by one, confirmed by another; a newer one follows."""

    belongs_to = "contract"
    changeable = ("confirmed_at", "confirmed_by_id", "confirmed_by_name")

    contract = TenantForeignKey(Contract, related_name="remunerations")
    fee_ore = models.PositiveIntegerField()
    expenses_ore = models.PositiveIntegerField()
    valid_from = models.DateField()
    source = models.CharField(max_length=160)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by_id = models.BigIntegerField(null=True, blank=True)
    confirmed_by_name = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(confirmed_by_id=None) | ~Q(confirmed_by_id=F("by_user_id")),
                name="remuneration_confirmed_by_another",
            ),
        ]


class Basis(AuthorityRecord):
    """What is to be paid for one month under a contract: counted by one, approved by another, then never changed."""

    belongs_to = "contract"
    changeable = ("approved_at", "approved_by_id", "approved_by_name")

    contract = TenantForeignKey(Contract, related_name="bases")
    month = models.DateField(help_text="The first day of the month.")
    days = models.PositiveSmallIntegerField(help_text="Days of the month the contract was in force.")
    fee_ore = models.PositiveIntegerField()
    expenses_ore = models.PositiveIntegerField()
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by_id = models.BigIntegerField(null=True, blank=True)
    approved_by_name = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "contract", "month"], name="basis_once_a_month"),
            models.CheckConstraint(
                condition=Q(approved_by_id=None) | ~Q(approved_by_id=F("by_user_id")),
                name="basis_approved_by_another",
            ),
        ]


class Review(AuthorityRecord):
    """That the home was gone through (every year); what was said stands in the facts of its case."""

    belongs_to = "home"

    home = TenantForeignKey(Home, related_name="reviews")
    on = models.DateField()


class Listing(TenantModel):
    """What other branches see of a home: enough to ask for a place, and nothing of its investigation."""

    home_id = models.UUIDField(unique=True)
    name = models.CharField(max_length=120)
    kinds = models.JSONField(default=list)
    place = models.CharField(max_length=80)
    capacity = models.PositiveSmallIntegerField()
    age_from = models.PositiveSmallIntegerField()
    age_to = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    extracts_until = models.DateField(
        null=True, blank=True, help_text="The last day on which both extracts of every adult are relied on."
    )

    @property
    def label(self) -> str:
        """Its kinds in words."""
        return ", ".join(dict(KINDS)[kind] for kind in self.kinds)

    def takes(self, kind: str, age: int, on: date) -> bool:
        """Whether it is approved for this kind and age on the day."""
        in_force = self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)
        return in_force and kind in self.kinds and self.age_from <= age <= self.age_to

    def why_not(self, kind: str, age: int, on: date) -> str | None:
        """Why nobody of this age is placed here for this kind on the day, in Swedish (SoF 3:3); None if one may be."""
        if not self.takes(kind, age, on):
            return NOT_APPROVED
        return None if self.extracts_until is not None and on <= self.extracts_until else NOT_CHECKED


class Stay(TenantModel):
    """That a place is taken, by a source of the room above (`label:id`); who it is for is not known here."""

    listing = TenantForeignKey(Listing, related_name="stays")
    source = models.CharField(max_length=64)
    begins_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True, help_text="Last day.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "listing", "source"], condition=Q(ends_on=None), name="stay_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("begins_on")), name="stay_ends_after_start"
            ),
        ]

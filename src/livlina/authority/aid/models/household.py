"""Who is counted together, and since when."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from livlina.authority.cases.models import AuthorityModel, Case
from livlina.core.models import TenantForeignKey

PARTS = [
    ("applicant", "Sökande"),
    ("co_applicant", "Medsökande"),
    ("child", "Barn"),
    ("visiting_child", "Barn som bor här en del av tiden"),
]
ADULTS = ("applicant", "co_applicant")


class Household(AuthorityModel):
    """The household of a case: one, as it is now and has been."""

    case = TenantForeignKey(Case, related_name="households")
    persons = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="All who share the home, when more than the household."
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "case"], name="household_one_a_case"),
        ]


class HouseholdMember(AuthorityModel):
    """A person's part in a household, from a day and until another."""

    belongs_to = "household"

    household = TenantForeignKey(Household, related_name="members")
    person = TenantForeignKey("people.Person", related_name="+")
    part = models.CharField(max_length=16, choices=PARTS)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    no_lunch = models.BooleanField(default=False, help_text="Has lunch elsewhere five days a week.")
    days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Days a month, for one who is not there all of it."
    )
    deviation = models.IntegerField(default=0, help_text="Kronor added to the norm after individual trial.")
    deviation_reason = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "household", "person"],
                condition=Q(until=None),
                name="member_once_now",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="member_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(days=None) | Q(days__gte=1, days__lte=31), name="member_days_of_a_month"
            ),
            models.CheckConstraint(
                condition=Q(deviation=0) | ~Q(deviation_reason=""), name="member_deviation_has_reason"
            ),
        ]

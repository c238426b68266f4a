"""Who else has a part in a case than the person it is about."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from livlina.authority.cases.models.base import AuthorityModel
from livlina.authority.cases.models.case import Case
from livlina.core.models import TenantForeignKey

PARTS = [
    ("co_applicant", "Medsökande"),
    ("child", "Barn i hushållet"),
    ("guardian", "Vårdnadshavare"),
    ("parent", "Förälder"),
    ("opposing_party", "Motpart"),
    ("reporter", "Anmälare"),
    ("close_one", "Närstående"),
]


class CaseParty(AuthorityModel):
    """One person's part in a case, from a day to a day. What it lets them see, each room says; by itself nothing."""

    case = TenantForeignKey(Case, related_name="parties")
    person = TenantForeignKey("people.Person", related_name="parts")
    part = models.CharField(max_length=20, choices=PARTS)
    begins_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "case", "person", "part"],
                condition=Q(ends_on=None),
                name="party_once",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("begins_on")), name="party_ends_after_start"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["municipality", "person"], name="party_person")]

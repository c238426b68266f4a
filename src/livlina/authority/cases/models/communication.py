"""That the party was told what the decision will rest on, and what the party answered (FL 25 §)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from livlina.authority.cases.models.base import AuthorityRecord
from livlina.authority.cases.models.case import Case
from livlina.core.models import TenantForeignKey

HOW = [
    ("e_service", "I e-tjänsten"),
    ("letter", "Med brev"),
    ("handed", "Överlämnat vid besök"),
    ("oral", "Muntligt"),
    ("waived", "Uppenbart obehövligt"),
]


class Communication(AuthorityRecord):
    """What was sent to the party, when and how; the answer is the one thing that may be added."""

    changeable = ("answer", "answered_on", "answered_by")

    case = TenantForeignKey(Case, related_name="communications")
    what = models.TextField(help_text="The material, or why it was plainly unnecessary to communicate it.")
    how = models.CharField(max_length=12, choices=HOW)
    sent_on = models.DateField()
    answer_by = models.DateField(null=True, blank=True)
    answer = models.TextField(blank=True)
    answered_on = models.DateField(null=True, blank=True)
    answered_by = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(how="waived") | Q(answer_by__isnull=False),
                name="communication_has_time_to_answer",
            ),
            models.CheckConstraint(condition=~Q(what=""), name="communication_says_what"),
        ]
        indexes: ClassVar = [models.Index(fields=["municipality", "case", "-at"], name="communication_case")]

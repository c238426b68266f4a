"""Why a granted decision is not carried out, and what was reported of it for each quarter."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from livlina.authority.cases.models import AuthorityRecord, Case, SignedRecord
from livlina.core.models import TenantForeignKey

CAUSES = [
    ("no_place", "Ledig plats saknas"),
    ("no_staff", "Personal eller uppdragstagare saknas"),
    ("declined", "Den enskilde har tackat nej till ett erbjudande"),
    ("waits", "Den enskilde vill vänta"),
    ("illness", "Sjukdom eller sjukhusvistelse"),
    ("other", "Annat skäl"),
]
ANSWERS = [("", "Inget svar"), ("declined", "Tackade nej"), ("accepted", "Tackade ja")]
KINDS = [("open", "Inte verkställt"), ("executed", "Verkställt"), ("ended", "Avslutat utan att verkställas")]


class Reason(AuthorityRecord):
    """Why the decision of a case is not carried out, as it was when it was written. The newest counts."""

    case = TenantForeignKey(Case, related_name="reasons_unexecuted")
    cause = models.CharField(max_length=12, choices=CAUSES)
    text = models.CharField(max_length=400)
    offered_on = models.DateField(null=True, blank=True)
    answer = models.CharField(max_length=8, choices=ANSWERS, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(text=""), name="unexecuted_reason_says_why"),
            models.CheckConstraint(
                condition=~Q(cause="declined") | Q(offered_on__isnull=False),
                name="unexecuted_declined_an_offer",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["municipality", "case", "-at"], name="unexecuted_reason_case")
        ]


class QuarterReport(SignedRecord):
    """The report of one quarter, settled once. Its rows are frozen with it."""

    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "year", "quarter"], name="unexecuted_once"),
            models.CheckConstraint(
                condition=Q(quarter__gte=1, quarter__lte=4), name="unexecuted_four_quarters"
            ),
        ]


class ReportRow(AuthorityRecord):
    """One decision in a report. It holds what is reported and no name."""

    report = TenantForeignKey(QuarterReport, related_name="rows")
    case = TenantForeignKey(Case, related_name="+")
    clock_id = models.UUIDField(help_text="The clock of the case it was read from.")
    kind = models.CharField(max_length=8, choices=KINDS)
    substitute = models.CharField(
        max_length=14, blank=True, help_text="Stands for the number where none may be shown."
    )
    sex = models.CharField(max_length=6, blank=True)
    law = models.CharField(max_length=160)
    service = models.CharField(max_length=400)
    decided_on = models.DateField()
    interrupted_on = models.DateField(null=True)
    cause = models.CharField(max_length=12, choices=CAUSES, blank=True)
    text = models.CharField(max_length=400, blank=True)
    offered_on = models.DateField(null=True)
    answer = models.CharField(max_length=8, choices=ANSWERS, blank=True)
    done_on = models.DateField(null=True, help_text="Carried out, or ended.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "report", "clock_id"], name="unexecuted_row_once"
            ),
            models.CheckConstraint(
                condition=Q(kind="open", done_on=None) | (~Q(kind="open") & Q(done_on__isnull=False)),
                name="unexecuted_done_some_day",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["municipality", "clock_id"], name="unexecuted_clock")]

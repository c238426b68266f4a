"""What was written on paper while everything was down, page by page, so that none is left in a pocket."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from livlina.core.models import PermanentModel, TenantForeignKey
from livlina.provider.homecare.models.words import PROVIDER


class PaperPage(PermanentModel):
    """One numbered page of a batch that was entered afterwards: who wrote it, who entered it, what it became."""

    compartment = models.SmallIntegerField(default=PROVIDER, editable=False)
    unit = TenantForeignKey("core.Unit", related_name="+")
    batch = models.UUIDField(help_text="Made when the first page of a bundle is entered.")
    page = models.PositiveSmallIntegerField("sida")
    count = models.PositiveSmallIntegerField("antal sidor i bunten, enligt den som räknade")
    person_id = models.UUIDField(null=True)
    written_by = models.CharField("skriven av", max_length=160)
    written_at = models.DateTimeField("skriven")
    entered_at = models.DateTimeField()
    by_id = models.BigIntegerField()
    by_name = models.CharField(max_length=160)
    event_id = models.UUIDField()
    result_id = models.UUIDField(null=True, help_text="The note it became; none for an empty or spoilt page.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "event_id"], name="paper_page_entered_once"),
            models.CheckConstraint(condition=Q(page__gte=1, count__gte=1), name="paper_page_counts_from_one"),
            models.CheckConstraint(
                condition=Q(written_at__lte=F("entered_at")), name="paper_page_written_before"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["municipality", "unit", "-entered_at"], name="paper_unit")]

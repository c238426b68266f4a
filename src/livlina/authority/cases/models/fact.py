"""Facts of a case: said once, by someone, on a day; the newest row of a name counts and the older ones stay."""

from typing import ClassVar

from django.db import models

from livlina.authority.cases.models.base import AuthorityRecord
from livlina.authority.cases.models.case import Case
from livlina.core.models import TenantForeignKey

SOURCES = [
    ("application", "Ansökan"),
    ("citizen", "Den enskilde"),
    ("register", "Personregistret"),
    ("officer", "Handläggaren"),
    ("earlier_case", "Tidigare ärende"),
    ("provider", "Utföraren"),
]


class CaseFact(AuthorityRecord):
    """One answer, with where it came from. `about_id` narrows it to one appeal of the case."""

    case = TenantForeignKey(Case, related_name="facts")
    about_id = models.UUIDField(null=True, blank=True)
    name = models.CharField(max_length=60)
    value = models.JSONField(null=True, help_text="As FactSpec.dump; null: the answer was taken back.")
    source = models.CharField(max_length=16, choices=SOURCES)
    source_ref = models.CharField(max_length=64, blank=True, help_text="Id of the application, note or case.")
    source_text = models.CharField(max_length=160, blank=True, help_text="As shown: “Ansökan 2026-000123”.")
    as_of = models.DateField(help_text="The day the answer was true, by its source.")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["municipality", "case", "name", "-at", "-id"], name="fact_newest")
        ]

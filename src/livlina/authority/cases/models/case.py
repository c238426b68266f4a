"""The case: one matter about one person, from received to closed; and everything that happened in it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from livlina.authority.cases.models.application import CHANNELS, Application
from livlina.authority.cases.models.base import AuthorityModel, AuthorityRecord
from livlina.core.models import TenantForeignKey, TenantModel


class CaseCounter(TenantModel):
    """The last number used in a year. A rolled-back case gives its number back, so the series has no gaps."""

    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "year"], name="counter_once_a_year")
        ]


class IntakeUnit(TenantModel):
    """Which unit gets new cases of a process, or of an area; an empty code is for all the others."""

    process_code = models.CharField(max_length=40, blank=True)
    unit = TenantForeignKey("core.Unit", related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "process_code"], name="intake_one_unit"),
        ]


class Case(AuthorityModel):
    """One matter. It stays with the version of the process it began in, and is never opened again once closed."""

    number = models.CharField(max_length=16)
    process_code = models.CharField(max_length=40)
    process_version = models.CharField(max_length=10)
    person = TenantForeignKey("people.Person", related_name="cases")
    unit = TenantForeignKey("core.Unit", related_name="+")
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    application = TenantForeignKey(Application, null=True, blank=True, related_name="cases")
    continues = TenantForeignKey("cases.Case", null=True, blank=True, related_name="continued_by")
    state = models.CharField(max_length=40)
    state_since = models.DateTimeField()
    received_on = models.DateField(help_text="FL 22 §: all clocks begin here, never at registration.")
    received_how = models.CharField(max_length=12, choices=CHANNELS)
    back_dated = models.BooleanField(
        default=False, help_text="Came in on an earlier day than it was registered."
    )
    registered_on = models.DateField()
    next_due = models.DateField(
        null=True, blank=True, help_text="Strict date of the nearest running deadline."
    )
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "number"], name="case_number_once"),
            models.CheckConstraint(
                condition=Q(received_on__lte=F("registered_on")), name="case_not_from_tomorrow"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["municipality", "person", "-received_on"], name="case_person"),
            models.Index(
                fields=["municipality", "unit", "next_due", "id"],
                condition=Q(closed_at=None),
                name="case_unit_open",
            ),
            models.Index(
                fields=["municipality", "responsible", "next_due", "id"],
                condition=Q(closed_at=None),
                name="case_worker_open",
            ),
            models.Index(
                fields=["municipality", "unit", "received_on", "id"],
                condition=Q(closed_at=None, responsible=None),
                name="case_unassigned",
            ),
        ]

    @property
    def is_open(self) -> bool:
        """Whether anything can still be done in it."""
        return self.closed_at is None


class CaseEvent(AuthorityRecord):
    """One step that was taken: who, when, from where to where, and on what legal basis."""

    case = TenantForeignKey(Case, related_name="events")
    about_id = models.UUIDField(
        null=True, blank=True, help_text="The appeal a step beside the main flow belongs to."
    )
    step = models.CharField(max_length=40)
    label = models.CharField(max_length=160)
    flow = models.CharField(max_length=40)
    from_state = models.CharField(max_length=40, blank=True)
    to_state = models.CharField(max_length=40, blank=True)
    law_key = models.CharField(max_length=40, blank=True)
    law_text = models.CharField(max_length=120, blank=True)
    detail = models.JSONField(default=dict, help_text="Identifiers, codes and dates.")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["municipality", "case", "-at"], name="event_case")]

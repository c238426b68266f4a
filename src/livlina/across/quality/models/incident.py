"""Incidents: one register for care and IT, of what happened, to whom, and what was done so that it does not again."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from livlina.across.quality.models.deviation import Deviation
from livlina.core.models import PermanentModel, TenantForeignKey

SOURCES = [
    ("staff", "Personal"),
    ("monitoring", "Övervakningen"),
    ("citizen", "En enskild"),
    ("supplier", "En leverantör"),
]
SIDES = [("care", "Verksamheten"), ("it", "IT")]
ENTRIES = [
    ("told", "Berättat"),
    ("measured", "Uppmätt"),
    ("confirmed", "Bekräftad"),
    ("dismissed", "Avskriven"),
    ("ended", "Över"),
    ("cause", "Orsak"),
]


class Incident(PermanentModel):
    """One event. It is a draft until a person confirms or dismisses it; what is found out later are rows of its own.

    It lies outside every person's file. Whom it hit stands in `Affected`, which only their own unit's manager sees.
    """

    changeable: ClassVar[tuple[str, ...]] = ("ended_at",)

    client_id = models.UUIDField(
        help_text="Made with the form, or from what was measured: told twice is one."
    )
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField(help_text="Counted within the municipality and the year.")
    title = models.CharField(max_length=120)
    what = models.TextField()
    source = models.CharField(max_length=10, choices=SOURCES)
    functions = ArrayField(
        models.CharField(max_length=20), default=list, help_text="Names of the status page."
    )
    unit = TenantForeignKey("core.Unit", null=True, related_name="+", help_text="Empty: the whole house.")
    begun_at = models.DateTimeField()
    noticed_at = models.DateTimeField(help_text="When it was known: the clocks of the law begin.")
    ended_at = models.DateTimeField(null=True)
    registered_at = models.DateTimeField()
    registered_by = models.BigIntegerField(null=True, help_text="Empty: the monitoring.")
    registered_name = models.CharField(max_length=160)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "client_id"], name="incident_told_once"),
            models.UniqueConstraint(fields=["municipality", "year", "number"], name="incident_number"),
            models.CheckConstraint(
                condition=Q(begun_at__lte=F("noticed_at"), noticed_at__lte=F("registered_at")),
                name="incident_in_order",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("begun_at")), name="incident_ends_after_start"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["municipality", "-begun_at"], name="incident_begun")]

    @property
    def called(self) -> str:
        """The number as people say it."""
        return f"H {self.year}-{self.number}"


class IncidentEntry(PermanentModel):
    """One line of what happened, as care or IT saw it: both sides stand beside each other, nobody's is changed."""

    incident = TenantForeignKey(Incident, related_name="entries")
    side = models.CharField(max_length=4, choices=SIDES)
    kind = models.CharField(max_length=9, choices=ENTRIES)
    at = models.DateTimeField(help_text="When it was so.")
    written_at = models.DateTimeField()
    user_id = models.BigIntegerField(null=True)
    user_name = models.CharField(max_length=160)
    text = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(at__lte=F("written_at")), name="incident_entry_has_happened"),
            models.UniqueConstraint(
                fields=["municipality", "incident"],
                condition=Q(kind__in=["confirmed", "dismissed"]),
                name="incident_judged_once",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["municipality", "incident", "at"], name="incident_entries")]


class IncidentReport(PermanentModel):
    """A deviation that tells of the incident: many reports, one event."""

    incident = TenantForeignKey(Incident, related_name="reports")
    deviation = TenantForeignKey(Deviation, related_name="incident_reports")
    at = models.DateTimeField()
    user_id = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "deviation"], name="deviation_of_one_incident"),
        ]


class Affected(PermanentModel):
    """Somebody the incident hit, found in the system's own rows, to be looked to and checked off by their unit."""

    HOW: ClassVar = [
        ("late", "Besöket blev sent"),
        ("missed", "Besöket blev inte av"),
        ("silent", "Larmet var tyst"),
        ("waited", "Larmet fick vänta"),
    ]
    changeable: ClassVar[tuple[str, ...]] = ("checked_at", "checked_by", "checked_name", "checked_text")

    incident = TenantForeignKey(Incident, related_name="affected")
    person_id = models.UUIDField()
    unit = TenantForeignKey("core.Unit", related_name="+")
    how = models.CharField(max_length=6, choices=HOW)
    source_id = models.UUIDField(help_text="The visit, the unit or the alarm it was read from.")
    minutes = models.PositiveIntegerField(null=True, help_text="How late, how long silent or waiting.")
    found_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)
    checked_by = models.BigIntegerField(null=True)
    checked_name = models.CharField(max_length=160, blank=True)
    checked_text = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "incident", "how", "source_id"], name="affected_found_once"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["municipality", "incident", "unit"], name="affected_unit")]


class Measure(PermanentModel):
    """Something to be done so that it does not happen again: whose, until when, and whether it helped."""

    changeable: ClassVar[tuple[str, ...]] = (
        "done_at", "done_text", "done_name", "effect_at", "effect", "effect_text", "effect_name",
    )  # fmt: skip

    incident = TenantForeignKey(Incident, related_name="measures")
    client_id = models.UUIDField()
    what = models.TextField()
    owner_id = models.BigIntegerField()
    owner_name = models.CharField(max_length=160)
    due_on = models.DateField()
    decided_at = models.DateTimeField()
    decided_name = models.CharField(max_length=160)
    done_at = models.DateTimeField(null=True)
    done_text = models.TextField(blank=True)
    done_name = models.CharField(max_length=160, blank=True)
    effect_at = models.DateTimeField(null=True)
    effect = models.BooleanField(null=True)
    effect_text = models.TextField(blank=True)
    effect_name = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "client_id"], name="measure_decided_once"),
            models.CheckConstraint(
                condition=Q(effect_at=None) | Q(done_at__isnull=False), name="measure_effect_after_done"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["municipality", "incident"], name="measure_incident")]

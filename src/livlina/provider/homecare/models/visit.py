"""Visits: what is planned from the plan, who goes, and what came of it. Granted and ordered time stand in the order;
planned, performed and approved time stand here, each a figure of its own."""

from datetime import timedelta
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from livlina.core.models import PermanentModel, TenantForeignKey, TenantModel
from livlina.provider.homecare.models.words import PROVIDER, SOURCES, VISIT_EVENTS, VISIT_KINDS, VISIT_STATES


class VisitSeries(TenantModel):
    """A visit that comes again: the weekdays, the time of day, how long and by how many. A change ends one and begins
    another, so that what was planned last month can still be read."""

    compartment = models.SmallIntegerField(default=PROVIDER, editable=False)
    unit = TenantForeignKey("core.Unit", related_name="+")
    person = TenantForeignKey("people.Person", related_name="visit_series")
    order = TenantForeignKey("orders.Order", null=True, related_name="visit_series")
    kind = models.CharField(max_length=8, choices=VISIT_KINDS, default="planned")
    title = models.CharField("vad", max_length=120)
    task_ids = ArrayField(models.UUIDField(), default=list, blank=True, help_text="PlannedTask ids.")
    nursing_ids = ArrayField(models.UUIDField(), default=list, blank=True, help_text="NursingTask ids.")
    weekdays = ArrayField(models.PositiveSmallIntegerField(), help_text="1 Monday to 7.")
    every_weeks = models.PositiveSmallIntegerField("varannan vecka = 2", default=1)
    at = models.TimeField("klockslag", help_text="Swedish time of day.")
    minutes = models.PositiveSmallIntegerField()
    window = models.PositiveSmallIntegerField(
        "minuter den får flyttas", default=30, help_text="Later or earlier than so is not punctual."
    )
    carers_needed = models.PositiveSmallIntegerField("antal i personalen", default=1)
    skills = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    delegations = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    preferred = ArrayField(models.UUIDField(), default=list, blank=True, help_text="Assignment ids.")
    area = models.CharField("område", max_length=80, blank=True)
    first_on = models.DateField()
    last_on = models.DateField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(minutes__range=(1, 720)), name="visit_series_minutes"),
            models.CheckConstraint(condition=Q(carers_needed__range=(1, 4)), name="visit_series_carers"),
            models.CheckConstraint(condition=Q(every_weeks__range=(1, 8)), name="visit_series_weeks"),
            models.CheckConstraint(
                condition=Q(last_on__isnull=True) | Q(last_on__gte=F("first_on") - timedelta(days=1)),
                name="visit_series_days",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["municipality", "unit", "last_on"], name="visit_series_unit"),
            models.Index(fields=["municipality", "person"], name="visit_series_person"),
        ]


class Visit(TenantModel):
    """One visit. Its times are the planned ones; what happened stands in its events, which nobody can change."""

    compartment = models.SmallIntegerField(default=PROVIDER, editable=False)
    unit = TenantForeignKey("core.Unit", related_name="+")
    person = TenantForeignKey("people.Person", related_name="visits")
    order = TenantForeignKey("orders.Order", null=True, related_name="visits")
    series = TenantForeignKey(VisitSeries, null=True, related_name="visits")
    on = models.DateField(help_text="The Swedish day it was first planned for: with the series, its name.")
    kind = models.CharField(max_length=8, choices=VISIT_KINDS, default="planned")
    title = models.CharField("vad", max_length=120)
    task_ids = ArrayField(models.UUIDField(), default=list, blank=True)
    nursing_ids = ArrayField(models.UUIDField(), default=list, blank=True)
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    window = models.PositiveSmallIntegerField(default=30)
    carers_needed = models.PositiveSmallIntegerField(default=1)
    skills = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    delegations = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    area = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=10, choices=VISIT_STATES, default="planned")
    client_id = models.UUIDField(null=True, help_text="An extra visit made by a phone: its event.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "series", "on"],
                condition=Q(series__isnull=False),
                name="visit_once_a_day",
            ),
            models.UniqueConstraint(
                fields=["municipality", "client_id"],
                condition=Q(client_id__isnull=False),
                name="visit_extra_once",
            ),
            models.CheckConstraint(condition=Q(minutes__range=(1, 720)), name="visit_minutes"),
            models.CheckConstraint(
                condition=Q(state__in=[code for code, _ in VISIT_STATES]), name="visit_state_known"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["municipality", "unit", "starts_at"], name="visit_unit"),
            models.Index(fields=["municipality", "person", "starts_at"], name="visit_person"),
        ]


class VisitCarer(TenantModel):
    """That a carer is to make a visit. Taken back by an end, never by removal: who was to go can always be said."""

    compartment = models.SmallIntegerField(default=PROVIDER, editable=False)
    visit = TenantForeignKey(Visit, related_name="carers")
    carer = TenantForeignKey("core.Assignment", related_name="+")
    given_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "visit", "carer"], condition=Q(taken_at=None), name="visit_carer_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["municipality", "carer"], condition=Q(taken_at=None), name="visit_carer_goes"
            ),
        ]


class VisitEvent(PermanentModel):
    """What happened to a visit. Three times may differ and all are kept: when it happened by the telling (`at`), by the
    phone's clock or the lock's, and when the municipality heard of it."""

    compartment = models.SmallIntegerField(default=PROVIDER, editable=False)
    visit = TenantForeignKey(Visit, related_name="events")
    kind = models.CharField(max_length=10, choices=VISIT_EVENTS)
    at = models.DateTimeField()
    device_at = models.DateTimeField(null=True)
    lock_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField()
    carer = TenantForeignKey("core.Assignment", null=True, related_name="+")
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=160)
    source = models.CharField(max_length=6, choices=SOURCES, default="desk")
    event_id = models.UUIDField(null=True, help_text="The phone's event; the same event is one row.")
    minutes = models.PositiveSmallIntegerField(null=True)
    to_at = models.DateTimeField(null=True, help_text="Planned or moved: the start it was given.")
    corrects = TenantForeignKey("self", null=True, related_name="corrected_by")
    reason = models.CharField(max_length=40, blank=True)
    text = models.CharField(max_length=400, blank=True)
    follow_up = models.CharField("vad som görs i stället", max_length=400, blank=True)
    done_ids = ArrayField(models.UUIDField(), default=list, blank=True, help_text="Tasks that were done.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "visit", "event_id", "kind"],
                condition=Q(event_id__isnull=False),
                name="visit_event_once",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["municipality", "visit", "at"], name="visit_events")]

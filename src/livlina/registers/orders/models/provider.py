"""Who carries out: the municipality's own units, and companies under LOV (2008:962)."""

from datetime import date
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from livlina.core.models import TenantForeignKey, TenantModel


class ProviderQuerySet(models.QuerySet["Provider"]):
    """Sets of providers."""

    def valid(self, on: date) -> "ProviderQuerySet":
        """Keep those that take orders on the Swedish day `on`."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on), valid_from__lte=on)


class Provider(TenantModel):
    """Someone who carries out services, with the unit whose inbox the orders come to."""

    REGIMES: ClassVar = [("own", "Egen regi"), ("lov", "LOV-utförare")]

    name = models.CharField("namn", max_length=120)
    regime = models.CharField(max_length=4, choices=REGIMES)
    unit = TenantForeignKey("core.Unit", related_name="+")
    areas = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    services = ArrayField(models.CharField(max_length=40), default=list)
    capacity_hours = models.PositiveIntegerField(
        "timmar per vecka", null=True, help_text="Empty: not stated."
    )
    phone = models.CharField("telefon", max_length=40, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    objects = ProviderQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "name"], name="provider_name_once"),
            models.UniqueConstraint(fields=["municipality", "unit"], name="provider_unit_once"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="provider_ends_after_start",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="provider_has_a_name"),
        ]

    def takes(self, service: str, on: date) -> bool:
        """Whether it takes orders of this service on the Swedish day `on`."""
        running = self.valid_from <= on and (self.valid_to is None or self.valid_to >= on)
        return running and service in self.services

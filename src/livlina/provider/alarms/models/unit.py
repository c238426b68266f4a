"""What is installed in somebody's home, and whether it has been shown to work."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from livlina.core.models import PermanentModel, TenantForeignKey, TenantModel
from livlina.provider.alarms.models.words import MODEMS, PENDANTS, PROFILES, PROVIDER, UNIT_STATES


class AlarmUnit(TenantModel):
    """An alarm unit: one in stock or one at somebody's home. `number` is what it calls itself on the wire (SCAIP cid)."""

    compartment = models.SmallIntegerField(default=PROVIDER, editable=False)
    number = models.CharField("enhetsnummer", max_length=16)
    team = TenantForeignKey("core.Unit", related_name="+", help_text="Who answers for it and goes there.")
    person = TenantForeignKey("people.Person", null=True, related_name="alarm_units")
    order = TenantForeignKey("orders.Order", null=True, related_name="alarm_units")
    state = models.CharField("läge", max_length=10, choices=UNIT_STATES, default="planned")
    model = models.CharField("modell", max_length=60, blank=True)
    profile = models.CharField("protokoll", max_length=14, choices=PROFILES, default="scaip")
    modem = models.CharField("modem", max_length=10, choices=MODEMS, default="unknown")
    operator = models.CharField("mobiloperatör", max_length=40, blank=True)
    sim = models.CharField("SIM-kortets nummer", max_length=22, blank=True)
    second_operator = models.CharField("andra mobiloperatör", max_length=40, blank=True)
    second_sim = models.CharField("andra SIM-kortets nummer", max_length=22, blank=True)
    interval = models.PositiveIntegerField(
        "sekunder mellan livstecken", default=60, help_text="0 = none promised."
    )
    source = models.CharField(
        "avsändaradress", max_length=60, blank=True, help_text="Empty = may send from anywhere."
    )
    area = models.CharField("område", max_length=80, blank=True)
    keys = models.CharField("nycklar och portkod", max_length=300, blank=True)
    risk = models.PositiveSmallIntegerField(
        "risk", default=1, help_text="0 low to 3 high: the order of the call round."
    )
    risks = models.CharField("risker", max_length=300, blank=True)
    installed_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField("senaste livstecken", null=True)
    silent_since = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(compartment=PROVIDER), name="alarm_unit_is_the_providers"),
            models.CheckConstraint(
                condition=Q(state__in=[code for code, _ in UNIT_STATES]), name="alarm_unit_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="active") | Q(person__isnull=False, installed_at__isnull=False),
                name="alarm_unit_active_at_somebodys",
            ),
            models.CheckConstraint(condition=Q(risk__lte=3), name="alarm_unit_risk_known"),
            models.UniqueConstraint(
                fields=["municipality", "number"],
                condition=~Q(state="returned"),
                name="alarm_unit_number_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["municipality", "team", "state"], name="alarm_unit_team"),
            models.Index(fields=["municipality", "person"], name="alarm_unit_person"),
        ]


class Pendant(TenantModel):
    """A button or sensor of a unit. It works when a press of it has arrived, never because somebody said so."""

    compartment = models.SmallIntegerField(default=PROVIDER, editable=False)
    unit = TenantForeignKey(AlarmUnit, related_name="pendants")
    device = models.CharField("knappens nummer", max_length=16, help_text="SCAIP did.")
    kind = models.CharField("sort", max_length=8, choices=PENDANTS, default="pendant")
    place = models.CharField("var den sitter", max_length=80, blank=True)
    added_at = models.DateTimeField()
    tested_at = models.DateTimeField("senaste provtryck", null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "unit", "device"], condition=Q(removed_at=None), name="pendant_once"
            ),
        ]


class TestPress(PermanentModel):
    """A press of a pendant that arrived while its unit was installed or tested."""

    __test__ = False  # not a class of tests, whatever its name begins with
    compartment = models.SmallIntegerField(default=PROVIDER, editable=False)
    pendant = TenantForeignKey(Pendant, related_name="presses")
    record = models.UUIDField(help_text="The record at the receiver.")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "pendant", "record"], name="test_press_once"),
        ]


class UnitEvent(PermanentModel):
    """What happened to a unit: made, installed, battery low, power gone, silent, heard, moved, returned."""

    compartment = models.SmallIntegerField(default=PROVIDER, editable=False)
    unit = TenantForeignKey(AlarmUnit, related_name="events")
    what = models.CharField(max_length=24)
    at = models.DateTimeField()
    record = models.UUIDField(null=True)
    codes = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=160, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["municipality", "unit", "at"], name="alarm_unit_events")]

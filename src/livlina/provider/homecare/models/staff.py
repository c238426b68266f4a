"""Who works when, and what they can. A carer is an assignment at the unit: the same row that lets them sign in."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from livlina.core.models import TenantForeignKey, TenantModel
from livlina.provider.homecare.models.words import PROVIDER, SHIFT_STATES, TRAVEL


class Skill(TenantModel):
    """Something a carer can, from one day to another. Codes of `words.SKILLS`."""

    compartment = models.SmallIntegerField(default=PROVIDER, editable=False)
    carer = TenantForeignKey("core.Assignment", related_name="+")
    code = models.CharField(max_length=20)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "carer", "code", "valid_from"], name="carer_skill_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="carer_skill_days"
            ),
        ]


class Shift(TenantModel):
    """One carer's working time, from a moment to a moment, with its break. What a phone's keys and pack last for."""

    compartment = models.SmallIntegerField(default=PROVIDER, editable=False)
    unit = TenantForeignKey("core.Unit", related_name="+")
    carer = TenantForeignKey("core.Assignment", related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    break_from = models.DateTimeField(null=True)
    break_to = models.DateTimeField(null=True)
    area = models.CharField("område", max_length=80, blank=True)
    travel = models.CharField(max_length=8, choices=TRAVEL, default="bicycle")
    round = models.BooleanField("nattpatrull eller larm", default=False)
    state = models.CharField(max_length=10, choices=SHIFT_STATES, default="planned")
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="shift_ends_after_start"),
            models.CheckConstraint(
                condition=Q(break_from__isnull=True, break_to__isnull=True)
                | Q(break_from__gte=F("starts_at"), break_to__lte=F("ends_at"), break_to__gt=F("break_from")),
                name="shift_break_within",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["municipality", "unit", "starts_at"], name="shift_unit"),
            models.Index(fields=["municipality", "carer", "starts_at"], name="shift_carer"),
        ]

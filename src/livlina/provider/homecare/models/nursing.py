"""Home nursing: what is ordered by licensed staff, who may do it by delegation, and what was signed. Its own book: these
rows lie in the health compartment (PDL 4 kap.), except the delegation itself, which says nothing of a patient."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from livlina.core.models import PermanentModel, TenantForeignKey, TenantModel
from livlina.provider.homecare.models.words import COUNTS, DOSE_STATES, HEALTH, PROVIDER, SOURCES, TASK_STATES


class Delegation(TenantModel):
    """That a licensed person has given a task to a carer, in writing, for a time (SOSFS 1997:14; HSLF-FS 2017:37)."""

    compartment = models.SmallIntegerField(default=PROVIDER, editable=False)
    unit = TenantForeignKey("core.Unit", related_name="+")
    giver = TenantForeignKey("core.Assignment", related_name="+")
    carer = TenantForeignKey("core.Assignment", related_name="+")
    task = models.CharField(max_length=20, help_text="Code of words.NURSING_TASKS.")
    person = TenantForeignKey(
        "people.Person", null=True, related_name="+", help_text="None: every person of the unit."
    )
    valid_from = models.DateField()
    valid_to = models.DateField()
    tested = models.CharField("hur kunskapen prövats", max_length=200)
    given_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(valid_to__gte=F("valid_from")), name="delegation_days"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["municipality", "carer", "valid_to"], name="delegation_carer"),
            models.Index(fields=["municipality", "unit", "valid_to"], name="delegation_unit"),
        ]


class NursingTask(TenantModel):
    """Something a nurse has ordered for a patient: a medicine, a dressing, a measure. Ended, never changed in place."""

    compartment = models.SmallIntegerField(default=HEALTH, editable=False)
    unit = TenantForeignKey("core.Unit", related_name="+")
    person = TenantForeignKey("people.Person", related_name="nursing_tasks")
    task = models.CharField(max_length=20)
    what = models.CharField("vad", max_length=200, help_text="Drug and strength, or what is done.")
    amount = models.CharField("mängd varje gång", max_length=60, blank=True)
    how = models.TextField("hur", blank=True)
    times = ArrayField(models.TimeField(), default=list, blank=True, help_text="Empty: when needed.")
    weekdays = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    window = models.PositiveSmallIntegerField("minuter före och efter", default=60)
    as_needed = models.BooleanField("vid behov", default=False)
    most_per_day = models.PositiveSmallIntegerField(null=True)
    narcotic = models.BooleanField("narkotika: saldo räknas", default=False)
    delegated = models.BooleanField("får utföras på delegering", default=True)
    first_on = models.DateField()
    last_on = models.DateField(null=True)
    state = models.CharField(max_length=8, choices=TASK_STATES, default="active")
    ordered_at = models.DateTimeField()
    ordered_by = models.CharField(max_length=160)
    ordered_by_id = models.BigIntegerField()
    ended_at = models.DateTimeField(null=True)
    ended_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["municipality", "person", "state"], name="nursing_person")]


class Dose(TenantModel):
    """One time something ordered is to be given: what the signing list counts. Made ahead, so a phone knows its id."""

    compartment = models.SmallIntegerField(default=HEALTH, editable=False)
    task = TenantForeignKey(NursingTask, related_name="doses")
    person = TenantForeignKey("people.Person", related_name="+")
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=DOSE_STATES, default="due")
    warned_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "task", "due_at"], name="dose_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["municipality", "state", "due_at"], name="dose_due"),
            models.Index(fields=["municipality", "person", "due_at"], name="dose_person"),
        ]


class DoseSignature(PermanentModel):
    """Who signed a dose as given or not given. A wrong one is corrected by a new one that names it."""

    compartment = models.SmallIntegerField(default=HEALTH, editable=False)
    dose = TenantForeignKey(Dose, null=True, related_name="signatures")
    task = TenantForeignKey(NursingTask, related_name="signatures", help_text="Also when given as needed.")
    given = models.BooleanField()
    amount = models.CharField(max_length=60, blank=True)
    reason = models.CharField("varför inte", max_length=200, blank=True)
    effect = models.CharField("effekt", max_length=200, blank=True)
    at = models.DateTimeField()
    device_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField()
    by_id = models.BigIntegerField()
    by_name = models.CharField(max_length=160)
    by_title = models.CharField(max_length=80)
    witness_name = models.CharField(max_length=160, blank=True)
    delegation = TenantForeignKey(Delegation, null=True, related_name="+")
    source = models.CharField(max_length=6, choices=SOURCES, default="desk")
    event_id = models.UUIDField(null=True)
    corrects = TenantForeignKey("self", null=True, related_name="corrected_by")
    balance = models.DecimalField(
        null=True, max_digits=8, decimal_places=2, help_text="Left after, narcotics."
    )
    double = models.BooleanField("given två gånger", default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "event_id"],
                condition=Q(event_id__isnull=False),
                name="dose_event_once",
            ),
            models.UniqueConstraint(
                fields=["municipality", "corrects"],
                condition=Q(corrects__isnull=False),
                name="dose_corrected_once",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["municipality", "task", "at"], name="dose_signatures")]


class NarcoticCount(PermanentModel):
    """What came, was counted or was thrown away of a narcotic drug at a patient's. Two sign each (HSLF-FS 2017:37)."""

    compartment = models.SmallIntegerField(default=HEALTH, editable=False)
    task = TenantForeignKey(NursingTask, related_name="counts")
    kind = models.CharField(max_length=9, choices=COUNTS)
    quantity = models.DecimalField(max_digits=8, decimal_places=2)
    expected = models.DecimalField(
        null=True, max_digits=8, decimal_places=2, help_text="Counted: what there should have been."
    )
    left = models.DecimalField(max_digits=8, decimal_places=2)
    at = models.DateTimeField()
    by_id = models.BigIntegerField()
    by_name = models.CharField(max_length=160)
    by_title = models.CharField(max_length=80)
    witness_name = models.CharField(max_length=160)
    text = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(quantity__gte=0, left__gte=0), name="narcotic_not_negative"),
            models.CheckConstraint(condition=~Q(witness_name=""), name="narcotic_two_sign"),
        ]
        indexes: ClassVar = [models.Index(fields=["municipality", "task", "at"], name="narcotic_counts")]

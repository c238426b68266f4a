"""What citizens tell of themselves: their own words, kept apart from the event, which both sides may read."""

from typing import ClassVar

from django.db import models

from livlina.across.quality.models.incident import Incident
from livlina.core.models import PermanentModel, TenantForeignKey

HELPS = [
    ("home_care", "Hemtjänsten"),
    ("alarm", "Trygghetslarmet"),
    ("e_service", "Inloggningen eller e-tjänsterna"),
    ("other", "Något annat"),
]
HURT = [
    ("no", "Nej"),
    ("hurt", "Någon har skadats, men är i säkerhet nu"),
    ("danger", "Ja, någon är i fara just nu"),
]
DESKS = [
    ("provider_manager", "Enhetschef, utförare"),
    ("unit_manager", "Enhetschef, myndighet"),
    ("committee_secretary", "Nämndsekreterare"),
    ("duty_officer", "Jour"),
]


class CitizenReport(PermanentModel):
    """One telling, and the draft of an event that it became. The words stand here alone, never on the event.

    It lies on one desk: a role in a unit, in a compartment that only that side of the wall sees. Handed over, it is seen
    where it lies then. Nobody has to say who they are: then `teller_id` and `person_id` are empty.
    """

    changeable: ClassVar[tuple[str, ...]] = ("role", "unit", "compartment", "read_at")

    incident = TenantForeignKey(Incident, related_name="citizen_reports")
    role = models.CharField(max_length=32, choices=DESKS)
    unit = TenantForeignKey("core.Unit", related_name="+")
    compartment = models.SmallIntegerField()
    help = models.CharField(max_length=12, choices=HELPS)
    hurt = models.CharField(max_length=6, choices=HURT)
    what = models.TextField()
    happened_on = models.DateField(help_text="About: as the one who tells remembers it.")
    clock = models.CharField(max_length=60, blank=True)
    place = models.CharField(max_length=120, blank=True)
    contact = models.CharField(max_length=160, blank=True)
    teller_id = models.UUIDField(null=True, help_text="The person who told, signed in; empty: nobody knows.")
    person_id = models.UUIDField(
        null=True, help_text="Whom it is about: the one who told, or whom they act for."
    )
    told_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, help_text="When somebody whose desk it lies on first read it.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "incident"], name="citizen_report_once"),
            models.CheckConstraint(
                condition=models.Q(teller_id=None, person_id=None)
                | models.Q(teller_id__isnull=False, person_id__isnull=False),
                name="citizen_report_known_or_not",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["municipality", "teller_id", "-told_at"], name="citizen_report_teller"),
        ]


class CitizenAnswer(PermanentModel):
    """What staff wrote to the one who told. It is read outside: nothing of the event's own lines comes along."""

    report = TenantForeignKey(CitizenReport, related_name="answers")
    compartment = models.SmallIntegerField(help_text="The report's when it was written.")
    client_id = models.UUIDField()
    at = models.DateTimeField()
    user_id = models.BigIntegerField()
    user_name = models.CharField(max_length=160)
    unit_name = models.CharField(
        max_length=160, help_text="Who answers, to the citizen: never a name of staff."
    )
    text = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "client_id"], name="citizen_answer_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["municipality", "report", "at"], name="citizen_answers")]

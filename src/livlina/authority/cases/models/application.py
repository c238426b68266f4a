"""What a citizen asks for: a draft saved page by page, and the application as it was sent."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from livlina.authority.cases.models.base import AuthorityModel, AuthorityRecord
from livlina.core.calendar import Channel
from livlina.core.models import TenantForeignKey

CHANNELS = [
    (Channel.E_SERVICE.value, "E-tjänst"),
    (Channel.EMAIL.value, "E-post"),
    (Channel.VISIT.value, "Vid besök"),
    (Channel.PHONE.value, "Per telefon"),
    (Channel.POST.value, "Med post"),
    (Channel.LETTER_BOX.value, "I brevlådan"),
]
MANDATES = [
    ("self", "Egen ansökan"),
    ("guardian", "Vårdnadshavare"),
    ("trustee", "God man"),
    ("administrator_guardian", "Förvaltare"),
    ("power_of_attorney", "Ombud med fullmakt"),
]


class ApplicationDraft(AuthorityModel):
    """An application being written: answers exactly as typed, so that nothing is lost and nothing is judged early."""

    deletable = True

    process_code = models.CharField(max_length=40)
    process_version = models.CharField(max_length=10)
    applicant = TenantForeignKey("people.Person", related_name="+")
    person = TenantForeignKey("people.Person", related_name="+")
    mandate = models.CharField(max_length=24, choices=MANDATES, default="self")
    answers = models.JSONField(default=dict)
    begun_at = models.DateTimeField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(mandate="self", applicant=models.F("person")) | ~Q(mandate="self"),
                name="draft_self_is_self",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["municipality", "applicant", "-saved_at"], name="draft_applicant")
        ]


class Application(AuthorityRecord):
    """An application as it was sent or taken down: never changed. It keeps the draft's id, so it is sent once."""

    process_code = models.CharField(max_length=40)
    process_version = models.CharField(max_length=10)
    applicant = TenantForeignKey("people.Person", related_name="+")
    person = TenantForeignKey("people.Person", related_name="applications")
    mandate = models.CharField(max_length=24, choices=MANDATES, default="self")
    answers = models.JSONField()
    sha256 = models.CharField(max_length=64, help_text="Of the canonical JSON of what was sent.")
    receipt_number = models.CharField(max_length=16)
    received_on = models.DateField(help_text="FL 22 §, never the day of registration.")
    received_how = models.CharField(max_length=12, choices=CHANNELS)
    taken_down = models.BooleanField(default=False, help_text="Written by staff: paper, telephone, visit.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "receipt_number"], name="application_receipt_once"
            ),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="application_hashed"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["municipality", "person", "-at"], name="application_person"),
            models.Index(fields=["municipality", "applicant", "-at"], name="application_applicant"),
        ]

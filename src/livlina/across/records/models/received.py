"""Documents that came in to the authority: the bytes as they came, with from whom and on which day (FL 22 §)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from livlina.across.records.codes import DOCUMENT_KINDS, SECRECY
from livlina.authority.cases.models import AuthorityRecord, Case
from livlina.authority.cases.models.application import CHANNELS
from livlina.core.models import TenantForeignKey
from livlina.registers.journal.models import File


class ReceivedDocument(AuthorityRecord):
    """A document of a case, or of a person's file before there is a case. In the compartment of what it lies in."""

    person = TenantForeignKey("people.Person", related_name="+")
    case = TenantForeignKey(Case, null=True, blank=True, related_name="+")
    file = TenantForeignKey(File, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=16, choices=DOCUMENT_KINDS)
    title = models.CharField(max_length=160)
    from_whom = models.CharField(max_length=160)
    received_on = models.DateField(help_text="FL 22 §, never the day of registration.")
    received_how = models.CharField(max_length=12, choices=CHANNELS)
    secrecy = models.CharField(max_length=16, choices=SECRECY)
    filename = models.CharField(max_length=120)
    content_type = models.CharField(
        max_length=100, help_text="By the content; what was said of it is not kept."
    )
    size = models.PositiveIntegerField(help_text="Bytes.")
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(case__isnull=False) | Q(file__isnull=False), name="received_lies_somewhere"
            ),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="received_hashed"),
            models.CheckConstraint(condition=~Q(title="") & ~Q(from_whom=""), name="received_from_someone"),
            models.UniqueConstraint(
                fields=["municipality", "person", "case", "file", "sha256", "received_on"],
                nulls_distinct=False,
                name="received_once_a_day",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["municipality", "case", "-received_on"], name="received_case"),
            models.Index(fields=["municipality", "person", "-received_on"], name="received_person"),
        ]

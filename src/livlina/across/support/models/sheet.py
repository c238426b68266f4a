"""Cheat-sheets (lathundar): what to do, in a few steps; every wording is kept, and so is whether it helped."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from livlina.across.support.models.codes import AUDIENCES, KINDS
from livlina.across.support.models.ticket import Ticket
from livlina.core.models import PermanentModel, TenantForeignKey, TenantModel


class Sheet(TenantModel):
    """A cheat-sheet with its words of today. Owned by the second line."""

    title = models.CharField(max_length=120)
    body = models.TextField()
    keywords = models.CharField(max_length=300, blank=True, help_text="Other words people use for it.")
    kind = models.CharField(max_length=12, choices=KINDS)
    audience = models.CharField(max_length=8, choices=AUDIENCES, default="staff")
    pages = ArrayField(models.CharField(max_length=80), default=list, help_text="Beginnings of route names.")
    version = models.PositiveSmallIntegerField(default=1)
    changed_at = models.DateTimeField()
    owner_name = models.CharField(max_length=160)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "title"], name="sheet_title_once"),
            models.CheckConstraint(condition=~models.Q(body=""), name="sheet_says_something"),
        ]

    def __str__(self) -> str:
        return self.title


class SheetVersion(PermanentModel):
    """One wording of a cheat-sheet."""

    sheet = TenantForeignKey(Sheet, related_name="versions")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    body = models.TextField()
    keywords = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    by_name = models.CharField(max_length=160)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "sheet", "number"], name="sheet_version_once"),
        ]


class SheetAnswer(PermanentModel):
    """Whether it helped, told by whoever read it. Who that was is not kept."""

    client_id = models.UUIDField()
    sheet = TenantForeignKey(Sheet, related_name="answers")
    version = models.PositiveSmallIntegerField()
    helped = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "client_id"], name="sheet_answer_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["municipality", "sheet", "at"], name="sheet_answer_sheet")]


class SheetUse(PermanentModel):
    """That a ticket was answered with a cheat-sheet: what the next proposal is weighed by."""

    sheet = TenantForeignKey(Sheet, related_name="uses")
    ticket = TenantForeignKey(Ticket, related_name="sheets")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "ticket", "sheet"], name="sheet_used_once"),
        ]

"""The record of what happened: every write, every read of a person, every refusal. Append-only."""

from typing import ClassVar

from django.db import models

from livlina.core.models.base import PermanentModel


class AuditEvent(PermanentModel):
    """One thing someone did, written in the same transaction as the deed (lag 2001:454 10 §; PDL 4:3)."""

    OUTCOMES: ClassVar = [("read", "läste"), ("wrote", "skrev"), ("refused", "nekades")]

    at = models.DateTimeField()
    user_id = models.BigIntegerField(null=True)
    assignment_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=160)
    role = models.CharField(max_length=32)
    unit_id = models.UUIDField(null=True)
    unit_name = models.CharField(max_length=120)
    verb = models.CharField(max_length=64)
    outcome = models.CharField(max_length=8, choices=OUTCOMES)
    person_id = models.UUIDField(null=True)
    object_type = models.CharField(max_length=64, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    review = models.CharField(
        max_length=24,
        blank=True,
        help_text="Why it must be looked at: outside, protected…",
    )
    reason = models.CharField(max_length=400, blank=True)
    detail = models.JSONField(default=dict, help_text="Identifiers and codes only, never text from a case.")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["municipality", "person_id", "-at"], name="audit_person"),
            models.Index(fields=["municipality", "user_id", "-at"], name="audit_user"),
            models.Index(fields=["municipality", "-at"], condition=~models.Q(review=""), name="audit_review"),
        ]

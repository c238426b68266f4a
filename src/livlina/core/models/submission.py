"""What was already sent: so that a second press of the same button is the first one's answer."""

from typing import ClassVar

from django.db import models

from livlina.core.models.base import TenantModel


class Submission(TenantModel):
    """One sent form, named by the key its page was made with."""

    deletable = True

    user_id = models.BigIntegerField()
    key = models.UUIDField()
    at = models.DateTimeField()
    location = models.CharField(max_length=400, help_text="Where the first answer sent the browser.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["municipality", "user_id", "key"], name="submission_once"),
        ]

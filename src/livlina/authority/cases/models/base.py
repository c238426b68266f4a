"""What every row of the authority has in common: its compartment, and who wrote it."""

from datetime import datetime
from typing import Any

from django.db import models

from livlina.core.access import Actor
from livlina.core.models import PermanentModel, TenantModel

AUTHORITY = 1
"""The compartment of the authority's case work (OSL 26 kap.): row-level security hides it from all others."""


class AuthorityModel(TenantModel):
    """A row of case work that may change."""

    compartment = models.SmallIntegerField(default=AUTHORITY, editable=False)

    class Meta:
        abstract = True


class AuthorityRecord(PermanentModel):
    """A row of case work that is written once, with who wrote it and when."""

    compartment = models.SmallIntegerField(default=AUTHORITY, editable=False)
    at = models.DateTimeField()
    by_user_id = models.BigIntegerField(null=True, blank=True)
    by_name = models.CharField(max_length=160)
    by_title = models.CharField(max_length=80, blank=True)
    by_role = models.CharField(max_length=32)

    class Meta:
        abstract = True


def signature(by: Actor, now: datetime) -> dict[str, Any]:
    """Return who writes a record and when: names are kept as they were, since people change names and titles."""
    return {
        "municipality_id": by.municipality_id,
        "at": now,
        "by_user_id": by.user_id,
        "by_name": by.name,
        "by_title": by.title,
        "by_role": by.role,
    }

"""What every row of the authority has in common: its compartment, and who wrote it."""

from datetime import datetime
from typing import Any, ClassVar

from django.db import models

from livlina.core.access import Actor
from livlina.core.models import PermanentModel, TenantModel


class InBranch(models.Model):
    """A row of the authority: in the compartment of its branch, as what it belongs to is (OSL 8:2, 26 kap.).

    Row-level security hides it from the other branches and from the provider. What belongs to nothing else says
    its compartment itself.
    """

    belongs_to: ClassVar[str] = "case"
    """The field with what the row belongs to."""

    compartment = models.SmallIntegerField(editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **options: Any) -> None:
        """Insert in the compartment of what the row belongs to, or update."""
        if self._state.adding and self.compartment is None:
            self.compartment = getattr(self, self.belongs_to).compartment
        super().save(*args, **options)


class AuthorityModel(InBranch, TenantModel):
    """A row of case work that may change."""

    class Meta:
        abstract = True


class SignedRecord(PermanentModel):
    """A row that is written once, with who wrote it and when."""

    at = models.DateTimeField()
    by_user_id = models.BigIntegerField(null=True, blank=True)
    by_name = models.CharField(max_length=160)
    by_title = models.CharField(max_length=80, blank=True)
    by_role = models.CharField(max_length=32)

    class Meta:
        abstract = True


class AuthorityRecord(InBranch, SignedRecord):
    """A row of case work that is written once."""

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

"""What an officer has typed into a form and not yet recorded."""

from typing import ClassVar

from django.db import models

from livlina.authority.cases.models.base import AuthorityModel
from livlina.authority.cases.models.case import Case
from livlina.core.models import TenantForeignKey


class FormDraft(AuthorityModel):
    """One user's text in one form of one case, as typed. It dies when the form is recorded."""

    deletable = True

    case = TenantForeignKey(Case, related_name="drafts")
    user_id = models.BigIntegerField()
    form = models.CharField(max_length=40)
    answers = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    begun_at = models.DateTimeField(help_text="What others have recorded since then is a conflict to show.")
    saved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "case", "user_id", "form"], name="draft_one_per_form"
            ),
        ]

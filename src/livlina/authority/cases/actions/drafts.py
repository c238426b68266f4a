"""What is typed and not yet recorded, saved a second after the last key."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from livlina.authority.cases.models import Case, FormDraft
from livlina.core.access import Actor, demand


class DraftChanged(Exception):
    """Utkastet har ändrats i en annan flik; `draft` är det som finns sparat."""

    def __init__(self, draft: FormDraft) -> None:
        super().__init__(self.__doc__)
        self.draft = draft


@transaction.atomic
def save_draft(
    case: Case, form: str, answers: Mapping[str, Any], *, version: int, by: Actor, now: datetime
) -> FormDraft:
    """Keep what is typed so far. `version` is the one the page was based on, 0 for none. Raises DraftChanged."""
    demand(by, "cases.write", case)
    draft = FormDraft.objects.select_for_update().filter(case=case, user_id=by.user_id, form=form).first()
    if draft is None:
        return FormDraft.objects.create(
            municipality_id=by.municipality_id,
            case=case,
            user_id=by.user_id,
            form=form,
            answers=dict(answers),
            begun_at=now,
            saved_at=now,
        )
    if draft.version != version and draft.answers != dict(answers):
        raise DraftChanged(draft)
    draft.answers, draft.saved_at, draft.version = dict(answers), now, draft.version + 1
    draft.save(update_fields=["answers", "saved_at", "version"])
    return draft


def forget_draft(case: Case, form: str, *, by: Actor) -> None:
    """Remove one's own draft: what was in it is recorded."""
    FormDraft.objects.filter(case=case, form=form, user_id=by.user_id).delete()

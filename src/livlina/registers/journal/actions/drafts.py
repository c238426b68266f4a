"""Drafts: saved while one writes, kept when two windows differ, thrown away by their author only."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from livlina.core import audit, outbox
from livlina.core.access import Actor, allowed, fetch
from livlina.registers.journal.content import tidy
from livlina.registers.journal.faults import TwoTexts
from livlina.registers.journal.models import Draft, File

FORGOTTEN = timedelta(hours=24)
"""How long a draft may lie before its author's unit is told."""


def save_draft(
    file_id: UUID,
    form: str,
    text: str,
    fields: dict[str, Any],
    *,
    version: int,
    tab: UUID,
    by: Actor,
    now: datetime,
) -> int:
    """Save what is being written and return its new version. `version` is the one it is based on, 0 if none.

    If another window has saved meanwhile, this text is kept beside the other under `tab` and TwoTexts is
    raised: whoever catches it lets the transaction be. The beginning of a draft is logged, not every key.
    """
    file = fetch(by, "journal.write", File.objects.all(), pk=file_id)
    text = text.replace("\x00", "")
    values: dict[str, Any] = {"text": text, "fields": fields, "saved_at": now}
    mine = Draft.objects.filter(user_id=by.user_id, file=file, form=form)
    if mine.filter(tab__isnull=True, version=version).update(version=version + 1, **values):
        mine.filter(tab=tab).delete()
        return version + 1
    draft, begun = mine.get_or_create(
        user_id=by.user_id,
        file=file,
        form=form,
        tab=None,
        defaults={
            "municipality_id": file.municipality_id,
            "compartment": file.compartment,
            "version": version + 1,
            "begun_at": now,
            **values,
        },
    )
    if begun:
        audit.wrote(by, "journal.draft", now=now, person_id=file.person_id, obj=draft)
    elif (tidy(draft.text), draft.fields) != (tidy(text), fields):
        _keep_beside(draft, tab, values)
        raise TwoTexts(draft.text, draft.version)
    return draft.version


def discard_draft(file_id: UUID, form: str, *, by: Actor, now: datetime) -> int:
    """Throw away one's own draft of a form and what was kept beside it; logged. Return how many texts."""
    mine = allowed(by, "journal.draft", Draft.objects.filter(file_id=file_id, form=form))
    found = list(mine.values_list("file__person_id", "pk"))
    if found:
        mine.delete()
        detail = {"file": str(file_id), "texts": len(found)}
        audit.wrote(by, "journal.discard", now=now, person_id=found[0][0], detail=detail)
    return len(found)


def tell_of_drafts(*, by: Actor, now: datetime) -> int:
    """Announce `journal.draft_lies`, once, for each draft that has lain longer than FORGOTTEN. Return how many."""
    lying = Draft.objects.select_for_update(skip_locked=True).filter(
        municipality_id=by.municipality_id, told_at__isnull=True, saved_at__lt=now - FORGOTTEN
    )
    told = 0
    for draft in lying:
        draft.told_at = now
        draft.save(update_fields=["told_at"])
        outbox.announce("journal.draft_lies", draft, now=now)
        told += 1
    return told


def _keep_beside(draft: Draft, tab: UUID, values: dict[str, Any]) -> None:
    """Keep the second window's text under its own key."""
    Draft.objects.update_or_create(
        user_id=draft.user_id,
        file_id=draft.file_id,
        form=draft.form,
        tab=tab,
        defaults=values,
        create_defaults={
            "municipality_id": draft.municipality_id,
            "compartment": draft.compartment,
            "begun_at": values["saved_at"],
            **values,
        },
    )

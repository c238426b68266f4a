"""What someone is writing."""

from datetime import datetime
from uuid import UUID

from livlina.core.access import Actor, allowed, demand
from livlina.registers.journal.actions.drafts import FORGOTTEN
from livlina.registers.journal.models import Draft


def draft_of(actor: Actor, file_id: UUID, form: str) -> tuple[Draft | None, list[Draft]]:
    """Return the actor's own draft of a form, and other texts kept beside it. One statement."""
    rows = allowed(actor, "journal.draft", Draft.objects.filter(file_id=file_id, form=form))
    drafts = list(rows.order_by("saved_at"))
    main = next((draft for draft in drafts if draft.tab is None), None)
    return main, [draft for draft in drafts if draft is not main]


def lying_drafts(actor: Actor, now: datetime) -> list[Draft]:
    """Return the drafts that lie unfinished in the unit's files, without their text: whose, where, since when."""
    demand(actor, "journal.drafts")
    rows = Draft.objects.filter(
        municipality_id=actor.municipality_id, file__unit_id=actor.unit_id, saved_at__lt=now - FORGOTTEN
    )
    return list(rows.defer("text", "fields").select_related("user", "file__person").order_by("begun_at"))

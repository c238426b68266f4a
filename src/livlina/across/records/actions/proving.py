"""The proof that goes with what was handed out: that the notes are as they were written, for the person's own browser."""

import json
from datetime import datetime
from uuid import UUID

from livlina.across.records import queries
from livlina.across.records.models import DisclosureRequest, HandedOut
from livlina.core import audit
from livlina.core.access import Actor, fetch
from livlina.core.models import Municipality
from livlina.registers.journal import queries as journal


def collect_proof(handed_id: UUID, *, by: Actor, now: datetime) -> bytes | None:
    """Return `bevis.json` of the notes handed out whole with this, or None while their place is not signed yet.

    Only of the citizen's own notes; of what was masked or refused nothing is told. Raises Refused.
    """
    found = fetch(by, "records.collect", HandedOut.objects.select_related("request"), pk=handed_id)
    whole = whole_notes(found.request)
    entries = journal.entries_of(found.request.person_id, found.request.compartment, whole)
    home = Municipality.objects.get(pk=found.municipality_id)
    told = journal.proof_of(entries, home.name, now)
    if told is None:
        return None
    audit.read(
        by,
        "records.collect",
        now=now,
        person_id=found.request.person_id,
        obj=found,
        detail={"proof": len(entries)},
    )
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def whole_notes(request: DisclosureRequest) -> list[UUID]:
    """Return the notes of a request that were judged to go out whole."""
    judged = queries.judged(request)
    return [pk for (kind, pk), item in judged.items() if kind == "journal.note" and item.verdict == "whole"]

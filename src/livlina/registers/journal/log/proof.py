"""What a person is given so that their own browser can tell that a note is as it was written: `bevis.json`.

For each entry: what its chain hash is made of, and the path from it to a signed and cosigned root. Of an entry whose words
were handed out whole the words and the salt go with it; of another the digest alone, from which nobody can guess them.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max

from livlina.registers.journal.chain import CONTENT, head_of
from livlina.registers.journal.log import keys, store, tree
from livlina.registers.journal.log.tables import Log, LogCheckpoint, LogCosignature
from livlina.registers.journal.models import Correction, Dissent, Entry, Note
from livlina.witness import notes

FORMAT = 1


def entries_of(person_id: UUID, compartment: int, notes: Collection[UUID]) -> list[Entry]:
    """Return a person's notes of these ids in a book, each followed by its corrections and the person's own views of it."""
    mine = {"person_id": person_id, "compartment": compartment}
    found: list[Entry] = list(Note.objects.filter(pk__in=notes, **mine))
    found += Correction.objects.filter(note__in=notes, **mine)
    found += Dissent.objects.filter(note__in=notes, **mine)
    return sorted(found, key=lambda entry: entry.seq)


def proof_of(entries: Sequence[Entry], municipality: str, now: datetime) -> dict[str, Any] | None:
    """Return the proof of entries of one municipality, or None while the last of them has no signed place yet."""
    if not entries or any(entry.log_index is None for entry in entries):
        return None
    best = best_checkpoint(entries[0].municipality_id, max(entry.log_index or 0 for entry in entries))
    if best is None:
        return None
    checkpoint, lines = best
    return {
        "livlina_proof": FORMAT,
        "municipality": municipality,
        "made_at": now.isoformat(timespec="seconds"),
        "checkpoint": checkpoint.note + "".join(lines),
        "entries": list(_told(checkpoint.log, checkpoint.size, entries)),
    }


def best_checkpoint(municipality_id: int, beyond: int) -> tuple[LogCheckpoint, list[str]] | None:
    """Return the newest checkpoint larger than `beyond` with its cosignatures: a cosigned one if there is any.

    Of each witness its newest line over that checkpoint.
    """
    log = store.current(municipality_id)
    rows = LogCheckpoint.objects.filter(municipality_id=municipality_id, log=log, size__gt=beyond)
    found = (
        rows.filter(cosignatures__isnull=False).order_by("-size").first() or rows.order_by("-size").first()
    )
    if found is None:
        return None
    lines = LogCosignature.objects.filter(municipality_id=municipality_id, checkpoint=found)
    newest = lines.values("witness").annotate(last=Max("at"))
    kept = {(row["witness"], row["last"]) for row in newest}
    return found, [row.line for row in lines.order_by("witness", "at") if (row.witness, row.at) in kept]


def _told(log: Log, size: int, entries: Sequence[Entry]) -> Iterable[dict[str, Any]]:
    spans = {entry.pk: tree.inclusion(entry.log_index or 0, size) for entry in entries}
    tiles = store.tiles(log, tree.needed(span for path in spans.values() for span in path))
    for entry in entries:
        told: dict[str, Any] = {
            "index": entry.log_index,
            "path": [notes.b64(tree.root(span, tiles)) for span in spans[entry.pk]],
            "head": head_of(entry),
            "digest": bytes(entry.digest).hex(),
            "prev_hash": bytes(entry.prev_hash).hex(),
        }
        if _may_tell(entry):
            told |= {"salt": str(entry.salt), "content": CONTENT[type(entry)](entry)}
        yield told


def _may_tell(entry: Entry) -> bool:
    """Whether the words of an entry may go with its proof: not who told it, nor what was sealed, nor why it came late."""
    if entry.salt is None:
        return False
    if isinstance(entry, Note):
        return not (entry.source_person or entry.late_reason or entry.cites_author or entry.sealed_at)
    return not (isinstance(entry, Correction) and entry.sealed)


def log_keys(municipality_id: int, now: datetime) -> dict[str, str]:
    """Return the public keys of a municipality's logs, also those that have ended, by origin."""
    logs = Log.objects.filter(municipality_id=municipality_id).order_by("number")
    return {log.origin: str(keys.signer(log, now).key) for log in logs}

"""Reading the log: how large it is, its roots, and the two proofs. Each proof is one question to the database."""

from collections.abc import Sequence

from django.db import connection

from livlina.registers.journal.log import tree
from livlina.registers.journal.log.tables import Log, LogTile


def current(municipality_id: int) -> Log | None:
    """Return the log that goes on, if one has begun."""
    return Log.objects.filter(municipality_id=municipality_id, ended_at=None).first()


def size_of(log: Log) -> int:
    """Return how many entries the log has."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number, octet_length(hashes) FROM journal_logtile WHERE municipality_id = %s AND log_id = %s"
            " AND level = 0 ORDER BY number DESC LIMIT 1",
            [log.municipality_id, log.pk],
        )
        row = cursor.fetchone()
    return row[0] * tree.WIDTH + row[1] // tree.HASH if row else 0


def tiles(log: Log, places: Sequence[tree.Place] | set[tree.Place]) -> dict[tree.Place, bytes]:
    """Return these tiles, as far as they are there. One statement."""
    if not places:
        return {}
    levels, numbers = zip(*places, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.level, t.number, t.hashes FROM unnest(%s::int[], %s::int[]) AS asked (level, number)"
            " JOIN journal_logtile t ON t.municipality_id = %s AND t.log_id = %s"
            " AND t.level = asked.level AND t.number = asked.number",
            [list(levels), list(numbers), log.municipality_id, log.pk],
        )
        return {(level, number): bytes(hashes) for level, number, hashes in cursor.fetchall()}


def roots(log: Log, spans: Sequence[tree.Span]) -> list[bytes]:
    """Return the roots over spans of leaves, fetched by one statement. Raises tree.Missing."""
    held = tiles(log, tree.needed(spans))
    return [tree.root(span, held) for span in spans]


def root_at(log: Log, size: int) -> bytes:
    """Return the root the log had at a size. Raises tree.Missing."""
    return roots(log, [(0, size)])[0]


def inclusion(log: Log, index: int, size: int) -> list[bytes]:
    """Return the path that proves that an entry stands at `index` of the log of `size`. Raises tree.Missing, ValueError."""
    return roots(log, tree.inclusion(index, size))


def consistency(log: Log, old: int, size: int) -> list[bytes]:
    """Return the hashes that prove that the log of `size` begins with that of `old`. Raises tree.Missing, ValueError."""
    return roots(log, tree.consistency(old, size))


def keep(log: Log, changed: dict[tree.Place, bytes]) -> None:
    """Write tiles as they have grown. Raises when the database finds that one did not grow at its end."""
    LogTile.objects.bulk_create(
        [
            LogTile(municipality_id=log.municipality_id, log=log, level=level, number=number, hashes=hashes)
            for (level, number), hashes in changed.items()
        ],
        update_conflicts=True,
        unique_fields=["municipality", "log", "level", "number"],
        update_fields=["hashes"],
        batch_size=200,
    )

"""Giving each entry its place in the log, and signing how far the log has come.

One sequencer at a time for a municipality (an advisory lock). It takes whatever is committed and has no place: an entry
committed later gets a later place, whatever its time says, so none is passed by. Nothing it does keeps a writer waiting.
"""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from livlina.core.models import Municipality
from livlina.registers.journal.log import keys, store, tree
from livlina.registers.journal.log.tables import Log, LogCheckpoint
from livlina.witness import merkle, notes

KINDS = ("journal_note", "journal_correction", "journal_dissent", "journal_loggap")
"""The tables whose rows are entries of the log; the last tells what destruction by law has taken."""
AT_ONCE = 5_000
"""Entries of one turn at most: how much is lost if it is cut off."""
SIGN_EVERY, SIGN_AFTER = 10, timedelta(seconds=60)
"""A checkpoint is signed when so many entries, or so much time with any, have passed since the last."""

_WAITING = " UNION ALL ".join(
    [f"SELECT '{kind}' AS kind, id, hash, authored_at AS moment, seq FROM {kind}"  # noqa: S608
     " WHERE municipality_id = %(municipality)s AND log_index IS NULL" for kind in KINDS[:-1]]
    + ["SELECT 'journal_loggap', g.id, g.hash, g.at, 0 FROM journal_loggap g"
       " JOIN journal_log l ON l.id = g.log_id AND l.ended_at IS NULL"
       " WHERE g.municipality_id = %(municipality)s AND g.log_index IS NULL"]
)  # fmt: skip


def sequence(municipality_id: int, now: datetime, at_once: int = AT_ONCE) -> int:
    """Give places to what waits and sign a checkpoint when it is time. Return how many got one; 0 if another is at it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtextextended('livlina journal log', %s))", [municipality_id]
        )
        if cursor.fetchone() != (True,):
            return 0
        cursor.execute(
            f"{_WAITING} ORDER BY moment, seq, id LIMIT {at_once:d}", {"municipality": municipality_id}
        )
        waiting = cursor.fetchall()
    log = store.current(municipality_id)
    if log is None:
        if not waiting:
            return 0
        log = begin(municipality_id, now)
    size = store.size_of(log)
    if waiting:
        _place(log, size, waiting)
        size += len(waiting)
    _sign_if_due(log, size, now)
    return len(waiting)


def begin(municipality_id: int, now: datetime) -> Log:
    """Begin the municipality's first log, or the next one when the last has ended."""
    municipality = Municipality.objects.get(pk=municipality_id)
    number = Log.objects.filter(municipality_id=municipality_id).count() + 1
    host = urlsplit(settings.ORIGIN).netloc or "livlina"
    origin = f"{host}/{municipality.slug}/journal/{number}"
    return Log.objects.create(municipality_id=municipality_id, number=number, origin=origin, begun_at=now)


def renew(municipality_id: int, why: str, now: datetime) -> Log:
    """End the log and begin another, into which every entry that is left goes anew. Old proofs hold by themselves.

    For one case: the database was restored from a backup older than what witnesses have cosigned. What is missing then
    cannot be put back, and no witness will ever cosign the old log again.
    """
    Log.objects.filter(municipality_id=municipality_id, ended_at=None).update(ended_at=now, why=why)
    with connection.cursor() as cursor:
        for kind in KINDS[:-1]:
            cursor.execute(
                f"UPDATE {kind} SET log_index = NULL"  # noqa: S608
                " WHERE municipality_id = %s AND log_index IS NOT NULL",
                [municipality_id],
            )
    return begin(municipality_id, now)


def sign(log: Log, size: int, now: datetime) -> LogCheckpoint:
    """Sign the log as it stands. Raises core.keys.KeyLost, tree.Missing."""
    text = notes.Checkpoint(log.origin, size, store.root_at(log, size)).text
    note = notes.Note(text, (keys.signer(log, now).line(text),))
    return LogCheckpoint.objects.create(
        municipality_id=log.municipality_id, log=log, size=size, note=str(note), at=now
    )


def _place(log: Log, size: int, waiting: list[tuple]) -> None:
    """Write the places into the entries, and the hashes into the tree."""
    for kind in KINDS:
        rows = [(row[1], size + at) for at, row in enumerate(waiting) if row[0] == kind]
        if not rows:
            continue
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {kind} e SET log_index = given.place FROM unnest(%s::uuid[], %s::bigint[])"  # noqa: S608
                " AS given (id, place) WHERE e.id = given.id AND e.municipality_id = %s",
                [[row[0] for row in rows], [row[1] for row in rows], log.municipality_id],
            )
            if cursor.rowcount != len(rows):
                raise RuntimeError(f"{cursor.rowcount} of {len(rows)} rows of {kind} got their place.")
    last = [(level, (size >> tree.HEIGHT * level) // tree.WIDTH) for level in range(5)]
    held = store.tiles(log, last)
    leaves = [merkle.leaf_hash(bytes(row[2])) for row in waiting]
    store.keep(log, tree.grow(size, leaves, lambda level, number: held.get((level, number), b"")))


def _sign_if_due(log: Log, size: int, now: datetime) -> None:
    newest = (
        LogCheckpoint.objects.filter(municipality_id=log.municipality_id, log=log).order_by("-size").first()
    )
    signed, at = (newest.size, newest.at) if newest else (0, log.begun_at)
    if size - signed >= SIGN_EVERY or (size > signed and now - at >= SIGN_AFTER):
        sign(log, size, now)

"""Computing the log anew: the tree against its own leaves, the leaves against the rows, the roots against what was signed.

What witnesses have cosigned is given from outside: of what lies in this database alone, its owner could make another.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import connection

from livlina.registers.journal.chain import CONTENT, moment, pack
from livlina.registers.journal.log import keys, store, tree
from livlina.registers.journal.log.sequencer import KINDS
from livlina.registers.journal.log.tables import Log, LogCheckpoint, LogGap
from livlina.witness import merkle, notes

WAITS = timedelta(minutes=10)
"""How long an entry may be without a place, or the log's end without a signature, before something is wrong."""
LOOKED_AT = 50
"""How many of the log's own newest checkpoints are tried each time; a witness's newest stands for all before it."""
STRIDE = 64
"""Tiles read at a time: 16 384 leaves."""


@dataclass
class LogReport:
    """What was found: how many leaves, how many of them compared with their rows, and what does not hold, in Swedish."""

    leaves: int = 0
    compared: int = 0
    gaps: int = 0
    cosigned: int = 0
    breaks: list[str] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether everything that was tried holds."""
        return not self.breaks


@dataclass
class Places:
    """Where a person's entries stand in the log: how many have a place, how many wait for one, and what does not hold."""

    logged: list[int] = field(default_factory=list)
    waiting: int = 0
    breaks: list[str] = field(default_factory=list)


def verify_places(log: Log, person_id: UUID, compartments: Sequence[int]) -> Places:
    """Compare a person's entries in these books with their leaves in the log. Four statements, whatever their number."""
    found, placed = Places(), list[tuple[int, bytes]]()
    for kind in CONTENT:
        rows = kind._default_manager.filter(person_id=person_id, compartment__in=compartments)
        for place, value in rows.values_list("log_index", "hash"):
            if place is None:
                found.waiting += 1
            else:
                placed.append((place, bytes(value)))
    tiles = store.tiles(log, {(0, place // tree.WIDTH) for place, _ in placed})
    for place, value in sorted(placed):
        number, at = divmod(place, tree.WIDTH)
        found.logged.append(place)
        if tiles.get((0, number), b"")[at * tree.HASH : (at + 1) * tree.HASH] != merkle.leaf_hash(value):
            found.breaks.append(f"Post {place} i loggen är en annan än den i journalen")
    return found


def verify_log(
    log: Log, seen: Mapping[str, notes.Checkpoint | None], now: datetime, *, turn: tuple[int, int] = (0, 1)
) -> LogReport:
    """Verify a log in a transaction that sees every book.

    `seen` is the newest checkpoint each witness says it cosigned (None: it showed none). `turn` (which, of how many)
    is the part of the older tiles whose leaves are compared with their rows; the newest are always.
    """
    report = LogReport()
    _tree(log, report, turn)
    _waiting(log, report, now)
    _signed(log, report, now)
    for witness, checkpoint in seen.items():
        _cosigned(log, report, witness, checkpoint)
    return report


def _tree(log: Log, report: LogReport, turn: tuple[int, int]) -> None:
    """Hash every level from the one below, and compare leaves with rows."""
    size = store.size_of(log)
    report.leaves = size
    tops: list[bytes] = []
    for number, row in _level(log, 0):
        if (
            number != len(tops)
            or len(row) % tree.HASH
            or (len(row) < tree.WIDTH * tree.HASH and number != size // tree.WIDTH)
        ):
            report.breaks.append(f"Loggen är trasig vid post {len(tops) * tree.WIDTH}")
            return
        tops.append(tree.top(row) if len(row) == tree.WIDTH * tree.HASH else b"")
        if number % turn[1] == turn[0] or number >= size // tree.WIDTH - STRIDE:
            _leaves(log, report, number, row)
    _upper(log, report, [one for one in tops if one])
    for kind in KINDS:
        ((beyond,),) = _ask(log, kind, "count(*)", "log_index >= %s", size)
        if beyond:
            report.breaks.append(f"{beyond} poster säger sig stå i loggen men saknas där")


def _ask(log: Log, kind: str, what: str, where: str, *values: Any) -> list[tuple[Any, ...]]:
    """Ask one of the tables whose rows are the log's entries."""
    own = "log_id" if kind == "journal_loggap" else "%s"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {what} FROM {kind} WHERE municipality_id = %s AND {own} = %s AND {where}",  # noqa: S608
            [log.municipality_id, *([] if own == "log_id" else [log.pk]), log.pk, *values],
        )
        return cursor.fetchall()


def _level(log: Log, level: int) -> Iterator[tuple[int, bytes]]:
    """Yield the tiles of a level, some at a time."""
    rows = log.tiles.filter(municipality_id=log.municipality_id, level=level)
    last = -1
    while found := list(
        rows.filter(number__gt=last).order_by("number").values_list("number", "hashes")[:STRIDE]
    ):
        yield from ((number, bytes(hashes)) for number, hashes in found)
        last = found[-1][0]


def _upper(log: Log, report: LogReport, below: list[bytes]) -> None:
    """Compare each upper level with what is hashed from the one below."""
    level = 1
    while below:
        held = b"".join(row for _, row in _level(log, level))
        if held != b"".join(below):
            report.breaks.append(f"Loggens nivå {level} stämmer inte med den under")
            return
        tiles = [held[at : at + tree.WIDTH * tree.HASH] for at in range(0, len(held), tree.WIDTH * tree.HASH)]
        below = [tree.top(row) for row in tiles if len(row) == tree.WIDTH * tree.HASH]
        level += 1


def _leaves(log: Log, report: LogReport, number: int, row: bytes) -> None:
    """Compare a tile's leaves with the rows they were made of, or with what destruction left in their place."""
    first = number * tree.WIDTH
    held = _rows(log, first, first + tree.WIDTH)
    gaps = {gap.gone: gap for gap in log.gaps.filter(gone__gte=first, gone__lt=first + tree.WIDTH)}
    for at in range(len(row) // tree.HASH):
        place, leaf = first + at, row[at * tree.HASH : (at + 1) * tree.HASH]
        report.compared += 1
        found = held.get(place, [])
        if len(found) == 1 and merkle.leaf_hash(found[0]) == leaf:
            continue
        gap = gaps.get(place)
        if not found and gap and merkle.leaf_hash(bytes(gap.gone_hash)) == leaf and _gap_holds(log, gap):
            report.gaps += 1
            continue
        words = "är ändrad" if len(found) == 1 else "finns två gånger" if found else "saknas"
        report.breaks.append(f"Post {place} i loggen {words}")


def _gap_holds(log: Log, gap: LogGap) -> bool:
    said = pack(
        ["livlina journal gap 1", log.origin, str(gap.gone), bytes(gap.gone_hash).hex(), moment(gap.at)]
    )
    return sha256(said.encode()).digest() == bytes(gap.hash)


def _rows(log: Log, first: int, last: int) -> dict[int, list[bytes]]:
    """Return the chain hashes of the rows that say they stand at places [first, last)."""
    found: dict[int, list[bytes]] = {}
    for kind in KINDS:
        where = "log_index >= %s AND log_index < %s"
        for place, value in _ask(log, kind, "log_index, hash", where, first, last):
            found.setdefault(place, []).append(bytes(value))
    return found


def _waiting(log: Log, report: LogReport, now: datetime) -> None:
    """Nothing waits for its place for long, and nothing has been passed by.

    The sequencer goes from the oldest to the newest. While it moves, a journal older than its log is merely not gone
    through yet, however old its entries are.
    """
    reached = _reached(log) if now - _moved_at(log) <= WAITS else now
    for kind in KINDS[:-1]:
        before = min(reached, now - WAITS)
        ((late,),) = _ask(log, kind, "count(*)", "log_index IS NULL AND authored_at < %s", before)
        if late:
            report.breaks.append(f"{late} poster har inte fått någon plats i loggen")


def _moved_at(log: Log) -> datetime:
    """When the log last went on: its newest signature, or its beginning."""
    newest = (
        LogCheckpoint.objects.filter(municipality_id=log.municipality_id, log=log).order_by("-size").first()
    )
    return newest.at if newest else log.begun_at


def _reached(log: Log) -> datetime:
    """When the newest entry with a place was written; the log's own entries of what was destroyed do not count."""
    found = [
        _ask(log, kind, "authored_at", "log_index IS NOT NULL ORDER BY log_index DESC LIMIT 1")
        for kind in KINDS[:-1]
    ]
    return max((rows[0][0] for rows in found if rows), default=datetime.min.replace(tzinfo=UTC))


def _signed(log: Log, report: LogReport, now: datetime) -> None:
    """The log's own newest checkpoints hold, and its end is signed."""
    key = keys.signer(log, now).key
    rows = list(
        LogCheckpoint.objects.filter(municipality_id=log.municipality_id, log=log).order_by("-size")[
            :LOOKED_AT
        ]
    )
    signed = rows[0].size if rows else 0
    if signed < report.leaves and now - _moved_at(log) > WAITS:
        report.breaks.append("Loggens slut är inte signerat")
    for row in rows:
        note = notes.Note.read(row.note)
        checkpoint = notes.Checkpoint.read(note.text)
        if note.signed_by(key) is None or (checkpoint.origin, checkpoint.size) != (log.origin, row.size):
            report.breaks.append(f"Kontrollpunkten vid {row.size} är inte loggens egen")
        elif not _root_is(log, report.leaves, checkpoint):
            report.breaks.append(f"Loggen stämmer inte med kontrollpunkten vid {row.size}")


def _cosigned(log: Log, report: LogReport, witness: str, checkpoint: notes.Checkpoint | None) -> None:
    """The log still begins with what a witness outside has seen."""
    if checkpoint is None:
        return
    if checkpoint.size > report.leaves:
        report.breaks.append(
            f"{witness} har sett {checkpoint.size - report.leaves} poster som inte finns kvar"
        )
    elif not _root_is(log, report.leaves, checkpoint):
        report.breaks.append(f"{witness} har sett en annan logg än den som finns här")
    else:
        report.cosigned = max(report.cosigned, checkpoint.size)


def _root_is(log: Log, size: int, checkpoint: notes.Checkpoint) -> bool:
    try:
        return checkpoint.size <= size and store.root_at(log, checkpoint.size) == checkpoint.root
    except tree.Missing:
        return False

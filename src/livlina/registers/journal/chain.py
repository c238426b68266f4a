"""How an entry is written as bytes, and how a person's chains are verified.

The encoding, the same here and in the database (migration 0002):

* `pack(parts)` writes each part as its length in UTF-8 bytes, a colon and the part; a missing part as `-`; with
  commas between. No two lists of parts give the same text.
* A moment is microseconds since 1970 in UTC; bytes are lower-case hexadecimal; a truth is `true` or `false`.
* `digest` is SHA-256 of the entry's content packed with a random salt: when a text is one day destroyed by law,
  salt and text go, the digest stays, and nobody can guess from it what was written.
* `hash` is SHA-256 of the entry's place, author, time, digest and the hash before it (empty for the first).

There is one chain per person and book: a chain common to all books would show each side of the wall how much
the other writes. The head row remembers the last place, so that a missing last entry is found too. What a
chain cannot show is a whole chain made anew by someone who may write past every lock: that takes the Merkle
log over all chains (`log/`) and its witnesses outside.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from heapq import merge
from typing import Any
from uuid import UUID

from livlina.registers.journal.codes import STRIKING
from livlina.registers.journal.models import ChainHead, Correction, Dissent, Entry, Note

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def pack(parts: Sequence[str | None]) -> str:
    """Write `parts` as one text that no other list of parts gives."""
    return ",".join("-" if part is None else f"{len(part.encode())}:{part}" for part in parts)


def moment(at: datetime | None) -> str | None:
    """Write an aware moment as whole microseconds since 1970."""
    return None if at is None else str((at - EPOCH) // timedelta(microseconds=1))


def sha(text: str) -> bytes:
    """Return SHA-256 of the text in UTF-8."""
    return sha256(text.encode()).digest()


def _hex(value: bytes | memoryview) -> str:
    return bytes(value).hex()


def _id(value: UUID | None) -> str | None:
    return None if value is None else str(value)


def _note(n: Note) -> list[str | None]:
    return [
        _id(n.file_id), _id(n.client_id), _hex(n.content_hash), _id(n.variant_of_id), moment(n.event_at),
        n.event_precision, n.late_reason, n.kind, n.law, n.source_person, pack(n.life_areas), n.text,
        n.about_type, _id(n.about_id), n.cites_author, moment(n.cites_at),
    ]  # fmt: skip


def _correction(c: Correction) -> list[str | None]:
    return [
        _id(c.note_id), c.kind, c.reason, _id(c.replacement_id), moment(c.corrected_event_at),
        c.corrected_precision, c.corrected_law, str(c.sealed).lower(),
    ]  # fmt: skip


def _dissent(d: Dissent) -> list[str | None]:
    return [_id(d.note_id), d.said_by, d.text]


CONTENT: dict[type[Entry], Callable[[Any], list[str | None]]] = {
    Note: _note,
    Correction: _correction,
    Dissent: _dissent,
}


def digest_of(entry: Entry) -> bytes:
    """Return what the entry's digest must be."""
    return sha(pack([_id(entry.salt), pack(CONTENT[type(entry)](entry))]))


def head_of(entry: Entry) -> list[str | None]:
    """Return what an entry's hash is made of, but for its digest and the hash before it."""
    return [
        "livlina journal 1",
        entry._meta.db_table,
        _id(entry.pk),
        str(entry.municipality_id),
        _id(entry.person_id),
        str(entry.compartment),
        str(entry.seq),
        str(entry.author_id),
        entry.author_name,
        entry.author_title,
        entry.author_unit,
        _id(entry.author_unit_id),
        moment(entry.authored_at),
    ]


def hash_of(entry: Entry) -> bytes:
    """Return what the entry's hash must be, given its own digest and the hash it says stands before it."""
    return sha(pack([*head_of(entry), _hex(entry.digest), _hex(entry.prev_hash)]))


@dataclass(frozen=True)
class Break:
    """One place where a chain does not hold, in Swedish words for whoever must act."""

    compartment: int
    seq: int
    words: str


@dataclass
class Report:
    """What a verification found: how many notes (in all, and per file) and other entries were read, and every break."""

    notes: int = 0
    entries: int = 0
    in_file: Counter[UUID] = field(default_factory=Counter)
    breaks: list[Break] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether every chain that was read holds."""
        return not self.breaks


def verify_chain(person_id: UUID, compartments: Sequence[int] | None = None) -> Report:
    """Read a person's chains and compute them anew. Four statements, whatever their length.

    Only the books the running transaction may see are read, and of them `compartments` when given.
    """
    report = Report()
    heads = ChainHead.objects.filter(person_id=person_id)
    if compartments is not None:
        heads = heads.filter(compartment__in=compartments)
    chains: dict[int, _Chain] = {head.compartment: _Chain(report, head) for head in heads}
    for entry in _entries(person_id, compartments):
        chain = chains.setdefault(entry.compartment, _Chain(report, None))
        chain.follow(entry)
    for chain in chains.values():
        chain.end()
    return report


def _entries(person_id: UUID, compartments: Sequence[int] | None) -> Iterator[Entry]:
    """Yield a person's entries of all three kinds, book by book, in the order of their places."""

    def rows(model: type[Entry]) -> Iterator[Entry]:
        found = model._default_manager.filter(person_id=person_id).order_by("compartment", "seq")
        if compartments is not None:
            found = found.filter(compartment__in=compartments)
        return iter(found)

    return merge(*(rows(model) for model in CONTENT), key=lambda entry: (entry.compartment, entry.seq))


class _Chain:
    """One chain while it is followed."""

    def __init__(self, report: Report, head: ChainHead | None) -> None:
        self.report, self.head = report, head
        self.compartment = head.compartment if head else 0
        self.seq, self.hash = 0, b""
        self.marked: dict[UUID, list[Correction]] = {}
        self.notes: dict[UUID, Note] = {}

    def follow(self, entry: Entry) -> None:
        """Check one entry against the one before it."""
        self.compartment = entry.compartment
        self.report.entries += 1
        if entry.seq != self.seq + 1:
            missing = range(self.seq + 1, entry.seq)
            words = (
                f"Anteckning {_places(missing)} saknas"
                if missing
                else f"Plats {entry.seq} är upptagen två gånger"
            )
            self._break(entry.seq, words)
        elif bytes(entry.prev_hash) != self.hash:
            self._break(entry.seq, f"Anteckning {entry.seq} följer inte på den före")
        if digest_of(entry) != bytes(entry.digest):
            self._break(entry.seq, f"Innehållet i anteckning {entry.seq} är ändrat")
        if hash_of(entry) != bytes(entry.hash):
            self._break(entry.seq, f"Uppgifterna om anteckning {entry.seq} är ändrade")
        self.seq, self.hash = entry.seq, bytes(entry.hash)
        if isinstance(entry, Note):
            self.report.notes += 1
            self.report.in_file[entry.file_id] += 1
            self.notes[entry.pk] = entry
        elif isinstance(entry, Correction):
            self.marked.setdefault(entry.note_id, []).append(entry)

    def end(self) -> None:
        """Check the last entry against the head, and each note's marks against its corrections."""
        if self.head is None:
            self._break(self.seq, "Kedjans slut saknas")
        elif self.head.seq != self.seq:
            self._break(
                self.head.seq, f"Anteckning {_places(range(self.seq + 1, self.head.seq + 1))} saknas sist"
            )
        elif bytes(self.head.hash) != self.hash:
            self._break(self.seq, "Den sista anteckningen är utbytt")
        for note in self.notes.values():
            if not _marks_hold(note, self.marked.get(note.pk, [])):
                self._break(note.seq, f"Märkningen av anteckning {note.seq} stämmer inte med dess rättelser")

    def _break(self, seq: int, words: str) -> None:
        self.report.breaks.append(Break(self.compartment, seq, words))


def _places(missing: range) -> str:
    if len(missing) <= 1:
        return str(missing.start)
    return f"{missing.start}–{missing.stop - 1}"


def _marks_hold(note: Note, corrections: list[Correction]) -> bool:
    """Whether where a note stands, and whether it is struck or sealed, is what its corrections say."""
    placed, struck, sealed = note.event_at, None, None
    for correction in corrections:
        placed = correction.corrected_event_at or placed
        if correction.kind in STRIKING:
            struck = struck or correction.authored_at
        if correction.sealed:
            sealed = sealed or correction.authored_at
    return (note.placed_at, note.struck_at, note.sealed_at) == (placed, struck, sealed)

"""Journals: files, notes and corrections in the three books. Place and hash of every entry are set by the database."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from types import SimpleNamespace

from livlina.demo import texts
from livlina.demo.copy import Sink, Tables
from livlina.demo.ids import uuid_at
from livlina.demo.matters import Matter
from livlina.demo.ordering import Placed
from livlina.demo.organisation import Worker
from livlina.demo.people import Resident
from livlina.demo.plan import Days, Town
from livlina.registers.journal.content import Content, content_hash
from livlina.registers.journal.models import Correction, File, Note

SIGNED = ("author_id", "author_name", "author_title", "author_unit", "author_unit_id", "authored_at")
CORRECTED = 0.008
Pool = tuple[tuple[str, str], ...]


@dataclass
class _Book:
    """One unit's file on one person, while it is filled."""

    id: str
    person: Resident
    compartment: int
    law: str


class Journalling:
    """Where notes go."""

    def __init__(self, town: Town, days: Days, sink: Sink, rng: Random) -> None:
        self.days, self.rng = days, rng
        self._books: dict[tuple[str, str, int], _Book] = {}
        self.tables, code = Tables(sink), {"municipality_id": town.municipality_id}
        self._file = self.tables.of(
            File, "id", "person_id", "unit_id", "compartment", "law", "opened_at", "opened_by", **code
        )
        self._note = self.tables.of(
            Note, "id", "person_id", "compartment", *SIGNED, "file_id", "client_id", "content_hash", "event_at", "kind",
            "law", "text", "placed_at", event_precision="minute", **code,
        )  # fmt: skip
        self._correction = self.tables.of(
            Correction, "id", "person_id", "compartment", *SIGNED, "note_id", "kind", "reason", "replacement_id",
            "corrected_event_at", "corrected_precision", **code,
        )  # fmt: skip

    def authority(self, matters: list[Matter]) -> None:
        """Write what the case workers noted about a person: a few notes for each case. The person's last rows."""
        earliest = min(matter.registered for matter in matters)
        worker = matters[0].worker
        book = self._open(matters[0].person, worker.unit_id, 1, "SoL", earliest, worker)
        moments = []
        for matter in matters:
            end = matter.steps[-1].at if matter.steps else matter.registered
            end = self.days.midnight if matter.is_open else end
            count = self.rng.choice((1, 2, 2, 3)) if matter.is_open else self.rng.choice((1, 2, 2))
            moments += [(at, matter.worker) for at in self._spread(matter.registered, end, count)]
        for at, author in sorted(moments, key=lambda one: one[0]):
            self._write(book, at, author, texts.AUTHORITY_NOTES)
        self._books.clear()

    def provider(self, order: Placed) -> None:
        """Write what the provider's staff noted since the order began, and now and then what the nurse did."""
        if order.active is None or order.opened is None:
            return
        person, staff = order.matter.person, order.carer.staff
        end = min(self.days.midnight, self.days.at(order.end, 20)) if order.end else self.days.midnight
        if end <= order.active:
            return
        book = self._open(person, order.carer.unit_id, 2, "SoL", order.opened, order.carer.manager)
        for at in self._spread(max(order.active, end - timedelta(days=120)), end, self.rng.randrange(5, 20)):
            self._write(book, at, self.rng.choice(staff), texts.PROVIDER_NOTES)
        nurses = [one for one in staff if one.role == "nurse"]
        if nurses and self.rng.random() < 0.25:
            book = self._open(person, order.carer.unit_id, 3, "HSL", order.opened, nurses[0])
            for at in self._spread(max(order.active, end - timedelta(days=120)), end, 3):
                self._write(book, at, nurses[0], texts.HEALTH_NOTES)

    def _spread(self, start: datetime, end: datetime, count: int) -> list[datetime]:
        """Return moments between two, in order, at hours when people work."""
        span = max(int((end - start).total_seconds()) - 90_000, 60)
        moments = sorted(start + timedelta(seconds=self.rng.randrange(span)) for _ in range(count))
        return [
            min(max(start, moment.replace(hour=self.rng.randrange(6, 19))), end) + timedelta(seconds=place)
            for place, moment in enumerate(moments)
        ]

    def _open(
        self, person: Resident, unit: str, compartment: int, law: str, at: datetime, by: Worker
    ) -> _Book:
        place = (person.id, unit, compartment)
        if place not in self._books:  # a unit has one open file on a person in each book
            key = uuid_at(self.rng, at)
            self._file.add(key, person.id, unit, compartment, law, at, by.user_id)
            self._books[place] = _Book(key, person, compartment, law)
        return self._books[place]

    def _write(self, book: _Book, event: datetime, author: Worker, pool: Pool) -> None:
        rng = self.rng
        event = event.replace(second=0, microsecond=0)
        kind, words = rng.choice(pool)
        text = words.format(p=book.person, P=book.person.pronoun.capitalize())
        authored = event + timedelta(minutes=rng.randrange(3, 160), seconds=rng.randrange(60))
        key = uuid_at(rng, authored)
        content = Content(event, kind, text, law=book.law)
        digest = content_hash(SimpleNamespace(pk=book.id), content)  # type: ignore[arg-type]
        signed = (author.user_id, author.name, author.title, author.unit_name, author.unit_id)
        self._note.add(
            key, book.person.id, book.compartment, *signed, authored, book.id, uuid_at(rng, event), digest, event, kind,
            book.law, text, event,
        )  # fmt: skip
        if rng.random() < CORRECTED:
            self._correct(book, key, event, authored + timedelta(hours=rng.randrange(1, 40)), signed)

    def _correct(
        self, book: _Book, note: str, event: datetime, at: datetime, signed: tuple[int, str, str, str, str]
    ) -> None:
        """Strike a text, or put its date right."""
        rng, key = self.rng, uuid_at(self.rng, at)
        about = (key, book.person.id, book.compartment, *signed, at, note)
        if rng.random() < 0.5:
            self._correction.add(
                *about, "struck_wrong_text", rng.choice(texts.STRIKE_REASONS), None, None, ""
            )
        else:
            earlier = event - timedelta(days=1)
            self._correction.add(
                *about, "wrong_date", rng.choice(texts.DATE_REASONS), None, earlier, "minute"
            )

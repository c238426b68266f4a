"""A person's file in one branch (akten) put together: notes with what corrects them, cases, documents in and out.

Everything is fetched by the rooms' own questions, so what the actor may not read is not in it: another branch's rows
never leave the database, a sealed note is a stub.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from livlina.across.records.models import ReceivedDocument
from livlina.across.records.queries.received import received_in, received_of
from livlina.authority.cases import queries as cases
from livlina.authority.cases.models import Case, CaseEvent, Document
from livlina.authority.cases.models.decision import OUTCOMES
from livlina.core.access import Actor, allowed
from livlina.core.clock import day_of, local
from livlina.registers.journal import queries as journal
from livlina.registers.journal.models import File
from livlina.registers.people.models import Person

READS_NOTES = ("case_worker", "unit_manager")


@dataclass
class CaseInAkt:
    """One case of the file: its page, every event, its letters, its documents."""

    page: cases.CasePage
    events: list[CaseEvent]
    letters: list[Document]
    received: list[ReceivedDocument]

    @property
    def title(self) -> str:
        """“Hemtjänst 2026-000001”."""
        return f"{self.page.process.label} {self.page.case.number}"


@dataclass
class Akt:
    """What a person's file in one branch holds, as the actor may read it; notes in the order things happened."""

    person: Person
    compartment: int
    cases: list[CaseInAkt] = field(default_factory=list)
    notes: list[journal.Shown] = field(default_factory=list)
    received: list[ReceivedDocument] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Whether there is nothing in it that the actor may read."""
        return not (self.cases or self.notes or self.received)


@dataclass(frozen=True)
class Source:
    """One item that can be asked for: a text of ours, or the bytes of a document."""

    kind: str
    pk: UUID
    day: date
    label: str
    text: str = ""
    file: bool = False


def akt_of(actor: Actor, person: Person, compartment: int, now: datetime, *, only: Case | None = None) -> Akt:
    """Put together a person's file in a branch, or one case with the notes of its time. The readings are recorded."""
    rows = allowed(actor, "cases.read", Case.objects.filter(person=person, compartment=compartment))
    if only is not None:
        rows = rows.filter(pk=only.pk)
    found = Akt(person, compartment)
    found.cases = [
        _case(actor, pk, now) for pk in rows.order_by("received_on", "pk").values_list("pk", flat=True)
    ]
    if actor.role in READS_NOTES:
        found.notes = [
            note for note in _notes(actor, person, compartment) if only is None or _within(note, only)
        ]
    if only is None:
        documents = received_of(actor, person.pk).filter(compartment=compartment, case=None)
        found.received = list(documents.order_by("received_on", "pk"))
    return found


def sources(akt: Akt) -> list[Source]:
    """Return everything in a file that can be handed out item by item, oldest first."""
    found = [*_texts(akt), *_files(akt)]
    return sorted(found, key=lambda source: (source.day, source.label))


def note_text(shown: journal.Shown) -> str:
    """A note as text, with its corrections and the person's own view: what is struck is said to be."""
    if shown.sealed:
        return "Anteckningen tillhörde en annan person och är flyttad. Texten är förseglad."
    parts = [shown.text if not shown.struck else f"[Struken text:] {shown.text}"]
    for line in shown.corrections:
        parts.append(f"Rättad {local(line.authored_at):%Y-%m-%d} av {line.author}: {line.reason}")
    parts += [f"{dissent.said_by} anser: {dissent.text}" for dissent in shown.dissents]
    return "\n".join(parts)


def decision_text(row: dict[str, Any], outcome: str) -> str:
    """A decision as text: what, why, by whom."""
    lines = [
        f"{'Beviljas' if one['granted'] else 'Avslås'}: {one['service_label']}, {one['quantity']} {one['unit']}. "
        f"{one['reasons']}".strip()
        for one in row["lines"]
    ]
    head = f"{outcome}. Beslutat {row['decided_on']} av {row['by_name']}, {row['by_title']}."
    return "\n".join(part for part in (head, *lines, row.get("reasons") or "") if part)


def _case(actor: Actor, case_id: UUID, now: datetime) -> CaseInAkt:
    page = cases.case_page(actor, case_id, now, notes=False)
    letters = Document.objects.filter(case=case_id).defer("pdf", "data").order_by("at", "pk")
    events = CaseEvent.objects.filter(case=case_id).order_by("at", "pk")
    inside = received_in(actor, case_id).order_by("received_on", "pk")
    return CaseInAkt(page, list(events), list(letters), list(inside))


def _notes(actor: Actor, person: Person, compartment: int) -> list[journal.Shown]:
    """Every note of the person's files in the branch, the first that happened first. One statement for fifty."""
    found: list[journal.Shown] = []
    for file in journal.files_of(actor, person.pk):
        if file.compartment == compartment:
            found += _of_file(actor, file)
    return sorted(found, key=lambda shown: (shown.note.placed_at, shown.note.seq))


def _of_file(actor: Actor, file: File) -> Iterator[journal.Shown]:
    before = ""
    while True:
        page = journal.notes_of(actor, file, before=before)
        yield from page.rows
        if not page.older:
            return
        before = page.older


def _within(shown: journal.Shown, case: Case) -> bool:
    """Whether a note is of the case's time; notes are the person's, not the case's."""
    day = day_of(shown.note.placed_at)
    return case.received_on <= day and (case.closed_at is None or day <= day_of(case.closed_at))


def _texts(akt: Akt) -> Iterator[Source]:
    for shown in akt.notes:
        note = shown.note
        day = day_of(note.placed_at)
        label = f"Anteckning {day.isoformat()}: {note.get_kind_display().lower()}, {note.author_name}"
        yield Source("journal.note", note.pk, day, label, note_text(shown))
    for inside in akt.cases:
        for row in inside.page.decisions:
            day = date.fromisoformat(row["decided_on"])
            yield Source(
                "cases.decision", UUID(str(row["id"])), day, f"Beslut {row['decided_on']}, {inside.title}",
                decision_text(row, outcome_label(row["outcome"])),
            )  # fmt: skip
        facts = [f"{view.spec.label}: {view.shown} ({view.said})" for view in inside.page.facts.values()]
        if facts:
            case = inside.page.case
            label = f"Uppgifter i ärendet, {inside.title}"
            yield Source("cases.case", case.pk, case.received_on, label, "\n".join(facts))


def _files(akt: Akt) -> Iterator[Source]:
    for inside in akt.cases:
        for letter in inside.letters:
            day = day_of(letter.at)
            yield Source("cases.document", letter.pk, day, f"{letter.title} {day.isoformat()}", file=True)
        for document in inside.received:
            yield _document(document)
    for document in akt.received:
        yield _document(document)


def _document(document: ReceivedDocument) -> Source:
    label = f"{document.title} från {document.from_whom}, inkom {document.received_on.isoformat()}"
    return Source("records.receiveddocument", document.pk, document.received_on, label, file=True)


def outcome_label(code: str) -> str:
    """What an outcome of a decision is called."""
    return dict(outcome_labels()).get(code, code)


def outcome_labels() -> list[tuple[str, str]]:
    """(code, words) of every outcome."""
    return list(OUTCOMES)

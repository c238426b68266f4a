"""Notes from phones: written in the carer's own book, in the carer's name, late or not. Nothing is merged."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from livlina.core.access import Actor, Refused, system
from livlina.core.clock import local
from livlina.provider.homecare.models import Phone, Visit
from livlina.provider.homecare.sync.takes import (
    Taken,
    carried,
    clock_words,
    file_of,
    find_visit,
    person_of,
    takes,
    was_allowed,
)
from livlina.provider.homecare.sync.wire import Event, Unfit
from livlina.registers.journal import actions as journal
from livlina.registers.journal.models import LATE, LIFE_AREAS, CorrectionKind, Kind, Note
from livlina.registers.journal.queries import BOOK
from livlina.registers.orders.models import OrderVersion
from livlina.registers.people.models import Person
from livlina.registers.watches import actions as watches

VISIT = "homecare.visit"
LONGEST = 20_000


@dataclass(frozen=True)
class Given:
    """What a note is to say, and where."""

    person: Person
    at: datetime
    text: str
    late: str = ""
    visit: Visit | None = None
    areas: tuple[str, ...] = ()
    source: str = ""


@takes("note")
def take_note(event: Event, phone: Phone, by: Actor, now: datetime) -> Taken:
    """Write a note. Two carers' notes of one visit stand side by side; one about somebody who has left is late."""
    visit = find_visit(event.visit, by)
    person = visit.person if visit and event.person in (None, visit.person_id) else person_of(event, by, now)
    if visit is None and event.visit is not None and event.person is None:
        raise Unfit("unknown_visit", "Besöket finns inte hos kommunen.")
    area = event.text("life_area", 20)
    given = Given(
        person,
        min(event.moment("event_at") or event.at, now),
        event.text("text", LONGEST),
        event.text("late_reason"),
        visit if visit and visit.person_id == person.pk else None,
        (area,) if area in LIFE_AREAS else (),
    )
    return write(given, event.id, by, now, written_at=event.at, words=clock_words(event, now))


def write(
    given: Given,
    client_id: UUID,
    by: Actor,
    now: datetime,
    *,
    written_at: datetime,
    words: str = "",
    decided: bool = False,
) -> Taken:
    """Write what was told in the unit's file; where the relation has ended, as the municipality in the carer's name.

    `decided`: a manager has looked at it, and lets it stand whatever the relation was.
    """
    content = journal.Content(
        given.at,
        Kind.HOME_VISIT if given.visit else Kind.EVENT,
        given.text,
        source_person=given.source,
        life_areas=given.areas,
        late_reason=given.late or (_late(written_at) if given.at < now - LATE else ""),
        about_type=VISIT if given.visit else "",
        about_id=given.visit.pk if given.visit else None,
    )
    file = file_of(given.person, by)
    try:
        if given.person.is_dead or (file is not None and file.closed_at is not None):
            raise Refused("journal.write", person_id=given.person.pk)
        file = file or journal.open_file(given.person, by=by, now=now)
        note = journal.write_note(file.pk, content, client_id=client_id, by=by, now=now).note
        return Taken(note.pk, words)
    except Refused:
        if not decided and not was_allowed(given.person.pk, by, min(written_at, now), now):
            raise
    return _after_the_end(
        given, replace(content, late_reason=content.late_reason or _late(written_at)), client_id, by, now
    )


def _after_the_end(
    given: Given, content: journal.Content, client_id: UUID, by: Actor, now: datetime
) -> Taken:
    """Write a note about somebody who is no longer the unit's, or has died: marked late, and the handläggare told."""
    ours = carried(by)
    book = BOOK[by.role]
    file = file_of(given.person, by) or journal.open_file(
        given.person, by=ours, now=now, compartment=book, unit_id=by.unit_id
    )
    note = journal.write_note(file.pk, content, client_id=client_id, by=ours, now=now).note
    _tell_orderer(given.person, by, now)
    why = "Personen har avlidit" if given.person.is_dead else "Insatsen är avslutad"
    return Taken(
        note.pk, f"{why}. Anteckningen är mottagen som sen, och handläggaren har fått veta det.", "late"
    )


def _late(written_at: datetime) -> str:
    return f"Skrevs i telefonen {local(written_at):%Y-%m-%d %H:%M} och kom in senare."


def _tell_orderer(person: Person, by: Actor, now: datetime) -> None:
    """Tell whoever ordered the care that something came in after its end. The note's text stays at the provider."""
    letters = OrderVersion.objects.filter(person=person, order__provider__unit_id=by.unit_id)
    letter = letters.select_related("order").order_by("-order__sent_at").first()
    if letter is None:
        return
    order = letter.order
    watches.raise_watch(
        "homecare.late_note",
        ("orders.order", order.pk),
        owner=watches.Owner(order.orderer_role, order.orderer_unit_id, compartment=order.branch),
        due_at=now,
        by=system(by.municipality_id, by.compartments),
        now=now,
        person_id=person.pk,
    )


# Corrections --------------------------------------------------------------------------------------------------------------


def note_of(said: UUID | None, by: Actor) -> Note:
    """Return the carer's own note by its id, or by the event that made it. Raises Unfit."""
    if said is not None:
        rows = Note.objects.filter(Q(pk=said) | Q(client_id=said), author_id=by.user_id)
        note = rows.select_related("file").order_by("seq").first()
        if note is not None:
            return note
    raise Unfit("unknown_note", "Anteckningen som skulle rättas finns inte hos kommunen.")


@takes("correct_note")
def take_correction(event: Event, phone: Phone, by: Actor, now: datetime) -> Taken:
    """Correct a note. One that was corrected meanwhile keeps both corrections: this one stands beside the other."""
    note = note_of(event.key("note"), by)
    reason = event.text("reason") or "Rättades i telefonen."
    text = event.text("text", LONGEST)
    if not text:
        raise Unfit("empty", "Rättelsen säger inget.")
    if note.sealed_at is not None:
        note = _where_it_went(note)
    if note.struck_at is None:
        made = journal.correct(note.pk, CorrectionKind.STRUCK, reason, new_text=text, by=carried(by), now=now)
        return Taken(made.pk, clock_words(event, now))
    words = "Anteckningen var redan rättad. Båda rättelserna finns kvar: läs igenom dem."
    holds = _where_it_went(note)
    if holds.pk != note.pk:
        made = journal.correct(
            holds.pk, CorrectionKind.SUPPLEMENT, reason, new_text=text, by=carried(by), now=now
        )
        return Taken(made.pk, words, "both")
    visit = Visit.objects.filter(pk=note.about_id).first() if note.about_type == VISIT else None
    person = Person.objects.get(pk=note.person_id)
    beside = Given(person, note.event_at, text, reason, visit)
    return replace(write(beside, event.id, by, now, written_at=event.at), words=words, fault="both")


def _where_it_went(note: Note) -> Note:
    """Follow what replaced a note to what stands now; the note itself when nothing replaced it."""
    for _ in range(20):
        struck = note.corrections.filter(
            kind__in=[CorrectionKind.STRUCK, CorrectionKind.WRONG_PERSON, CorrectionKind.DUPLICATE],
            replacement__isnull=False,
        )
        line = struck.select_related("replacement__file").first()
        if line is None or line.replacement is None:
            break
        note = line.replacement
    return note


@takes("wrong_person")
def take_wrong_person(event: Event, phone: Phone, by: Actor, now: datetime) -> Taken:
    """Move the carer's own note to the right person: a stub is left, and who read it there stands in the log."""
    right = Person.objects.filter(pk=event.key("right_person")).first()
    if right is None or not was_allowed(right.pk, by, event.at, now):
        raise Unfit("not_permitted", "Enheten hade ingen insats hos den personen.")
    note = note_of(event.key("event"), by)
    reason = event.text("reason") or "Fel person valdes i telefonen."
    made = journal.move_note(note.pk, right, reason, by=carried(by), now=now)
    return Taken(made.replacement_id, clock_words(event, now))

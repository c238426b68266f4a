"""Pages that were written by hand while everything was down: entered with number, writer and time, and counted."""

from datetime import datetime
from uuid import UUID

from livlina.core.access import Actor
from livlina.core.clock import local
from livlina.provider.homecare.models import PaperPage, Phone
from livlina.provider.homecare.sync import notes
from livlina.provider.homecare.sync.takes import Taken, find_visit, person_of, takes
from livlina.provider.homecare.sync.wire import Event, Unfit


@takes("paper")
def take_page(event: Event, phone: Phone, by: Actor, now: datetime) -> Taken:
    """Enter one page of a bundle. The writer's name stands with the note; the bundle is whole when its count is met.

    Body: batch (id of the bundle), page, count, written_by, event_at, text; without text the page was empty or spoilt.
    """
    batch, page, count = event.key("batch"), event.body.get("page"), event.body.get("count")
    if batch is None or type(page) is not int or type(count) is not int or not 1 <= page <= count <= 999:
        raise Unfit("paper", "Sidan saknar sitt nummer, eller har ett högre nummer än bunten har sidor.")
    writer, at = event.text("written_by", 160) or by.name, min(event.moment("event_at") or event.at, now)
    text, made = event.text("text", notes.LONGEST), Taken()
    person = person_of(event, by, now) if event.person or event.visit else None
    if text:
        if person is None:
            raise Unfit("paper", "Sidan säger inte vem den handlar om.")
        late = f"Skrevs på papper {local(at):%Y-%m-%d %H:%M} under ett avbrott. Sida {page} av {count}."
        source = f"Papper, sida {page} av {count}, skriven av {writer}"
        given = notes.Given(person, at, text, late, find_visit(event.visit, by), (), source[:160])
        made = notes.write(given, event.id, by, now, written_at=event.at)
    PaperPage.objects.create(
        municipality_id=by.municipality_id, unit_id=by.unit_id, batch=batch, page=page, count=count,
        person_id=person.pk if person else None, written_by=writer, written_at=at, entered_at=now,
        by_id=by.user_id or 0, by_name=by.name, event_id=event.id, result_id=made.result_id,
    )  # fmt: skip
    return Taken(made.result_id, _count_words(batch, page), _fault(batch))


def missing(batch: UUID) -> tuple[list[int], bool]:
    """Return which page numbers of a bundle have not been entered, and whether everybody counted alike."""
    rows = list(PaperPage.objects.filter(batch=batch).values_list("page", "count"))
    most = max((count for _, count in rows), default=0)
    return sorted(set(range(1, most + 1)) - {page for page, _ in rows}), len(
        {count for _, count in rows}
    ) <= 1


def _fault(batch: UUID) -> str:
    lacking, alike = missing(batch)
    return "paper" if lacking or not alike else ""


def _count_words(batch: UUID, page: int) -> str:
    """What the one who enters is told: which pages are still missing, and whether one came twice."""
    lacking, alike = missing(batch)
    twice = PaperPage.objects.filter(batch=batch, page=page).count() > 1
    words = [f"Sida {page} är inskriven mer än en gång. Båda finns kvar."] if twice else []
    if not alike:
        words.append("Antalet sidor i bunten har skrivits olika. Räkna den igen.")
    if lacking:
        shown = ", ".join(map(str, lacking[:20]))
        words.append(f"Av bunten saknas sida {shown}.")
    return " ".join(words)

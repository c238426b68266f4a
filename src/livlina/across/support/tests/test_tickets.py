"""A question and what becomes of it: one owner, one history, two clocks, and a yes at the end."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from livlina.across.support import actions, queries
from livlina.across.support.actions import SupportRefused
from livlina.across.support.models import Absence, Ticket, TicketEvent
from livlina.core import outbox
from livlina.core.access import Actor, Refused, system
from livlina.core.models import Assignment
from livlina.core.tenancy import EVERYTHING
from livlina.registers.watches.models import Watch
from tests.people import staff

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Asks = Callable[..., Ticket]


def write(verb: Callable[..., None], ticket: Ticket, text: str, by: Actor, now: datetime) -> None:
    verb(ticket, text, client_id=uuid.uuid4(), by=by, now=now)
    ticket.refresh_from_db()


def test_the_same_form_twice_is_one_ticket_and_numbers_run_by_year(
    asks: Asks, ali: Actor, sara: Actor, now: datetime
) -> None:
    key = uuid.uuid4()
    first = asks(ali, client_id=key)
    assert asks(ali, client_id=key) == first
    assert [first.number, asks(ali).number] == ["2026-0001", "2026-0002"]
    assert asks(ali, at=now + 400 * DAY).number == "2027-0001"


def test_a_person_number_is_refused_in_words_and_nothing_is_kept(asks: Asks, ali: Actor) -> None:
    with pytest.raises(SupportRefused, match="personnummer"):
        asks(ali, "Jag hittar inte 19380412-2391 i listan.")
    assert not Ticket.objects.exists()


def test_the_answer_stops_the_first_clock_and_waiting_the_second(
    asks: Asks, ali: Actor, anders: Actor, now: datetime
) -> None:
    ticket = asks(ali)
    actions.take(ticket, by=anders, now=now + HOUR)
    write(actions.ask_back, ticket, "Vilken telefon har du?", anders, now + HOUR)
    assert (ticket.state, ticket.answer_minutes, ticket.owner_name) == ("waiting", 60, "Anders Holm")
    due = ticket.solve_due_at
    actions.write_more(ticket, "En Samsung.", client_id=uuid.uuid4(), by=ali, now=now + 3 * HOUR)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.paused_minutes) == ("open", 120)
    assert ticket.solve_due_at == due + 2 * HOUR
    write(actions.solve, ticket, "Starta om appen.", anders, now + 4 * HOUR)
    assert (ticket.state, ticket.solution_minutes) == ("solved", 120)
    actions.agree(ticket, by=ali, now=now + 5 * HOUR)
    ticket.refresh_from_db()
    assert ticket.state == "closed"


def test_what_was_said_twice_by_a_double_click_is_said_once(
    asks: Asks, ali: Actor, anders: Actor, now: datetime
) -> None:
    ticket, key = asks(ali), uuid.uuid4()
    for _ in range(2):
        actions.answer(ticket, "Vi tittar.", client_id=key, by=anders, now=now)
    assert TicketEvent.objects.filter(ticket=ticket, kind="answered").count() == 1


def test_solved_is_closed_after_days_of_silence_and_told_and_can_be_opened_again(
    asks: Asks, ali: Actor, anders: Actor, now: datetime
) -> None:
    ticket, by = asks(ali), system(ali.municipality_id, EVERYTHING)
    write(actions.solve, ticket, "Klart.", anders, now)
    assert actions.close_agreed(ali.municipality_id, by=by, now=now + 6 * DAY) == 0
    assert actions.close_agreed(ali.municipality_id, by=by, now=now + 8 * DAY) == 1
    ticket.refresh_from_db()
    assert ticket.state == "closed"
    assert "7 dagar" in queries.own_events(ali, ticket).last().text
    actions.reopen(ticket, "Nu står den still igen.", client_id=uuid.uuid4(), by=ali, now=now + 9 * DAY)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.times_reopened, ticket.owner_name) == ("open", 1, "Anders Holm")


def test_who_asked_never_sees_what_is_written_inside_and_a_colleague_nothing(
    asks: Asks, ali: Actor, lena: Actor, anders: Actor, client_of: Callable, now: datetime
) -> None:
    ticket = asks(ali)
    write(actions.note, ticket, "Han har fel telefon igen.", anders, now)
    page = client_of(ali).get(f"/provider/support/mine/{ticket.pk}").content.decode()
    assert "Sidan står still" in page
    assert "fel telefon igen" not in page
    assert client_of(lena).get(f"/provider/support/mine/{ticket.pk}").status_code == 404


def test_the_first_line_hands_on_and_then_only_looks(
    asks: Asks, ali: Actor, anders: Actor, ola: Actor, now: datetime
) -> None:
    ticket = asks(ali)
    with pytest.raises(SupportRefused, match="gjort"):
        actions.set_line(ticket, 2, " ", by=anders, now=now)
    actions.set_line(ticket, 2, "Provat lathunden, samma fel.", by=anders, now=now)
    ticket.refresh_from_db()
    assert (ticket.line, ticket.owner_id, ticket.has_it) == (2, None, "Andra linjen")
    with pytest.raises(Refused):
        actions.take(ticket, by=anders, now=now)
    with pytest.raises(Refused):
        actions.send_out(ticket, "maker", "Hej", client_id=uuid.uuid4(), by=anders, now=now)
    actions.take(ticket, by=ola, now=now)


def test_two_questions_become_one_and_both_who_asked_are_answered(
    asks: Asks, ali: Actor, lena: Actor, anders: Actor, now: datetime
) -> None:
    one, other = asks(ali), asks(lena)
    actions.merge(one, other, by=anders, now=now)
    one.refresh_from_db()
    assert (one.state, one.merged_into) == ("merged", other)
    write(actions.solve, other, "Lagat i natt.", anders, now + HOUR)
    assert "Lagat i natt." in [event.text for event in queries.own_events(ali, one)]
    assert queries.linked(anders, other) == [one]
    with pytest.raises(SupportRefused, match="samma"):
        actions.merge(other, other, by=anders, now=now)


def test_a_desk_goes_to_the_substitute_the_day_its_owner_is_away_and_nobody_left_has_a_ticket(
    asks: Asks, ali: Actor, anders: Actor, ola: Actor, now: datetime
) -> None:
    ticket, waiting, by = asks(ali), asks(ali), system(ali.municipality_id, EVERYTHING)
    for one in (ticket, waiting):
        actions.take(one, by=anders, now=now)
    write(actions.ask_back, waiting, "Vilken dag?", anders, now)
    tomorrow = (now + DAY).date()
    actions.tell_absence(anders.user_id, tomorrow, tomorrow, ola.user_id, by=anders, now=now)
    assert actions.return_desks(ali.municipality_id, by=by, now=now) == 0
    assert actions.return_desks(ali.municipality_id, by=by, now=now + DAY) == 2
    assert actions.return_desks(ali.municipality_id, by=by, now=now + DAY) == 0
    for one in (ticket, waiting):
        one.refresh_from_db()
    assert {ticket.owner_name, waiting.owner_name} == {"Ola Krantz"}
    assert waiting.state == "waiting"
    actions.come_back(Absence.objects.get(), by=ola, now=now + DAY)
    Assignment.objects.filter(user_id=ola.user_id).update(valid_to=now.date())
    assert actions.return_desks(ali.municipality_id, by=by, now=now + 2 * DAY) == 2
    ticket.refresh_from_db()
    assert (ticket.owner_id, ticket.state) == (None, "open")


def test_a_silent_ticket_goes_back_to_its_line_and_stands_on_the_desk_until_somebody_takes_it(
    asks: Asks, ali: Actor, anders: Actor, now: datetime
) -> None:
    ticket, by = asks(ali), system(ali.municipality_id, EVERYTHING)
    actions.take(ticket, by=anders, now=now)
    assert actions.sweep_silent(ali.municipality_id, by=by, now=now + 8 * HOUR) == 0
    late = now + DAY + HOUR
    assert actions.sweep_silent(ali.municipality_id, by=by, now=late) == 1
    assert actions.sweep_silent(ali.municipality_id, by=by, now=late) == 0
    assert [row.pk for row in queries.tickets(anders, "silent", late)] == [ticket.pk]
    assert Watch.objects.filter(closed_at=None, object_id=ticket.pk).count() == 1
    actions.take(ticket, by=anders, now=late)
    outbox.deliver_waiting()
    assert not Watch.objects.filter(closed_at=None, object_id=ticket.pk).exists()
    assert not queries.tickets(anders, "silent", late).exists()


@pytest.mark.parametrize("name", ["continuity.pack_old", "portal.seal_broken", "journal.witness_refused"])
def test_what_goes_wrong_elsewhere_tells_of_itself_once(
    name: str, ali: Actor, ola: Actor, now: datetime
) -> None:
    for _ in range(2):
        event = outbox.Event(name, ali.municipality_id, uuid.UUID(int=1), now)
        outbox.SUBSCRIBERS[name]["livlina.across.support.jobs._tell"](event)
    made = Ticket.objects.get(channel="system")
    assert (made.line, made.kind, made.reporter_name) == (2, "outage", "Livlina")
    assert made in queries.tickets(ola, "line2", now)


def test_a_neighbours_support_sees_none_of_it(
    asks: Asks, ali: Actor, sjohaga: object, client_of: Callable, now: datetime
) -> None:
    ticket = asks(ali)
    stranger = staff(sjohaga, "Nils Nord", "administrator", "Sjöhaga IT")  # type: ignore[arg-type]
    browser = client_of(stranger)
    assert browser.get(f"/operations/support/tickets/{ticket.pk}").status_code == 404
    assert ticket.number not in browser.get("/operations/support?view=line1").content.decode()

"""By mail and to the maker: each thing once, whatever is repeated, and nothing that goes round in circles."""

import json
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.db import transaction

from livlina.across.support import actions, jobs, queries, suppliers
from livlina.across.support.mail import Letter, read
from livlina.across.support.models import InMail, OutMail, SupplierMessage, Ticket
from livlina.across.support.suppliers import Fake, signature
from livlina.core import outbox
from livlina.core.access import Actor, system
from livlina.core.models import Municipality
from livlina.core.tenancy import EVERYTHING

OWN = "support@asvalla.example"


@pytest.fixture
def by(asvalla: Municipality) -> Actor:
    """The house, in Åsvalla, whose support has an address."""
    from django.conf import settings

    settings.PARAMETERS["support"]["address"] = OWN
    yield system(asvalla.pk, EVERYTHING)
    settings.PARAMETERS["support"]["address"] = ""


def letter(
    number: int = 1,
    text: str = "Jag kommer inte in.",
    sender: str = "ali.hassan@test.livlina.example",
    **said: object,
) -> Letter:
    found = read(f"From: Ali <{sender}>\r\nSubject: Hej\r\nMessage-ID: <{number}@x>\r\n\r\n{text}".encode())
    for name, value in said.items():
        setattr(found, name, value)
    return found


def test_a_letter_becomes_one_ticket_of_whoever_wrote_it_and_is_receipted(
    by: Actor, ali: Actor, now: datetime
) -> None:
    for _ in range(2):
        actions.take_letter(letter(), by=by, now=now)
    ticket = Ticket.objects.get()
    assert (ticket.channel, ticket.reporter_id, ticket.unit_id) == ("mail", ali.user_id, ali.unit_id)
    outbox.deliver_waiting()
    outbox.deliver_waiting()
    sent = mail.outbox[0]
    assert len(mail.outbox) == 1
    assert sent.reply_to == [f"support+{ticket.token}@asvalla.example"]
    assert sent.extra_headers["Auto-Submitted"] == "auto-replied"
    assert ticket.number in sent.subject


def test_an_answer_with_the_token_goes_into_its_ticket_and_opens_it_when_closed(
    by: Actor, ali: Actor, anders: Actor, now: datetime
) -> None:
    ticket = actions.take_letter(letter(), by=by, now=now).ticket
    actions.solve(ticket, "Nytt lösenord är satt.", client_id=uuid.uuid4(), by=anders, now=now)
    outbox.deliver_waiting()
    assert mail.outbox[-1].body.startswith("Nytt lösenord är satt.")
    actions.agree(Ticket.objects.get(), by=ali, now=now)
    actions.take_letter(letter(2, "Nej, samma sak.", token=ticket.token), by=by, now=now)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.times_reopened) == ("open", 1)
    other = letter(3, "Jag också.", "okand@example.org", token=ticket.token)
    assert actions.take_letter(other, by=by, now=now).outcome == "reply"
    assert "Från en annan adress: okand@example.org" in queries.own_events(ali, ticket).last().text
    assert Ticket.objects.count() == 1


def test_machines_and_our_own_letters_are_put_aside_and_a_flood_dies_down(by: Actor, now: datetime) -> None:
    assert actions.take_letter(letter(1, automatic=True), by=by, now=now).outcome == "automatic"
    assert actions.take_letter(letter(2, ours=True), by=by, now=now).outcome == "loop"
    assert actions.take_letter(letter(3, sender=OWN), by=by, now=now).outcome == "loop"
    assert actions.take_letter(letter(4, text=""), by=by, now=now).outcome == "empty"
    assert not Ticket.objects.exists()
    for number in range(22):
        actions.take_letter(letter(100 + number, sender="maskin@example.org"), by=by, now=now)
    assert Ticket.objects.count() == 20
    assert InMail.objects.filter(outcome="flood").count() == 2


def test_a_stranger_s_letter_is_masked_and_its_program_is_left_out_with_why(by: Actor, now: datetime) -> None:
    files = [("bild.png", b"\x89PNG\r\n\x1a\n" + b"0" * 20), ("spel.exe", b"MZ123")]
    found = letter(1, "Min mors nummer är 19380412-2391.", "dotter@example.org", files=files)
    ticket = actions.take_letter(found, by=by, now=now).ticket
    assert ticket is not None
    assert ticket.reporter_kind == "outside"
    assert "19380412" not in ticket.events.get(kind="opened").text
    assert [row.filename for row in ticket.attachments.all()] == ["bild.png"]
    assert "spel.exe: Filen är ett program" in OutMail.objects.get().text


def test_a_letter_that_does_not_go_is_tried_again_and_sent_once(
    by: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    actions.take_letter(letter(), by=by, now=now)
    row = OutMail.objects.get()
    later = now + timedelta(minutes=11)

    def down(self: object) -> int:
        raise ConnectionRefusedError("nobody there")

    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.EmailMessage.send", down)
        with pytest.raises(ConnectionRefusedError), transaction.atomic():
            actions.deliver_letter(row, by=by, now=now)
        assert jobs.send_waiting(by.municipality_id, later) == 0
    row.refresh_from_db()
    assert (row.sent_at, row.tries) == (None, 1)
    assert "ConnectionRefusedError" in row.fault
    assert [jobs.send_waiting(by.municipality_id, later) for _ in range(2)] == [1, 0]


def test_a_supplier_is_asked_by_the_second_line_and_hears_nothing_of_who_asked(
    asks: Callable, ali: Actor, ola: Actor, anders: Actor, now: datetime
) -> None:
    ticket, key = asks(ali), uuid.uuid4()
    actions.set_line(ticket, 2, "Samma på alla telefoner.", by=anders, now=now)
    for _ in range(2):
        actions.send_out(ticket, "maker", "Sparandet hänger.", client_id=key, by=ola, now=now)
    Fake.down.add("maker")
    row = SupplierMessage.objects.get()
    with pytest.raises(suppliers.SupplierFault), transaction.atomic():
        jobs.deliver_message(outbox.Event("x", ali.municipality_id, row.pk, now))
    Fake.down.clear()
    for _ in range(2):
        jobs.deliver_message(outbox.Event("x", ali.municipality_id, row.pk, now))
    assert len(Fake.sent) == 1
    assert "Ali" not in json.dumps(Fake.sent)
    ticket.refresh_from_db()
    assert (ticket.line, ticket.owner_name) == (3, "Ola Krantz")


def test_a_supplier_s_answer_is_signed_taken_once_and_brings_the_ticket_back(
    asks: Callable,
    ali: Actor,
    ola: Actor,
    anders: Actor,
    client: object,
    monkeypatch: pytest.MonkeyPatch,
    at: Callable,
    now: datetime,
) -> None:
    from django.conf import settings

    at(now)
    maker = {
        "code": "maker",
        "name": "Makaren",
        "kind": "webhook",
        "url": "http://127.0.0.1:9/",
        "secret": "hemligt",
    }
    monkeypatch.setattr(settings, "SUPPORT_SUPPLIERS", [maker])
    ticket = asks(ali)
    actions.set_line(ticket, 2, "Samma.", by=anders, now=now)
    row = actions.send_out(ticket, "maker", "Hänger.", client_id=uuid.uuid4(), by=ola, now=now)
    url = f"/api/v1/support/asvalla/{row.pk}/reply"
    body = json.dumps({"id": "r-1", "text": "Rättat i 1.4."}).encode()
    stamp = str(int(now.timestamp()))

    def reply(signed: str, when: str = stamp) -> int:
        head = {"HTTP_X_LIVLINA_TIMESTAMP": when, "HTTP_X_LIVLINA_SIGNATURE": signed}
        return client.post(url, body, content_type="application/json", **head).status_code  # type: ignore[attr-defined]

    assert reply("sha256=0") == 404
    old = str(int(now.timestamp()) - 4000)
    assert reply(signature("hemligt", old, body), old) == 404
    assert [reply(signature("hemligt", stamp, body)) for _ in range(2)] == [200, 200]
    ticket.refresh_from_db()
    assert (ticket.line, ticket.owner_name) == (2, "Ola Krantz")
    assert ticket.events.filter(kind="supplier").count() == 1


def test_the_maker_who_cannot_be_reached_is_a_fault_in_words(
    asks: Callable, ali: Actor, ola: Actor, now: datetime
) -> None:
    row = SupplierMessage(ticket=asks(ali), supplier="maker", text="Hej")
    with pytest.raises(suppliers.SupplierFault, match="Svarar inte"):
        suppliers.Webhook("http://127.0.0.1:9/x", "hemligt").send(row, now)

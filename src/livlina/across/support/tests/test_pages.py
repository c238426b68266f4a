"""The pages: what one meets, what is refused in words, and that nothing typed is lost."""

import re
import uuid
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.core.files.uploadedfile import SimpleUploadedFile

from livlina.across.support import actions, banners
from livlina.across.support.models import Attachment, Sheet, SheetAnswer, Ticket
from livlina.core.access import Actor
from livlina.core.models import AuditEvent
from livlina.registers.journal.models import Note

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


def send(browser: object, url: str, **said: object) -> object:
    return browser.post(url, {"submission_key": str(uuid.uuid4())} | said)  # type: ignore[attr-defined]


def text_of(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined]


def test_ali_gets_the_page_he_came_from_as_a_name_and_what_to_try_first(
    lock_sheet: Sheet, ali: Actor, client_of: Callable
) -> None:
    browser = client_of(ali)
    start = text_of(browser.get("/provider/"))
    assert "/provider/support/help?page=portal_provider%3Astart" in start
    page = text_of(browser.get("/provider/support/help?page=homecare_provider:own_day"))
    assert "Telefonen öppnar inte dörren" in page
    assert "Vanliga frågor om hemtjänsten" in page
    assert "<script" not in text_of(browser.get("/provider/support/help?page=<script>19380412-2391"))[3000:]


def test_what_fits_is_shown_once_before_it_is_sent_and_the_words_stand(
    lock_sheet: Sheet, ali: Actor, client_of: Callable
) -> None:
    browser, url = client_of(ali), "/provider/support/help"
    asked = {
        "text": "Låset öppnar inte hos en brukare.",
        "priority": "high",
        "page": "homecare_provider:own_day",
    }
    shown = text_of(send(browser, url, **asked))
    assert "Innan du skickar" in shown
    assert "Låset öppnar inte hos en brukare." in shown
    assert not Ticket.objects.exists()
    browser.cookies["livlina_error"] = "3f0a9c11"
    answer = send(browser, url, **asked, confirmed="1")
    ticket = Ticket.objects.get()
    assert answer["Location"] == f"/provider/support/mine/{ticket.pk}"  # type: ignore[index]
    assert (ticket.page, ticket.kind, ticket.error_id, ticket.priority) == (
        "homecare_provider:own_day", "visits", "3f0a9c11", "high",
    )  # fmt: skip
    assert "Låset öppnar inte" in text_of(browser.get(answer["Location"]))  # type: ignore[index]


def test_a_number_is_refused_with_422_and_what_was_typed_stands(ali: Actor, client_of: Callable) -> None:
    answer = send(client_of(ali), "/provider/support/help", text="Gäller 19380412-2391.", priority="normal")
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert "ser ut att stå ett personnummer" in text_of(answer)
    assert "Gäller 19380412-2391." in text_of(answer)
    assert not Ticket.objects.exists()


def test_a_picture_comes_along_and_a_program_does_not(
    ali: Actor, anders: Actor, erik: Actor, client_of: Callable
) -> None:
    browser, asked = client_of(ali), {"text": "Se bilden.", "priority": "normal"}
    send(browser, "/provider/support/help", **asked, file=SimpleUploadedFile("../skärm.png", PNG))
    row = Attachment.objects.get()
    assert client_of(anders).get(f"/officer/support/attachments/{row.pk}").content == PNG
    assert browser.get(f"/provider/support/attachments/{row.pk}")["X-Content-Type-Options"] == "nosniff"
    assert client_of(erik).get(f"/provider/support/attachments/{row.pk}").status_code == 404
    send(browser, "/provider/support/help", **asked, file=SimpleUploadedFile("bild.png", b"MZ" + b"0" * 9))
    assert Attachment.objects.count() == 1
    assert Ticket.objects.count() == 2


def test_a_citizen_asks_in_one_field_and_sees_the_answer_without_names(
    anna_actor: Actor, anders: Actor, client_of: Callable, now: datetime
) -> None:
    browser = client_of(anna_actor)
    answer = send(browser, "/citizen/support/help", text="Jag hittar inte mitt beslut.")
    ticket = Ticket.objects.get()
    assert (ticket.reporter_kind, ticket.unit_id) == ("citizen", None)
    actions.answer(ticket, "Det ligger under Mina ärenden.", client_id=uuid.uuid4(), by=anders, now=now)
    page = text_of(browser.get(answer["Location"]))  # type: ignore[index]
    assert "Det ligger under Mina ärenden." in page
    assert "Anders" not in page


def test_the_yes_and_the_no_of_a_sheet_are_counted_and_not_whose(
    lock_sheet: Sheet, ali: Actor, client_of: Callable
) -> None:
    browser = client_of(ali)
    said = {"sheet": lock_sheet.pk, "helped": "yes", "submission_key": str(uuid.uuid4())}
    for _ in range(2):
        browser.post("/provider/support/help", said)
    assert list(SheetAnswer.objects.values_list("helped", flat=True)) == [True]
    assert {field.name for field in SheetAnswer._meta.fields}.isdisjoint({"by_id", "user", "user_id"})


def test_a_call_is_written_down_and_solved_with_a_sheet_while_it_lasts(
    lock_sheet: Sheet, anders: Actor, client_of: Callable
) -> None:
    browser, url = client_of(anders), "/operations/support/phone"
    assert send(browser, url, name="Ali").status_code == 422  # type: ignore[attr-defined]
    said = {
        "name": "Ali Hassan",
        "subject": "Dörren",
        "kind": "doors",
        "text": "Öppnar inte.",
        "priority": "high",
    }
    send(browser, url, **said, tried=str(lock_sheet.pk), helped="on")
    ticket = Ticket.objects.get()
    assert (ticket.channel, ticket.state, ticket.owner_name) == ("phone", "solved", "Anders Holm")
    assert ticket.sheets.count() == 1


def test_a_known_fault_stands_on_the_pages_it_touches_until_it_is_mended(
    ola: Actor, ali: Actor, client_of: Callable, django_capture_on_commit_callbacks: Callable
) -> None:
    browser = client_of(ali)
    assert "Känt fel" not in text_of(browser.get("/provider/"))
    with django_capture_on_commit_callbacks(execute=True):
        said = {"title": "Scheman visas inte", "workaround": "Se papperet i pärmen.", "pages": ["portal"]}
        send(client_of(ola), "/operations/support/faults", **said)
    page = text_of(browser.get("/provider/"))
    assert "Scheman visas inte" in page
    assert "Se papperet i pärmen." in page
    assert "Känt fel" not in text_of(browser.get("/provider/support/mine"))
    fault = banners.KnownFault.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        send(client_of(ola), f"/operations/support/faults/{fault.pk}/end")
    assert "Känt fel" not in text_of(browser.get("/provider/"))


def test_a_refusal_on_the_support_s_page_keeps_what_was_written(
    asks: Callable, ali: Actor, anders: Actor, client_of: Callable
) -> None:
    ticket = asks(ali)
    url = f"/operations/support/tickets/{ticket.pk}"
    said = {"do": "write", "write": "answer", "text": "Ring om 19380412-2391 i morgon."}
    answer = send(client_of(anders), url, **said)
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert "Ring om 19380412-2391 i morgon." in text_of(answer)
    assert send(client_of(anders), url, do="join", how="link", number="2025-9999").status_code == 422  # type: ignore[attr-defined]
    good = said | {"text": "Se bilagan."}
    assert send(client_of(anders), url, **good, file=SimpleUploadedFile("a.exe", b"MZ12")).status_code == 422  # type: ignore[attr-defined]
    assert not ticket.events.filter(kind="answered").exists()
    assert send(client_of(anders), url, **good, file=SimpleUploadedFile("a.png", PNG)).status_code == 302  # type: ignore[attr-defined]
    row = Attachment.objects.get()
    assert client_of(ali).get(f"/provider/support/attachments/{row.pk}").content == PNG
    assert send(client_of(anders), url, do="nonsense").status_code == 422  # type: ignore[attr-defined]


def test_a_note_on_the_wrong_person_is_asked_for_from_its_page_and_moved_from_the_ticket(
    write: Callable,
    astrids_file: object,
    karin: Actor,
    anders: Actor,
    ola: Actor,
    bertil: object,
    client_of: Callable,
) -> None:
    written = write(karin, astrids_file, "Ringde om larmet.")
    officer, support = client_of(karin), client_of(anders)
    url = f"/officer/support/correction/{written.pk}"
    assert url in text_of(officer.get(f"/officer/journal/files/{written.file_id}"))
    send(officer, url, text="Jag hade två akter öppna.")
    ticket = Ticket.objects.get()
    assert (ticket.kind, ticket.object_id) == ("correction", written.pk)
    move = f"/operations/support/tickets/{ticket.pk}/move"
    assert client_of(ola).get(move).status_code == 404
    number = bertil.numbers.get().value.display()  # type: ignore[attr-defined]
    said = {"number": number, "reason": "Fel akt öppen"}
    assert bertil.name in text_of(send(support, move, **said))  # type: ignore[attr-defined]
    assert send(support, move, **said, confirmed=str(bertil.pk)).status_code == 302  # type: ignore[attr-defined]
    moved = Note.objects.get(person=bertil)
    assert moved.text == written.text
    told = AuditEvent.objects.get(verb="support.correct", detail__ticket=str(ticket.pk))
    assert told.person_id == bertil.pk  # type: ignore[attr-defined]
    correction = ticket.events.get(kind="corrected")
    assert correction.detail["note"] == str(written.pk)
    page = text_of(support.get(f"/operations/support/tickets/{ticket.pk}"))
    assert number not in page
    assert "Anteckningen är flyttad till rätt person" in page


PAGES = (
    "",
    "/phone?q=dörr",
    "/desks",
    "/review",
    "/review/2026-w10",
    "/figures",
    "/sheets",
    "/sheets/new",
    "/faults",
    "/piece",
)


@pytest.mark.parametrize(
    "url",
    [*(f"/operations/support{one}" for one in PAGES), "/officer/support/help/sheets?q=dörr", "/support/"],
)
def test_every_page_of_the_desk_opens_empty_and_full(
    url: str, lock_sheet: Sheet, asks: Callable, ali: Actor, ola: Actor, client_of: Callable
) -> None:
    asks(ali)
    assert client_of(ola).get(url, follow=True).status_code == 200


def test_an_error_has_a_name_that_the_question_carries(rf: object) -> None:
    from livlina.core.ui.views import broken

    answer = broken(rf.get("/"))  # type: ignore[attr-defined]
    name = answer.cookies["livlina_error"].value
    assert name in answer.content.decode()
    assert len(name) == 8


def test_every_word_a_citizen_meets_has_its_english() -> None:
    room = Path(__file__).resolve().parent.parent
    own = room / "locale" / "en" / "LC_MESSAGES"
    known = {
        message.id: message.string
        for message in read_po(BytesIO((own / "django.po").read_bytes()))
        if message.id
    }
    compiled = {
        message.id: message.string
        for message in read_mo(BytesIO((own / "django.mo").read_bytes()))
        if message.id
    }
    pages = [
        (room / "templates" / "support" / f"{name}.html").read_text()
        for name in ("help", "sheet_list", "mine", "own_ticket")
    ]
    words = {word for page in pages for word in re.findall(r'\{% translate "([^"]+)"', page)}
    assert {word for word in words if not known.get(word)} == set()
    assert compiled == known


def test_the_desk_costs_as_much_with_forty_tickets_as_with_two(
    asks: Callable, ali: Actor, anders: Actor, client_of: Callable, statements: Callable
) -> None:
    browser, costs = client_of(anders), []
    for many in (2, 38):
        for _ in range(many):
            asks(ali)
        browser.get("/operations/support")
        with statements() as sent:
            assert browser.get("/operations/support").status_code == 200
        costs.append(len([one for one in sent.captured_queries if "SAVEPOINT" not in one["sql"]]))
    assert costs[0] == costs[1] <= 12

"""S6: notes with the wrong date; investigation text that vanished.

Here event time and written time are two fields; drafts are saved on the server while one writes; a conflict keeps
both texts.
"""

from collections.abc import Callable
from datetime import timedelta

from django.urls import reverse

from livlina.core import clock
from livlina.core.access import Actor
from livlina.core.ids7 import uuid7
from livlina.registers.journal.models import Draft, File, Note

LONG = "Astrid bor ensam sedan 2019.\n\nHon klarar att laga mat men inte att handla."


def form(**given: str) -> dict[str, str]:
    return {
        "submission_key": str(uuid7()), "text": LONG, "day": clock.today().isoformat(), "clock": "",
        "kind": "home_visit", "law": "SoL",
    } | given  # fmt: skip


def address(name: str, file: File) -> str:
    return reverse(f"journal:{name}", args=[file.pk])


def test_a_visit_last_friday_written_today_shows_both_days(
    karin: Actor, astrids_file: File, client_of: Callable
) -> None:
    browser, before = client_of(karin), clock.now()
    friday = clock.today() - timedelta(days=3)
    answer = browser.post(address("write", astrids_file), form(day=friday.isoformat(), clock="10:15"))
    note = Note.objects.get()
    assert f"{clock.local(note.event_at):%Y-%m-%d %H:%M}" == f"{friday} 10:15"
    assert before <= note.authored_at <= clock.now()
    page = browser.get(answer["Location"]).content.decode()
    assert f"{friday} 10:15" in page
    assert f"skriven {clock.local(note.authored_at):%Y-%m-%d %H:%M}" in page


def test_nobody_chooses_when_a_note_was_written(
    karin: Actor, astrids_file: File, client_of: Callable
) -> None:
    before = clock.now()
    client_of(karin).post(
        address("write", astrids_file), form(authored_at="2020-01-01T00:00:00Z", placed_at="2020-01-01")
    )
    assert Note.objects.get().authored_at >= before


def test_a_date_in_the_future_is_stopped_and_the_text_is_still_there(
    karin: Actor, astrids_file: File, client_of: Callable
) -> None:
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    answer = client_of(karin).post(address("write", astrids_file), form(day=tomorrow))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Tiden ligger framåt i tiden. Skriv när det hände." in page
    assert LONG in page


def test_a_wrong_date_is_put_right_by_a_line_that_says_who_and_why(
    karin: Actor, astrids_file: File, client_of: Callable
) -> None:
    browser = client_of(karin)
    wrong, right = clock.today() - timedelta(days=9), clock.today() - timedelta(days=2)
    browser.post(address("write", astrids_file), form(day=wrong.isoformat()))
    note = Note.objects.get()
    browser.post(
        reverse("journal:correct", args=[note.pk]),
        {
            "submission_key": str(uuid7()),
            "kind": "wrong_date",
            "day": right.isoformat(),
            "reason": "Fel vecka",
        },
    )
    page = browser.get(address("file", astrids_file)).content.decode()
    assert f"Datum rättat från {wrong} till {right}" in page
    assert "Karin Ekdal" in page
    assert "Fel vecka" in page
    note.refresh_from_db()
    assert clock.day_of(note.event_at) == wrong


def test_what_was_written_when_the_browser_died_is_there_in_the_next(
    karin: Actor, astrids_file: File, client_of: Callable
) -> None:
    version = 0
    browser = client_of(karin)
    for length in (10, 40, len(LONG)):
        sent = form(text=LONG[:length], version=str(version), source_person="Astrid")
        answer = browser.post(address("draft", astrids_file), sent)
        version = answer.json()["version"]
    page = client_of(karin).get(address("write", astrids_file)).content.decode()
    assert LONG in page
    assert 'value="Astrid"' in page
    assert f"Utkast sparat {answer.json()['saved']}" in page


def test_two_windows_that_differ_are_both_kept_and_shown(
    karin: Actor, astrids_file: File, client_of: Callable
) -> None:
    desk, sofa = client_of(karin), client_of(karin)
    desk.post(address("draft", astrids_file), form(text="Vid skrivbordet", version="0"))
    answer = sofa.post(address("draft", astrids_file), form(text="I soffan", version="0"))
    assert answer.status_code == 409
    assert (answer.json()["theirs"], answer.json()["mine"]) == ("Vid skrivbordet", "I soffan")
    page = desk.get(address("write", astrids_file)).content.decode()
    assert "Vid skrivbordet" in page
    assert "I soffan" in page


def test_the_draft_ends_when_the_note_is_there_and_not_before(
    karin: Actor, astrids_file: File, client_of: Callable
) -> None:
    browser = client_of(karin)
    browser.post(address("draft", astrids_file), form(version="0"))
    assert browser.post(address("write", astrids_file), form(day="31/2")).status_code == 422
    assert Draft.objects.get().text == LONG
    browser.post(address("write", astrids_file), form())
    assert not Draft.objects.exists()
    assert Note.objects.get().text == LONG


def test_a_draft_is_not_a_note_to_anyone_else(
    karin: Actor, johan: Actor, astrids_file: File, client_of: Callable
) -> None:
    client_of(karin).post(address("draft", astrids_file), form(version="0"))
    for name in ("file", "write"):
        assert LONG[:20] not in client_of(johan).get(address(name, astrids_file)).content.decode()

"""S5: a bug wrote journal notes twice; deleting the extra one deleted both.

Here a repeat of the same submission is the same note, under real concurrency too. Nobody can delete a note; a
wrong one is struck through and corrected, readable for ever.
"""

import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.urls import reverse

from livlina.core import clock
from livlina.core.access import Actor
from livlina.core.ids7 import uuid7
from livlina.registers.journal import queries
from livlina.registers.journal.models import File, Note

WORDS = "Anna ringde. Modern har ramlat i badrummet i natt."


def submission(text: str = WORDS, key: str = "") -> dict[str, str]:
    """What the browser sends; its hidden key was made when the page was shown."""
    return {
        "submission_key": key or str(uuid7()),
        "text": text,
        "day": clock.today().isoformat(),
        "kind": "phone",
        "law": "SoL",
        "source_person": "Dottern Anna",
    }


def write(browser, file: File, sent: dict[str, str]):
    return browser.post(reverse("journal:write", args=[file.pk]), sent)


def page(browser, file: File) -> str:
    return browser.get(reverse("journal:file", args=[file.pk])).content.decode()


def test_karin_presses_twice_and_there_is_one_note(
    karin: Actor, astrids_file: File, client_of: Callable
) -> None:
    browser, sent = client_of(karin), submission()
    first, second = write(browser, astrids_file, sent), write(browser, astrids_file, sent)
    assert first["Location"] == second["Location"]
    assert page(browser, astrids_file).count(WORDS) == 1


def test_the_page_gives_each_form_a_key_of_its_own(
    karin: Actor, astrids_file: File, client_of: Callable
) -> None:
    browser = client_of(karin)
    pages = [browser.get(reverse("journal:write", args=[astrids_file.pk])).content.decode() for _ in range(2)]
    keys = [text.split('name="submission_key" value="')[1].split('"')[0] for text in pages]
    assert keys[0] != keys[1]


def test_the_same_text_from_two_tabs_is_one_note(
    karin: Actor, astrids_file: File, client_of: Callable
) -> None:
    browser = client_of(karin)
    write(browser, astrids_file, submission())
    answer = browser.post(reverse("journal:write", args=[astrids_file.pk]), submission(), follow=True)
    assert "Anteckningen var redan sparad. Den finns en gång." in answer.content.decode()
    assert Note.objects.count() == 1


def test_going_back_and_changing_the_text_loses_neither(
    karin: Actor, astrids_file: File, client_of: Callable
) -> None:
    browser, sent = client_of(karin), submission()
    write(browser, astrids_file, sent)
    changed = WORDS + " Hon är oskadd."
    write(browser, astrids_file, sent | {"text": changed})
    shown = page(browser, astrids_file)
    assert Note.objects.count() == 2
    assert changed in shown
    assert "Samma formulär skickades med två olika texter." in shown


def test_an_extra_note_is_struck_as_a_duplicate_and_both_can_be_read_for_ever(
    karin: Actor, astrids_file: File, client_of: Callable
) -> None:
    browser = client_of(karin)
    write(browser, astrids_file, submission("Anna ringde."))
    write(browser, astrids_file, submission("Anna ringde. Hon är orolig."))
    original, extra = Note.objects.order_by("seq")
    answer = browser.post(
        reverse("journal:correct", args=[extra.pk]),
        {
            "submission_key": str(uuid7()),
            "kind": "duplicate",
            "original": str(original.pk),
            "reason": "Samma samtal",
        },
    )
    assert answer.status_code == 302
    shown = page(browser, astrids_file)
    assert "Anna ringde." in shown
    assert "Anna ringde. Hon är orolig." in shown
    assert "Struken som dubblett" in shown
    assert Note.objects.count() == 2
    assert queries.verify_chain(astrids_file.person_id).whole


@pytest.mark.parametrize("key", ["the same key", "two keys"])
def test_two_connections_at_the_same_instant_write_one_note(
    own_database, karin: Actor, astrids_file: File, client_of: Callable, key: str
) -> None:
    shared = str(uuid7()) if key == "the same key" else ""
    browsers, ready, answers = [client_of(karin) for _ in range(4)], threading.Barrier(4), []

    def press(browser) -> None:
        try:
            ready.wait(10)
            answers.append(write(browser, astrids_file, submission(key=shared))["Location"])
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(answers) == 4
    assert len(set(answers)) == 1
    assert Note.objects.count() == 1


def test_two_who_write_at_the_same_instant_get_the_places_one_and_two(
    own_database, karin: Actor, johan: Actor, astrids_file: File, client_of: Callable
) -> None:
    ready = threading.Barrier(2)

    def press(browser, text: str) -> None:
        try:
            ready.wait(10)
            for number in range(5):
                assert write(browser, astrids_file, submission(f"{text} {number}")).status_code == 302
        finally:
            connection.close()

    threads = [
        threading.Thread(target=press, args=(client_of(actor), actor.name)) for actor in (karin, johan)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(Note.objects.values_list("seq", flat=True)) == list(range(1, 11))
    assert queries.verify_chain(astrids_file.person_id).whole

"""The plain parts: person numbers in a text, working hours, and letters as they come."""

from datetime import UTC, date, datetime

import pytest

from livlina.across.support.hours import Hours
from livlina.across.support.mail import read, without_quotes
from livlina.across.support.privacy import MASK, holds_number, masked
from livlina.core.ids import test_number

TODAY = date(2026, 3, 2)
OFFICE = Hours.of({"hours": ["07:30", "16:30"], "around_the_clock": ["acute"]}, "normal")
NIGHT = Hours.of({"hours": ["07:30", "16:30"], "around_the_clock": ["acute"]}, "acute")


def test_a_person_number_is_found_in_a_text_and_a_telephone_number_is_not() -> None:
    number = test_number(date(1938, 4, 12), "female", 3)
    for text in (f"Gäller {number.value}.", f"hon heter {number.display()} och", "slarvat: 19380412-1111"):
        assert holds_number(text, TODAY), text
    for text in (
        "Ring 0701740605 eller 08-465 004 00.",
        "Ärende 2026-0012, felet 3f0a9c11.",
        "kl. 14.30 den 2026-03-02",
    ):
        assert not holds_number(text, TODAY), text
    assert masked(f"Gäller {number.display()}, ring 0701740605.", TODAY) == f"Gäller {MASK}, ring 0701740605."


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of March 2026, Swedish winter time."""
    return datetime(2026, 3, day, hour - 1, minute, tzinfo=UTC)


def test_the_clock_runs_in_working_hours_and_day_and_night_for_what_is_acute() -> None:
    friday, monday = at(6, 16), at(9, 8)
    assert OFFICE.minutes(friday, monday) == 60
    assert OFFICE.after(friday, 60) == monday
    assert OFFICE.after(at(7, 12), 30) == at(9, 8)  # asked on a Saturday
    assert NIGHT.after(friday, 60) == at(6, 17)
    assert OFFICE.minutes(monday, friday) == 0
    assert OFFICE.after(datetime(2026, 4, 2, 14, 0, tzinfo=UTC), 60) == datetime(
        2026, 4, 7, 6, 0, tzinfo=UTC
    )  # Easter


LETTER = (
    "From: Ali Hassan <Ali.Hassan@test.livlina.example>\r\nTo: support+abcdefghijklmnop@asvalla.example\r\n"
    "Subject: =?utf-8?q?Re=3A_m=C3=B6tet?=\r\nMessage-ID: <1@x>\r\n{head}Content-Type: text/plain; charset=utf-8\r\n\r\n"
    "Det funkar nu.\r\n\r\nDen 2 mars 2026 kl 09:12 skrev Supporten:\r\n> Pröva igen.\r\n"
)


def letter(head: str = "") -> bytes:
    return LETTER.replace("{head}", head).encode()


def test_a_letter_is_read_with_its_token_and_without_what_it_answers() -> None:
    found = read(letter())
    assert (found.sender, found.token) == ("ali.hassan@test.livlina.example", "abcdefghijklmnop")
    assert (found.subject, found.text) == ("Re: mötet", "Det funkar nu.")
    assert not found.automatic
    assert without_quotes("> allt är citat\nMitt svar står under.") == "Mitt svar står under."


@pytest.mark.parametrize(
    "head",
    [
        "Auto-Submitted: auto-replied\r\n",
        "Precedence: bulk\r\n",
        "List-Id: <x>\r\n",
        "Return-Path: <>\r\n",
        "X-Autoreply: yes\r\n",
    ],
)
def test_what_a_machine_wrote_is_seen_to_be_so(head: str) -> None:
    assert read(letter(head)).automatic


def test_a_letter_in_html_is_read_as_words_and_no_bytes_break_the_reader() -> None:
    page = (
        letter()
        .replace(b"text/plain", b"text/html")
        .replace(b"Det funkar nu.", b"<style>p{}</style><p>Det funkar <b>nu</b>.</p>")
    )
    assert read(page).text == "Det funkar nu."
    for raw in (
        b"From: a@b\r\nContent-Type: text/plain; charset=nonsense\r\n\r\n\xff\xfe",
        b"From: a@b\r\nContent-Type: multipart/mixed\r\n\r\nx",
    ):
        assert read(raw).sender == "a@b"

"""The citizen's pages in English: every word we mark has its English, and what is compiled is what is written."""

import io
import re
from pathlib import Path

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.template.loader import render_to_string
from django.utils.translation import override

UI = Path(__file__).resolve().parent.parent
MESSAGES = UI / "locale" / "en" / "LC_MESSAGES"


@pytest.fixture(scope="module")
def english():
    with (MESSAGES / "django.po").open("rb") as file:
        return {message.id: message.string for message in read_po(file) if message.id}


def test_every_word_in_the_templates_has_its_english(english):
    for path in (UI / "templates").rglob("*.html"):
        for words in re.findall(
            r"\{% translate (?:\"([^\"]+)\"|'([^']+)')", path.read_text(encoding="utf-8")
        ):
            assert english.get(words[0] or words[1]), f"{path.name}: {words}"


def test_the_compiled_catalogue_is_the_written_one(english):
    compiled = {
        message.id: message.string for message in read_mo(io.BytesIO((MESSAGES / "django.mo").read_bytes()))
    }
    assert {id_: words for id_, words in compiled.items() if id_} == english


def test_the_citizens_page_speaks_english_when_asked():
    with override("en"):
        html = render_to_string("ui/citizen.html", {"municipality": "Åsvalla kommun"})
    assert 'lang="en"' in html
    assert "Skip to main content" in html

"""The citizen's pages in English: every word has its English, and what is compiled is what is written."""

import ast
import io
import re
from pathlib import Path

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.urls import reverse

import livlina
from livlina.authority.cases import engine
from livlina.authority.cases.tests.test_citizen_apply import (  # noqa: F401
    anna_browser,
    at_nine,
    begin,
    pages_of,
    text_of,
)

SOURCE = Path(livlina.__file__).resolve().parent
ROOM = SOURCE / "authority" / "cases"
PORTAL = SOURCE / "across" / "portal" / "templates" / "portal"
CITIZENS = ("start_citizen", "readers", "parts", "sign_in", "failed")
MESSAGES = SOURCE / "locale" / "en" / "LC_MESSAGES"
TRANSLATE = re.compile(r"\{% translate (?:\"([^\"]+)\"|'([^']+)')")
BLOCK = re.compile(r"\{% blocktranslate[^%]*%\}(.*?)\{% endblocktranslate %\}", re.S)


def catalogue(path):
    with path.open("rb") as file:
        return {message.id: message.string for message in read_po(file) if message.id}


@pytest.fixture(scope="module")
def english():
    """What the ground, the rooms and the house say in English."""
    files = [*sorted(SOURCE.glob("*/*/locale/en/LC_MESSAGES/django.po")), MESSAGES / "django.po"]
    return {swedish: said for file in files for swedish, said in catalogue(file).items()}


def templates():
    yield from sorted((ROOM / "templates" / "cases" / "citizen").rglob("*.html"))
    yield from (PORTAL / f"{name}.html" for name in CITIZENS)


def test_every_word_in_the_citizens_templates_has_its_english(english):
    for path in templates():
        text = path.read_text(encoding="utf-8")
        for words in TRANSLATE.findall(text):
            assert english.get(words[0] or words[1]), f"{path.name}: {words}"
        for words in BLOCK.findall(text):
            key = re.sub(r"\{\{\s*(\w+)\s*\}\}", r"%(\1)s", words.replace("%", "%%"))
            assert english.get(key), f"{path.name}: {key}"


def called(path, *names):
    """The texts given to these functions in a file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names):
            continue
        if node.args and isinstance(node.args[0], ast.Constant):
            yield node.args[0].value


def test_every_word_in_the_citizens_code_and_every_fault_has_its_english(english):
    files = [
        *(ROOM / "views" / "citizen").glob("*.py"),
        ROOM / "forms" / "citizen.py",
        ROOM / "forms" / "acts.py",
    ]
    for path in files:
        for words in called(path, "_", "gettext"):
            assert english.get(words), f"{path.name}: {words}"
    for words in called(SOURCE / "core" / "answers.py", "AnswerWrong"):
        assert english.get(words), words


def test_every_service_and_every_question_a_citizen_meets_has_its_english(english):
    for process in engine.load().all():
        form = process.forms.get("application")
        if form is None or form.audience != "citizen":
            continue  # begun by the authority: no citizen meets its form
        assert english.get(process.label), process.label
        assert form.label.en
        for page in form.pages():
            assert page.label.en, page.label.sv
        for item in form.fields():
            assert item.fact.label.en, item.fact.name
            assert item.fact.help.en or not item.fact.help.sv, item.fact.name
            assert all(code.label.en for code in item.fact.options()), item.fact.name
    for code in engine.load().tables["services"][-1].codes:
        assert english.get(str(code.label)), code.label
        assert english.get(code.also["unit"]), code.also["unit"]


def test_the_menu_and_the_start_page_have_their_english(english):
    for label, _, _ in settings.LIVLINA_UI["citizen"]["menu"]:
        assert english.get(label), label
    for part in settings.START_PAGES["citizen"]:
        assert english.get(part["title"]), part["title"]
        assert english.get(part.get("text", "")) or not part.get("text"), part["text"]


def test_a_translation_keeps_what_is_filled_in(english):
    for swedish, said in english.items():
        if isinstance(said, str):
            assert set(re.findall(r"%\(\w+\)s", swedish)) == set(re.findall(r"%\(\w+\)s", said)), swedish


@pytest.mark.parametrize("written", sorted(SOURCE.rglob("django.po")), ids=lambda path: path.parts[-5])
def test_the_compiled_catalogue_is_the_written_one(written):
    compiled = read_mo(io.BytesIO(written.with_suffix(".mo").read_bytes()))
    assert {one.id: one.string for one in compiled if one.id} == catalogue(written)


@pytest.mark.django_db
def test_a_page_in_english_asks_and_finds_fault_in_english(anna_browser, anna):  # noqa: F811
    draft = begin(anna_browser)
    anna_browser.cookies["django_language"] = "en"
    number = next(number for number, names in pages_of(draft).items() if "wanted_from" in names)
    address = reverse("cases_citizen:page", args=[draft.pk, number])
    refused = text_of(anna_browser.post(address, {"wanted_from": "soon"}))
    assert "My cases Apply" in refused
    assert "When do you need help?" in refused
    assert "Choose at least one of the options." in refused
    assert "Write the date like this" in refused
    assert "What you wrote is saved." in refused

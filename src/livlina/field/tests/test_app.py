"""The phone app as it is served: whole, the same for everybody, and with nothing in it that a strict page would refuse."""

import json
import re
from typing import Any

import pytest
from django.test import Client

from livlina.core.access import Actor
from livlina.field import views

STATIC = views.STATIC
OWN = sorted(path for path in STATIC.rglob("*.js") if "vendor" not in path.parts)
WORD = re.compile(r'^  "?([\w.]+)"?: "(.*)",$', re.MULTILINE)


def words(code: str) -> dict[str, str]:
    """The words of a language."""
    return dict(WORD.findall((STATIC / "words" / f"{code}.js").read_text(encoding="utf-8")))


@pytest.fixture
def shell(asvalla: Any) -> str:
    """The app's page as a stranger gets it."""
    return Client(HTTP_HOST="localhost").get("/field/").content.decode()


def test_the_shell_is_the_same_for_a_stranger_and_a_carer(shell: str, ali: Actor, client_of: Any) -> None:
    assert client_of(ali).get("/field/").content.decode() == shell


def test_the_shell_has_no_script_or_style_of_its_own(shell: str) -> None:
    assert "<style" not in shell
    assert " style=" not in shell
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", shell))


def test_the_worker_keeps_every_file_of_the_app(asvalla: Any) -> None:
    client = Client(HTTP_HOST="localhost")
    answer = client.get("/field/sw.js")
    assert answer["Content-Type"] == "text/javascript"
    assert answer["Cache-Control"] == "no-cache"
    found = re.search(r"^const FILES = (\[.*\]);$", answer.content.decode(), re.MULTILINE)
    assert found
    files = json.loads(found.group(1))
    own = {f"/static/field/{path.relative_to(STATIC).as_posix()}" for path in OWN} - {"/static/field/sw.js"}
    assert own <= set(files)
    assert {"/field/", "/field/lathund", "/field/manifest.webmanifest"} <= set(files)
    assert not any("/api/" in one or "/account/" in one for one in files)


def test_the_version_follows_the_content(settings: Any) -> None:
    before = views.version()
    assert views.version() == before
    settings.LOCK_BRIDGE = "http://127.0.0.1:1"  # is written in the shell, which the worker keeps
    assert views.version() != before


def test_every_module_that_is_imported_is_there() -> None:
    missing = [
        f"{path.name} → {found}"
        for path in OWN
        for found in re.findall(r'(?:from|import) "(\.[^"]+)"', path.read_text(encoding="utf-8"))
        if not (path.parent / found).resolve().is_file()
    ]
    assert missing == []


def test_nothing_that_was_written_by_anybody_can_become_markup() -> None:
    forbidden = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function")
    assert [path.name for path in OWN if forbidden.search(path.read_text(encoding="utf-8"))] == []


def test_other_languages_have_no_words_that_swedish_lacks_and_keep_its_places() -> None:
    swedish = words("sv")
    assert len(swedish) > 200
    own = ("reason.", "refused.", "door_reason.")  # of the municipality's and the locks' own words
    for code in ("en", "ar"):
        other = words(code)
        assert [key for key in other if key not in swedish and not key.startswith(own)] == []
        places = re.compile(r"\{\w+\}")
        apart = [
            key
            for key in other
            if key in swedish and set(places.findall(other[key])) - set(places.findall(swedish[key]))
        ]
        assert apart == []
    assert [key for key in swedish if key not in words("en")] == []


def test_every_word_that_is_asked_for_is_there() -> None:
    swedish = words("sv")
    told = re.compile(r'\bt\(\s*"([\w.]+)"')
    text = "".join(path.read_text(encoding="utf-8") for path in OWN if path.parent.name != "words")
    assert sorted(key for key in told.findall(text) if key not in swedish) == []
    made = (
        "bar.",
        "code.",
        "dose.",
        "finish.",
        "kind.",
        "look.",
        "otherwise.",
        "receive.",
        "refused.",
        "state.",
        "verdict.",
        "welcome.",
        "sent.",
        "demo.",
    )
    assert [key for key in swedish if f'"{key}"' not in text and not key.startswith(made)] == []


def test_the_cheat_sheet_can_be_read_by_anybody(asvalla: Any) -> None:
    page = Client(HTTP_HOST="localhost").get("/field/lathund").content.decode()
    assert "Lathund: ditt pass i telefonen" in page
    assert "Ring 112" in page


def test_the_manifest_lets_it_be_put_on_the_home_screen(asvalla: Any) -> None:
    said = Client(HTTP_HOST="localhost").get("/field/manifest.webmanifest").json()
    assert (said["start_url"], said["scope"], said["display"]) == ("/field/", "/field/", "standalone")

"""What the start for real use refuses, and what it accepts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from livlina.cli.up import weak_role, weaknesses
from livlina.core.databases import APP, OWNER, SUPER
from tests.plugin import DATABASE, server

STRONG = {
    "LIVLINA_DATABASE_URL": "postgresql://livlina_app@db/livlina",
    "LIVLINA_OWNER_DATABASE_URL": "postgresql://livlina_owner@db/livlina",
    "LIVLINA_SECRET_KEY": "d7Gk2-Vq9xLr4_Zt8wYb1NcP6mHs3JfQe5uTaWoiKX0",
    "LIVLINA_ORIGIN": "https://omsorg.asvalla.example",
    "LIVLINA_ALLOWED_HOSTS": "omsorg.asvalla.example",
}


def test_strong_settings_are_accepted() -> None:
    assert weaknesses(STRONG) == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"LIVLINA_DATABASE_URL": ""}, "LIVLINA_DATABASE_URL is missing"),
        ({"LIVLINA_OWNER_DATABASE_URL": ""}, "LIVLINA_OWNER_DATABASE_URL is missing"),
        ({"LIVLINA_SECRET_KEY": ""}, "secret key is missing or weak"),
        ({"LIVLINA_SECRET_KEY": "secret"}, "secret key is missing or weak"),
        ({"LIVLINA_SECRET_KEY": "ab" * 40}, "secret key is missing or weak"),
        ({"LIVLINA_SECRET_KEY_FILE": "/nowhere"}, "secret key is missing or weak"),
        ({"LIVLINA_DEMO": "1"}, "anybody signs in as anybody"),
        ({"LIVLINA_TEST": "1"}, "only for the test suite"),
        ({"DEBUG": "True"}, "DEBUG is on"),
        ({"LIVLINA_ORIGIN": "http://omsorg.asvalla.example"}, "begin with https://"),
        ({"LIVLINA_ALLOWED_HOSTS": "*"}, "and not *"),
        ({"LIVLINA_ALLOWED_HOSTS": ""}, "LIVLINA_ALLOWED_HOSTS"),
    ],
)
def test_each_weak_setting_is_refused_in_a_sentence_of_its_own(change: dict[str, str], sentence: str) -> None:
    found = weaknesses(STRONG | change)
    assert len(found) == 1
    assert sentence in found[0]


def test_a_key_in_a_file_is_accepted(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(STRONG["LIVLINA_SECRET_KEY"] + "\n")
    settings = {name: value for name, value in STRONG.items() if name != "LIVLINA_SECRET_KEY"}
    assert weaknesses(settings | {"LIVLINA_SECRET_KEY_FILE": str(file)}) == []


def test_a_database_role_that_may_too_much_is_refused() -> None:
    assert weak_role(server().url(APP, DATABASE)) == []
    assert "superuser" in " ".join(weak_role(server().url(SUPER, DATABASE)))
    owner = " ".join(weak_role(server().url(OWNER, DATABASE)))
    assert "BYPASSRLS" in owner
    assert "owns the database" in owner


def test_a_role_that_could_become_a_stronger_one_is_refused() -> None:
    with server().connect(SUPER, "postgres") as connection:
        connection.execute("CREATE ROLE climber LOGIN PASSWORD 'x'; GRANT livlina_owner TO climber")
        try:
            url = server().url(APP, "postgres").replace(APP, "climber").replace(server().passwords[APP], "x")
            assert "member of a role that passes over" in " ".join(weak_role(url))
        finally:
            connection.execute("DROP ROLE climber")


def test_nothing_is_started_with_weak_settings() -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LIVLINA_")}
    done = subprocess.run(
        [sys.executable, "-m", "livlina", "up"],
        env=environment | {"LIVLINA_DEMO": "1"},
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("livlina up: Not started:\n  - LIVLINA_DATABASE_URL is missing")
    assert "Traceback" not in done.stderr

"""`livlina municipality`: from an empty municipality to an administrator who has chosen a password."""

import os
import re
import subprocess
import sys
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from livlina.core import tenancy
from livlina.core.models import Assignment, Municipality, User

ASKED = {
    "--name": "Nybygds kommun", "--slug": "nybygd", "--code": "9909", "--administrator": "Nils Nybyggare",
    "--email": "nils@nybygd.example",
}  # fmt: skip


def tell(name: str, **changed: str) -> subprocess.CompletedProcess[str]:
    """Run the verb on the database of the test, as its owner."""
    urls = {
        key: re.sub(r"/[^/]*$", f"/{name}", os.environ[key])
        for key in ("LIVLINA_DATABASE_URL", "LIVLINA_OWNER_DATABASE_URL")
    }
    said = {**ASKED, **{f"--{key}": value for key, value in changed.items()}}
    words = [part for pair in said.items() for part in pair]
    return subprocess.run(
        [sys.executable, "-m", "livlina", "municipality", *words],
        env={**os.environ, **urls}, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


@pytest.mark.django_db
def test_an_administrator_begins_a_municipality_and_a_second_one_is_refused(
    own_database: str, nobody: Any
) -> None:
    name = str(connection.settings_dict["NAME"])
    done = tell(name)
    assert done.returncode == 0, done.stderr
    home = Municipality.objects.get(slug="nybygd")
    with tenancy.acting(home.pk):
        held = Assignment.objects.get(user__email="nils@nybygd.example")
        assert (held.role, held.unit.name, held.compartments) == ("administrator", "Systemförvaltningen", [])
    address = re.search(r"/first-password/\S+", done.stdout)
    assert address
    browser = Client(HTTP_HOST="localhost")
    sent = {"password1": "fyra ord som ingen gissar", "password2": "fyra ord som ingen gissar"}
    assert browser.post(address[0], sent).status_code == 302
    assert User.objects.get(email="nils@nybygd.example").has_usable_password()
    again = tell(name, email="nora@nybygd.example")
    assert again.returncode == 1
    assert "redan en systemadministratör" in again.stderr
    wrong = tell(name, slug="annan", code="99")
    assert "four digits" in wrong.stderr

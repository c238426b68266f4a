"""What the workshop and the desk's pages show in the midst of something: a newer version, a proposal, a sharing."""

import re

# ruff: noqa: F401, F811  (fixtures of two other files, asked for by their names)
import zipfile
from datetime import timedelta
from typing import Any

from django.urls import reverse

from livlina.authority.cases.tests.test_versions import NEWER, adds, shorter
from tests.browser.test_every_page import look_at, open_as
from tests.people import staff


def test_ola_weighs_a_newer_version_and_tries_a_proposed_one(
    household: dict[str, Any],
    adds: Any,
    open_as: Any,
    clock_at: Any,
    now: Any,
    tmp_path: Any,
) -> None:
    clock_at(now + timedelta(hours=5))
    adds(shorter)
    ola = open_as("ola")
    for name in ("compare", "preview", "version"):
        ola.goto(reverse(f"cases_operations:{name}", args=["home_care", NEWER]))
        look_at(ola)
    shelf, file = tmp_path / "processes", tmp_path / "version.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for path in sorted((shelf / "elder_care/home_care" / NEWER).rglob("*.*")):
            archive.write(path, path.relative_to(shelf).as_posix())
    ola.goto(reverse("cases_operations:check"))
    ola.get_by_label("Zip-fil").set_input_files(str(file))
    ola.get_by_role("button", name="Kontrollera").click()
    ola.get_by_text("Inga fel.").wait_for()
    look_at(ola)
    maria = open_as("maria")
    maria.goto(reverse("cases:move_version", args=[household["begun"].pk]))
    look_at(maria)


def test_maria_shares_karins_desk_and_karin_walks_her_list_by_keyboard(
    household: dict[str, Any],
    open_as: Any,
    clock_at: Any,
    now: Any,
    asvalla: Any,
    johan: Any,
) -> None:
    clock_at(now + timedelta(hours=5))
    staff(asvalla, "Agnes Roth", "case_worker", "Biståndsenheten")
    karin, maria = open_as("karin"), open_as("maria")
    karin.goto(reverse("cases:list"))
    for key in "jjk":
        karin.keyboard.press(key)
    assert karin.locator("tbody th a").first.evaluate("one => one === document.activeElement")
    karin.keyboard.press("Enter")
    karin.wait_for_url("**/cases/*-*")
    maria.goto(reverse("cases:desk", args=[household["colleague"].pk]))
    for name in ("Johan Brink", "Agnes Roth"):
        maria.get_by_label(name).check()
    maria.get_by_label("Skäl").fill("Karin slutar")
    maria.get_by_role("button", name="Visa fördelningen").click()
    maria.get_by_role("button", name="Lämna över").wait_for()
    look_at(maria)
    maria.get_by_role("button", name="Lämna över").click()
    maria.get_by_text(re.compile(r"är överlämnat: \d ärenden")).wait_for()

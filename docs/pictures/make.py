"""Take the pictures that README and the documentation show, from a running demo, with Chromium.

    ./livlina demo                                        # in one window: prints its address
    .venv/bin/python docs/pictures/make.py http://127.0.0.1:8000 # in another, after ./livlina --install-test

Each picture is at most 150 kB, 1440 or 390 pixels wide, and cropped where the page has said what it says. The password
is the demo's own, printed when it starts. Nobody shown exists.
"""

import argparse
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).parent
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
LIMIT = 150_000  # bytes
DESK, TELEPHONE = (1440, 900), (390, 844)


def sign_in(page: Page, email: str, password: str) -> None:
    """Sign a member of staff in by password, and stand on their start page with its parts fetched."""
    page.goto("/account/password/")
    page.get_by_label("E-post").fill(email)
    page.get_by_label("Lösenord").fill(password)
    page.get_by_role("button", name="Logga in").click()
    page.wait_for_load_state("networkidle")


def officer_start(page: Page, password: str) -> None:
    """Karin's morning."""
    sign_in(page, "karin.ekdal@asvalla.example", password)


def case(page: Page, password: str) -> None:
    """The case of hers that has most to show: the first with a decision, or else the nearest."""
    sign_in(page, "karin.ekdal@asvalla.example", password)
    page.goto("/officer/cases")
    rows = page.locator("tbody tr")
    decided = rows.filter(has_text="Beslutad").or_(rows.filter(has_text="Verkställs"))
    (decided if decided.count() else rows).first.get_by_role("link").first.click()
    page.wait_for_load_state("networkidle")


def citizen_phone(page: Page, password: str) -> None:
    """Bertil reads how it went."""
    page.goto("/sign-in/demo/asvalla")
    page.get_by_role("button", name="Bertil").click()
    page.goto("/citizen/cases/")
    page.get_by_role("main").get_by_role("link").first.click()
    page.wait_for_load_state("networkidle")


def provider_inbox(page: Page, password: str) -> None:
    """What Norra hemtjänsten has to answer."""
    sign_in(page, "petra.nystrom@asvalla.example", password)
    page.goto("/provider/orders")
    page.wait_for_load_state("networkidle")


PICTURES: dict[str, tuple[tuple[int, int], Callable[[Page, str], None]]] = {
    "officer-start": (DESK, officer_start),
    "case": (DESK, case),
    "citizen-phone": (TELEPHONE, citizen_phone),
    "provider-inbox": (TELEPHONE, provider_inbox),
}


def shrink(path: Path) -> None:
    """Make the file a third as large: flat pages need few colours."""
    with Image.open(path) as picture:
        picture.convert("RGB").quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)


def take(browser: Any, address: str, name: str, password: str) -> Path:
    """Take one picture, in a browser profile of its own."""
    (width, height), go = PICTURES[name]
    context = browser.new_context(
        base_url=address,
        locale="sv-SE",
        timezone_id="Europe/Stockholm",
        viewport={"width": width, "height": height},
        color_scheme="light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    go(page, password)
    path = HERE / f"{name}.png"
    page.screenshot(path=path, animations="disabled")
    context.close()
    shrink(path)
    return path


def main() -> int:
    """Take those asked for, or all; say how large each became."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address", help="where the demo runs, as it says itself")
    parser.add_argument("names", nargs="*", choices=[[], *PICTURES], help="which (default: all)")
    parser.add_argument("--password", default="valkommen-till-demon")
    chosen = parser.parse_args()
    path = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    if path is None:
        print("No Chromium was found. Install it (Debian: apt-get install chromium).", file=sys.stderr)
        return 1
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        taken = [take(browser, chosen.address, name, chosen.password) for name in chosen.names or PICTURES]
        browser.close()
    for one in taken:
        print(f"{one.name}: {one.stat().st_size // 1000} kB")
    return int(any(one.stat().st_size > LIMIT for one in taken))


if __name__ == "__main__":
    sys.exit(main())

"""The first whole journey, step by step, as people walk it: by links and buttons, each from the first page of their own.

    story = Story(as_actor, clock_at, karin=karin, anna=anna_online, ...)
    story.day(datetime(2026, 3, 2, 9, 0, tzinfo=SWEDEN))
    page = story.page("karin")      # her browser that day, on her start page
    story.look(page, "case")        # axe, no sideways scroll at 390, and pictures: once for each name

Nobody types an address except the one they begin the day with.
"""

import os
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from playwright.sync_api import expect

from livlina.core.access import Actor
from livlina.core.clock import SWEDEN
from tests.browser.look import check_axe, check_fits, screenshot

FIRST_PAGES = {"authority": "/officer/", "provider": "/provider/", "citizen": "/citizen/"}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
ON_PHONE = ("anna", "ali")
PROVIDERS = ("provider_manager", "provider_staff", "nurse")


def at(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    """A moment of 2026 in Sweden."""
    return datetime(2026, month, day, hour, minute, tzinfo=SWEDEN)


class Story:
    """The people of the story, each in a browser of their own, and what day it is."""

    def __init__(
        self, as_actor: Callable[..., Any], clock_at: Callable[[datetime], None], **people: Actor
    ) -> None:
        self.as_actor, self.clock_at, self.people = as_actor, clock_at, people
        self.now = at(3, 2)
        self.open: dict[str, Any] = {}
        self.looked: set[str] = set()
        self.options: dict[str, dict[str, Any]] = dict.fromkeys(ON_PHONE, PHONE)
        """How each one's browser differs from the usual."""

    def day(self, moment: datetime) -> None:
        """Let the clock stand at `moment`; everyone begins anew from their first page."""
        self.now = moment
        self.clock_at(moment)
        for page in self.open.values():
            page.context.close()
        self.open.clear()

    def page(self, who: str) -> Any:
        """Someone's browser, where they left it today."""
        if who not in self.open:
            actor = self.people[who]
            side = "citizen" if actor.kind == "citizen" else "authority"
            side = "provider" if actor.role in PROVIDERS else side
            page = self.as_actor(actor, **self.options.get(who, {}))
            page.goto(FIRST_PAGES[side])
            self.open[who] = page
        return self.open[who]

    def look(self, page: Any, name: str) -> None:
        """Check the page with axe, at the width of a telephone too: once for each name. `PICTURES=1` takes its pictures."""
        scripts = [
            self.options.get(who, {}).get("java_script_enabled", True)
            for who in self.open
            if self.open[who] is page
        ]
        if name in self.looked or not all(scripts):  # axe is a script itself
            return
        self.looked.add(name)
        before = page.viewport_size
        page.evaluate("scrollTo(0, 0)")  # what has scrolled half under a sticky header is no small target
        check_axe(page)
        check_fits(page)
        page.set_viewport_size(before)
        if os.environ.get("PICTURES"):
            screenshot(page, f"journey-{name}")


def link(page: Any, words: str | re.Pattern[str], **more: Any) -> None:
    """Follow a link."""
    page.get_by_role("link", name=words, **more).first.click()


def press(page: Any, words: str, **more: Any) -> None:
    """Press a button."""
    page.get_by_role("button", name=words, **more).click()


def heading(page: Any, words: str | re.Pattern[str]) -> None:
    """The page has come: its heading says so."""
    expect(page.get_by_role("heading", level=1, name=words)).to_be_visible()


def said(page: Any, words: str | re.Pattern[str]) -> None:
    """The page says what was done."""
    expect(page.locator(".lv-messages")).to_contain_text(words)


def main(page: Any) -> Any:
    """The page without menus and headers."""
    return page.get_by_role("main")


def menu(page: Any, words: str) -> None:
    """Choose in the main menu, or in what it has no room for."""
    bar = page.get_by_role("navigation", name="Huvudmeny")
    bar.wait_for()
    if not bar.get_by_role("link", name=words, exact=True).is_visible():
        bar.get_by_text("Mer", exact=True).click()
    bar.get_by_role("link", name=words, exact=True).click()


def to_case(page: Any, tab: str = "") -> None:
    """An officer goes to Astrid's case through the list."""
    menu(page, "Ärenden")
    if tab:
        page.get_by_role("navigation", name="Listor").get_by_role("link", name=tab).click()
    page.get_by_role("row", name=re.compile("Astrid Lindqvist")).get_by_role("link").first.click()
    heading(page, re.compile(r"Hemtjänst \d{4}-\d{6}"))

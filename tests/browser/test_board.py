"""The board in a real browser: a visit is moved by arrow keys and by drag, and lies where the server says it does."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from livlina.core import tenancy
from livlina.core.access import Actor
from livlina.core.clock import local
from livlina.provider.homecare.models import Shift, Visit
from livlina.registers.people.models import Person
from tests.browser.look import check_axe, check_fits
from tests.people import ALL

ARROWS = ("ArrowRight", "ArrowRight", "ArrowDown")


@pytest.fixture
def planned(
    own_database: None, astrid: Person, bertil: Person, ali: Actor, noor: Actor, visit_at: Callable[..., Visit],
    shift_of: Callable[..., Shift], clock_at: Callable[[datetime], None], now: datetime,
) -> Visit:  # fmt: skip
    """Ali and Noor work; Ali is to go to Astrid at ten, Noor to Bertil at eleven."""
    clock_at(now)
    with tenancy.acting(ali.municipality_id, ALL):
        shift_of(ali)
        shift_of(noor)
        visit_at(bertil, now + timedelta(hours=2), 30, noor)
        return visit_at(astrid, now + timedelta(hours=1), 30, ali)


def lies(visit: Visit) -> tuple[str, list[str]]:
    """Where a visit lies now, and who goes."""
    with tenancy.acting(visit.municipality_id, ALL):
        visit.refresh_from_db()
        rows = visit.carers.filter(taken_at=None).values_list("carer__user__name", flat=True)
        return f"{local(visit.starts_at):%H:%M}", list(rows)


def test_petra_moves_a_visit_with_the_arrow_keys_and_then_by_drag(
    live: Any, as_actor: Callable[[Actor], Page], petra: Actor, planned: Visit
) -> None:
    page = as_actor(petra)
    page.goto("/provider/homecare/board")
    check_axe(page)
    link = page.locator(f"#v-{planned.pk} a")
    link.focus()
    for key in ARROWS:
        page.keyboard.press(key)
    expect(page.get_by_text("10:10, Noor Aziz. Enter sparar")).to_be_attached()
    page.keyboard.press("Escape")
    assert lies(planned) == ("10:00", ["Ali Hassan"])
    for key in ARROWS:
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Besöket ligger 10:10.")).to_be_visible()
    assert lies(planned) == ("10:10", ["Noor Aziz"])
    card, row = page.locator(f"#v-{planned.pk}"), page.get_by_role("region", name="Ali Hassan")
    box = row.locator(".hc-cards").bounding_box()
    assert box
    card.drag_to(
        row.locator(".hc-cards"), source_position={"x": 4, "y": 10}, target_position={"x": 420, "y": 20}
    )
    expect(page.get_by_text("Besöket ligger")).to_be_visible()
    at, who = lies(planned)
    assert who == ["Ali Hassan"]
    assert at > "09:00"
    check_fits(page)

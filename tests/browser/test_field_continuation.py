"""The second day of an outage: the carer's key for it lies in her phone, and a leader's phone opens it, with no server."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from livlina.cli.simulate.doors import Street
from livlina.core.access import Actor
from livlina.provider.homecare.models import Visit
from tests.browser.field import PHONE, heading, open_with_code, standing, street_file, take_into_use
from tests.browser.look import check_axe, check_fits

DAY, LAG = timedelta(days=1), timedelta(minutes=10)


@pytest.fixture
def street(
    asvalla: Any, live: Any, settings: Any, tmp_path: Path, morning: Visit, door_for: Any, now: datetime
) -> Iterator[str]:
    """The lock on Astrid's door, by the next day's clock, ten minutes late; yields its number."""
    lock = door_for(morning.person)
    file = street_file(tmp_path / "locks.json", asvalla, [lock], now)
    with standing(Street(file, None), live, now + DAY - LAG) as bridge:
        settings.LOCK_BRIDGE = bridge
        rules = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
        settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": rules | {"connect-src": ["'self'", bridge]}}
        yield str(lock.number)


def a_day_later(page: Any) -> None:
    """A day passes: the phone has locked itself, and is opened."""
    page.context.clock.fast_forward("24:00:00")
    open_with_code(page)
    expect(page.get_by_label("Kod", exact=True)).to_have_count(0)


def test_a_leaders_phone_opens_the_next_shifts_key_when_the_system_is_still_down(
    as_actor: Any, clock_at: Any, live: Any, street: str, ali: Actor, petra: Actor, morning: Visit, shift_of: Any,
    visit_at: Any, now: datetime,
) -> None:  # fmt: skip
    clock_at(now)
    shift_of(ali)
    shift_of(ali, now + DAY)
    visit_at(morning.person, now + DAY, 30, ali)
    leader, carer = (as_actor(one, **PHONE) for one in (petra, ali))
    for page in (leader, carer):
        page.context.clock.install(time=now)
        take_into_use(page)
        expect(page.get_by_role("link", name="Inställningar")).to_be_visible()
    heading(carer, "Alis besök")
    carer.get_by_role("link", name="Nyckel till nästa pass").click()
    leader.get_by_role("link", name="Inställningar").click()
    leader.get_by_role("link", name="Öppna fortsättningsnycklar").click()
    live.kill()
    for page, screen in ((leader, "Öppna fortsättningsnycklar"), (carer, "Nyckel till nästa pass")):
        heading(page, screen)
        a_day_later(page)
        heading(page, screen)

    expect(carer.get_by_role("button", name="Lås upp")).to_have_count(0)
    check_axe(carer)
    check_fits(carer)
    check_axe(leader)
    leader.get_by_label("Kollegornas nycklar").fill("inget")
    leader.get_by_role("button", name="Öppna nycklarna").click()
    expect(leader.get_by_role("alert")).to_contain_text("Ingen av texterna")
    leader.get_by_label("Kollegornas nycklar").fill(carer.locator("textarea[readonly]").input_value())
    leader.get_by_role("button", name="Öppna nycklarna").click()
    expect(leader.get_by_role("alert")).to_contain_text("Nycklarna är öppnade")
    check_axe(leader)
    check_fits(leader)

    opens_with(carer, leader.locator("textarea[readonly]").input_value(), street)


def opens_with(carer: Any, answer: str, street: str) -> None:
    """Half an answer is refused in words; the whole opens the door."""
    for told in (answer[:-4], answer):
        carer.get_by_label("Klistra in arbetsledarens svar").fill(told)
        carer.get_by_role("button", name="Ta emot svaret").click()
        if told != answer:
            expect(carer.get_by_role("alert")).to_contain_text("inte till din nyckel")
    expect(carer.get_by_role("heading", name=f"Lås {street}")).to_be_visible()
    check_axe(carer)
    carer.get_by_role("button", name="Lås upp").click()
    expect(carer.get_by_role("alert")).to_contain_text("Dörren är öppen")

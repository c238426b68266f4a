"""A whole shift in the hand: story S1 of the incidents, with two carers, six doors and a server that dies.

The authenticator that the browser pretends to have does not outlive it (its PRF secret cannot be taken along), so the
phone is opened by passkey before the browser is started anew, and by code after it.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from livlina.across.portal.tests.fixtures import PASSWORD
from livlina.cli.simulate.doors import Street
from livlina.core.access import Actor
from livlina.core.clock import local
from livlina.core.tenancy import acting
from livlina.provider.doors.models import Opening
from livlina.provider.homecare.actions import nursing
from livlina.provider.homecare.actions.moving import move_visit
from livlina.provider.homecare.actions.nursing import Ordering
from livlina.provider.homecare.models import DoseSignature, FieldEvent, Visit, VisitEvent
from livlina.registers.journal.models import Note
from livlina.registers.people import actions as people
from livlina.registers.people.models import Person
from livlina.registers.people.tests.fixtures import register
from tests.browser import field
from tests.browser.field import Day, bar, heading
from tests.browser.fixtures import CHROMIUM_ARGS, find_chromium
from tests.people import session_key


@pytest.fixture
def day(
    asvalla: Any,
    ali_in_care: Actor,
    noor: Actor,
    lena: Actor,
    registrar: Actor,
    astrid: Person,
    bertil_nursed: Person,
    confirmed: Any,
    give: Any,
    door_for: Any,
    shift_of: Any,
    visit_at: Any,
    now: datetime,
) -> Day:
    """A morning in Åsvalla: six visits of Ali's, each with a lock; Noor works too."""
    names = [("Elsa", "Björk"), ("Folke", "Ek"), ("Greta", "Al"), ("Hilda", "Ask")]
    others = [
        register(registrar, now, *name, date(1940, 3, at + 1), serial=at) for at, name in enumerate(names)
    ]
    persons = [astrid, bertil_nursed, *others]
    for person in persons:
        people.grant_reach(person, lena.unit_id, source="test:day", reason="order", by=registrar, now=now)  # type: ignore[arg-type]
    fitted = [door_for(person, at=lena) for person in persons]
    said = Ordering(
        "medicine_dose", "Läkemedel ur dosett", local(now).date(), amount="1 fack", times=[time(9, 30)]
    )
    nursing.order_task(astrid.pk, said, by=lena, now=now)
    give(ali_in_care)
    for carer in (ali_in_care, noor):
        shift_of(carer, area="Centrum")
    visits = [
        visit_at(person, now + timedelta(minutes=15 + 35 * at), 30, ali_in_care)
        for at, person in enumerate(persons)
    ]
    return Day(asvalla, ali_in_care, noor, persons, visits, fitted, now)


@pytest.fixture
def street(day: Day, live: Any, settings: Any, tmp_path: Path) -> Iterator[str]:
    """The locks of the day's doors, and a page that may speak to them."""
    file = field.street_file(tmp_path / "locks.json", day.municipality, day.locks, day.now)
    with field.standing(Street(file, None), live, day.now) as bridge:
        settings.LOCK_BRIDGE = bridge
        rules = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
        settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": rules | {"connect-src": ["'self'", bridge]}}
        yield bridge


@pytest.fixture
def telephone(chromium: Any, live: Any, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Return a function that starts a browser in a telephone; what it stores is there when it is started again."""
    begun: list[Any] = []
    wrong: list[str] = []

    def start(name: str, at: datetime) -> Any:
        context = chromium.browser_type.launch_persistent_context(
            tmp_path / name, executable_path=find_chromium(), args=CHROMIUM_ARGS, base_url=live, locale="sv-SE",
            timezone_id="Europe/Stockholm", **field.PHONE,
        )  # fmt: skip
        context.set_default_timeout(10_000)
        context.clock.install(time=at)
        begun.append(context)
        page = context.pages[0]
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("dialog", lambda dialog: dialog.accept())
        return page

    yield start
    for context in begun:
        context.close()
    assert not wrong, "The browser complained:\n" + "\n".join(wrong)


def test_a_whole_shift_is_worked_with_the_server_dead(
    day: Day, live: Any, street: str, telephone: Any, with_password: Any, clock_at: Any, petra: Actor
) -> None:
    with_password(day.carer)
    ali = telephone("ali", day.now)
    field.with_authenticator(ali)
    field.add_a_passkey(ali, "ali.omsorg@test.livlina.example", PASSWORD)
    field.sign_in_by_passkey(ali)
    clock_at(day.now)  # a session begun in March would have ended long ago by the real clock
    noor = telephone("noor", day.now)
    noor.context.add_cookies([{"name": "livlina_session", "value": session_key(day.colleague), "url": live}])
    field.take_into_use(noor)
    heading(noor, "Noors besök")
    field.choose_a_code(ali)
    heading(ali, "Alis besök")
    noor.get_by_role("button", name="Hämta passet").click()  # now it knows Ali's telephone

    with acting(day.municipality.pk, (1, 2, 3)):
        moved = day.visits[4]
        move_visit(moved, moved.starts_at + timedelta(hours=2), reason="replan", by=petra, now=day.now)
    live.kill()
    ali.reload()
    ali.get_by_role("button", name="Öppna med passkey").click()  # with no server, all the same
    heading(ali, "Alis besök")
    ali.context.close()

    ali = telephone("ali", day.now + timedelta(minutes=10))
    ali.goto("/field/")
    field.open_with_code(ali)
    heading(ali, "Alis besök")
    expect(bar(ali)).to_contain_text("Kommunens system svarar inte")
    work_a_morning(ali, day)
    hand_over(ali, noor, day)

    live.rise()
    come_back(ali, noor)
    ali.goto("/field/#/today")
    expect(ali.get_by_text("Flyttat av planeraren från 11:35")).to_be_visible()
    everything_is_there_once(day)
    the_pack_goes_with_the_shift(ali, noor, day)


def work_a_morning(ali: Any, day: Day) -> None:
    """Five doors, five notes, one medicine, and a visit that has been moved without his knowing."""
    for at, visit in enumerate(day.visits[:5]):
        field.open_a_door(ali, visit)
        if at == 0:
            ali.get_by_role("link", name="Signera").click()
            ali.get_by_text("Given", exact=True).click()
            ali.get_by_role("button", name="Signera").click()
            expect(ali.locator(".dose")).to_contain_text("Given")
        field.write(ali, f"Anteckning {at}.")
        field.end(ali)
    expect(bar(ali)).to_contain_text(
        "21 händelser väntar"
    )  # five times door, in, note and out, and the medicine


def hand_over(ali: Any, noor: Any, day: Day) -> None:
    """The sixth visit goes from telephone to telephone, key and all."""
    ali.goto(f"/field/#/swap/{day.visits[5].pk}")
    ali.get_by_text("Noor Aziz").click()
    ali.get_by_role("button", name="Lämna över").click()
    ali.goto(f"/field/#/visit/{day.visits[5].pk}")
    ali.get_by_role("link", name="Visa koden igen").click()
    ali.get_by_text("Koden som text").click()
    words = ali.get_by_label("Koden som text").input_value()
    noor.goto("/field/#/receive")
    noor.get_by_label("Klistra in texten här").fill(words)
    noor.get_by_role("button", name="Ta emot").click()
    heading(noor, "Hilda Ask")
    field.open_a_door(noor, day.visits[5])
    field.write(noor, "Tog över av Ali.")
    field.end(noor)


def come_back(*pages: Any) -> None:
    """The server answers again: what waits goes by itself."""
    for page in pages:
        page.goto("/field/#/waiting")
        page.get_by_role("button", name="Skicka nu").click()
        expect(bar(page)).to_contain_text("Allt är mottaget av kommunen")
        expect(page.locator(".event.waits")).to_have_count(0)


def everything_is_there_once(day: Day) -> None:
    """What was done, told by the municipality's own rows."""
    assert not FieldEvent.objects.exclude(verdict="accepted").exists()
    assert sorted(Note.objects.values_list("text", flat=True)) == [
        *(f"Anteckning {at}." for at in range(5)),
        "Tog över av Ali.",
    ]
    assert list(DoseSignature.objects.values_list("given", "double")) == [(True, False)]
    assert set(Visit.objects.values_list("state", flat=True)) == {"done"}
    assert VisitEvent.objects.filter(kind="in", source="phone").count() == 6
    assert VisitEvent.objects.filter(kind="moved").count() == 1
    assert VisitEvent.objects.filter(kind="swapped").count() == 1
    opened = Opening.objects.filter(outcome="opened")
    assert sorted(opened.values_list("lock__number", flat=True)) == sorted(lock.number for lock in day.locks)


def the_pack_goes_with_the_shift(ali: Any, noor: Any, day: Day) -> None:
    """Two hours after the shift nothing can be read; what was not sent stays sealed, and is sent."""
    noor.context.set_offline(True)
    noor.goto(f"/field/#/visit/{day.visits[5].pk}")
    field.write(noor, "Skrev i hissen.")
    for page in (ali, noor):
        page.clock.fast_forward("09:05:00")
        page.goto("/field/#/today")
        expect(page.get_by_text("Inget pass ligger i telefonen")).to_be_visible()
        assert field.stored(page, "pack") == []
        assert not any(row["own"] for row in field.stored(page, "outbox"))
    assert [row["kind"] for row in field.stored(noor, "outbox") if row["state"] == "waiting"] == ["note"]
    noor.context.set_offline(False)
    come_back(noor)
    assert Note.objects.filter(text="Skrev i hissen.").count() == 1

"""What a carer's telephone believes, and what it gives away: only what the municipality has signed, and nothing."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from livlina.core.access import Actor
from livlina.core.tenancy import acting
from livlina.provider.homecare.actions.phones import revoke_phone
from livlina.provider.homecare.models import FieldEvent, Phone, Visit
from livlina.registers.journal.models import Note
from tests.browser import field
from tests.browser.field import PHONE, bar, heading

OUTBOX = "**/api/v1/field/outbox"
RECORD = """async ([person, visit, words]) => {
    const { record } = await import("/static/field/session.js");
    const event_at = new Date().toISOString();
    for (const text of words) await record({ kind: "note", person, visit, body: { text, event_at } });
}"""


@pytest.fixture
def alis_phone(
    as_actor: Callable[..., Any], clock_at: Any, ali: Actor, shift_of: Any, morning: Visit, now: datetime
) -> Callable[[], Any]:
    """Return a function that takes Ali's telephone into use, with this morning's visit to Astrid."""

    def begin() -> Any:
        page = as_actor(ali, **PHONE)
        page.context.clock.install(time=now)
        field.take_into_use(page)
        heading(page, "Alis besök")
        return page

    clock_at(now)
    shift_of(ali)
    return begin


def notes(page: Any, visit: Visit, *words: str) -> None:
    """Let the telephone keep notes, as the screen does."""
    page.evaluate(RECORD, [str(visit.person_id), str(visit.pk), list(words)])


def send(page: Any) -> None:
    """Send what waits, when whatever was being sent already has been answered, and wait for the answer."""
    page.evaluate(
        """async () => {
        const { run } = await import("/static/field/sync.js");
        const quiet = () => navigator.locks.request("field-sync", () => {});
        await quiet();
        await run();
        await quiet();
    }"""
    )


def waiting(page: Any) -> int:
    """How many events the telephone still keeps as its own affair."""
    return sum(row["state"] == "waiting" for row in field.stored(page, "outbox"))


def test_only_the_municipalitys_own_receipt_lets_an_event_go(alis_phone: Any, morning: Visit) -> None:
    page = alis_phone()

    def forged(route: Any) -> None:
        answer = route.fetch()
        said = answer.json()
        for receipt in said["receipts"]:
            receipt["signature"] = "A" * 86
        route.fulfill(response=answer, json=said)

    page.route(OUTBOX, forged)
    notes(page, morning, "Bara en gång.")
    send(page)
    assert waiting(page) == 1
    page.unroute(OUTBOX)
    send(page)
    assert waiting(page) == 0
    assert Note.objects.get().text == "Bara en gång."  # it was had already; the telephone had not believed it

    page.route(OUTBOX, lambda route: route.fulfill(json=answer_of_an_older_copy()), times=1)
    send(page)
    assert waiting(page) == 0  # sent again at once, and had
    assert Note.objects.count() == 1

    other = page.context.new_page()  # a second tab writes at the same time
    other.goto("/field/")
    field.open_with_code(other)
    heading(other, "Alis besök")
    page.route(OUTBOX, lambda route: route.abort())
    other.route(OUTBOX, lambda route: route.abort())
    for at in range(3):
        notes(page, morning, f"Ena {at}.")
        notes(other, morning, f"Andra {at}.")
    page.unroute(OUTBOX)
    send(page)
    assert sorted(row["seq"] for row in field.stored(page, "outbox")) == [1, 2, 3, 4, 5, 6, 7]
    assert waiting(page) == 0
    assert Note.objects.count() == 7
    assert not FieldEvent.objects.exclude(verdict="accepted").exists()


def answer_of_an_older_copy() -> dict[str, Any]:
    """What a municipality says that has begun again from before its first receipt."""
    empty = {"revocations": "", "door_time": "", "acks": []}
    return {"time": "", "kid": "", "receipts": [], "resend_after": 0, "revoked": False} | empty


def test_a_telephone_in_other_hands_gives_nothing_away(
    alis_phone: Any, morning: Visit, asvalla: Any, petra: Actor, now: datetime
) -> None:
    page = alis_phone()
    page.route(OUTBOX, lambda route: route.abort())
    notes(page, morning, "Ligger kvar.")
    at_rest = json.dumps([field.stored(page, name) for name in ("keep", "pack", "outbox")])
    assert not any(word in at_rest for word in ("Astrid", "Lindqvist", "Björkvägen", "Ligger kvar"))

    page.clock.set_system_time(now - timedelta(hours=1))
    page.reload()
    heading(page, "Klockan går fel")
    expect(page.get_by_role("button", name="Försök igen")).to_be_visible()
    page.clock.set_system_time(now + timedelta(minutes=1))
    page.reload()  # by itself it may have seen that the clock is right, and then there is no button to press
    field.open_with_code(page, "gissning 1")
    expect(page.get_by_role("alert")).to_have_text("Fel kod. 7 försök kvar.")
    page.evaluate(
        """async () => {
        const { keep, kept } = await import("/static/field/store.js");
        const held = await kept("ways");
        await keep("ways", { ...held, code: { ...held.code, failures: 7 } });
    }"""
    )
    field.open_with_code(page, "gissning 2")
    expect(page.get_by_role("alert")).to_contain_text("Den är nu spärrad")
    expect(page.get_by_label("Kod", exact=True)).to_have_count(0)

    with acting(asvalla.pk, (1, 2, 3)):
        revoke_phone(Phone.objects.get(), reason="Borttappad", by=petra, now=now + timedelta(minutes=2))
    page.unroute(OUTBOX)
    page.get_by_role("link", name="Det som väntar").click()
    page.get_by_role("button", name="Skicka nu").click()
    expect(page.locator(".event.waits")).to_have_count(0)
    # Written before: taken in, though the telephone is blocked.
    assert Note.objects.get().text == "Ligger kvar."
    page.goto("/field/#/today")
    heading(page, "Telefonen är spärrad")
    assert field.stored(page, "pack") == []
    expect(bar(page)).to_contain_text("Allt är mottaget av kommunen")

"""What tests of the phone app stand on: carers' telephones in a real browser, a street of locks, and a day's visits.

It is the tests' Monday for all of them: the server's clock is set, the phones' is begun there, the locks' are put back.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from livlina.cli.simulate import locks
from livlina.cli.simulate.doors import Street
from livlina.core import keys
from livlina.core.access import Actor
from livlina.core.models import Municipality
from livlina.provider.doors.models import Lock
from livlina.provider.homecare.models import Visit
from livlina.registers.people.models import Person


@dataclass(frozen=True)
class Day:
    """A morning's work: two carers, the first one's visits, and the doors of those visited."""

    municipality: Municipality
    carer: Actor
    colleague: Actor
    persons: list[Person]
    visits: list[Visit]
    locks: list[Lock]
    now: datetime


CODE = "regnjacka 7"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def street_file(path: Path, municipality: Municipality, fitted: Sequence[Lock], now: Any) -> Path:
    """Write which doors there are, as the demo does."""
    import json

    issuer = {"name": municipality.slug, "public": keys.current(municipality.pk, "doors", now).public.hex()}
    lines = [
        {"number": one.number, "area": one.area, "epoch": one.epoch, "label": one.place} for one in fitted
    ]
    path.write_text(json.dumps({"issuers": [issuer], "locks": lines}), encoding="utf-8")
    return path


def phone(new_page: Callable[..., Any], now: datetime, **options: Any) -> Any:
    """Return a page in a telephone's browser, whose clock goes on from `now`."""
    page = new_page(**PHONE, **options)
    page.context.clock.install(time=now)
    return page


@contextmanager
def standing(street: Street, origin: str, now: datetime) -> Iterator[str]:
    """Let the locks of a street answer, with their clocks put to `now`; yields their address."""
    for door in street.doors.values():
        door.offset += now.timestamp() - time.time()
    with locks.serve(street, 0, [origin]) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def take_into_use(page: Any) -> None:
    """In a browser that is signed in: take the phone into use with a code, and get the shift."""
    page.goto("/field/")
    page.get_by_role("button", name="Jag har redan loggat in").click()
    choose_a_code(page)


def open_with_code(page: Any, code: str = CODE) -> None:
    """Open a locked phone."""
    page.get_by_label("Kod", exact=True).fill(code)
    page.get_by_role("button", name="Öppna med kod").click()


def heading(page: Any, words: str) -> None:
    """The screen's heading is this."""
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def bar(page: Any) -> Any:
    """The bar of words at the top."""
    return page.locator("#bar")


AUTHENTICATOR = {
    "protocol": "ctap2",
    "ctap2Version": "ctap2_1",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "hasPrf": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def with_authenticator(page: Any) -> Any:
    """Give the page's browser something that holds passkeys and derives secrets from them (PRF)."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return devices


def add_a_passkey(page: Any, address: str, password: str) -> None:
    """Sign in with the password, add a passkey and sign out: what a carer does once, on her first day."""
    page.goto("/account/password/")
    page.get_by_label("E-postadress").fill(address)
    page.get_by_label("Lösenord").fill(password)
    page.get_by_role("button", name="Logga in", exact=True).click()
    expect(page.get_by_role("banner")).to_be_visible()
    page.goto("/account/passkeys/add/")
    page.get_by_label("Lösenord").fill(password)
    page.get_by_role("button", name="Fortsätt").click()
    page.get_by_role("button", name="Skapa passkey").click()
    expect(page.get_by_role("heading", name="Reservkoder")).to_be_visible()
    page.goto("/account/sign-out/")
    page.get_by_role("button", name="Logga ut").first.click()
    expect(page.get_by_role("heading", name="Logga in", level=1)).to_be_visible()


def sign_in_by_passkey(page: Any) -> None:
    """Sign in with the passkey, up to the choice of a code."""
    page.goto("/field/")
    page.get_by_role("button", name="Logga in med passkey").click()
    heading(page, "Kod för telefonen")


def choose_a_code(page: Any) -> None:
    """Choose a code beside the passkey; the telephone is then taken into use and the shift is fetched."""
    page.get_by_label("Välj en kod").fill(CODE)
    page.get_by_label("Skriv koden en gång till").fill(CODE)
    page.get_by_role("button", name="Spara koden").click()


def open_a_door(page: Any, visit: Visit) -> None:
    """Stand at the door of a visit, open it and go in."""
    page.goto(f"/field/#/visit/{visit.pk}")
    page.get_by_role("link", name="Lås upp dörren").click()
    page.get_by_role("button", name="Lås upp").click()
    expect(page.get_by_role("alert")).to_contain_text("Dörren är öppen")
    page.get_by_role("link", name="Till besöket").click()


def write(page: Any, words: str) -> None:
    """At a visit: write a note."""
    page.get_by_role("link", name="Skriv anteckning").click()
    page.get_by_label("Anteckning").fill(words)
    page.get_by_role("button", name="Spara").click()
    expect(page.locator(".note").first).to_contain_text(words)


def end(page: Any) -> None:
    """End the visit."""
    page.get_by_role("link", name="Avsluta besöket").click()
    page.get_by_role("button", name="Avsluta besöket").click()
    expect(page.locator("ol.visits")).to_be_visible()


def stored(page: Any, store: str) -> list[Any]:
    """What lies in one of the phone's stores, as it lies there."""
    return page.evaluate(
        """name => new Promise(done => {
            const asked = indexedDB.open("livlina-field");
            asked.onsuccess = () => {
                const all = asked.result.transaction(name).objectStore(name).getAll();
                all.onsuccess = () => { asked.result.close(); done(JSON.parse(JSON.stringify(all.result))); };
            };
        })""",
        store,
    )

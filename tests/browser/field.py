"""What tests of the phone app stand on: carers' telephones in a real browser, a street of locks, and a day's visits.

It is the tests' Monday for all of them: the server's clock is set, the phones' is begun there, the locks' are put back.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from livlina.cli.simulate import locks
from livlina.cli.simulate.doors import Street
from livlina.core import keys
from livlina.core.models import Municipality
from livlina.provider.doors.models import Lock

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
def standing(street: Street, origin: str) -> Iterator[str]:
    """Let the locks of a street answer; yields their address."""
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
    page.get_by_label("Välj en kod").fill(CODE)
    page.get_by_label("Skriv koden en gång till").fill(CODE)
    page.get_by_role("button", name="Spara koden").click()


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

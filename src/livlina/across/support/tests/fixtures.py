"""What the room's tests, and those of the whole house, begin with."""

from collections.abc import Callable, Iterator
from datetime import datetime
from uuid import uuid4

import pytest

from livlina.across.support import actions, banners
from livlina.across.support.actions import Question
from livlina.across.support.actions.sheets import Wording
from livlina.across.support.models import Sheet, Ticket
from livlina.across.support.suppliers import Fake
from livlina.core.access import Actor


@pytest.fixture(autouse=True)
def _no_known_faults() -> Iterator[None]:
    """Nothing is remembered from another copy of the database."""
    banners._known.clear()
    Fake.sent.clear()
    Fake.down.clear()
    yield
    banners._known.clear()


@pytest.fixture
def asks(now: datetime) -> Callable[..., Ticket]:
    """Return a function: somebody asks something."""

    def ask(
        by: Actor, text: str = "Sidan står still när jag sparar.", at: datetime | None = None, **said: object
    ) -> Ticket:
        words = {"client_id": uuid4(), "subject": text[:60], "text": text, "page": "journal:file"}
        return actions.ask(Question(**(words | said)), by=by, now=at or now)  # type: ignore[arg-type]

    return ask


@pytest.fixture
def lock_sheet(ola: Actor, now: datetime) -> Sheet:
    """What to do when the phone does not open a door."""
    wording = Wording(
        "Telefonen öppnar inte dörren",
        "Håll telefonen mot låset i tre sekunder.\nGår det inte: hämta nyckeln i nyckelskåpet.",
        "lås nyckel dörr öppnar inte",
        "doors",
        pages=("homecare:", "doors:"),
    )
    return actions.write_sheet(wording, by=ola, now=now)

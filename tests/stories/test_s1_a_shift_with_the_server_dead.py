"""S1: storage filled up at one o'clock on a weekday and the reserve did not start. Nobody could sign in for nearly a day:
home care had no journals, and phones could not open doors.

Here what a shift needs lies in the phone before the outage: visits, what was written lately, whom to ring, keys. Doors
decide by themselves. What is written meanwhile waits in the phone and is taken in once when the server is back. (Storage
that is seen to fill up: `test_s1_storage_that_filled_up`. The reserve that is proved each night: `across/continuity`.)
"""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from livlina.core.access import Actor
from livlina.core.keys import Pair, thumbprint
from livlina.provider.doors.models import Lock, Opening
from livlina.provider.doors.tests.fixtures import Door
from livlina.provider.homecare.models import Shift, Visit
from livlina.provider.homecare.sync import pack
from livlina.provider.homecare.sync.wire import b64u, unb64u
from livlina.provider.homecare.tests.fixtures_sync import Telephone
from livlina.registers.journal.models import Note
from livlina.registers.people.models import Person

HOUR = timedelta(hours=1)


@pytest.fixture
def shift(
    shift_of: Callable[..., Shift], ali: Actor, astrid: Person, now: datetime, visit_at: Callable[..., Visit],
    confirmed: Any, astrids_door: Lock,
) -> list[Visit]:  # fmt: skip
    """Ali goes to Astrid three times this day, and she has a lock on her door."""
    shift_of(ali, area="Centrum")
    return [visit_at(astrid, now + hours * HOUR, 30, ali, order=confirmed) for hours in (1, 3, 6)]


@pytest.fixture
def carried(telephone: Callable[..., Telephone], ali: Actor, shift: list[Visit], now: datetime) -> Any:
    """Ali's phone and what lies in it when the server dies."""
    phone = telephone(ali)
    made = pack.make(UUID(phone.store.phone), by=ali, now=now)
    return phone, json.loads(made.payload)


@pytest.fixture
def worked(carried: Any, astrids_door: Lock, now: datetime) -> Door:
    """The afternoon and evening without a server: nothing below asks one."""
    phone, held = carried
    key = Pair(thumbprint(phone.public)[:16], phone.public, phone.store.private)
    token = unb64u(next(one["token"] for one in held["tokens"] if not one["sealed"]))
    door = Door(astrids_door, now)
    for number, visit in enumerate(held["visits"], 1):
        at = datetime.fromisoformat(visit["starts_at"])
        told = {"person": UUID(visit["person"]), "visit": UUID(visit["id"])}
        answer = door.open(key, token, at)
        assert answer.outcome == "opened"
        phone.keep("check_in", at, **told)
        phone.keep("note", at + HOUR / 4, text=f"Besök {number}: hon åt och var vid gott mod.", **told)
        phone.keep("check_out", at + HOUR / 2, done=[], text="", **told)
    return door


def test_what_the_shift_needs_lies_in_the_phone_before_the_outage(
    carried: Any, shift: list[Visit], astrid: Person, astrids_door: Lock
) -> None:
    _, held = carried
    [person] = held["persons"].values()
    assert [visit["id"] for visit in held["visits"]] == [str(visit.pk) for visit in shift]
    assert (person["name"], person["address"][:13]) == (astrid.name, "Björkvägen 12")
    assert [lock["number"] for lock in person["locks"]] == [astrids_door.number]
    assert held["tokens"]


def test_every_planned_door_opens_the_whole_shift_without_a_server(worked: Door) -> None:
    assert len(worked.log) == 3


def test_when_the_server_is_back_everything_is_there_once(
    worked: Door, carried: Any, ali: Actor, shift: list[Visit], now: datetime
) -> None:
    phone, _ = carried
    back = now + 22 * HOUR
    lost = phone.outbox()
    assert len(lost["events"]) == 9
    phone.send(back)
    again = phone.send(back + HOUR, lost["events"])  # the same, from the colleague's network that hung
    assert {one["verdict"] for one in again} == {"had"}
    assert phone.waiting == []
    written = Note.objects.filter(author_name="Ali Hassan").order_by("event_at")
    assert [note.text[:7] for note in written] == ["Besök 1", "Besök 2", "Besök 3"]
    assert all(note.authored_at == back for note in written)
    for visit in shift:
        visit.refresh_from_db()
    assert {visit.state for visit in shift} == {"done"}


def test_the_doors_own_logs_come_home_with_any_phone(
    worked: Door, telephone: Callable[..., Telephone], noor: Actor, astrid: Person, now: datetime
) -> None:
    told = telephone(noor).one(now + 22 * HOUR, "opened", lock=0, entries=[b64u(raw) for raw in worked.log])
    assert told["verdict"] == "accepted"
    assert [row.holder_name for row in Opening.objects.order_by("number")] == ["Ali Hassan"] * 3


def test_a_phone_without_the_shifts_key_opens_nothing(
    carried: Any, telephone: Callable[..., Telephone], noor: Actor, astrids_door: Lock, now: datetime
) -> None:
    """The control: were the lock not to ask for proof, Noor's phone would open with Ali's token."""
    _, held = carried
    stranger = telephone(noor)
    key = Pair(thumbprint(stranger.public)[:16], stranger.public, stranger.store.private)
    token = unb64u(next(one["token"] for one in held["tokens"] if not one["sealed"]))
    assert Door(astrids_door, now).open(key, token, now + HOUR).outcome == "refused"

"""The room's rows that other rooms' tests tell of: doors with locks, and phones that stand before them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from livlina.core.access import Actor, system
from livlina.core.keys import Pair, thumbprint
from livlina.core.models import Assignment, Municipality
from livlina.core.tenancy import EVERYTHING
from livlina.provider.doors import actions
from livlina.provider.doors.models import Consent, Grant, Lock
from livlina.provider.doors.protocol import messages
from livlina.provider.doors.protocol.fitting import Issuer
from livlina.provider.doors.protocol.lock import Lock as RealLock
from livlina.provider.doors.protocol.memory import Memory
from livlina.provider.doors.protocol.phone import Key, Phone
from livlina.provider.doors.queries import errands, issuer
from livlina.provider.doors.queries.errands import Errands, PhoneKey, Shift
from livlina.registers.people import actions as people
from livlina.registers.people.models import Person


def key_pair() -> Pair:
    """Make a phone's key pair."""
    private = ec.generate_private_key(ec.SECP256R1())
    public = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return Pair(thumbprint(public)[:16], public, private)


@pytest.fixture(scope="session")
def alis_phone() -> Pair:
    """The key in Ali's work phone."""
    return key_pair()


@pytest.fixture(scope="session")
def lenas_phone() -> Pair:
    """The key in Lena's work phone."""
    return key_pair()


@dataclass
class Roster(Errands):
    """Who works when and goes where, as a test tells it."""

    worked: list[tuple[UUID, Shift]] = field(default_factory=list)
    goes: list[tuple[UUID, UUID, datetime]] = field(default_factory=list)
    patients: set[UUID] = field(default_factory=set)
    carried: list[PhoneKey] = field(default_factory=list)

    def shifts(self, carer_id: UUID, start: datetime, end: datetime) -> list[Shift]:
        """Those that overlap."""
        return [
            one for who, one in self.worked if who == carer_id and one.starts_at < end and one.ends_at > start
        ]

    def visited(self, carer_id: UUID, start: datetime, end: datetime) -> set[UUID]:
        """Those within the time."""
        return {person for who, person, at in self.goes if who == carer_id and start <= at <= end}

    def nursed(self, unit_id: UUID, start: datetime, end: datetime) -> set[UUID]:
        """The patients."""
        return self.patients

    def phones(self, unit_id: UUID) -> list[PhoneKey]:
        """The phones."""
        return self.carried

    def works(self, who: Actor, start: datetime, hours: float = 8, **more: Any) -> Shift:
        """Let somebody work so many hours."""
        shift = Shift(start, start + timedelta(hours=hours), **more)
        assert who.assignment_id
        self.worked.append((who.assignment_id, shift))
        return shift

    def visits(self, who: Actor, person: Person, at: datetime) -> None:
        """Let somebody visit a person."""
        assert who.assignment_id
        self.goes.append((who.assignment_id, person.pk, at))


@pytest.fixture
def roster(monkeypatch: pytest.MonkeyPatch) -> Roster:
    """An empty roster, which the doors ask instead of home care's."""
    made = Roster()
    monkeypatch.setattr(errands, "TOLD", [made])
    return made


def assignment(actor: Actor) -> Assignment:
    """Return an actor's assignment."""
    return Assignment.objects.select_related("user").get(pk=actor.assignment_id)


@pytest.fixture
def doors_system(asvalla: Municipality) -> Actor:
    """The system itself, as it takes in what phones carried."""
    return system(asvalla.pk, EVERYTHING)


@pytest.fixture
def door_for(petra: Actor, doors_system: Actor, now: datetime) -> Callable[..., Lock]:
    """Return a function that puts a lock in use on a person's door, agreed to by both: `door_for(astrid)`."""
    numbers = count(4_711_001)

    def make(
        person: Person, *, at: Actor = petra, agreed: tuple[str, ...] = ("client", "owner"), **more: Any
    ) -> Lock:
        known: dict[str, Any] = {
            "number": next(numbers), "unit_id": at.unit_id, "area": "Centrum", "state": "fitted",
            "fitted_at": now - timedelta(days=30),
        }  # fmt: skip
        lock = Lock.objects.create(municipality_id=at.municipality_id, person=person, **(known | more))
        for whose in agreed:
            Consent.objects.create(
                municipality_id=at.municipality_id, lock=lock, whose=whose, name="Astrid Lindqvist",
                how="Muntligt vid hembesök", given_on=date(2026, 1, 15),
            )  # fmt: skip
        assert at.unit_id
        people.grant_reach(
            person, at.unit_id, source=f"doors.lock:{lock.pk}", reason="order", by=doors_system, now=now
        )
        return lock

    return make


@pytest.fixture
def astrids_door(door_for: Callable[..., Lock], astrid: Person) -> Lock:
    """The lock on Astrid's front door, fitted in January."""
    return door_for(astrid)


class Door:
    """The lock itself, as it hangs on the door: it decides alone. Opened by phones, at moments a test chooses."""

    def __init__(self, lock: Lock, now: datetime) -> None:
        trusted = Issuer("asvalla", issuer(lock.municipality_id, now).public)
        self.real = RealLock(
            Memory(
                door=lock.number,
                area=lock.area,
                epoch=lock.epoch,
                issuers=(trusted,),
                floor=int(now.timestamp()),
            )
        )

    def open(self, phone: Pair, token: bytes, at: datetime, **more: Any) -> messages.Answer:
        """Hold a phone with a token to the lock."""
        hand, moment = Phone(Key(phone.private, phone.public)), int(at.timestamp())
        asked = hand.ask(self.real.challenge(0.0), self.real.memory.door, [token], now=moment, **more)
        return messages.read_answer(self.real.act(asked, moment, 0.0))

    @property
    def log(self) -> list[bytes]:
        """Everything it has written."""
        return [entry.raw for entry in self.real.memory.log.entries]


@pytest.fixture
def alis_key(
    roster: Roster, ali: Actor, alis_phone: Pair, astrid: Person, astrids_door: Lock, now: datetime
) -> tuple[Grant, bytes]:
    """Ali's key to Astrid's door this day; he is to visit her at ten."""
    roster.works(ali, now, area="Centrum")
    roster.visits(ali, astrid, now + timedelta(hours=1))
    return actions.grant(
        "shift", holder=assignment(ali), public=alis_phone.public, locks=[astrids_door], not_before=now,
        expires=now + timedelta(hours=8), by=ali, now=now,
    )  # fmt: skip


@pytest.fixture
def opened_door(
    alis_key: tuple[Grant, bytes], alis_phone: Pair, astrids_door: Lock, doors_system: Actor, now: datetime
) -> Door:
    """Ali has opened Astrid's door at ten, and his phone has carried the log home."""
    door = Door(astrids_door, now)
    assert door.open(alis_phone, alis_key[1], now + timedelta(hours=1)).outcome == "opened"
    actions.take_openings(
        door.log, carried_by=alis_key[0].thumbprint, by=doors_system, now=now + timedelta(hours=2)
    )
    return door

"""Alarm units, receivers and alarms that tests of this and other rooms stand on."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from livlina.core.access import Actor, system
from livlina.core.models import Municipality
from livlina.core.tenancy import EVERYTHING
from livlina.provider.alarms.actions import exchange
from livlina.provider.alarms.actions.exchange import Answer, Said
from livlina.provider.alarms.actions.receivers import register_receiver
from livlina.provider.alarms.models import Alarm, AlarmUnit, Pendant, Receiver
from livlina.registers.people import actions as people
from livlina.registers.people.models import Person

BUTTON = {"dty": 3, "stc": 10, "crd": ["gsm:+46700000112"], "lco": 2}


@pytest.fixture
def house(asvalla: Municipality) -> Actor:
    """The system itself, as it acts in Åsvalla."""
    return system(asvalla.pk, EVERYTHING)


@pytest.fixture
def alarm_unit_for(petra: Actor, house: Actor, now: datetime) -> Callable[..., AlarmUnit]:
    """Return a function that installs a unit in use at somebody's: `alarm_unit_for(bertil, "1002")`."""

    def make(person: Person | None, number: str, **more: Any) -> AlarmUnit:
        known: dict[str, Any] = {
            "state": "active" if person else "planned",
            "team_id": petra.unit_id,
            "person": person,
            "area": "Centrum",
            "keys": "Nyckelskåp 4711 vid dörren, portkod 1212",
            "risks": "Blodförtunnande, hör dåligt",
            "installed_at": now - timedelta(days=30),
        }
        unit = AlarmUnit.objects.create(
            municipality_id=petra.municipality_id, number=number, **(known | more)
        )
        Pendant.objects.create(
            municipality_id=unit.municipality_id, unit=unit, device="01", added_at=now, tested_at=now
        )
        if person is not None:
            people.grant_reach(
                person, unit.team_id, source=f"alarms.unit:{unit.pk}", reason="order", by=house, now=now
            )
        return unit

    return make


@pytest.fixture
def astrids_unit(alarm_unit_for: Callable[..., AlarmUnit], astrid: Person) -> AlarmUnit:
    """Unit 1001, in use at Astrid's, one pendant."""
    return alarm_unit_for(astrid, "1001")


@pytest.fixture
def receiver_key(house: Actor, now: datetime) -> str:
    """The key of receiver A."""
    return register_receiver("a", "Mottagare A", by=house, now=now)[1]


@pytest.fixture
def other_receiver_key(house: Actor, now: datetime) -> str:
    """The key of receiver B, on the other site."""
    return register_receiver("b", "Mottagare B", by=house, now=now)[1]


def record(number: int, kind: str = "alarm", at: datetime | None = None, **more: Any) -> dict[str, Any]:
    """Return one record of a receiver's log, as it is sent: a press of a pendant of unit 1001 unless told otherwise."""
    return {
        "id": str(uuid4()), "kind": kind, "number": number, "unit": "1001", "device": "01", "verified": True,
        "protocol": "scaip", "at": at.timestamp() if at else 0, "facts": BUTTON,
    } | more  # fmt: skip


@pytest.fixture
def hand_over(receiver_key: str, house: Actor, now: datetime) -> Callable[..., Answer]:
    """Return a function that hands records over as receiver A does: `hand_over(record(1, at=now))`."""

    def send(*records: dict[str, Any], key: str = receiver_key, at: datetime = now, **more: Any) -> Answer:
        return exchange.exchange(key, Said(records=records, **more), now=at)

    return send


@pytest.fixture
def astrids_alarm(hand_over: Callable[..., Answer], astrids_unit: AlarmUnit, now: datetime) -> Alarm:
    """Astrid has pressed; nobody has taken it yet."""
    press = record(1, at=now)
    hand_over(press)
    return Alarm.objects.get(pk=UUID(press["id"]))


def receivers() -> list[Receiver]:
    """Return every receiver row, the first made first."""
    return list(Receiver.objects.order_by("added_at", "pk"))

"""The room's rows that other rooms' tests tell of."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from livlina.core.access import Actor, system
from livlina.registers.orders import actions
from livlina.registers.orders.models import Line, Order, Provider
from livlina.registers.people.models import Person

SHOWER = Line("Dusch", 2, "week", 45, "morning", 2)
MEALS = Line("Måltider", 3, "day", 20)
NEEDS = "Behöver stöd vid förflyttning. Hör dåligt på höger öra."
"""A sentence that stands in the order and nowhere else: tests look for it where it must not be."""


def provider(unit: Actor, name: str, now: datetime, **more: Any) -> Provider:
    """Enter a provider whose inbox is the unit of an actor."""
    assert unit.unit_id is not None
    known: dict[str, Any] = {
        "regime": "lov",
        "services": ["home_care", "social_alarm"],
        "areas": ["Centrum", "Norra"],
        "capacity_hours": 400,
        "phone": "0999-120 10",
        "valid_from": date(2024, 1, 1),
    }
    by = system(unit.municipality_id, (1, 2, 3))
    return actions.register_provider(name=name, unit_id=unit.unit_id, by=by, now=now, **(known | more))


@pytest.fixture
def norra(petra: Actor, now: datetime) -> Provider:
    """Norra hemtjänsten AB, where Petra is manager and Ali works."""
    return provider(petra, "Norra hemtjänsten AB", now)


@pytest.fixture
def norrgarden(erik: Actor, now: datetime) -> Provider:
    """Norrgårdens hemtjänst, whose name is easily taken for Norra hemtjänsten. Erik is manager."""
    return provider(erik, "Norrgårdens hemtjänst", now, regime="own", areas=["Norra"], phone="0999-120 20")


@pytest.fixture
def draft_for(karin: Actor, now: datetime) -> Callable[..., Order]:
    """Return a function that drafts Karin's order about a person: `draft_for(astrid, kind="social_alarm")`."""

    def make(person: Person, *, by: Actor = karin, source: UUID | None = None, **more: Any) -> Order:
        given: dict[str, Any] = {
            "service": "home_care",
            "kind": "home_care",
            "area": "Centrum",
            "lines": [SHOWER, MEALS],
            "facts": {"Behov": NEEDS},
            "starts_on": date(2026, 3, 9),
            "granted_minutes": 2_600,
            "life_areas": ["d5"],
            "now": now,
        }
        return actions.draft_order(
            person=person, source=("cases.case", source or uuid4()), by=by, **(given | more)
        )

    return make


@pytest.fixture
def draft(draft_for: Callable[..., Order], astrid: Person, norra: Provider, norrgarden: Provider) -> Order:
    """Home care for Astrid, not yet sent; both providers are in the register."""
    return draft_for(astrid)


@pytest.fixture
def sent(draft: Order, norra: Provider, karin: Actor, now: datetime) -> Order:
    """The order, sent to Norra hemtjänsten and not opened."""
    return send(draft, norra, karin, now)


@pytest.fixture
def opened(sent: Order, petra: Actor, now: datetime) -> Order:
    """The order, opened by Petra."""
    actions.open_order(sent, by=petra, now=now)
    sent.refresh_from_db()
    return sent


@pytest.fixture
def confirmed(opened: Order, petra: Actor, now: datetime) -> Order:
    """The order, accepted by Petra to begin on 9 March."""
    return actions.confirm_order(
        opened, start=date(2026, 3, 9), contact="Petra, 0999-120 11", by=petra, now=now
    )


def send(order: Order, to: Provider, by: Actor, now: datetime) -> Order:
    """Choose a provider and send, both steps."""
    actions.choose_provider(order, to, by=by, now=now)
    return actions.send_order(order, repeated_name=to.name, by=by, now=now)

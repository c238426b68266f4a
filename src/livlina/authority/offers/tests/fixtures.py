"""What Åsvalla offers without an individual decision: a meeting place, a support talk, and an open house."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from livlina.authority.offers import actions
from livlina.authority.offers.actions import Decided
from livlina.authority.offers.models import Offer
from livlina.core.access import Actor
from livlina.core.models import Unit

ELDER, CHILDREN = 1, 4


def decided(name: str, documentation: str, **more: Any) -> Decided:
    """What the board decided in January, as its minutes say."""
    said: dict[str, Any] = {
        "board_decision": "SN 2026-01-20 § 12",
        "decided_on": date(2026, 1, 20),
        "valid_from": date(2026, 2, 1),
        "documentation": documentation,
        "documentation_reason": "" if documentation == "full" else "Den som deltar ska kunna vara okänd.",
        "name": name,
        "what": "Sällskap och stöd i grupp.",
        "target_group": "Den som är 65 år eller äldre.",
        "conditions": "Högst två gånger i veckan. Kostar ingenting.",
        "contact": "Måndagar klockan 10 på Storgatan 2.",
    }
    return Decided(**(said | more))


@pytest.fixture
def support_group(maria: Actor, now: datetime) -> Offer:
    """Biståndsenheten's support group for those who care for someone: documented by name."""
    words = decided("Stödgrupp för anhöriga", "full", name_en="Support group for carers")
    return actions.begin_offer(
        words, unit=Unit.objects.get(pk=maria.unit_id), branch=ELDER, by=maria, now=now
    )


@pytest.fixture
def meeting_place(maria: Actor, now: datetime) -> Offer:
    """Biståndsenheten's meeting place: those who come are counted."""
    words = decided("Träffpunkt Storgatan", "anonymous")
    return actions.begin_offer(
        words, unit=Unit.objects.get(pk=maria.unit_id), branch=ELDER, by=maria, now=now
    )


@pytest.fixture
def open_house(gunnar: Actor, now: datetime) -> Offer:
    """The open house for young people, of Barn och unga: nothing is written about anyone."""
    words = decided("Öppet hus för unga", "none", target_group="Den som är 13–20 år.")
    return actions.begin_offer(
        words, unit=Unit.objects.get(pk=gunnar.unit_id), branch=CHILDREN, by=gunnar, now=now
    )


@pytest.fixture
def as_decided() -> Callable[..., Decided]:
    """Return the function that words a decision of the board."""
    return decided

"""The room's rows that other rooms' tests tell of."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from livlina.core.access import Actor
from livlina.registers.watches import actions
from livlina.registers.watches.actions import Owner
from livlina.registers.watches.models import Watch, declare
from livlina.registers.watches.models.kinds import KINDS

LADDER = [(timedelta(hours=1), "unit_manager"), (timedelta(hours=3), "duty_officer")]


@pytest.fixture
def kinds() -> Iterator[None]:
    """Two invented kinds: `test.danger` that climbs, and `test.calm` that only waits."""
    declare(
        "test.danger",
        "Larmet svarar inte",
        "Larmet har varit tyst.",
        "Ingen hör ett larm.",
        danger=True,
        ladder=LADDER,
    )
    declare("test.calm", "Uppföljning", "Beslutet ska följas upp.", "Uppföljningen blir sen.")
    yield
    del KINDS["test.danger"], KINDS["test.calm"]


@pytest.fixture
def watch_for(kinds: None, now: datetime) -> Callable[..., Watch]:
    """Return a function that raises a watch owned by an actor: `watch_for(karin, "test.danger", due=now)`."""

    def make(
        actor: Actor, type: str = "test.calm", *, due: datetime | None = None, own: bool = False
    ) -> Watch:
        owner = Owner(actor.role, actor.unit_id, actor.user_id if own else None)
        return actions.raise_watch(
            type, ("test.thing", uuid4()), owner=owner, due_at=due or now, by=actor, now=now
        )

    return make

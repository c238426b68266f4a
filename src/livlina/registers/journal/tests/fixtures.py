"""The files every room tells its tests about, and a way to write in them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from livlina.core.access import Actor
from livlina.core.ids7 import uuid7
from livlina.registers.journal import actions
from livlina.registers.journal.actions import Content
from livlina.registers.journal.codes import Kind
from livlina.registers.journal.models import File, Note
from livlina.registers.people import actions as people
from livlina.registers.people.models import Person

VISIT = "Hembesök hos Astrid. Hon orkar inte längre duscha själv."


@pytest.fixture
def reach(registrar: Actor, now: datetime) -> Callable[..., None]:
    """Return a function that gives an actor's unit something to do with a person: `reach(karin, astrid)`."""

    def give(actor: Actor, person: Person) -> None:
        people.grant_reach(
            person, actor.unit_id, source=f"test:{actor.unit_id}", reason="test", by=registrar, now=now
        )

    return give


@pytest.fixture
def astrids_file(karin: Actor, astrid: Person, reach: Callable[..., None], now: datetime) -> File:
    """Astrid's file at Biståndsenheten, in the authority's book."""
    reach(karin, astrid)
    return actions.open_file(astrid, by=karin, now=now - timedelta(days=60))


@pytest.fixture
def bertils_file(karin: Actor, bertil: Person, reach: Callable[..., None], now: datetime) -> File:
    """Bertil's file at Biståndsenheten, in the authority's book."""
    reach(karin, bertil)
    return actions.open_file(bertil, by=karin, now=now - timedelta(days=60))


@pytest.fixture
def home_care_file(ali: Actor, astrid: Person, reach: Callable[..., None], now: datetime) -> File:
    """Astrid's file at Norra hemtjänsten, in the provider's social book."""
    reach(ali, astrid)
    return actions.open_file(astrid, by=ali, now=now - timedelta(days=30))


@pytest.fixture
def nursing_file(lena: Actor, astrid: Person, reach: Callable[..., None], now: datetime) -> File:
    """Astrid's file at Norra hemtjänsten, in the health book."""
    reach(lena, astrid)
    return actions.open_file(astrid, by=lena, now=now - timedelta(days=30))


@pytest.fixture
def write(now: datetime) -> Callable[..., Note]:
    """Return a function that writes a note: `write(karin, astrids_file, "text", hours=2)`."""

    def note(
        by: Actor,
        file: File,
        text: str = VISIT,
        *,
        hours: float = 1,
        at: datetime = now,
        client_id: UUID | None = None,
        kind: str = Kind.HOME_VISIT,
        **content: Any,
    ) -> Note:
        given = Content(at - timedelta(hours=hours), kind, text, **content)
        return actions.write_note(file.pk, given, client_id=client_id or uuid7(), by=by, now=at).note

    return note

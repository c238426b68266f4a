"""Telephones that tests tell of: each speaks to the server as the app does, and forgets nothing it has on its disk."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from livlina.core import keys, tenancy
from livlina.core.access import Actor
from livlina.core.models import Municipality
from livlina.provider.homecare.actions.phones import register_phone
from livlina.provider.homecare.models import FieldEvent, Phone
from livlina.provider.homecare.sync import wire
from livlina.provider.homecare.sync.handset import Handset, Store

OUTBOX = "/api/v1/field/outbox"


class Telephone(Handset):
    """A handset with a carer and a way to the server."""

    carer: Actor
    at: Callable[[datetime], None]
    last: dict[str, Any]

    def send(self, now: datetime, events: Sequence[Any] | None = None, **said: Any) -> list[dict[str, Any]]:
        """Send what waits (or `events`) at a time, and return the receipts as they were, held or not."""
        self.at(now)
        answer = Client().post(OUTBOX, json.dumps(self.outbox(events) | said), "application/json")
        if connection.in_atomic_block:  # the test's own context, which the request took with it
            tenancy.enter(self.store.municipality, tenancy.EVERYTHING)
        assert answer.status_code == 200, answer.content.decode()
        self.last = answer.json()
        self.answered(self.last)
        return [json.loads(wire.unb64u(one["payload"])) for one in self.last["receipts"]]

    def one(self, now: datetime, kind: str, at: datetime | None = None, /, **given: Any) -> dict[str, Any]:
        """Keep one event and send it; return its receipt."""
        self.keep(kind, at or now, **given)
        (told,) = self.send(now)
        return told

    @property
    def row(self) -> Phone:
        """The server's row of this phone."""
        return Phone.objects.get(pk=self.store.phone)

    def event(self, sealed: dict[str, Any]) -> FieldEvent:
        """The server's row of an event."""
        return FieldEvent.objects.get(event_id=sealed["id"], content_hash=sealed["hash"])


@pytest.fixture
def telephone(
    asvalla: Municipality, now: datetime, at: Callable[[datetime], None]
) -> Callable[..., Telephone]:
    """Return a function that takes a phone into use for a carer, an hour before now: `telephone(ali)`."""

    def make(carer: Actor, store: Store | None = None) -> Telephone:
        made = Telephone(store)
        made.carer, made.at = carer, at
        before = now - timedelta(hours=1)
        row = register_phone(made.public, f"{carer.name}s telefon", by=carer, now=before)
        pairs = {
            name: keys.current(asvalla.pk, purpose, before)
            for name, purpose in (("sign", wire.SIGN), ("seal", wire.SEAL))
        }
        made.registered(
            {
                "phone": str(row.pk),
                "municipality": asvalla.pk,
                **{
                    name: {"kid": pair.name, "public": wire.b64u(pair.public)} for name, pair in pairs.items()
                },
            }
        )
        return made

    return make

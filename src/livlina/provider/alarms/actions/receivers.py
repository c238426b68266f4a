"""The receivers this house trusts, and their keys."""

import hashlib
import secrets
from datetime import datetime

from livlina.core import audit
from livlina.core.access import Actor, demand
from livlina.core.models import Municipality
from livlina.provider.alarms.models import Receiver


def register_receiver(code: str, name: str, *, by: Actor, now: datetime) -> tuple[Receiver, str]:
    """Enter a receiver, or give one that is known a new key, and return it with its key: told once, kept as a digest."""
    demand(by, "alarms.keep_receivers")
    slug = Municipality.objects.values_list("slug", flat=True).get(pk=by.municipality_id)
    key = f"{slug}.{secrets.token_urlsafe(32)}"
    receiver, _ = Receiver.objects.update_or_create(
        municipality_id=by.municipality_id,
        code=code,
        ended_at=None,
        defaults={"name": name, "key_hash": digest(key)},
        create_defaults={"name": name, "key_hash": digest(key), "added_at": now},
    )
    audit.wrote(by, "alarms.keep_receivers", now=now, obj=receiver)
    return receiver, key


def end_receiver(receiver: Receiver, *, by: Actor, now: datetime) -> None:
    """Trust a receiver no more: its key opens nothing from now on."""
    demand(by, "alarms.keep_receivers")
    if Receiver.objects.filter(pk=receiver.pk, ended_at=None).update(ended_at=now):
        audit.wrote(by, "alarms.keep_receivers", now=now, obj=receiver)


def digest(key: str) -> str:
    """Return what is kept of a key."""
    return hashlib.sha256(key.encode()).hexdigest()

"""The receivers and telephone exchanges this house trusts, and their keys."""

import hashlib
import secrets
from datetime import datetime

from livlina.core import audit
from livlina.core.access import Actor, demand
from livlina.core.models import Municipality
from livlina.provider.alarms.models import Receiver, Switchboard


def register_receiver(code: str, name: str, *, by: Actor, now: datetime) -> tuple[Receiver, str]:
    """Enter a receiver, or give one that is known a new key, and return it with its key: told once, kept as a digest."""
    demand(by, "alarms.keep_receivers")
    key = _key(by)
    receiver, _ = Receiver.objects.update_or_create(
        municipality_id=by.municipality_id,
        code=code,
        ended_at=None,
        defaults={"name": name, "key_hash": digest(key)},
        create_defaults={"name": name, "key_hash": digest(key), "added_at": now},
    )
    audit.wrote(by, "alarms.keep_receivers", now=now, obj=receiver)
    return receiver, key


def register_switchboard(name: str, *, by: Actor, now: datetime) -> tuple[Switchboard, str]:
    """Enter a telephone exchange, or give one that is known a new key, and return it with its key, told once."""
    demand(by, "alarms.keep_receivers")
    key = _key(by)
    switchboard, _ = Switchboard.objects.update_or_create(
        municipality_id=by.municipality_id,
        name=name,
        ended_at=None,
        defaults={"key_hash": digest(key)},
        create_defaults={"key_hash": digest(key), "added_at": now},
    )
    audit.wrote(by, "alarms.keep_receivers", now=now, obj=switchboard)
    return switchboard, key


def end_trust(trusted: Receiver | Switchboard, *, by: Actor, now: datetime) -> None:
    """Trust a receiver or an exchange no more: its key opens nothing from now on."""
    demand(by, "alarms.keep_receivers")
    if type(trusted)._default_manager.filter(pk=trusted.pk, ended_at=None).update(ended_at=now):
        audit.wrote(by, "alarms.keep_receivers", now=now, obj=trusted)


def _key(by: Actor) -> str:
    slug = Municipality.objects.values_list("slug", flat=True).get(pk=by.municipality_id)
    return f"{slug}.{secrets.token_urlsafe(32)}"


def digest(key: str) -> str:
    """Return what is kept of a key."""
    return hashlib.sha256(key.encode()).hexdigest()

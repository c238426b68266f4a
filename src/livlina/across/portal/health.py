"""Whether the municipality's own sign-in works: measured by the house itself, never by how a visitor's attempt went.

The worker asks every few seconds (`probe.py`); what it found lies in one row, which every web process reads where
it matters: on the page where one signs in, and when somebody does. Two measurements in a row decide, so one lost
packet turns nothing. A measurement older than a minute is none: then passkeys open, and give what an outage gives.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db.models import Q

from livlina.across.portal.models import ProviderHealth

log = structlog.get_logger(__name__)

STAFF = "staff"
EVERY = timedelta(seconds=5)
STALE = timedelta(seconds=60)
LIED_FOR = timedelta(minutes=5)
"""How long a provider that signed with a key of somebody else's is not trusted: until the next one it signs right."""
TURNS_AT = 2
"""Measurements in a row that say otherwise before the house believes it."""

WORDS = {
    "": "Kommunens inloggning fungerar.",
    "silent": "Kommunens inloggning svarar inte.",
    "lies": "Kommunens inloggning svarar fel, och används inte.",
    "unmeasured": "Det är inte känt om kommunens inloggning fungerar.",
    "none": "Kommunen har ingen egen inloggning inkopplad.",
}


@dataclass(frozen=True)
class State:
    """How the staff's own way in is: `why` is a key of WORDS, and empty when it works."""

    why: str
    since: datetime | None = None

    @property
    def away(self) -> bool:
        """Whether reserve ways stand in for it: there is one, and it is not known to work."""
        return self.why not in ("", "none")

    @property
    def down(self) -> bool:
        """Whether it is measured not to work: then nobody is sent there to wait."""
        return self.why in ("silent", "lies")

    @property
    def words(self) -> str:
        """How it is, in a sentence for everyone."""
        return WORDS[self.why]


def configured(name: str = STAFF) -> dict[str, Any] | None:
    """Return the settings of the identity provider, if there is one."""
    apps: list[dict[str, Any]] = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    return next((one for one in apps if one["provider_id"] == name), None)


def state(now: datetime, name: str = STAFF) -> State:
    """Return how the provider is at `now`. One statement, none where no provider is configured."""
    if configured(name) is None:
        return State("none")
    return of(ProviderHealth.objects.filter(pk=name).first(), now)


def of(row: ProviderHealth | None, now: datetime) -> State:
    """Return what a row says at `now`."""
    if row is None or row.measured_at is None or now - row.measured_at > STALE:
        return State("unmeasured", row.measured_at if row else None)
    if row.lied_at is not None and now - row.lied_at < LIED_FOR:
        return State("lies", row.lied_at)
    return State("" if row.works else row.why, row.since)


def measure(ask: Callable[[], str], now: datetime, name: str = STAFF) -> bool:
    """Ask and write down what was found, if it is time and no other worker does; return whether it was done.

    `ask` returns why it does not work (a key of WORDS), or nothing. It runs outside any transaction.
    """
    ProviderHealth.objects.get_or_create(pk=name, defaults={"since": now})
    due = Q(asked_at=None) | Q(asked_at__lte=now - EVERY + timedelta(seconds=1))
    if ProviderHealth.objects.filter(due, pk=name).update(asked_at=now) == 0:
        return False
    why = ask()
    row = ProviderHealth.objects.get(pk=name)
    first, works = row.measured_at is None or now - row.measured_at > STALE, not why
    streak = 0 if works == row.works else row.streak + 1
    turned = streak >= TURNS_AT or (first and works != row.works)
    found: dict[str, Any] = {"measured_at": now, "streak": 0 if turned else streak}
    if turned:
        found |= {"works": works, "since": now}
        log.warning("identity_provider_turned", provider=name, works=works, why=why)
    if not works:
        found["why"] = why
    ProviderHealth.objects.filter(pk=name).update(**found)
    return True


def lied(name: str, now: datetime) -> None:
    """Note that the provider itself handed us a token with a signature that is not its own.

    Nobody outside can bring this about: the token comes from the provider's address over our own connection, for a
    code it had just accepted from us.
    """
    ProviderHealth.objects.update_or_create(
        pk=name, defaults={"lied_at": now}, create_defaults={"since": now, "lied_at": now}
    )
    log.error("identity_provider_lied", provider=name)


def told_truth(name: str) -> None:
    """Note that the provider signed somebody in as it should."""
    ProviderHealth.objects.filter(pk=name).exclude(lied_at=None).update(lied_at=None)

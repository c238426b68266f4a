"""Fitting: the order that makes a lock its person's, and the fitter's key of one day for one door."""

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from livlina.core import keys
from livlina.core.access import Actor, demand
from livlina.core.models import Assignment, Municipality
from livlina.provider.doors.actions.grants import AREA_EPOCH, grant
from livlina.provider.doors.models import Grant, Lock
from livlina.provider.doors.protocol import cose, fitting
from livlina.provider.doors.queries.lists import issuer

FITTING_FOR = timedelta(hours=8)


@dataclass(frozen=True)
class FitterKey:
    """What a fitter brings to a door: the key, and the order that tells the lock what it is."""

    grant: Grant
    token: bytes
    order: bytes

    @property
    def key_text(self) -> str:
        """The key as base64url, for a fitter's own app."""
        return urlsafe_b64encode(self.token).decode().rstrip("=")

    @property
    def order_text(self) -> str:
        """The lock's order as base64url."""
        return urlsafe_b64encode(self.order).decode().rstrip("=")


def make_fitter_key(lock: Lock, carer_id: UUID, public: bytes, *, by: Actor, now: datetime) -> FitterKey:
    """Make the key and the order of one fitting, for the phone of one of the unit's carers. Raises Refused, GrantRefused."""
    demand(by, "doors.keep", lock)
    holder = Assignment.objects.select_related("user").get(pk=carer_id)
    row, token = grant(
        "fitting", holder=holder, public=public, locks=[lock], not_before=now, expires=now + FITTING_FOR, by=by,
        now=now, reason="Montering",
    )  # fmt: skip
    return FitterKey(row, token, lock_order(lock, now=now))


def lock_order(lock: Lock, *, now: datetime) -> bytes:
    """Return the signed order of what a lock is to be: number, area, epochs, and whose keys it takes.

    The newest holds. The first needs a mark made with the card in the lock's box; see protocol.fitting.
    """
    pair: keys.Pair = issuer(lock.municipality_id, now)
    slug = Municipality.objects.values_list("slug", flat=True).get(pk=lock.municipality_id)
    at = int(now.timestamp())
    wanted = fitting.Order(
        lock.number, at, at, lock.area, lock.epoch, AREA_EPOCH, (fitting.Issuer(slug, pair.public),)
    )
    return fitting.order(pair.sign, cose.kid_of(pair.public), wanted)

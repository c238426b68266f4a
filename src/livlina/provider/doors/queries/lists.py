"""What any phone carries to every lock: which keys have ended, and what time it is, signed by the municipality."""

from datetime import datetime
from uuid import UUID

from django.db.models import Max

from livlina.core import keys
from livlina.core.models import Municipality
from livlina.provider.doors.models import Revocation
from livlina.provider.doors.protocol import cose, lists

PURPOSE = "doors"
"""The issuer's key pair in core.keys."""


def issuer(municipality_id: int, now: datetime) -> keys.Pair:
    """Return the municipality's issuer key: what its locks trust."""
    return keys.current(municipality_id, PURPOSE, now)


def revocation_list(municipality_id: int, now: datetime) -> bytes:
    """Return the signed list of keys that have ended and would not have ended by themselves yet. Three statements."""
    rows = Revocation.objects.filter(municipality_id=municipality_id)
    number = rows.aggregate(last=Max("number"))["last"] or 0
    running = rows.filter(until__gt=now).order_by("-until", "-number")[: lists.MOST]
    pair = issuer(municipality_id, now)
    return lists.revocations(
        pair.sign, cose.kid_of(pair.public), issuer=_name(municipality_id), number=number,
        at=int(now.timestamp()), ids=[row.thumbprint or row.name for row in running],
    )  # fmt: skip


def signed_time(municipality_id: int, now: datetime, *, lock: int = 0, nonce: bytes = b"") -> bytes:
    """Return the municipality's clock, signed. With `lock` and `nonce` it answers a lock that has lost its own."""
    pair = issuer(municipality_id, now)
    at = int(now.timestamp())
    return lists.time(
        pair.sign, cose.kid_of(pair.public), issuer=_name(municipality_id), at=at, door=lock, nonce=nonce
    )


def revoked(thumbprint: str) -> UUID | None:
    """Return the id of what ended a phone's key, or None."""
    return Revocation.objects.filter(thumbprint=thumbprint).values_list("pk", flat=True).first()


def _name(municipality_id: int) -> str:
    return Municipality.objects.values_list("slug", flat=True).get(pk=municipality_id)

"""The time for locks that have lost theirs: a phone brings the question a lock put, and carries the signed answer back."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from livlina.provider.doors import queries as doors
from livlina.provider.doors.protocol.messages import NONCE
from livlina.provider.homecare.models import Phone
from livlina.provider.homecare.sync.wire import Unfit, b64u, unb64u

AT_ONCE = 20
"""How many questions are answered in one request: a phone meets few locks between two."""


def answers(questions: Sequence[Any], phone: Phone | None, now: datetime) -> list[dict[str, Any]]:
    """Return the signed time for each lock's question, `[{lock, time}]`; only to a phone in use.

    A question that cannot be read is passed over: it must not hold up the events it came with.
    """
    if phone is None or phone.revoked_at is not None:
        return []
    return [
        {
            "lock": lock,
            "time": b64u(doors.signed_time(phone.municipality_id, now, lock=lock, nonce=nonce)),
        }
        for lock, nonce in _read(questions[:AT_ONCE])
    ]


def _read(questions: Sequence[Any]) -> Iterator[tuple[int, bytes]]:
    for one in questions:
        try:
            lock, nonce = one["lock"], unb64u(one["nonce"])
        except (KeyError, TypeError, Unfit):
            continue
        if type(lock) is int and 0 < lock < 2**32 and len(nonce) == NONCE:
            yield lock, nonce

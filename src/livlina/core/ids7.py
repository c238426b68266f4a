"""Opaque, time-ordered identifiers (RFC 9562 version 7).

PostgreSQL makes them itself only from version 18; we support 15, so they are made here.
"""

import secrets
import threading
import time
import uuid

COUNTS = 1 << 12

_lock = threading.Lock()
_millisecond = 0
_count = 0


def uuid7() -> uuid.UUID:
    """Return a new version 7 UUID, later in order than every one this process has made before it.

    48 bits of milliseconds since 1970, 12 that count within the millisecond (RFC 9562 §6.2, method 1, from a random
    start in the lower half) and 62 random bits. A clock set back, or a full counter, borrows from the next millisecond.
    """
    milliseconds, count = _place(time.time_ns() // 1_000_000)
    value = (milliseconds & (1 << 48) - 1) << 80 | 0x7 << 76 | count << 64 | 0x2 << 62 | secrets.randbits(62)
    return uuid.UUID(int=value)


def _place(milliseconds: int) -> tuple[int, int]:
    """The next millisecond and count within it, not before the last one given out."""
    global _millisecond, _count
    with _lock:
        _count += 1
        if milliseconds > _millisecond or _count == COUNTS:
            _millisecond = max(milliseconds, _millisecond + 1)
            _count = secrets.randbelow(COUNTS // 2)
        return _millisecond, _count

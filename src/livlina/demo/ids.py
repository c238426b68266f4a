"""Identifiers that come out the same each time: version 7 by shape, but from the demo's own seed."""

from datetime import UTC, datetime
from random import Random

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def stream(*parts: object) -> Random:
    """Return the source of chance of one part of the demo; parts do not disturb each other."""
    return Random(":".join(map(str, ("livlina demo", *parts))))  # noqa: S311  chance, not secrecy


def uuid_at(rng: Random, at: datetime) -> str:
    """Return a UUID of version 7 for a row that came about at a moment, as text."""
    milliseconds = int((at - EPOCH).total_seconds() * 1000)
    hexed = f"{milliseconds:012x}7{rng.getrandbits(12):03x}{0x8 << 60 | rng.getrandbits(62):016x}"
    return f"{hexed[:8]}-{hexed[8:12]}-{hexed[12:16]}-{hexed[16:20]}-{hexed[20:]}"

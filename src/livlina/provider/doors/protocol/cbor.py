"""Strict CBOR (RFC 8949) both ways: one value has one spelling, and everything else is refused.

Two readers who read the same bytes differently are a hole in a door. So: shortest forms, definite lengths, sorted keys
without doubles (RFC 8949 4.2.1), nothing behind the end, no tags, no floats, no integers beyond 2**53 - 1 (what
JavaScript holds), keys that are integers or texts. The phone's reader (field/cose.js) refuses the same.
"""

from typing import Any

import cbor2

from livlina.provider.doors.protocol.faults import Fault

LARGEST = 2**53 - 1
DEEPEST = 8
LONGEST = 16_384  # bytes: no message to or from a lock is longer


def encode(value: Any) -> bytes:
    """Return the one spelling of a value. Raises ValueError when it has none here."""
    if not _plain(value, DEEPEST):
        raise ValueError("Only integers, bytes, texts, truth values, lists and maps are sent to locks.")
    return cbor2.dumps(value, canonical=True)


def decode(raw: bytes) -> Any:
    """Return what the bytes spell. Raises Fault("malformed" or "too_large")."""
    if len(raw) > LONGEST:
        raise Fault("too_large")
    try:
        value = cbor2.loads(raw, allow_duplicate_keys=False, allow_indefinite=False, max_depth=DEEPEST)
        same = _plain(value, DEEPEST) and cbor2.dumps(value, canonical=True) == raw
    except (
        cbor2.CBORError,
        ValueError,
        TypeError,
        ArithmeticError,
        LookupError,
    ):  # tags run code of their own
        raise Fault("malformed") from None
    if not same:
        raise Fault("malformed")
    return value


def _plain(value: Any, depth: int) -> bool:
    """Whether a value is made only of what is allowed. Exact types: what a tag made of bytes is none of them."""
    kind = type(value)
    if kind is bytes or kind is str or kind is bool or value is None:
        return True
    if kind is int:
        return bool(-LARGEST <= value <= LARGEST)
    if depth == 0:
        return False
    if kind is dict:
        for key in value:
            if type(key) is not str and (type(key) is not int or not -LARGEST <= key <= LARGEST):
                return False
        value = value.values()
    elif kind is not list and kind is not tuple:
        return False
    for one in value:  # noqa: SIM110  this is run some ten times for each opening, and all() costs twice
        if type(one) is not bytes and not _plain(one, depth - 1):
            return False
    return True

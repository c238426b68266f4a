"""Every read others may use."""

from livlina.provider.doors.queries.errands import Errands, PhoneKey, Shift, tell
from livlina.provider.doors.queries.lists import issuer, revocation_list, revoked, signed_time
from livlina.provider.doors.queries.locks import (
    Row,
    calls_of,
    fittings_of,
    keys_of,
    lock_of,
    locks_in_area,
    locks_of,
    log_of,
    log_of_person,
    own_log,
    rounds,
    technical_log,
    unit_locks,
)

__all__ = [
    "Errands",
    "PhoneKey",
    "Row",
    "Shift",
    "calls_of",
    "fittings_of",
    "issuer",
    "keys_of",
    "lock_of",
    "locks_in_area",
    "locks_of",
    "log_of",
    "log_of_person",
    "own_log",
    "revocation_list",
    "revoked",
    "rounds",
    "signed_time",
    "technical_log",
    "tell",
    "unit_locks",
]

"""What is stored about doors: locks, consents, keys, grants, revocations, and what locks say they did."""

from livlina.provider.doors.models.grant import Grant, Opening, Revocation
from livlina.provider.doors.models.lock import (
    Consent,
    Lock,
    LockUnit,
    MetalKey,
    MetalKeyEvent,
    VendorCall,
)
from livlina.provider.doors.models.words import (
    CONSENTS,
    GRANT_KINDS,
    KEY_EVENTS,
    LOCK_STATES,
    OUTCOMES,
    PROVIDER,
)

__all__ = [
    "CONSENTS",
    "GRANT_KINDS",
    "KEY_EVENTS",
    "LOCK_STATES",
    "OUTCOMES",
    "PROVIDER",
    "Consent",
    "Grant",
    "Lock",
    "LockUnit",
    "MetalKey",
    "MetalKeyEvent",
    "Opening",
    "Revocation",
    "VendorCall",
]

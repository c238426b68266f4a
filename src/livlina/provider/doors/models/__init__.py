"""What is stored about doors: locks, consents, keys, grants, revocations, and what locks say they did."""

from livlina.provider.doors.models.grant import Grant, Opening, Revocation
from livlina.provider.doors.models.lock import Consent, Lock, MetalKey, MetalKeyEvent

__all__ = ["Consent", "Grant", "Lock", "MetalKey", "MetalKeyEvent", "Opening", "Revocation"]

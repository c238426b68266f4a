"""What is stored about duties that wait for someone, and the kinds of them that rooms declare."""

from livlina.registers.watches.models.kinds import Rung, UnknownKind, WatchType, declare, declared, kind
from livlina.registers.watches.models.substitute import Substitute
from livlina.registers.watches.models.watch import Watch, WatchDesk, WatchEvent

__all__ = [
    "Rung",
    "Substitute",
    "UnknownKind",
    "Watch",
    "WatchDesk",
    "WatchEvent",
    "WatchType",
    "declare",
    "declared",
    "kind",
]

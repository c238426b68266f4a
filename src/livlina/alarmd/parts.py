"""What the parts of a running receiver show each other, each there once it runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from livlina.alarmd.dispatch import Dispatcher
    from livlina.alarmd.exchange import Handover
    from livlina.alarmd.health import Look
    from livlina.alarmd.server import Server
    from livlina.alarmd.supervise import Supervision, Supervisor


@dataclass
class Parts:
    """None: not running, or not asked for."""

    supervisor: Supervisor | None = None
    supervision: Supervision | None = None
    handover: Handover | None = None
    dispatcher: Dispatcher | None = None
    look: Look | None = None
    looked_at: float = float("-inf")
    """When somebody signed in last saw the receiver's own page, monotonic."""


_parts: WeakKeyDictionary[Server, Parts] = WeakKeyDictionary()


def of(server: Server) -> Parts:
    """Return the parts of a receiver."""
    return _parts.setdefault(server, Parts())

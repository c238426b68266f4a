"""A maker of locks that does what it is told, or fails as it is told: for tests of what becomes of a call."""

from collections.abc import Mapping, Sequence
from typing import Any

from livlina.provider.doors.adapters.base import Vendor, VendorFault
from livlina.provider.doors.models import Lock


class Fake(Vendor):
    """Has all calls. `fault`: what it answers instead, while it is set. `done`: what it has done. `log`: its locks'."""

    takes = frozenset({"issue", "revoke", "fetch", "rekey"})

    def __init__(self, code: str = "fake", name: str = "Låtsaslås AB") -> None:
        super().__init__(code, name)
        self.fault = ""
        self.done: list[tuple[str, int, dict[str, Any]]] = []
        self.log: dict[int, list[bytes]] = {}

    def do(self, what: str, lock: Lock, detail: Mapping[str, Any]) -> Sequence[bytes]:
        """Remember the call, or fail."""
        if self.fault:
            raise VendorFault(self.fault)
        self.done.append((what, lock.number, dict(detail)))
        return super().do(what, lock, detail)

    def fetch(self, lock: Lock, detail: Mapping[str, Any]) -> Sequence[bytes]:
        """Return what was put in `log`."""
        return self.log.get(lock.number, [])

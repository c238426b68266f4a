"""What a maker of locks can be asked for. A class for a maker overrides what its system has, and says so in `takes`."""

from collections.abc import Mapping, Sequence
from typing import Any

from livlina.provider.doors.models import Lock


class VendorFault(Exception):
    """The maker's system did not do what it was asked. The sentence says what it answered."""


class Vendor:
    """A maker whose locks speak the open protocol: keys, lists and logs go by phone, and nothing is asked of it.

    Each call may be made twice (an answer can be lost) and must bear that. Raises VendorFault.
    """

    takes: frozenset[str] = frozenset()
    """The calls this maker has: issue, revoke, fetch, rekey."""

    def __init__(self, code: str, name: str) -> None:
        self.code, self.name = code, name

    def do(self, what: str, lock: Lock, detail: Mapping[str, Any]) -> Sequence[bytes]:
        """Make one call by its name; a fetched log is returned, as the lock wrote it."""
        if what not in self.takes:
            raise VendorFault(f"{self.name} har inget sådant anrop: {what}.")
        return getattr(self, what)(lock, detail) or ()

    def issue(self, lock: Lock, detail: Mapping[str, Any]) -> None:
        """Put a key into the maker's own system."""

    def revoke(self, lock: Lock, detail: Mapping[str, Any]) -> None:
        """End keys there."""

    def rekey(self, lock: Lock, detail: Mapping[str, Any]) -> None:
        """Let the lock begin the epoch in `detail`."""

    def fetch(self, lock: Lock, detail: Mapping[str, Any]) -> Sequence[bytes]:
        """Return the lock's log."""
        return ()


VENDORS: dict[str, Vendor] = {}


def register(vendor: Vendor) -> None:
    """Make a maker known under its code; a second of the same code takes the place of the first."""
    VENDORS[vendor.code] = vendor


def adapter_for(code: str) -> Vendor:
    """Return the maker of that code; one nobody has written is taken to speak the open protocol."""
    return VENDORS.get(code) or Vendor(code, code)


def vendors() -> list[tuple[str, str]]:
    """Return makers by code and name, for a form."""
    return sorted((one.code, one.name) for one in VENDORS.values())

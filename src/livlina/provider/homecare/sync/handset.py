"""A phone in Python: it speaks the same protocol as the app (`livlina.field`), for tests, measurements and simulators.

What is in `Store` lies on the phone's disk: it is there after the app was killed. Two tabs are two handsets with one
store. Everything else is gone when the app dies.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from livlina.provider.homecare.sync import wire

AT_ONCE = 200


@dataclass
class Kept:
    """One event on the phone's disk. `number` is its receipt's, once it has one."""

    sealed: dict[str, Any]
    number: int | None = None
    verdict: str = ""
    words: str = ""


@dataclass
class Store:
    """The phone's disk."""

    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    phone: str = ""
    municipality: int = 0
    sign: bytes = b""
    kid: str = ""
    seal: bytes = b""
    seq: int = 0
    newest: int = 0
    newest_hash: str = ""
    events: dict[str, Kept] = field(default_factory=dict)


class Handset:
    """One open app on a phone."""

    def __init__(self, store: Store | None = None) -> None:
        self.store = store or Store()

    @property
    def public(self) -> bytes:
        """The public point of the phone's key, 65 bytes."""
        return self.store.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def sign(self, data: bytes) -> bytes:
        """Return the phone's signature, 64 bytes."""
        r, s = decode_dss_signature(self.store.private.sign(data, ec.ECDSA(SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    def registration(self, name: str = "Min telefon") -> dict[str, Any]:
        """What is sent to be known. With the phone's id when it had one: a server may have lost it."""
        again = {"phone": self.store.phone} if self.store.phone else {}
        return {"name": name, "public": wire.b64u(self.public)} | again

    def registered(self, answer: Mapping[str, Any]) -> None:
        """Take in the answer to it."""
        store = self.store
        store.phone, store.municipality = answer["phone"], answer["municipality"]
        store.sign, store.seal = wire.unb64u(answer["sign"]["public"]), wire.unb64u(answer["seal"]["public"])
        store.kid = answer["seal"]["kid"]

    def make(
        self,
        kind: str,
        at: datetime,
        /,
        *,
        person: UUID | None = None,
        visit: UUID | None = None,
        id: UUID | str | None = None,
        **body: Any,
    ) -> dict[str, Any]:
        """Return a new event, sealed and signed; nothing is kept yet. `id` only for what goes wrong on purpose."""
        self.store.seq += 1
        plain = {
            "v": wire.VERSION,
            "id": str(id or uuid4()),
            "phone": self.store.phone,
            "seq": self.store.seq,
            "kind": kind,
            "person": str(person) if person else None,
            "visit": str(visit) if visit else None,
            "at": wire.written(at),
            "body": body,
        }
        return wire.seal(plain, self.store.kid, self.store.seal, self.sign)

    def keep(self, kind: str, at: datetime, /, **given: Any) -> dict[str, Any]:
        """Make an event and put it on the disk: only then does the screen say that it is saved."""
        sealed = self.make(kind, at, **given)
        self.store.events[sealed["hash"]] = Kept(sealed)
        return sealed

    @property
    def waiting(self) -> list[dict[str, Any]]:
        """Events without a receipt, in the order they were made."""
        without = [one.sealed for one in self.store.events.values() if one.number is None]
        return sorted(without, key=lambda sealed: int(sealed["seq"]))

    def outbox(self, events: Sequence[Mapping[str, Any]] | None = None) -> dict[str, Any]:
        """What is sent now: the oldest that wait, and what the phone has receipts for."""
        store, waiting = self.store, self.waiting
        return {
            "municipality": store.municipality, "phone": store.phone, "newest": store.newest,
            "newest_hash": store.newest_hash, "waiting": len(waiting), "wiped": None,
            "events": list(waiting[:AT_ONCE] if events is None else events),
        }  # fmt: skip

    def answered(self, answer: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Take in an answer and return the receipts that hold: signed by the municipality, with an event's own hash."""
        held = []
        for wired in answer["receipts"]:
            told = wire.read_receipt(wired, self.store.sign)
            kept = self.store.events.get(told["hash"])
            if kept is None or told["phone"] != self.store.phone or kept.sealed["id"] != told["id"]:
                continue
            kept.number, kept.verdict, kept.words = told["number"], told["verdict"], told["words"]
            if told["number"] > self.store.newest:
                self.store.newest, self.store.newest_hash = told["number"], told["hash"]
            held.append(told)
        if answer["resend_after"] is not None:
            self._unsent(answer["resend_after"])
        return held

    def _unsent(self, after: int) -> None:
        """Mark as unsent what the server's receipts no longer cover: it was restored from an older backup."""
        store = self.store
        for kept in store.events.values():
            if kept.number is not None and kept.number > after:
                kept.number, kept.verdict = None, ""
        held = {kept.number: key for key, kept in store.events.items() if kept.number is not None}
        store.newest = max(held, default=0) if after else 0
        store.newest_hash = held.get(store.newest, "")

    def died(self) -> "Handset":
        """Kill the app and open it again: what was on the disk is there."""
        return Handset(self.store)

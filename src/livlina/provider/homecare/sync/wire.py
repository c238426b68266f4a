"""What goes between phone and server, as bytes: canonical JSON, events that are sealed and signed, signed receipts.

Nothing here asks the database. A phone keeps an event until it holds a receipt with the event's own hash.

An event that cannot be proved to be the phone's own (unknown key, wrong signature) is receipted by the digest of the
sealed bytes instead of the hash it claims: the municipality then says what it holds, and nobody who invents an event can
get a receipt that lets a phone forget a real one.
"""

import base64
import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from livlina.core import keys
from livlina.core.keys import Pair

VERSION = 1
"""The newest version of an event; the server takes this and the two before it."""
TAKEN = 3
SIGN, SEAL = "field sign", "field seal"
"""Purposes of the municipality's keys: over packs and receipts, and what events are sealed to."""
LARGEST_EVENT = 64 * 1024
LARGEST_BODY = 1024 * 1024
MEMBERS = ("v", "id", "phone", "seq", "hash", "kid", "epk", "iv", "ct", "sig")
YEARS = range(2020, 2100)
_KIND, _HASH = re.compile(r"[a-z_]{1,24}"), re.compile(r"[0-9a-f]{64}")
_INFO = b"livlina field event 1"
_DEEPEST = 12


class Unfit(Exception):
    """Something on the wire is not what it should be. `fault` is its code, the text a sentence for its author."""

    def __init__(self, fault: str, words: str) -> None:
        super().__init__(words)
        self.fault, self.words = fault, words


@dataclass(frozen=True)
class Event:
    """An event as the phone wrote it, opened. `at` is the phone's clock when it was written and signed."""

    id: UUID
    phone: UUID
    seq: int
    kind: str
    person: UUID | None
    visit: UUID | None
    at: datetime
    hash: str
    version: int = VERSION
    body: Mapping[str, Any] = field(default_factory=dict)

    def text(self, name: str, most: int = 400) -> str:
        """Return a text of the body, trimmed; empty when it is not there. Raises Unfit when it is something else."""
        given = self.body.get(name)
        if given is None:
            return ""
        if not isinstance(given, str) or "\x00" in given:
            raise Unfit("unreadable", "En uppgift i händelsen gick inte att läsa.")
        return given.strip()[:most]

    def key(self, name: str) -> UUID | None:
        """Return an id of the body, or None. Raises Unfit when it is something else."""
        return as_uuid(self.body.get(name))

    def keys(self, name: str) -> tuple[UUID, ...]:
        """Return a list of ids of the body. Raises Unfit when one is something else."""
        given = self.body.get(name) or []
        if not isinstance(given, list):
            raise Unfit("unreadable", "En lista i händelsen gick inte att läsa.")
        return tuple(one for one in map(as_uuid, given) if one is not None)

    def moment(self, name: str) -> datetime | None:
        """Return a time of the body, or None. Raises Unfit when it is something else."""
        given = self.body.get(name)
        return None if given is None else moment(given)


def canonical(given: Any) -> bytes:
    """Return the one way to write `given` as JSON. Raises Unfit for what has none: a float, too deep, half letters."""
    _whole(given, 0)
    try:
        return json.dumps(given, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    except (TypeError, ValueError) as fault:
        raise Unfit("unreadable", "Händelsen gick inte att läsa.") from fault


def _whole(given: Any, depth: int) -> None:
    if isinstance(given, float) or depth > _DEEPEST:
        raise Unfit("unreadable", "Händelsen gick inte att läsa.")
    if isinstance(given, dict):
        if not all(isinstance(name, str) for name in given):
            raise Unfit("unreadable", "Händelsen gick inte att läsa.")
        for value in given.values():
            _whole(value, depth + 1)
    elif isinstance(given, list | tuple):
        for value in given:
            _whole(value, depth + 1)


def b64u(data: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64u(text: Any) -> bytes:
    """Return the bytes of base64url without padding. Raises Unfit."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (TypeError, ValueError) as fault:
        raise Unfit("unreadable", "Händelsen gick inte att läsa.") from fault


def as_uuid(given: Any) -> UUID | None:
    """Return an id, or None when there is none. Raises Unfit when it is no id."""
    if given is None or given == "":
        return None
    try:
        return UUID(given)
    except (AttributeError, TypeError, ValueError) as fault:
        raise Unfit("unreadable", "Händelsen gick inte att läsa.") from fault


def written(at: datetime) -> str:
    """Return a time as it goes on the wire: UTC with Z and milliseconds."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment(text: Any) -> datetime:
    """Return the time of such a text, in UTC. Raises Unfit."""
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is None or at.year not in YEARS:
            raise ValueError
        return at.astimezone(UTC)
    except (TypeError, ValueError, OverflowError) as fault:
        raise Unfit("unreadable", "En tid i händelsen gick inte att läsa.") from fault


def digest(given: Any) -> str:
    """Return the SHA-256 of the canonical bytes, in hexadecimals."""
    return sha256(canonical(given)).hexdigest()


# Sealing and opening ---------------------------------------------------------------------------------------------------


def _key(private: ec.EllipticCurvePrivateKey, public: bytes) -> AESGCM:
    other = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)
    shared = private.exchange(ec.ECDH(), other)
    return AESGCM(HKDF(SHA256(), length=32, salt=bytes(32), info=_INFO).derive(shared))


def _bound(event: Mapping[str, Any]) -> bytes:
    """The members that a sealed text is tied to."""
    return canonical({name: event[name] for name in ("id", "phone", "seq", "hash")})


def seal(plain: Mapping[str, Any], kid: str, public: bytes, sign: Callable[[bytes], bytes]) -> dict[str, Any]:
    """Return an event as a phone stores and sends it: sealed to the municipality's key, signed by the phone's."""
    single = ec.generate_private_key(ec.SECP256R1())
    point = single.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    nonce = os.urandom(12)
    outer = {
        "v": plain["v"], "id": plain["id"], "phone": plain["phone"], "seq": plain["seq"], "hash": digest(plain),
        "kid": kid, "epk": b64u(point), "iv": b64u(nonce),
    }  # fmt: skip
    outer["ct"] = b64u(_key(single, public).encrypt(nonce, canonical(plain), _bound(outer)))
    return outer | {"sig": b64u(sign(canonical(outer)))}


def is_hash(given: Any) -> bool:
    """Return whether this is a SHA-256 in hexadecimals."""
    return isinstance(given, str) and _HASH.fullmatch(given) is not None


def is_signed(sealed: Mapping[str, Any], public: bytes) -> bool:
    """Return whether the phone with this key signed this sealed event."""
    try:
        told = canonical({name: value for name, value in sealed.items() if name != "sig"})
        return keys.verifies(public, unb64u(sealed.get("sig")), told)
    except Unfit:
        return False


def unseal(
    sealed: Mapping[str, Any], find: Callable[[str], Pair | None], *, any_version: bool = False
) -> Event:
    """Open a signed event. `find` gives the municipality's pair by name. Raises Unfit with what is wrong."""
    if not any_version and sealed.get("v") not in range(max(1, VERSION - TAKEN + 1), VERSION + 1):
        raise Unfit("version", "Händelsen är skriven av en version av appen som inte längre tas emot direkt.")
    pair = find(str(sealed.get("kid", ""))[:16])
    if pair is None:
        raise Unfit("wrong_municipality", "Händelsen är förseglad till en annan kommun.")
    try:
        nonce, point, text = (unb64u(sealed[name]) for name in ("iv", "epk", "ct"))
        told = _key(pair.private, point).decrypt(nonce, text, _bound(sealed))
        plain = json.loads(told)
    except (InvalidTag, KeyError, ValueError) as fault:
        raise Unfit("unreadable", "Händelsen gick inte att öppna.") from fault
    return opened(plain, sealed)


def opened(plain: Any, sealed: Mapping[str, Any]) -> Event:
    """Return the event that the opened text says, if it is the one the phone put its hash to. Raises Unfit."""
    if not isinstance(plain, dict) or not isinstance(plain.get("body", {}), dict):
        raise Unfit("unreadable", "Händelsen gick inte att läsa.")
    if digest(plain) != sealed.get("hash"):
        raise Unfit("hash", "Händelsens innehåll stämmer inte med sin kontrollsumma.")
    if any(plain.get(name) != sealed.get(name) for name in ("v", "id", "phone", "seq")):
        raise Unfit("hash", "Händelsens innehåll stämmer inte med sitt omslag.")
    event_id, phone = as_uuid(plain.get("id")), as_uuid(plain.get("phone"))
    seq, kind = plain.get("seq"), plain.get("kind")
    kind = kind if isinstance(kind, str) and _KIND.fullmatch(kind) else ""
    if event_id is None or phone is None or type(seq) is not int or not kind:
        raise Unfit("unreadable", "Händelsen saknar uppgifter.")
    return Event(
        event_id, phone, seq, kind, as_uuid(plain.get("person")), as_uuid(plain.get("visit")), moment(plain.get("at")),
        str(sealed["hash"]), plain["v"], plain.get("body") or {},
    )  # fmt: skip


# Receipts ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Receipt:
    """What the municipality says of one event it holds. `number` is the receipt's place for this phone, 0 for none."""

    phone: UUID
    number: int
    id: str
    hash: str
    verdict: str
    words: str
    at: datetime

    def payload(self) -> bytes:
        """The bytes that are signed."""
        return canonical(
            {
                "v": VERSION, "phone": str(self.phone), "number": self.number, "id": self.id, "hash": self.hash,
                "verdict": self.verdict, "words": self.words, "at": written(self.at),
            }
        )  # fmt: skip

    def signed(self, pair: Pair) -> dict[str, str]:
        """The receipt as it goes on the wire."""
        payload = self.payload()
        return {"payload": b64u(payload), "signature": b64u(pair.sign(payload))}


def read_receipt(wired: Mapping[str, Any], public: bytes) -> dict[str, Any]:
    """Return a receipt's payload as a phone reads it. Raises Unfit when the municipality did not sign it."""
    payload = unb64u(wired.get("payload"))
    if not keys.verifies(public, unb64u(wired.get("signature")), payload):
        raise Unfit("forged", "Kvittot är inte undertecknat av kommunen.")
    told: dict[str, Any] = json.loads(payload)
    return told

"""Who opens a pack: whoever has the unit's code, which lies in a sealed envelope and nowhere else.

The code is a key: from it, by PBKDF2, comes the private half of a P-256 pair, whose public half the municipality keeps.
Whoever makes packs therefore needs no code and, with the database alone, opens none: each is sealed to the public half
(ECDH with a key used once, HKDF, AES-256-GCM; all of it in every browser's WebCrypto). A unit without a code has packs
all the same: sealed to a pair that only the operator opens, with SECRET_KEY (`livlina packs --open`).
"""

import base64
import json
import os
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from livlina.core import audit, keys
from livlina.core.access import Actor, demand
from livlina.core.models import Unit
from livlina.core.models.keypair import KeyPair

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: no I, L, O or U, which are read as 1, 1, 0 and V."""
LENGTH = 20  # letters, 5 bits each
ROUNDS = 600_000
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256
INFO = b"livlina pack 1"


class WrongCode(Exception):
    """Koden stämmer inte med paketet."""


@dataclass(frozen=True)
class Lock:
    """What a unit's packs are sealed to: a public point, and whether somebody has its code."""

    name: str
    public: bytes
    has_code: bool
    since: datetime


def held(unit: Unit) -> Lock | None:
    """Return what the unit's packs are sealed to, if any has been made. One statement."""
    pairs = KeyPair.objects.filter(
        municipality_id=unit.municipality_id, purpose__in=(_by_code(unit.pk), _ours(unit.pk)), ended_at=None
    )
    row = pairs.order_by("purpose").first()  # "code" before "pack"
    return Lock(row.name, bytes(row.public), row.purpose == _by_code(unit.pk), row.made_at) if row else None


def lock_of(unit: Unit, now: datetime) -> Lock:
    """Return what the unit's packs are sealed to, made if there was nothing."""
    lock = held(unit)
    if lock is not None:
        return lock
    pair = keys.current(unit.municipality_id, _ours(unit.pk), now)
    return Lock(pair.name, pair.public, False, now)


def without_code(units: list[Unit]) -> int:
    """Return how many of the units, all of one municipality, have no code. One statement."""
    held = KeyPair.objects.filter(purpose__in=[_by_code(unit.pk) for unit in units], ended_at=None)
    return len(units) - held.count()


def new_code(unit: Unit, *, by: Actor, now: datetime) -> str:
    """Make a code that opens the unit's packs from the next one on, and return it: it is kept nowhere. Raises Refused."""
    demand(by, "continuity.pack_code", unit)
    code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    pair = keys.rotate(unit.municipality_id, _by_code(unit.pk), now, private=private_of(code, unit.pk))
    audit.wrote(by, "continuity.pack_code", now=now, obj=unit, detail={"key": pair.name})
    return "-".join(code[at : at + 4] for at in range(0, LENGTH, 4))


def private_of(code: str, unit_id: UUID) -> ec.EllipticCurvePrivateKey:
    """Return the private key that a code is, however it was typed. Takes a third of a second."""
    made = PBKDF2HMAC(SHA256(), length=48, salt=_salt(unit_id), iterations=ROUNDS).derive(
        plain(code).encode()
    )
    return ec.derive_private_key(int.from_bytes(made, "big") % (ORDER - 1) + 1, ec.SECP256R1())


def plain(code: str) -> str:
    """Return a code as it was made: without spaces and dashes, with letters that look like digits read as those."""
    kept = re.sub(r"[^0-9A-Z]", "", code.upper())
    return kept.translate(str.maketrans("OILU", "011V"))


def seal(content: bytes, lock: Lock, unit_id: UUID, *, at: str) -> dict[str, Any]:
    """Encrypt a pack made `at`. What is returned says for whom, never what; it is all that is needed besides the code."""
    once = ec.generate_private_key(ec.SECP256R1())
    public = once.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    nonce = os.urandom(12)
    said = {
        "v": 1, "unit": str(unit_id), "at": at, "key": lock.name, "to": b64(lock.public), "once": b64(public),
        "salt": b64(_salt(unit_id)), "rounds": ROUNDS, "nonce": b64(nonce),
    }  # fmt: skip
    to = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), lock.public)
    key = _key(once.exchange(ec.ECDH(), to), public)
    return said | {"sealed": b64(AESGCM(key).encrypt(nonce, content, bound(said)))}


def open_with_code(sealed: dict[str, Any], code: str) -> bytes:
    """Return what a pack holds. Raises WrongCode."""
    return _open(sealed, private_of(code, UUID(sealed["unit"])))


def open_as_operator(sealed: dict[str, Any], municipality_id: int) -> bytes:
    """Return what a pack holds, by the half of its key that lies sealed with SECRET_KEY. Raises WrongCode, KeyLost."""
    pair = keys.find(municipality_id, sealed["key"])
    if pair is None:
        raise WrongCode(WrongCode.__doc__)
    return _open(sealed, pair.private)


def bound(said: dict[str, Any]) -> bytes:
    """What cannot be changed beside the sealed part: whose it is, and from when."""
    return json.dumps([said["v"], said["unit"], said["at"], said["key"]], separators=(",", ":")).encode()


def b64(data: bytes) -> str:
    """Return bytes as base64, as the page reads them."""
    return base64.b64encode(data).decode()


def _open(sealed: dict[str, Any], private: ec.EllipticCurvePrivateKey) -> bytes:
    public, nonce, content = (base64.b64decode(sealed[name]) for name in ("once", "nonce", "sealed"))
    once = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)
    try:
        return AESGCM(_key(private.exchange(ec.ECDH(), once), public)).decrypt(nonce, content, bound(sealed))
    except InvalidTag as fault:
        raise WrongCode(WrongCode.__doc__) from fault


def _key(shared: bytes, once: bytes) -> bytes:
    return HKDF(SHA256(), length=32, salt=once, info=INFO).derive(shared)


def _salt(unit_id: UUID) -> bytes:
    return b"livlina pack " + unit_id.bytes


def _by_code(unit_id: UUID) -> str:
    return f"code:{unit_id.hex[-16:]}"


def _ours(unit_id: UUID) -> str:
    return f"pack:{unit_id.hex[-16:]}"

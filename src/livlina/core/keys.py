"""A municipality's own P-256 keys: made at first need, sealed with SECRET_KEY, named by their thumbprint (RFC 7638 in
spirit: SHA-256 over the public point)."""

import os
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.db import IntegrityError, transaction

from livlina.core.models.keypair import KeyPair

_NONCE = 12
_HALF = 32


class KeyLost(Exception):
    """A key cannot be opened: SECRET_KEY is another than the one it was sealed with."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


@dataclass(frozen=True)
class Pair:
    """A key pair, opened. `public` is the uncompressed point of 65 bytes."""

    name: str
    public: bytes
    private: ec.EllipticCurvePrivateKey

    def sign(self, data: bytes) -> bytes:
        """Return an ES256 signature as 64 bytes, r and s after each other (RFC 7518 3.4)."""
        r, s = decode_dss_signature(self.private.sign(data, ec.ECDSA(SHA256())))
        return r.to_bytes(_HALF, "big") + s.to_bytes(_HALF, "big")


def current(municipality_id: int, purpose: str, now: datetime) -> Pair:
    """Return the pair that holds for a purpose, made if there was none. Raises KeyLost."""
    held = KeyPair.objects.filter(municipality_id=municipality_id, purpose=purpose, ended_at=None)
    row = held.first()
    if row is None:
        try:
            with transaction.atomic():
                row = _make(municipality_id, purpose, now)
        except IntegrityError:  # somebody else was first
            row = held.get()
    return _open(row)


def find(municipality_id: int, name: str) -> Pair | None:
    """Return the pair of that name, also one that has ended, or None. Raises KeyLost."""
    row = KeyPair.objects.filter(municipality_id=municipality_id, name=name).first()
    return _open(row) if row else None


def rotate(
    municipality_id: int, purpose: str, now: datetime, *, private: ec.EllipticCurvePrivateKey | None = None
) -> Pair:
    """End the pair that holds, and return a new one: of the private key given, else of a random one.

    What the old one signed can still be verified.
    """
    with transaction.atomic():
        KeyPair.objects.filter(municipality_id=municipality_id, purpose=purpose, ended_at=None).update(
            ended_at=now
        )
        return _open(_make(municipality_id, purpose, now, private))


def thumbprint(public: bytes) -> str:
    """Return the SHA-256 of a public point, in hexadecimals: what a key is called everywhere."""
    return sha256(public).hexdigest()


def verifies(public: bytes, signature: bytes, data: bytes) -> bool:
    """Return whether `signature` (64 bytes, r and s) over `data` was made with the key of `public`."""
    if len(signature) != 2 * _HALF:
        return False
    r, s = int.from_bytes(signature[:_HALF], "big"), int.from_bytes(signature[_HALF:], "big")
    try:
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)
        key.verify(encode_dss_signature(r, s), data, ec.ECDSA(SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


def _make(
    municipality_id: int, purpose: str, now: datetime, private: ec.EllipticCurvePrivateKey | None = None
) -> KeyPair:
    private = private or ec.generate_private_key(ec.SECP256R1())
    public = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    name = thumbprint(public)[:16]
    nonce = os.urandom(_NONCE)
    secret = private.private_numbers().private_value.to_bytes(_HALF, "big")
    return KeyPair.objects.create(
        municipality_id=municipality_id,
        purpose=purpose,
        name=name,
        public=public,
        sealed=nonce + AESGCM(_sealing()).encrypt(nonce, secret, name.encode()),
        made_at=now,
    )


def _open(row: KeyPair) -> Pair:
    sealed = bytes(row.sealed)
    try:
        secret = AESGCM(_sealing()).decrypt(sealed[:_NONCE], sealed[_NONCE:], row.name.encode())
    except InvalidTag as fault:
        raise KeyLost from fault
    private = ec.derive_private_key(int.from_bytes(secret, "big"), ec.SECP256R1())
    return Pair(row.name, bytes(row.public), private)


def _sealing() -> bytes:
    return HKDF(SHA256(), length=32, salt=None, info=b"livlina keys 1").derive(settings.SECRET_KEY.encode())

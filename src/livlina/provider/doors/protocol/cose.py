"""COSE_Sign1 with ES256 (RFC 9052 4.2, RFC 9053 2.1), and no other algorithm.

The protected header is exactly {1 alg: -7, 4 kid: 8 bytes, 16 typ} (typ: RFC 9596) and the unprotected one is empty, so
there is nothing for an attacker to choose. `kid` is the first 8 bytes of the signing key's thumbprint.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from livlina.provider.doors.protocol import cbor
from livlina.provider.doors.protocol.faults import Fault

Sign = Callable[[bytes], bytes]
"""Gives an ES256 signature over its bytes: 64 bytes, r and s (core.keys.Pair.sign is one)."""

TAG = b"\xd2"  # CBOR tag 18, COSE_Sign1
ES256 = -7
POINT = 65
KID = 8
_HALF = 32
_EMPTY: dict[int, int] = {}


@dataclass(frozen=True)
class Signed:
    """A COSE_Sign1 as it was read; its signature is not checked yet."""

    raw: bytes
    kid: bytes
    protected: bytes
    payload: bytes
    signature: bytes

    @property
    def digest(self) -> bytes:
        """SHA-256 over all of it."""
        return sha256(self.raw).digest()

    def check(self, public: bytes) -> None:
        """Raise Fault("signature") unless it was signed with the key of `public`."""
        if not verifies(public, self.signature, _to_sign(self.protected, self.payload)):
            raise Fault("signature")


def sign1(payload: bytes, *, sign: Sign, kid: bytes, typ: int | str) -> bytes:
    """Return a tagged COSE_Sign1 over `payload`."""
    protected = cbor.encode({1: ES256, 4: kid, 16: typ})
    signature = sign(_to_sign(protected, payload))
    return TAG + cbor.encode([protected, _EMPTY, payload, signature])


def read(raw: bytes, typ: int | str) -> Signed:
    """Return a COSE_Sign1 of that type, unchecked. Raises Fault("malformed", "too_large" or "header")."""
    if raw[:1] != TAG:
        raise Fault("malformed")
    match cbor.decode(raw[1:]):
        case [bytes() as protected, {**unprotected}, bytes() as payload, bytes() as signature] if (
            not unprotected
        ):
            pass
        case _:
            raise Fault("malformed")
    match cbor.decode(protected):
        case {1: alg, 4: bytes() as kid, 16: said, **rest} if not rest:
            if alg != ES256 or len(kid) != KID or type(said) is not type(typ) or said != typ:
                raise Fault("header")
        case _:
            raise Fault("header")
    return Signed(raw, kid, protected, payload, signature)


def thumbprint(public: bytes) -> bytes:
    """Return the SHA-256 of a point: what a key is called."""
    return sha256(public).digest()


def kid_of(public: bytes) -> bytes:
    """Return what a key is called in headers and lists: the beginning of its thumbprint."""
    return thumbprint(public)[:KID]


def verifies(public: bytes, signature: bytes, data: bytes) -> bool:
    """Return whether `signature` (64 bytes) over `data` was made with the key of `public`. Never raises."""
    if len(signature) != 2 * _HALF or len(public) != POINT:
        return False
    r, s = int.from_bytes(signature[:_HALF], "big"), int.from_bytes(signature[_HALF:], "big")
    try:
        _key(public).verify(encode_dss_signature(r, s), data, ec.ECDSA(SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


def is_point(public: bytes) -> bool:
    """Return whether 65 bytes are a point of P-256."""
    try:
        return len(public) == POINT and bool(_key(public))
    except ValueError:
        return False


def _to_sign(protected: bytes, payload: bytes) -> bytes:
    return cbor.encode(["Signature1", protected, b"", payload])


@lru_cache(maxsize=256)
def _key(public: bytes) -> ec.EllipticCurvePublicKey:
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)

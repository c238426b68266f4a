"""What a phone does at a door, in Python: for tests, measurements and whoever builds another client.

The carers' own phone does the same in JavaScript (field/static/field/door.js), with a key that cannot be taken out of it.
"""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from livlina.provider.doors.protocol import cose, messages, narrow, seals, token


@dataclass(frozen=True)
class Key:
    """A P-256 pair in memory."""

    private: ec.EllipticCurvePrivateKey
    public: bytes

    @classmethod
    def new(cls) -> "Key":
        """Make one."""
        return cls._of(ec.generate_private_key(ec.SECP256R1()))

    @classmethod
    def known(cls, secret: int) -> "Key":
        """Make the one with that private value, for vectors that are the same each time."""
        return cls._of(ec.derive_private_key(secret, ec.SECP256R1()))

    @classmethod
    def _of(cls, private: ec.EllipticCurvePrivateKey) -> "Key":
        return cls(private, private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))

    @property
    def kid(self) -> bytes:
        """What it is called in headers."""
        return cose.kid_of(self.public)

    @property
    def thumbprint(self) -> bytes:
        """What it is called in logs."""
        return cose.thumbprint(self.public)

    def sign(self, data: bytes) -> bytes:
        """Return an ES256 signature of 64 bytes."""
        r, s = decode_dss_signature(self.private.sign(data, ec.ECDSA(SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


@dataclass
class Phone:
    """A carer's phone: its key, and what it carries to the locks it meets."""

    key: Key = field(default_factory=Key.new)
    lists: tuple[bytes, ...] = ()
    time: bytes = b""
    acks: tuple[bytes, ...] = ()

    def ask(
        self,
        nonce: bytes,
        door: int,
        chain: Sequence[bytes],
        *,
        now: int,
        action: str = "open",
        reason: int = 0,
        unsealing: bytes = b"",
        leading: bytes = b"",
        after: int = 0,
    ) -> bytes:
        """Answer a lock's nonce: the message to give it."""
        extra = messages.Extra(self.lists, self.time, self.acks, unsealing, leading, after)
        ask = messages.Ask(action, tuple(chain), reason, now, extra)
        proof = self.key.sign(ask.to_prove(nonce, door))
        return messages.Ask(action, tuple(chain), reason, now, extra, proof).raw

    def lend(self, held: bytes, to: bytes, doors: Iterable[int], *, not_before: int, expires: int) -> bytes:
        """Lend some doors of a token this phone holds to a colleague's key (a point of 65 bytes)."""
        return narrow.narrow(
            self.key.sign, held, name=os.urandom(16), to=to, doors=tuple(doors), not_before=not_before,
            expires=expires,
        )  # fmt: skip

    def unseal(self, held: bytes, *, now: int, reason: int) -> bytes:
        """Break an emergency token's seal."""
        name = token.claims_of(cose.read(held, token.CWT)).name
        return seals.unseal(self.key.sign, self.key.public, name=name, at=now, reason=reason)

    def lead(self, names: Iterable[bytes], *, not_before: int, expires: int) -> bytes:
        """Open colleagues' continuation tokens, as their leader."""
        return seals.lead(self.key.sign, self.key.public, names=names, not_before=not_before, expires=expires)

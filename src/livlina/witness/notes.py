"""Signed notes, checkpoints and cosignatures as C2SP writes them (signed-note, tlog-checkpoint, tlog-cosignature v1).

A key is given as `name+hash+base64(type, public key)`. Only Ed25519: type 1 signs as a log, type 4 cosigns as a witness.
"""

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

LOG, WITNESS = 1, 4
"""What a key is for: signing checkpoints of its own log, or cosigning those of others."""

LONGEST = 64_000
"""Characters of a note at most."""

_NAME = re.compile(r"[^\s+]{1,200}")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,17}")


class NotANote(Exception):
    """The text is no note as it should be written."""


def b64(data: bytes) -> str:
    """Write bytes in base64, as RFC 4648 section 4."""
    return base64.b64encode(data).decode()


def unb64(text: str) -> bytes:
    """Read what `b64` wrote, and nothing else. Raises NotANote."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NotANote("not base64") from None
    if b64(data) != text:
        raise NotANote("base64 written another way")
    return data


@dataclass(frozen=True)
class Key:
    """A public key with its name and use."""

    name: str
    use: int
    public: bytes

    @classmethod
    def read(cls, text: str) -> "Key":
        """Read `name+hash+key`. Raises NotANote, also when the hash is another's."""
        parts = text.strip().split("+", 2)  # base64 may hold + itself
        if len(parts) != 3 or not _NAME.fullmatch(parts[0]):
            raise NotANote("not a key: name+hash+key")
        data = unb64(parts[2])
        if len(data) != 33 or data[0] not in (LOG, WITNESS):
            raise NotANote("not an Ed25519 key of a log or a witness")
        key = cls(parts[0], data[0], data[1:])
        if key.id.hex() != parts[1]:
            raise NotANote("the hash is not this key's")
        return key

    @property
    def id(self) -> bytes:
        """The four bytes that name the key in a signature line."""
        return sha256(self.name.encode() + b"\n" + bytes([self.use]) + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{b64(bytes([self.use]) + self.public)}"

    def signed(self, text: str, signature: bytes) -> int | None:
        """Return when (POSIX seconds; 0 for a log's key) this key signed the text, or None if it did not."""
        at, message = 0, text.encode()
        if self.use == WITNESS:
            if len(signature) != 72:
                return None
            at, signature = int.from_bytes(signature[:8], "big"), signature[8:]
            message = _cosigned(text, at)
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return None
        return at


def _cosigned(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()


@dataclass(frozen=True)
class Signer:
    """A private key that writes signature lines."""

    key: Key
    private: Ed25519PrivateKey

    @classmethod
    def of(cls, name: str, use: int, seed: bytes) -> "Signer":
        """Make the signer of a 32-byte seed."""
        private = Ed25519PrivateKey.from_private_bytes(seed)
        return cls(Key(name, use, private.public_key().public_bytes_raw()), private)

    def line(self, text: str, at: int = 0) -> str:
        """Return the signature line over a note's text; `at` (POSIX seconds) is a witness's time."""
        signature = self.private.sign(_cosigned(text, at) if self.key.use == WITNESS else text.encode())
        stamp = at.to_bytes(8, "big") if self.key.use == WITNESS else b""
        return f"— {self.key.name} {b64(self.key.id + stamp + signature)}\n"


@dataclass(frozen=True)
class Note:
    """A text and the lines that sign it."""

    text: str
    lines: tuple[str, ...]

    @classmethod
    def read(cls, whole: str) -> "Note":
        """Read a note. Raises NotANote."""
        text, between, end = whole.rpartition("\n\n")
        lines = end.splitlines(keepends=True)
        if len(whole) > LONGEST or not between or not text or not lines or _CONTROL.search(whole):
            raise NotANote("not a signed note")
        if not all(line.startswith("— ") and line.endswith("\n") for line in lines):
            raise NotANote("not a signature line")
        return cls(text + "\n", tuple(lines))

    def __str__(self) -> str:
        return f"{self.text}\n{''.join(self.lines)}"

    def signed_by(self, key: Key) -> int | None:
        """Return when the key signed (0 for a log's), or None. A line of the key that does not hold spoils the rest."""
        found = None
        for line in self.lines:
            signature = signature_of(line, key)
            if signature is not None:
                found = key.signed(self.text, signature)
                if found is None:
                    return None
        return found


def signature_of(line: str, key: Key) -> bytes | None:
    """Return the signature in a line if it says it is the key's, else None."""
    parts = line.removesuffix("\n").split(" ")
    if len(parts) != 3 or parts[0] != "—" or parts[1] != key.name:
        return None
    try:
        data = unb64(parts[2])
    except NotANote:
        return None
    return data[4:] if data[:4] == key.id else None


@dataclass(frozen=True)
class Checkpoint:
    """How large a log is and its root: what is signed."""

    origin: str
    size: int
    root: bytes

    @classmethod
    def read(cls, text: str) -> "Checkpoint":
        """Read a note's text. Further lines are allowed, and mean nothing here. Raises NotANote."""
        lines = text.split("\n")
        if len(lines) < 4 or lines[-1] != "" or not lines[0] or not _NUMBER.fullmatch(lines[1]):
            raise NotANote("not a checkpoint")
        root = unb64(lines[2])
        if len(root) != 32 or not all(lines[3:-1]):
            raise NotANote("not a checkpoint")
        return cls(lines[0], int(lines[1]), root)

    @property
    def text(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{b64(self.root)}\n"


def submission(old: int, proof: Iterable[bytes], checkpoint: str) -> bytes:
    """Write what is sent to a witness's `add-checkpoint`."""
    return f"old {old}\n{''.join(b64(one) + chr(10) for one in proof)}\n{checkpoint}".encode()


def read_submission(body: bytes) -> tuple[int, list[bytes], Note]:
    """Read (old size, consistency proof, note). Raises NotANote."""
    try:
        head, between, note = body.decode().partition("\n\n")
    except UnicodeDecodeError:
        raise NotANote("not UTF-8") from None
    first, *proof = head.split("\n")
    if not between or not first.startswith("old ") or not _NUMBER.fullmatch(first[4:]) or len(proof) > 63:
        raise NotANote("not a submission")
    hashes = [unb64(line) for line in proof]
    if any(len(one) != 32 for one in hashes):
        raise NotANote("not a hash")
    return int(first[4:]), hashes, Note.read(note)

"""The quarantined copy: encrypted, so that nobody reads it who does not set out to bring a file back."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_NONCE = 12


class CannotOpen(Exception):
    """The quarantined copy cannot be opened: it is damaged, or was sealed with another key."""


def seal(content: bytes, akt_hash: str) -> bytes:
    """Encrypt with AES-256-GCM, bound to the file it is a copy of. The key is derived from SECRET_KEY."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(_key()).encrypt(nonce, content, akt_hash.encode())


def unseal(sealed: bytes, akt_hash: str) -> bytes:
    """Decrypt. Raises CannotOpen."""
    try:
        return AESGCM(_key()).decrypt(sealed[:_NONCE], sealed[_NONCE:], akt_hash.encode())
    except (InvalidTag, ValueError) as fault:
        raise CannotOpen from fault


def _key() -> bytes:
    made = HKDF(SHA256(), length=32, salt=None, info=b"livlina records quarantine 1")
    return made.derive(settings.SECRET_KEY.encode())

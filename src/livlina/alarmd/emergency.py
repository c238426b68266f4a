"""Emergency codes for the receiver's own page: made by the main system, shown once on paper, kept as a digest.

Both sides must agree on these few lines, so they stand here alone: the main system makes a code and its digest with
them, the receiver asks with them.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""No I, O, 0 or 1: it is read off a card in the dark."""


def new_code() -> str:
    """Return a new code of four groups of four: 80 bits."""
    letters = [secrets.choice(ALPHABET) for _ in range(16)]
    return "-".join("".join(letters[start : start + 4]) for start in range(0, 16, 4))


def new_salt() -> str:
    """Return a new salt, as text."""
    return secrets.token_hex(16)


def digest_of(code: str, salt: str) -> str:
    """Return what is kept of a code: scrypt, 16 MB and some 50 ms. Case, spaces and dashes do not count."""
    said = "".join(letter for letter in code.upper() if letter.isalnum())
    return hashlib.scrypt(said.encode(), salt=salt.encode(), n=2**14, r=8, p=1, dklen=32).hex()


def is_right(code: str, salt: str, digest: str) -> bool:
    """Tell whether a code is the one whose digest was kept."""
    return bool(salt and digest) and hmac.compare_digest(digest_of(code, salt), digest)

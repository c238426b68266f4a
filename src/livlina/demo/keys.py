"""Keys of the demo that two programs must know without asking each other. Standard library alone."""

import hashlib
import hmac

SWITCHBOARD = "switchboard"
"""What the telephone exchange is called, where a receiver has its letter."""


def receiver_key(secret: str, slug: str, code: str) -> str:
    """Return the key with which an alarm receiver of the demo hands over: the same for the same secret of the demo."""
    made = hmac.new(secret.encode(), f"demo alarm receiver {slug} {code}".encode(), hashlib.sha256)
    return f"{slug}.{made.hexdigest()}"

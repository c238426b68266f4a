"""HTML without a template engine: whatever is put into a text is escaped, unless it is HTML already."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from functools import cache
from html import escape
from pathlib import Path

STATIC = Path(__file__).parent / "static"


class Html(str):
    """Text that is HTML."""

    __slots__ = ()


def html(template: str, **values: object) -> Html:
    """Return the template with every {name} replaced, and escaped if it is not HTML."""
    return Html(template.format_map({name: _safe(value) for name, value in values.items()}))


def joined(parts: Iterable[Html], between: str = "\n") -> Html:
    """Return them one after the other."""
    return Html(between.join(parts))


def _safe(value: object) -> str:
    return value if isinstance(value, Html) else escape(str(value))


@cache
def static(name: str) -> bytes:
    """Return a file of our own."""
    return (STATIC / name).read_bytes()


def fingerprint(data: bytes) -> str:
    """Return what a content security policy calls an inline style of exactly these bytes."""
    return "sha256-" + base64.b64encode(hashlib.sha256(data).digest()).decode()

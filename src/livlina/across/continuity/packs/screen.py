"""A pack on screen: one HTML file that needs no server, no network and nothing else, on a computer or a phone."""

import base64
import hashlib
import json
from dataclasses import asdict
from functools import cache
from html import escape
from pathlib import Path
from typing import Any
from uuid import UUID

from livlina.across.continuity.packs import sealing
from livlina.across.continuity.packs.content import Pack

PAGE = Path(__file__).parent / "page"


def html(pack: Pack, paper: bytes, lock: sealing.Lock, unit_id: UUID) -> str:
    """Return the page with the pack and its paper (PDF) sealed in it. What stands open: the unit's name and the age."""
    told = asdict(pack) | {"pdf": sealing.b64(paper)}
    del told["persons"]
    content = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    sealed = json.dumps(sealing.seal(content, lock, unit_id, at=pack.at))
    style, script = _file("look.css"), _file("open.js")
    parts = {
        "unit": escape(pack.unit), "made": escape(pack.made), "style": style, "script": script, "sealed": sealed,
        "style_hash": _hash(style), "script_hash": _hash(script),
    }  # fmt: skip
    page = _file("page.html")
    for name in ("unit", "made", "style_hash", "script_hash", "style", "script", "sealed"):
        page = page.replace("{{" + name + "}}", parts[name])
    return page


def sealed_in(page: str) -> dict[str, Any]:
    """Return what is sealed in a page. Raises ValueError when it is no pack."""
    _, found, rest = page.partition('<script type="application/json" id="sealed">')
    if not found:
        raise ValueError("Filen är inget reservpaket.")
    return dict(json.loads(rest.partition("</script>")[0]))


@cache
def _file(name: str) -> str:
    return (PAGE / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()

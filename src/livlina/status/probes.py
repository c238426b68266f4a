"""Looks at the house from outside, as a browser, a phone or an alarm unit would, with two seconds for each look.

A probe says only whether it got an answer a user could use. What that means for people is worded in `words.py`.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from livlina.status.measure import Database
from livlina.status.parts import Part

LIMIT = 2.0
"""Seconds for a whole look."""
MOST = 64 * 1024
"""Bytes of an answer that are read."""
AGENT = "livlina-status"

OLDEST = {
    "staff_idp": timedelta(minutes=3),
    "packs": timedelta(minutes=20),
    "shadow": timedelta(minutes=5),
    "backups": timedelta(minutes=30),
    "restore_test": timedelta(hours=26),
    "drills": timedelta(hours=26),
    "cluster": timedelta(minutes=2),
    "witness": timedelta(hours=2),
}
"""How old the word of each part may be before it counts as not working. A part that never spoke is not set up."""
PROBED = ("web", "sign_in", "journal", "alarms", "doors")
NAMES = (*PROBED, *OLDEST)


@dataclass(frozen=True)
class Seen:
    """What one look found. `code` says which words fit; `told` when the part itself said so."""

    works: bool
    code: str = ""
    set_up: bool = True
    told: datetime | None = None
    words: str = ""


@dataclass(frozen=True)
class Targets:
    """Where to look. `receivers` are the addresses of the alarm receivers' own pages; `ca` a file of authorities;
    `host` the name people use, when the web server is asked behind the TLS that stands in front of it."""

    web: str = "http://127.0.0.1:8000"
    host: str = ""
    receivers: Sequence[str] = ()
    ca: str = ""


Ask = Callable[[str], Awaitable[int]]


@dataclass
class Looker:
    """Looks at everything at once. `database`: what is known of the database, or a function that asks it."""

    targets: Targets
    database: Callable[[], Database | None] = lambda: None
    parts: Callable[[], Mapping[str, Part]] = dict
    context: ssl.SSLContext | None = field(default=None)

    def __post_init__(self) -> None:
        if self.context is None and any(
            one.startswith("https") for one in (self.targets.web, *self.targets.receivers)
        ):
            self.context = ssl.create_default_context(cafile=self.targets.ca or None)

    async def look(self, now: datetime) -> tuple[dict[str, Seen], Database | None]:
        """Return what works, by name, and what the database said of itself. Takes at most about two seconds."""
        web, sign_in, field_api, receivers, database, parts = await asyncio.gather(
            self._status(self.targets.web, "/"),
            self._status(self.targets.web, "/sign-in/"),
            self._status(self.targets.web, "/api/v1/field/pack"),
            asyncio.gather(*(self._status(one, "/health") for one in self.targets.receivers)),
            asyncio.to_thread(self.database),
            asyncio.to_thread(self.parts),
        )
        up = 0 < web < 500
        found = {
            "web": Seen(up),
            "sign_in": Seen(up and sign_in == 200),
            "journal": _journal(up, database),
            "alarms": _alarms(receivers),
            "doors": Seen(0 < field_api < 500),
        }
        return found | {name: spoken(parts.get(name), name, now) for name in OLDEST}, database

    async def _status(self, base: str, path: str) -> int:
        """Return the status of the answer; 0 when there was none in time."""
        try:
            async with asyncio.timeout(LIMIT):
                return await self._get(base, path)
        except (OSError, TimeoutError, ValueError, asyncio.IncompleteReadError):
            return 0

    async def _get(self, base: str, path: str) -> int:
        parts = urlsplit(base)
        secure = parts.scheme == "https"
        reader, writer = await asyncio.open_connection(
            parts.hostname,
            parts.port or (443 if secure else 80),
            ssl=self.context if secure else None,
            server_hostname=(self.targets.host or parts.hostname) if secure else None,
            limit=MOST,
        )
        try:
            host = self.targets.host if base == self.targets.web and self.targets.host else parts.netloc
            proto = "X-Forwarded-Proto: https\r\n" if self.targets.host else ""
            writer.write(
                f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: {AGENT}\r\n{proto}Connection: close\r\n\r\n".encode()
            )
            await writer.drain()
            first = await reader.readline()
            await reader.readuntil(b"\r\n\r\n")
            return int(first.split(b" ", 2)[1])
        except (IndexError, asyncio.LimitOverrunError) as error:
            raise ValueError("That is no answer of HTTP.") from error
        finally:
            writer.close()


def _journal(up: bool, database: Database | None) -> Seen:
    """Readable when the web answers and the rows do; where the database is not asked, the web's word is all there is."""
    if not up:
        return Seen(False)
    return Seen(database is None or database.journal)


def _alarms(receivers: Sequence[int]) -> Seen:
    if not receivers:
        return Seen(False, set_up=False)
    up = sum(status == 200 for status in receivers)
    return Seen(up > 0, "one_left" if 0 < up < len(receivers) else "")


def spoken(part: Part | None, name: str, now: datetime) -> Seen:
    """Return what a part's own word is worth at `now`: nothing when it is too old."""
    if part is None:
        return Seen(False, "never", set_up=False)
    if now - part.at > OLDEST[name]:
        return Seen(False, "silent", told=part.at, words=part.words)
    return Seen(part.works, told=part.at, words=part.words)

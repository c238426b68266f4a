"""Looks at the house from outside, as a browser, a phone or an alarm unit would, with two seconds for each look.

A probe says only whether it got an answer a user could use. What that means for people is worded in `words.py`.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from livlina.status.measure import Database
from livlina.status.parts import Part

LIMIT = 2.0
"""Seconds for a whole look."""
MOST, BODY = 64 * 1024, 512
"""Bytes of an answer's head, and of its body, that are read."""
DEEP = "/health/deep"
"""Where the web server says at once whether its database can be written (`core/health.py`)."""
FIELD = "/api/v1/field/works"
"""Where the phones' interface says that it answers (`homecare/views/api.py`): 200, with nothing for a log to warn of."""
PACK = "/api/v1/field/pack"
"""What a version before that question has instead: a refusal in the interface's own words, and a warning in its log."""
REFUSED = (401, 403, 405)
AGENT = "livlina-status"

OLDEST = {
    "staff_idp": timedelta(minutes=3),
    "packs": timedelta(minutes=20),
    "shadow": timedelta(minutes=5),
    "backups": timedelta(minutes=30),
    "restore_test": timedelta(hours=26),
    "drills": timedelta(hours=26),
    "schedule": timedelta(minutes=10),
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


@dataclass(frozen=True)
class House:
    """What the web server answered, by page; 0: nothing in time, or it was no use to ask."""

    web: int = 0
    sign_in: int = 0
    field: bool = False
    reads_only: bool = False


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
        """Return what works, by name, and what the database said of itself. Takes at most about four seconds."""
        house, receivers, database, parts = await asyncio.gather(
            self._house(),
            asyncio.gather(*(self._status(one, "/health") for one in self.targets.receivers)),
            asyncio.to_thread(self.database),
            asyncio.to_thread(self.parts),
        )
        up = 0 < house.web < 500
        found = {
            "web": Seen(up),
            "sign_in": Seen(up and house.sign_in == 200),
            "journal": _journal(up, house.reads_only, database),
            "alarms": _alarms(receivers),
            "doors": Seen(house.field),
        }
        return found | {name: spoken(parts.get(name), name, now) for name in OLDEST}, database

    async def _house(self) -> House:
        """Ask how the web server is, and only if its database answers for the pages themselves.

        A page waits long for a database that is away, in the hope that it comes back: our questions must not be what
        takes the last threads.
        """
        status, body = await self._ask(self.targets.web, DEEP)
        reads_only = status == 503 and b'"reading"' in body
        if status == 0 or (status == 503 and not reads_only):
            return House()
        here = self.targets.web
        web, sign_in, phones = await asyncio.gather(
            self._status(here, "/"), self._status(here, "/sign-in/"), self._phones(here)
        )
        return House(web, sign_in, phones, reads_only)

    async def _phones(self, here: str) -> bool:
        """Whether phones are answered. What answers neither question as the interface would is no interface."""
        status = await self._status(here, FIELD)
        return status == 200 or (status == 404 and await self._status(here, PACK) in REFUSED)

    async def _status(self, base: str, path: str) -> int:
        return (await self._ask(base, path))[0]

    async def _ask(self, base: str, path: str) -> tuple[int, bytes]:
        """Return the status of the answer and how its body begins; 0 when there was none in time."""
        try:
            async with asyncio.timeout(LIMIT):
                return await self._get(base, path)
        except (OSError, TimeoutError, ValueError, asyncio.IncompleteReadError):
            return 0, b""

    async def _get(self, base: str, path: str) -> tuple[int, bytes]:
        parts = urlsplit(base)
        secure = parts.scheme == "https"
        host = self.targets.host if base == self.targets.web and self.targets.host else ""
        reader, writer = await asyncio.open_connection(
            parts.hostname,
            parts.port or (443 if secure else 80),
            ssl=self.context if secure else None,
            server_hostname=(host or parts.hostname) if secure else None,
            limit=MOST,
        )
        try:
            lines = [f"GET {path} HTTP/1.1", f"Host: {host or parts.netloc}", f"User-Agent: {AGENT}"]
            lines += ["X-Forwarded-Proto: https"] if host else []
            writer.write("\r\n".join([*lines, "Connection: close", "", ""]).encode())
            await writer.drain()
            first = await reader.readline()
            await reader.readuntil(b"\r\n\r\n")
            return int(first.split(b" ", 2)[1]), await reader.read(BODY)
        except (IndexError, asyncio.LimitOverrunError) as error:
            raise ValueError("That is no answer of HTTP.") from error
        finally:
            writer.close()


def _journal(up: bool, reads_only: bool, database: Database | None) -> Seen:
    """Readable when the web answers and the rows do; where the database is not asked, the web's word is all there is."""
    if not up or (database is not None and not database.journal):
        return Seen(False)
    return Seen(False, "reads_only") if reads_only else Seen(True)


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

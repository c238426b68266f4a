"""The telephone exchange of the simulated town: a unit that was told where to call does, and the exchange says so.

It takes some seconds until a call has come through. What is said is only the number, to the main system's own route for
it; a unit without a number of its own calls too, but nobody can tell whose call it is.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import Request, urlopen

from livlina.cli.simulate.unit import Unit
from livlina.cli.surroundings import Problem, say

SOONEST, SPREAD = 5.0, 5
"""Seconds until a call has come through, and how many later it is for some."""
PATIENCE = 5.0


@dataclass
class Exchange:
    """Where calls are told, and by which key."""

    url: str
    key: str
    told: int = 0
    fault: str = ""
    under_way: set[asyncio.Task[None]] = field(default_factory=set)

    @classmethod
    def read(cls, path: Path) -> Exchange:
        """Read `{"url": …, "key": …}`. Raises Problem."""
        try:
            said = json.loads(path.read_text(encoding="utf-8"))
            url, key = str(said["url"]), str(said["key"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise Problem(f"The telephone exchange in {path} cannot be read: {error!r}") from None
        if not url.startswith(("http://", "https://")):
            raise Problem(f"The telephone exchange in {path} has no address that begins with http.")
        return cls(url, key)

    def called(self, unit: Unit) -> None:
        """A unit has been told where to call. Called in the fleet's loop."""
        if unit.phone:
            task = asyncio.get_running_loop().create_task(self._comes(unit))
            self.under_way.add(task)
            task.add_done_callback(self.under_way.discard)

    async def close(self) -> None:
        """Forget the calls that have not come through yet."""
        for task in list(self.under_way):
            task.cancel()
        await asyncio.gather(*self.under_way, return_exceptions=True)

    async def _comes(self, unit: Unit) -> None:
        await asyncio.sleep(SOONEST + unit.place % SPREAD)
        fault = await asyncio.to_thread(self._tell, unit.phone)
        self.told += not fault
        if fault and fault != self.fault:
            say(f"The telephone exchange could not tell of a call: {fault}")
        self.fault = fault

    def _tell(self, phone: str) -> str:
        """Tell of one call; return what went wrong, if anything did."""
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        body = json.dumps({"number": f"+{phone}"}).encode()
        try:
            with urlopen(Request(self.url, body, headers), timeout=PATIENCE) as answer:  # noqa: S310  http, as read
                answer.read()
        except OSError as error:
            return str(error)
        return ""

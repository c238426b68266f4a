"""Carers with phones, and the doors of those they visit, in a program of its own that the rig speaks to line by line.

`take N` gives N carers a phone and a shift with doors; `work` lets them do their visits, try to send, and open every door
with what lies in the phone; `home` sends until nothing waits and counts what came; each is answered by one line of JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from livlina.cli.surroundings import Problem, python_path

VISITS = 4
DOORS = 3


class Phones:
    """The rig's end of it."""

    def __init__(self, environment: Mapping[str, str], port: int, log: Path) -> None:
        given = {
            "LIVLINA_TEST": "1",
            "PYTHONPATH": python_path(),
            "_LIVLINA_BENCH": json.dumps({"port": port}),
        }
        without = {name: value for name, value in os.environ.items() if not name.startswith("LIVLINA_")}
        with log.open("ab") as out:
            self.program = subprocess.Popen(
                [sys.executable, "-c", "from livlina.cli.rig.phones import main; main()"],
                env=without | dict(environment) | given,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=out, text=True,
            )  # fmt: skip
        self.log = log

    def tell(self, words: str) -> dict[str, int]:
        """Say one line and return what was answered. Raises Problem when it has died."""
        if self.program.stdin and self.program.stdout:
            self.program.stdin.write(words + "\n")
            self.program.stdin.flush()
            if line := self.program.stdout.readline():
                return cast(dict[str, int], json.loads(line))
        raise Problem(f"The phones died: {self.log.read_text(errors='replace')[-2000:]}")


@contextmanager
def phones(environment: Mapping[str, str], port: int, log: Path) -> Iterator[Phones]:
    """Phones that are put away afterwards."""
    one = Phones(environment, port, log)
    try:
        yield one
    finally:
        one.program.kill()
        one.program.communicate()


@dataclass
class Shift:
    """All carers of the trial."""

    site: Any
    carried: list[Any] = field(default_factory=list)
    packs: list[dict[str, Any]] = field(default_factory=list)
    doors: list[list[Any]] = field(default_factory=list)
    """Each carer's, as they hang there: they ask nobody."""

    def take(self, count: int) -> dict[str, int]:
        """Give carers phones, shifts and packs, while everything works."""
        from livlina.cli.bench import field_run, field_stock
        from livlina.core import clock
        from livlina.provider.homecare.sync.wire import unb64u

        now = clock.now()
        self.carried = field_run.phones(self.site, count, VISITS, now)
        for one in self.carried:
            field_stock.shift(one.carer, DOORS, now)
            headers, body = field_run.session(one.carer.actor), {"phone": one.handset.store.phone}
            status, answer = self.site.ask("POST", "/api/v1/field/pack", body, headers)
            if status != 200:
                raise Problem(f"A pack was not made: {status} {answer[:300]!r}")
            pack = json.loads(unb64u(json.loads(answer)["payload"]))
            self.packs.append(pack)
            self.doors.append(_hung(pack, now))
        return {"phones": len(self.carried), "doors": sum(map(len, self.doors))}

    def work(self) -> dict[str, int]:
        """Everything a shift does, with or without a server."""
        from livlina.cli.bench import field_run

        for one in self.carried:
            for visit, person, at in one.carer.visits:
                field_run.at_visit(one, visit, person, at, self.site)
            one.send(self.site)
        now = datetime.now().astimezone()
        opened = [
            _opens(one.handset, pack, door, now)
            for one, pack, doors in zip(self.carried, self.packs, self.doors, strict=True)
            for door in doors
        ]
        waiting = sum(len(one.handset.waiting) for one in self.carried)
        return {"waiting": waiting, "doors": len(opened), "opened": sum(opened)}

    def home(self) -> dict[str, int]:
        """Send until nothing waits, then count."""
        from livlina.cli.bench import field_run

        for one in self.carried:
            one.until_all_is_in(self.site, time.monotonic() + 60)
        events = sum(len(one.handset.store.events) for one in self.carried)
        left = sum(len(one.handset.waiting) for one in self.carried)
        lost, doubled = field_run.visits_found(self.carried)
        return {"events": events, "lost": lost + left, "doubled": doubled}


def _hung(pack: dict[str, Any], now: datetime) -> list[Any]:
    """The locks of the persons in a pack, fitted as the register says."""
    from livlina.core import tenancy
    from livlina.provider.doors.models import Lock
    from livlina.provider.doors.protocol.fitting import Issuer
    from livlina.provider.doors.protocol.lock import Lock as RealLock
    from livlina.provider.doors.protocol.memory import Memory
    from livlina.provider.homecare.sync.wire import unb64u

    trusted = (Issuer("rigby", unb64u(pack["issuer"]["public"])),)
    floor = int(now.timestamp()) - 60
    numbers = [lock["number"] for person in pack["persons"].values() for lock in person["locks"]]
    with tenancy.acting(1, tuple(range(1, 17))):
        rows = list(Lock.objects.filter(number__in=numbers))
    return [
        RealLock(Memory(door=row.number, area=row.area, epoch=row.epoch, issuers=trusted, floor=floor))
        for row in rows
    ]


def _opens(handset: Any, pack: dict[str, Any], door: Any, now: datetime) -> bool:
    """Whether a door opens for what lies in this phone."""
    from livlina.provider.doors.protocol import messages
    from livlina.provider.doors.protocol.phone import Key, Phone
    from livlina.provider.homecare.sync.wire import unb64u

    at, hand = int(now.timestamp()), Phone(Key(handset.store.private, handset.public))
    for token in pack["tokens"]:
        if not token["sealed"]:
            asked = hand.ask(door.challenge(0.0), door.memory.door, [unb64u(token["token"])], now=at)
            if messages.read_answer(door.act(asked, at, 0.0)).outcome == "opened":
                return True
    return False


def main() -> None:
    """Answer line by line until nobody asks any more."""
    import django

    django.setup()
    from livlina.cli.bench.field_run import Site

    site = Site(Path("/nonexistent"))
    site.port = json.loads(os.environ["_LIVLINA_BENCH"])["port"]
    shift = Shift(site)
    verbs = SimpleNamespace(take=lambda count: shift.take(int(count)), work=shift.work, home=shift.home)
    for line in sys.stdin:
        verb, *words = line.split()
        print(json.dumps(getattr(verbs, verb)(*words)), flush=True)

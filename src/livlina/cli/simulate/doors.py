"""A street of simulated doors: real locks of the door protocol, each with a clock, a flash and faults of its own.

The doors come from a file that the demo writes (`{"issuers": [{"name", "public"}], "locks": [{"number", "area", "epoch",
"area_epoch", "label"}]}`, points in hexadecimals; a lock may name `issuers` of its own). It is read again when it has
changed, so a door fitted in the demo can be opened at once.
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from livlina.cli.surroundings import Problem
from livlina.provider.doors.protocol.fitting import Issuer
from livlina.provider.doors.protocol.lock import Lock
from livlina.provider.doors.protocol.memory import Memory

FAULTS = {
    "frozen": "Regeln sitter fast",
    "flat": "Batteriet är slut: låset svarar inte",
    "weak": "Batteriet är svagt: låset svarar men orkar inte",
    "clock_lost": "Klockan har stannat",
    "floor_lost": "Flashminnets tid är borta",
    "slow": "Svarar efter tre sekunder",
    "off_by_one": "Tappar en byte av varje fråga",
}
SLOW = 3.0  # seconds
DRIFT = 20e-6  # of a cheap crystal: some ten minutes a year
APART = 60  # seconds that a clock may be wrong from the start


@dataclass
class Door:
    """One simulated lock. `folder` holds its flash between runs; None keeps nothing."""

    lock: Lock
    label: str
    folder: Path | None
    offset: float = 0.0
    drift: float = 0.0
    faults: set[str] = field(default_factory=set)
    began: float = field(default_factory=time.monotonic)
    guard: threading.Lock = field(default_factory=threading.Lock)

    @property
    def number(self) -> int:
        """What it calls itself."""
        return self.lock.memory.door

    @property
    def up(self) -> float:
        """Seconds since it last started."""
        return time.monotonic() - self.began

    @property
    def own(self) -> int | None:
        """Its own clock, which drifts; None when it has stopped."""
        if "clock_lost" in self.faults:
            return None
        now = time.time()
        return int(now + self.offset + self.drift * (now - 1_767_225_600))

    def challenge(self) -> bytes | None:
        """Return a nonce, or None when it does not answer."""
        with self.guard:
            return self.lock.challenge(self.up) if self._answers() else None

    def act(self, message: bytes) -> bytes | None:
        """Return the answer to a message, or None when it does not answer."""
        with self.guard:
            if not self._answers():
                return None
            heard = message[:-1] if "off_by_one" in self.faults else message
            answer = self.lock.act(heard, self.own, self.up)
            self.keep()
            return answer

    def keep(self) -> None:
        """Write the flash."""
        if self.folder is not None:
            new = self.folder / f"{self.number}.new"
            new.write_bytes(self.lock.memory.to_bytes())
            new.replace(self.folder / str(self.number))

    def switch(self, fault: str, on: bool) -> None:
        """Let something break, or mend it. A lost floor is gone at once, and comes back with the next signed time."""
        with self.guard:
            if fault == "floor_lost":
                self.lock.memory.floor = None
                self.keep()
            elif on:
                self.faults.add(fault)
            else:
                self.faults.discard(fault)
            self.lock.battery = 0 if "flat" in self.faults else 2 if "weak" in self.faults else 100

    def restart(self) -> None:
        """Take the battery out and put it back: what is not in flash is gone."""
        with self.guard:
            self.lock = Lock(self.lock.memory, turn=self._turn)
            self.began = time.monotonic()

    def shown(self) -> dict[str, Any]:
        """How it stands, for the page and for tests."""
        with self.guard:
            last = self.lock.memory.log.entries[-1] if self.lock.memory.log.entries else None
            return {
                "number": self.number, "label": self.label, "open": self.lock.open(self.up),
                "battery": self.lock.battery, "faults": sorted(self.faults), "epoch": self.lock.memory.epoch,
                "entries": self.lock.memory.log.number, "acknowledged": self.lock.memory.log.acknowledged,
                "noise": self.lock.noise, "time": self.lock.time(self.own, self.up),
                "last": {"outcome": last.outcome, "fault": last.fault, "at": last.at} if last else None,
            }  # fmt: skip

    def _answers(self) -> bool:
        if "slow" in self.faults:
            time.sleep(SLOW)
        return "flat" not in self.faults

    def _turn(self, action: str) -> str:
        if "frozen" in self.faults:
            return "stuck"
        return "battery" if "weak" in self.faults else ""


class Street:
    """All doors, by number."""

    def __init__(self, config: Path | None, folder: Path | None, *, count: int = 0) -> None:
        self.config, self.folder, self.count = config, folder, count
        self.doors: dict[int, Door] = {}
        self._seen = -1
        self._guard = threading.Lock()
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        self.look()

    def look(self) -> None:
        """Read the file of doors when it has changed. Raises Problem when it cannot be understood."""
        if self.config is None:
            return
        with self._guard:
            try:
                changed = self.config.stat().st_mtime_ns
                if changed == self._seen:
                    return
                said = json.loads(self.config.read_text(encoding="utf-8"))
                for line in said["locks"][: self.count or None]:
                    self._set(line, line.get("issuers") or said["issuers"])
            except (OSError, ValueError, KeyError, TypeError) as fault:
                raise Problem(f"{self.config} does not say which doors there are: {fault}") from fault
            self._seen = changed

    def find(self, number: int) -> Door | None:
        """Return a door, also one that has just been put into the file."""
        if number not in self.doors:
            self.look()
        return self.doors.get(number)

    def switch(self, number: int, fault: str, on: bool) -> bool:
        """Let a fault come or go at one door, or (0) at all. Returns whether there is such a door and fault."""
        doors = (
            list(self.doors.values()) if number == 0 else [self.doors[number]] if number in self.doors else []
        )
        if not doors or fault not in (*FAULTS, "restart"):
            return False
        for door in doors:
            if fault == "restart":
                door.restart()
            else:
                door.switch(fault, on)
        return True

    def _set(self, line: Mapping[str, Any], issuers: list[Mapping[str, str]]) -> None:
        number = int(line["number"])
        door = self.doors.get(number) or self._new(number)
        memory = door.lock.memory
        with door.guard:
            memory.door, memory.area = number, str(line.get("area", ""))
            memory.issuers = tuple(Issuer(one["name"], bytes.fromhex(one["public"])) for one in issuers)
            memory.epoch = max(memory.epoch, int(line.get("epoch", 1)))
            memory.area_epoch = max(memory.area_epoch, int(line.get("area_epoch", 1)))
        door.label = str(line.get("label") or f"Dörr {number}")
        self.doors[number] = door

    def _new(self, number: int) -> Door:
        memory, chance = Memory(), random.Random(number)  # noqa: S311  repeatable, no secret
        if self.folder is not None and (self.folder / str(number)).is_file():
            memory = Memory.from_bytes((self.folder / str(number)).read_bytes())
        door = Door(
            Lock(memory), "", self.folder, chance.uniform(-APART, APART), chance.uniform(-DRIFT, DRIFT)
        )
        door.lock.turn = door._turn
        return door


def from_file(config: Path | None, folder: Path | None, count: int, say: Callable[[str], None]) -> Street:
    """Return the street, and say how many doors there are. Raises Problem."""
    street = Street(config, folder, count=count)
    say(f"{len(street.doors)} simulated doors.")
    return street

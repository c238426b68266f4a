"""Many units and what happens to them: who beats when, who is cut off, what the script says. No sockets, no clock."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from random import Random

from livlina.cli.simulate import panel, wire
from livlina.cli.simulate.figures import Figures
from livlina.cli.simulate.script import Happening
from livlina.cli.simulate.unit import COOKIE, Out, Send, Unit

RECEIVERS = "abcdefgh"
Packet = tuple[Unit, Send]


@dataclass(frozen=True)
class Outage:
    """Nothing passes for those it concerns, in either direction, until then."""

    of: Happening
    until: float

    def stops(self, unit: Unit, receiver: int) -> bool:
        """Whether it stands between this unit and this receiver."""
        if self.of.receiver and RECEIVERS.find(self.of.receiver) != receiver:
            return False
        return self.of.concerns(unit)


class Fleet:
    """All units. Time is any clock that only goes forward, in seconds; `start` is when scripts begin.

    With the same seed the same units send the same messages at the same moments; what differs is what comes back.
    """

    def __init__(
        self,
        units: Sequence[Unit],
        script: Sequence[Happening],
        *,
        seed: int,
        start: float,
        beats: bool = True,
    ) -> None:
        self.units, self.start, self.rng = list(units), start, Random(seed)  # noqa: S311  repeatable, no secret
        self.by_number = {unit.number: unit for unit in self.units}
        self.figures = Figures()
        self.outages: list[Outage] = []
        self.queue: list[tuple[float, int, str, Unit | Happening]] = []
        self.looked: dict[int, float] = {}  # for each unit, when it is looked at next
        self.pushed = 0
        self.on_call: Callable[[Unit], None] = lambda unit: None
        for place, unit in enumerate(self.units):
            unit.place = place
            if beats and unit.interval > 0:
                self._push(start + self.rng.random() * unit.interval, "beat", unit)
        for line in script:
            self._push(start + (line.at or line.every), "script", line)

    @property
    def next_at(self) -> float:
        """When to advance next."""
        ends = min((outage.until for outage in self.outages), default=float("inf"))
        return min(ends, self.queue[0][0] if self.queue else float("inf"))

    def advance(self, now: float) -> list[Packet]:
        """Do everything that is due, and return what is to be sent."""
        packets = list(self._over(now))
        while self.queue and self.queue[0][0] <= now:
            at, _, what, about = heapq.heappop(self.queue)
            if isinstance(about, Happening):
                packets += self.happen(about, now)
                if about.every:
                    self._push(max(at, now) + about.every * self.rng.uniform(0.8, 1.2), "script", about)
            elif what == "look":
                if self.looked.get(about.place) == at:
                    del self.looked[about.place]
                    packets += self._out(about, about.tick(now))
            else:
                packets += self._out(about, about.say(what.split()[0], now))
                if what == "beat":
                    self._push(max(at + about.interval, now), "beat", about)
        return packets

    def hear(self, data: bytes, receiver: int, now: float, unit: Unit | None = None) -> list[Packet]:
        """Take what came from a receiver, for this unit or for the one it names."""
        heard = panel.read(data) if data[:1] == b"\n" else wire.read(data)
        if heard is None:
            return []
        if unit is None and isinstance(heard, wire.Heard):
            unit = self._named(heard)
        if unit is None or self._cut(unit, receiver) or now < unit.off_until:
            self.figures.dropped += 1
            return []
        if isinstance(heard, panel.Word):
            return self._out(unit, unit.hear_word(heard, now))
        return self._out(unit, unit.hear(heard, receiver, now))

    def happen(self, line: Happening, now: float) -> list[Packet]:
        """Let one line of a script come true now."""
        chosen = [unit for unit in self.units if line.concerns(unit)][: line.among or None]
        if line.what == "outage":
            self.outages.append(Outage(line, now + line.seconds))
            return []
        if line.what == "end":
            for place, outage in enumerate(self.outages):
                if replace(outage.of, what="end", at=0, seconds=0) == replace(line, at=0, seconds=0):
                    self.outages[place] = replace(outage, until=now)
            return list(self._over(now))
        single = line.what not in ("storm", "reboot") and not any((line.operator, line.area, line.model))
        if count := line.count or (1 if single else 0):
            chosen = self.rng.sample(chosen, min(count, len(chosen)))
        if line.what == "storm":
            return self._all_beat(chosen, now, line.seconds)
        if line.what == "reboot":
            for unit in chosen:
                unit.restart(now, line.seconds)
                self._push(now + line.seconds, "beat once", unit)
            return []
        return [packet for unit in chosen for packet in self._says(unit, line, now)]

    def _says(self, unit: Unit, line: Happening, now: float) -> list[Packet]:
        if line.seconds:  # spread over a while
            self._push(now + self.rng.random() * line.seconds, line.kind, unit)
            return []
        return self._out(unit, unit.say(line.kind, now, line.device or self.rng.choice(unit.pendants)))

    def _over(self, now: float) -> Iterator[Packet]:
        """End outages that are over; those who were cut off give a sign of life as soon as they have a network."""
        ended = [outage for outage in self.outages if outage.until <= now]
        self.outages = [outage for outage in self.outages if outage.until > now]
        for outage in ended:
            back = [unit for unit in self.units if outage.of.concerns(unit)]
            yield from self._all_beat(back, now, 2.0)

    def _all_beat(self, units: Sequence[Unit], now: float, seconds: float) -> list[Packet]:
        if seconds:
            for unit in units:
                self._push(now + self.rng.random() * seconds, "beat once", unit)
            return []
        return [packet for unit in units for packet in self._out(unit, unit.say("beat", now))]

    def _out(self, unit: Unit, out: Sequence[Out]) -> list[Packet]:
        packets = []
        for one in out:
            if not isinstance(one, Send):
                self.figures.note(unit.number, one)
                if one.what == "called":
                    self.on_call(unit)
            elif self._cut(unit, one.receiver):
                self.figures.dropped += 1
            else:
                packets.append((unit, one))
        if (at := unit.next_at) < self.looked.get(unit.place, float("inf")):
            self.looked[unit.place] = at
            self._push(at, "look", unit)
        return packets

    def _cut(self, unit: Unit, receiver: int) -> bool:
        return any(outage.stops(unit, receiver) for outage in self.outages)

    def _named(self, heard: wire.Heard) -> Unit | None:
        if not heard.status:
            return self.by_number.get(heard.user.strip())
        with suppress(ValueError, IndexError):
            return self.units[int(heard.branch.removeprefix(COOKIE)[:6], 16)]
        return None

    def _push(self, at: float, what: str, about: Unit | Happening) -> None:
        self.pushed += 1
        heapq.heappush(self.queue, (at, self.pushed, what, about))

"""How the receiver is: `/health`, `/metrics`, what it tells the main system of itself, and what it tells staff of.

Looked at every five seconds. A trouble is told once when it begins and once when it is over, as a record of kind
`receiver`: {"what": code, "value": …}, and the same code with `_over`.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography import x509

from livlina.alarmd import parts
from livlina.alarmd.guard import Room
from livlina.alarmd.watched import OK, SILENT
from livlina.alarmd.web import Reply

if TYPE_CHECKING:
    from livlina.alarmd.server import Server

EVERY = 5.0
UNACCEPTED, LAG, SYNC, FREE, STEP, DAYS, QUIET, ALIVE = 60.0, 15.0, 0.2, 0.2, 2.0, 30, 60.0, 40.0
"""Seconds an alarm may wait for somebody, a record for the main system, a sync; the least share of the disk free;
seconds a clock may step; days a certificate should last; seconds without any sign of life, and without a loop-back."""
TROUBLES = {
    "cannot_store": "Larm kan inte sparas",
    "not_alive": "Mottagarens eget provlarm kommer inte fram",
    "unaccepted": "Ett larm har väntat i mer än en minut",
    "handover_late": "Huvudsystemet får inte larmen",
    "peer_lost": "Den andra larmmottagaren svarar inte",
    "solo": "Larm sparas bara här",
    "no_signs": "Inga larmenheter hörs",
    "sync_slow": "Disken är långsam",
    "disk_low": "Disken håller på att bli full",
    "certificate_ends": "Ett certifikat går snart ut",
    "clock_stepped": "Klockan har ändrats",
    "told_nobody": "Ingen reservkanal når fram",
}
"""What staff are told at the desk, the worst first."""
TOLD_ELSEWHERE = {"cannot_store", "peer_lost"}
"""Put in the log by those who saw it first: the guard of the disk, the link to the peer."""


@dataclass
class Vitals:
    """What was seen at the last look."""

    room: Room | None = None
    certificate_days: float | None = None
    clock_step: float = 0.0
    clock_steps: int = 0
    troubles: dict[str, Any] = field(default_factory=dict)


class Look:
    """The one who looks. Called with the monotonic clock and the wall clock, so that a step between them is seen."""

    def __init__(self, server: Server, now: float) -> None:
        self.server, self.vitals = server, Vitals()
        self._ahead = server.wall() - now
        self._stepped_at = self._solo_at = float("-inf")
        self._solo, self._read_at = 0, float("-inf")
        self.beat_at = now

    def beat(self, unit: str, now: float) -> None:
        """Somebody lives."""
        self.beat_at = now

    async def look(self, now: float) -> None:
        """See how everything is, and tell what has changed."""
        vitals = self.vitals
        vitals.room = await asyncio.to_thread(self.server.guard.room)
        if now - self._read_at >= 3600:
            self._read_at = now
            vitals.certificate_days = await asyncio.to_thread(self._certificate_days)
        self._clock(now)
        before, vitals.troubles = vitals.troubles, dict(self._troubles(now))
        for code in vitals.troubles.keys() - before.keys() - TOLD_ELSEWHERE:
            await self.server.tell(code, vitals.troubles[code])
        for code in before.keys() - vitals.troubles.keys() - TOLD_ELSEWHERE:
            await self.server.tell(f"{code}_over", before[code])

    def _clock(self, now: float) -> None:
        ahead = self.server.wall() - now
        if abs(ahead - self._ahead) > STEP:
            self.vitals.clock_step, self._stepped_at = round(ahead - self._ahead, 1), now
            self.vitals.clock_steps += 1
        self._ahead = ahead

    def _troubles(self, now: float) -> Iterator[tuple[str, Any]]:
        server, vitals = self.server, self.vitals
        room, days = vitals.room, vitals.certificate_days
        age = server.watchdog.age if server.watchdog else 0.0
        if server.spool.fault:
            yield "cannot_store", server.spool.fault
        if age > max(ALIVE, 3 * server.config.watchdog.every):
            yield "not_alive", round(age)
        if (waited := oldest_unaccepted(server)) > UNACCEPTED:
            yield "unaccepted", round(waited)
        if (late := lag(server)) > LAG:
            yield "handover_late", round(late)
        if server.peer.state == "lost":
            yield "peer_lost", server.config.peer.name
        if (solo := server.counts["solo"]) > self._solo:
            self._solo, self._solo_at = solo, now
        if now - self._solo_at < 300:
            yield "solo", solo
        if now - self.beat_at > QUIET and self._signs_expected() >= 10:
            yield "no_signs", round(now - self.beat_at)
        if (sync := sync_p99(server)) > SYNC:
            yield "sync_slow", round(sync, 3)
        if room and room.share < FREE:
            yield "disk_low", round(room.share, 3)
        if days is not None and days < DAYS:
            yield "certificate_ends", round(days, 1)
        if now - self._stepped_at < 300:
            yield "clock_stepped", vitals.clock_step
        dispatcher = parts.of(server).dispatcher
        if dispatcher and dispatcher.failing:
            yield "told_nobody", dispatcher.failing

    def _signs_expected(self) -> float:
        """How many signs of life a minute should bring from those who were heard here until now."""
        supervisor = parts.of(self.server).supervisor
        if supervisor is None:
            return 0.0
        heard = (one.unit.interval for one in supervisor.watched.values() if one.last >= self.beat_at - 600)
        return sum(QUIET / interval for interval in heard if interval)

    def _certificate_days(self) -> float | None:
        """Days the first of our certificates to end has left; 0 when one cannot be read."""
        config = self.server.config
        files = {config.sip.certificate, config.peer.certificate, getattr(config.desk, "certificate", "")}
        days = [self._days(Path(file)) for file in files if file]
        return min(days) if days else None

    def _days(self, file: Path) -> float:
        try:
            ends = x509.load_pem_x509_certificate(file.read_bytes()).not_valid_after_utc
        except (OSError, ValueError):
            return 0.0
        return (ends - datetime.fromtimestamp(self.server.wall(), UTC)).total_seconds() / 86400


def oldest_unaccepted(server: Server) -> float:
    """Seconds the open alarm has waited that nobody has accepted for longest; 0 when there is none."""
    waiting = [
        found.alarm.at
        for found in server.spool.open_alarms()
        if not any(deed.state in ("accepted", "on_site") for deed in found.deeds)
    ]
    return max(0.0, server.wall() - min(waiting)) if waiting else 0.0


def lag(server: Server) -> float:
    """Seconds the oldest record has waited for the main system; 0 without one to hand over to."""
    handover = parts.of(server).handover
    return handover.lag() if handover else 0.0


def sync_p99(server: Server) -> float:
    """Seconds within which 99 of 100 syncs were done, of the last thousand."""
    seconds = sorted(server.spool.sync_seconds)
    return seconds[int(len(seconds) * 0.99)] if seconds else 0.0


def summary(server: Server) -> dict[str, Any]:
    """Return what the main system is told of us with each exchange."""
    vitals, supervisor = of(server), parts.of(server).supervisor
    states = supervisor.states if supervisor else {}
    return {
        "oldest_unaccepted_s": round(oldest_unaccepted(server), 1),
        "peer": server.peer.state,
        "lag_s": round(lag(server), 1),
        "free_share": round(vitals.room.share, 3) if vitals.room else None,
        "sync_p99_ms": round(sync_p99(server) * 1000, 1),
        "heard": states.get(OK, 0),
        "silent": states.get(SILENT, 0),
        "heard_today": supervisor.heard_today if supervisor else 0,
        "loopback_s": round(server.watchdog.age, 1) if server.watchdog else None,
        "shed": server.counts["beats_shed"],
        "troubles": sorted(vitals.troubles),
    }


def of(server: Server) -> Vitals:
    """Return what was seen at the last look."""
    look = parts.of(server).look
    return look.vitals if look else Vitals()


def health_page(server: Server) -> Reply:
    """Answer 200 as long as alarms are received and kept, else 503; either way with all that is known."""
    troubles = of(server).troubles
    well = not server.spool.fault and not troubles.keys() & {"cannot_store", "not_alive"}
    room = of(server).room
    said = {
        "receives": well,
        "receiver": server.config.receiver,
        **summary(server),
        "troubles": troubles,
        "certificate_days": of(server).certificate_days,
        "room": asdict(room) if room else None,
    }
    return Reply(json.dumps(said).encode(), 200 if well else 503, "application/json")


def metrics_page(server: Server) -> Reply:
    """Answer with the same in the text format of Prometheus."""
    text = "".join(
        f"# TYPE livlina_alarmd_{name} {kind}\n"
        + "".join(f"livlina_alarmd_{name}{label} {value}\n" for label, value in rows)
        for name, kind, rows in _metrics(server)
    )
    return Reply(text.encode(), 200, "text/plain; version=0.0.4; charset=utf-8")


Rows = list[tuple[str, float]]


def _metrics(server: Server) -> Iterator[tuple[str, str, Rows]]:
    vitals, lanes, supervisor = of(server), server.lanes, parts.of(server).supervisor
    yield "oldest_unaccepted_seconds", "gauge", [("", oldest_unaccepted(server))]
    yield "open_alarms", "gauge", [("", len(server.spool.open_alarms()))]
    yield "handover_lag_seconds", "gauge", [("", lag(server))]
    yield "sync_p99_seconds", "gauge", [("", sync_p99(server))]
    depths = {"alarms": len(lanes.alarms), "answers": len(lanes.answers), "beats": len(lanes.beats)}
    yield "lane_depth", "gauge", [(f'{{lane="{name}"}}', depth) for name, depth in depths.items()]
    yield "peer_up", "gauge", [("", int(server.peer.state == "ok"))]
    yield "stores", "gauge", [("", int(not server.spool.fault))]
    yield "clock_steps_total", "counter", [("", vitals.clock_steps)]
    yield "loopback_age_seconds", "gauge", [("", server.watchdog.age if server.watchdog else 0.0)]
    if vitals.certificate_days is not None:
        yield "certificate_days", "gauge", [("", vitals.certificate_days)]
    if vitals.room:
        yield "disk_free_bytes", "gauge", [("", vitals.room.free)]
        yield "disk_free_share", "gauge", [("", vitals.room.share)]
        yield "log_bytes", "gauge", [("", vitals.room.log)]
        yield "ballast_held", "gauge", [("", int(vitals.room.ballast))]
    if supervisor:
        yield "units", "gauge", [(f'{{state="{name}"}}', count) for name, count in supervisor.states.items()]
        yield "mass_silences", "gauge", [("", len(supervisor.events))]
    yield "trouble", "gauge", [(f'{{what="{code}"}}', int(code in vitals.troubles)) for code in TROUBLES]
    yield "events_total", "counter", [(f'{{what="{name}"}}', n) for name, n in sorted(server.counts.items())]


async def run(server: Server) -> None:
    """Look every five seconds until cancelled."""
    look = parts.of(server).look
    if look is None:
        look = parts.of(server).look = Look(server, time.monotonic())
        server.on_beat(look.beat)
    while True:
        await look.look(time.monotonic())
        await asyncio.sleep(EVERY)

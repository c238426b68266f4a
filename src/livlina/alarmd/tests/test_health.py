"""How the receiver tells of itself."""

import asyncio
import json
import time
from collections import deque
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from livlina.alarmd import health, parts
from livlina.alarmd.desk import Desk, Pages
from livlina.alarmd.exchange import Exchange, Handover
from livlina.alarmd.guard import Room
from livlina.alarmd.health import Look
from livlina.alarmd.record import Record
from livlina.alarmd.server import Server
from livlina.alarmd.supervise import Supervise, Supervisor
from livlina.alarmd.tests.main_system import press
from livlina.alarmd.tests.receiving import ANNA, Authority, config
from livlina.alarmd.watchdog import Watchdog
from livlina.alarmd.web import Request

WALL = 1_789_953_140.0


class Shift:
    """A receiver, and both its clocks in one hand."""

    def __init__(self, server: Server) -> None:
        self.server, self.now, self.step = server, 5000.0, 0.0
        server.wall = lambda: WALL + self.now - 5000.0 + self.step
        server.guard.room = lambda: Room(10**9, 0.8, 10**6, True, "")  # type: ignore[method-assign]
        self.look = parts.of(server).look = Look(server, self.now)

    async def pass_seconds(self, seconds: float) -> list[tuple[str, Any]]:
        """Let time pass and look; return what was told of the receiver."""
        before = self.server.spool.last()
        self.now += seconds
        await self.look.look(self.now)
        told = self.server.spool.since(before)
        return [(record.facts["what"], record.facts["value"]) for record in told if record.kind == "receiver"]

    async def get(self, path: str) -> tuple[int, str]:
        reply = await Pages(self.server, Desk(0)).answer(Request("GET", path, "127.0.0.1"))
        return reply.status, reply.body.decode()


def told(folder: Path, tale: Callable[[Shift], Awaitable[None]], **sections: Any) -> None:
    async def whole() -> None:
        server = Server(config(folder, **sections))
        try:
            await tale(Shift(server))
        finally:
            await server.stop()

    asyncio.run(whole())


def test_when_all_is_well_nothing_is_told_and_health_says_so(tmp_path: Path) -> None:
    async def tale(shift: Shift) -> None:
        assert await shift.pass_seconds(5) == []
        status, body = await shift.get("/health")
        said = json.loads(body)
        assert (status, said["receives"], said["troubles"], said["peer"]) == (200, True, {}, "none")
        assert said["room"]["share"] == 0.8

    told(tmp_path, tale)


def test_an_alarm_nobody_accepts_for_a_minute_is_told_once_and_its_end_once(tmp_path: Path) -> None:
    async def tale(shift: Shift) -> None:
        record = await press(shift.server)
        assert await shift.pass_seconds(59) == []
        assert await shift.pass_seconds(5) == [("unaccepted", 64)]
        assert await shift.pass_seconds(5) == []
        facts = {"did": "accepted", "alarm": record.id, "by": "Petra"}
        await shift.server.keep(Record("", "deed", 0.0, facts=facts))
        assert await shift.pass_seconds(5) == [("unaccepted_over", 69)]

    told(tmp_path, tale)


def test_a_clock_that_steps_is_told_and_ages_are_not_believed_wrong_for_ever(tmp_path: Path) -> None:
    async def tale(shift: Shift) -> None:
        shift.step = 1.5
        assert await shift.pass_seconds(5) == []
        shift.step = -58.5
        assert await shift.pass_seconds(5) == [("clock_stepped", -60.0)]
        assert await shift.pass_seconds(5) == []
        assert await shift.pass_seconds(300) == [("clock_stepped_over", -60.0)]
        assert "livlina_alarmd_clock_steps_total 1" in (await shift.get("/metrics"))[1]

    told(tmp_path, tale)


def test_a_full_disk_a_slow_one_and_a_main_system_that_takes_nothing_are_told(tmp_path: Path) -> None:
    async def tale(shift: Shift) -> None:
        server = shift.server
        await server.keep(Record("", "fault", 0.0, unit="4711"))
        server.guard.room = lambda: Room(1, 0.1, 1, False, "")  # type: ignore[method-assign]
        server.spool.sync_seconds = deque([0.01] * 50 + [0.5] * 50)
        parts.of(server).handover = Handover(Exchange("http://127.0.0.1:9", "x"), server)
        assert dict(await shift.pass_seconds(16)) == {"disk_low": 0.1, "sync_slow": 0.5, "handover_late": 16}
        said = health.summary(server)
        assert (said["lag_s"], said["sync_p99_ms"], said["free_share"]) == (16.0, 500.0, 0.1)

    told(tmp_path, tale)


def test_a_receiver_that_cannot_store_or_hears_nothing_of_its_own_alarm_is_not_well(tmp_path: Path) -> None:
    async def tale(shift: Shift) -> None:
        server = shift.server
        server.watchdog = Watchdog(server)
        server.watchdog._passed -= 100
        assert [code for code, _ in await shift.pass_seconds(5)] == ["not_alive"]
        assert (await shift.get("/health"))[0] == 503
        server.watchdog._passed += 100
        server.spool.writer.fault = "disk full"
        await shift.look.look(shift.now)
        status, body = await shift.get("/health")
        assert (status, json.loads(body)["troubles"]) == (503, {"cannot_store": "disk full"})

    told(tmp_path, tale)


def test_when_no_unit_at_all_is_heard_for_a_minute_where_many_should_be_that_is_told(tmp_path: Path) -> None:
    async def tale(shift: Shift) -> None:
        supervisor = parts.of(shift.server).supervisor = Supervisor(Supervise(), "a", shift.now)
        supervisor.put_units({f"{n}": ANNA for n in range(20)}, shift.now)
        for number in range(20):
            supervisor.heard(f"{number}", shift.now)
        shift.look.beat("1", shift.now)
        assert await shift.pass_seconds(55) == []
        assert await shift.pass_seconds(10) == [("no_signs", 65)]
        shift.look.beat("1", shift.now)
        assert await shift.pass_seconds(5) == [("no_signs_over", 65)]

    told(tmp_path, tale)


def test_a_lost_peer_and_what_only_we_have_is_told(tmp_path: Path) -> None:
    async def tale(shift: Shift) -> None:
        shift.server.counts["solo"] += 3
        assert await shift.pass_seconds(5) == [("solo", 3)]  # of the peer the link tells itself
        assert json.loads((await shift.get("/health"))[1])["troubles"] == {"peer_lost": "b", "solo": 3}

    told(tmp_path, tale, peer={"name": "b", "address": "127.0.0.1", "listen": "127.0.0.1", "plain": True})


def test_a_certificate_is_told_of_a_month_before_it_ends_or_when_it_cannot_be_read(tmp_path: Path) -> None:
    async def tale(shift: Shift) -> None:
        shift.server.wall = time.time
        shift.look._ahead = shift.server.wall() - shift.now
        shift.look._read_at = float("-inf")
        troubles = dict(await shift.pass_seconds(0))
        assert 29 <= troubles["certificate_ends"] <= 30
        Path(certificate).write_text("nothing")
        assert shift.look._certificate_days() == 0.0

    certificate, key = Authority(tmp_path).issue("a")
    told(tmp_path, tale, desk={"port": 0, "certificate": certificate, "key": key})


def test_the_metrics_can_be_read_by_prometheus(tmp_path: Path) -> None:
    async def tale(shift: Shift) -> None:
        parts.of(shift.server).supervisor = Supervisor(Supervise(), "a", shift.now)
        await press(shift.server)
        await shift.pass_seconds(5)
        status, text = await shift.get("/metrics")
        assert status == 200
        for name in (
            "oldest_unaccepted_seconds",
            "handover_lag_seconds",
            "sync_p99_seconds",
            "peer_up",
            "disk_free_share",
        ):
            assert f"# TYPE livlina_alarmd_{name} gauge" in text
        assert 'livlina_alarmd_lane_depth{lane="beats"} 0' in text
        assert 'livlina_alarmd_trouble{what="disk_low"} 0' in text
        for line in text.splitlines():
            assert line.startswith("# TYPE ") or float(line.rpartition(" ")[2]) >= 0

    told(tmp_path, tale)

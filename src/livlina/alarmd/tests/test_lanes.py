"""Alarms go ahead of all else, heartbeats are shed first, and a flood from strangers keeps nobody we know out."""

import asyncio
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from livlina.alarmd.config import Limits
from livlina.alarmd.doors import Lanes
from livlina.alarmd.tests.device import beat, message, mrq
from livlina.alarmd.tests.receiving import told, udp, until
from livlina.alarmd.wire import Source

HERE = Source("udp", ("10.0.0.1", 5060))


def lanes(**limits: Any) -> tuple[Lanes, list[bytes], Counter[str]]:
    counts: Counter[str] = Counter()
    return Lanes(Limits(**limits), lambda number: number == "4711", counts), [], counts


def test_an_alarm_goes_ahead_of_a_thousand_heartbeats_that_came_before_it() -> None:
    async def tale() -> None:
        lane, done, counts = lanes(beats=900)
        for number in range(1000):
            lane.put(lambda data, _: done.append(data), message(beat(ref=f"h{number}")), HERE)
        alarm = message(mrq())
        lane.put(lambda data, _: done.append(data), alarm, HERE)
        await until(lambda: len(done) == 901)
        assert (done[0], counts) == (alarm, {"beats_shed": 100})

    asyncio.run(tale())


def order_of_work(folder: Path) -> list[str]:
    """A hundred heartbeats and five alarms come at one instant to a real socket. In which order are they worked on?"""
    done: list[str] = []

    async def tale(server: Any) -> None:
        receive = server.endpoint.receive

        def noting(data: bytes, *more: Any) -> Any:
            if data.startswith(b"MESSAGE"):
                done.append("beat" if b"<mty>PI" in data else "alarm")
            return receive(data, *more)

        server.endpoint.receive = noting
        phone = await udp(server.doors.ports["udp"])
        for number in range(105):
            phone.send(message(mrq(ref=f"r{number}") if number % 21 == 20 else beat(ref=f"h{number}")))
        await until(lambda: len(done) == 105 and server.spool.last() == 5)

    told(folder, tale)
    return done


def test_of_all_that_comes_at_one_instant_the_alarms_are_worked_on_first(tmp_path: Path) -> None:
    assert order_of_work(tmp_path)[:5] == ["alarm"] * 5


def test_a_receiver_with_one_lane_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put = Lanes.put

    def one_lane(self: Lanes, handle: Any, data: bytes, source: Source) -> None:
        put(self, lambda _, source: handle(data, source), b"SIP/2.0 " + data, source)

    monkeypatch.setattr(Lanes, "put", one_lane)
    assert order_of_work(tmp_path)[:5] != ["alarm"] * 5


def test_while_a_socket_has_more_than_is_read_at_once_heartbeats_wait_but_not_for_ever() -> None:
    async def tale() -> None:
        lane, done, _ = lanes()
        turns = 0

        def still_more() -> None:
            nonlocal turns
            lane.more, turns = True, turns + 1
            if not done:
                asyncio.get_running_loop().call_soon(still_more)

        lane.put(lambda data, _: done.append(data), message(beat()), HERE)
        still_more()
        await until(lambda: done)
        assert 16 <= turns <= 20
        lane.more = True
        lane.put(lambda data, _: done.append(data), message(beat()), HERE)
        await until(lambda: len(done) == 2)  # no more came after all

    asyncio.run(tale())


def test_the_same_heartbeat_sent_again_while_it_waits_is_worked_on_once() -> None:
    async def tale() -> None:
        lane, done, _ = lanes()
        again = message(beat())
        for data in (again, again, message(beat(ref="last"))):
            lane.put(lambda data, _: done.append(data), data, HERE)
        await until(lambda: not lane.beats)
        assert len(done) == 2

    asyncio.run(tale())


def test_a_flood_from_strangers_is_limited_but_never_an_alarm_of_a_known_unit() -> None:
    async def tale() -> None:
        lane, done, counts = lanes(strangers_at_once=5, strangers_per_second=0.0)
        for number in range(100):
            stranger = message(mrq(cid="666", ref=f"s{number}"), user="666")
            lane.put(lambda data, _: done.append(data), stranger, HERE)
            known = message(b"<mrq><cid> 4711 </cid>" if number % 2 else b"not XML at all")
            lane.put(lambda data, _: done.append(data), known, HERE)
        await until(lambda: not lane.alarms)
        assert (len(done), counts["strangers_shed"]) == (105, 95)

    asyncio.run(tale())

"""Sockets: streams and datagrams, whole or in pieces, from those who behave and those who do not."""

import asyncio
import contextlib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from livlina.alarmd import doors as doors_module
from livlina.alarmd import server as server_module
from livlina.alarmd.config import Limits
from livlina.alarmd.doors import Doors, Lanes
from livlina.alarmd.server import Server
from livlina.alarmd.tests.device import message, mrq
from livlina.alarmd.tests.receiving import Authority, stream, told, udp, until
from livlina.alarmd.wire import Send, Source


def test_an_alarm_by_tcp_and_one_by_tls_are_received_as_by_udp(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    certificate, key = authority.issue("mottagare")

    async def tale(server: Any) -> None:
        async with stream(server.doors.ports["tcp"]) as anna:
            assert (await anna.press(ref="r1"))[0] == 200
        async with stream(server.doors.ports["tls"], authority.client("4711")) as anna:
            assert (await anna.press(ref="r2"))[0] == 200
        async with stream(server.doors.ports["tls"], authority.client("someone else")) as stranger:
            assert (await stranger.press(ref="r3"))[0] == 200
        assert [record.verified for record in server.spool.since(0)] == [True, True, False]

    sip = {"tls": 0, "certificate": certificate, "key": key, "clients": str(authority.file)}
    told(tmp_path / "a", tale, sip=sip)


def test_a_message_in_pieces_a_ping_and_two_at_once_on_one_connection(tmp_path: Path) -> None:
    async def tale(server: Any) -> None:
        async with stream(server.doors.ports["tcp"]) as anna:
            whole = message(mrq(ref="r1"), transport="TCP")
            for start in range(0, len(whole), 50):
                anna.send(whole[start : start + 50])
                await anna.writer.drain()
            assert (await anna.answered())[0] == 200
            anna.send(b"\r\n\r\n")
            assert await anna.next() == b"\r\n"
            both = (message(mrq(ref=one), transport="TCP") for one in ("r2", "r3"))
            anna.send(b"".join(both))
            await until(lambda: server.spool.last() == 3)

    told(tmp_path, tale)


def test_who_takes_too_long_over_a_message_is_hung_up_on(tmp_path: Path) -> None:
    async def tale(server: Any) -> None:
        async with stream(server.doors.ports["tcp"]) as slow:
            slow.send(b"MESSAGE sip:larm@x SIP/2.0\r\n")
            assert await slow.next() == b""
        assert server.counts["connections_dropped"] == 1

    told(tmp_path, tale, limits={"message_seconds": 0.1})


@pytest.mark.parametrize("limit", ["connections", "per_source"])
def test_when_all_connections_are_taken_the_one_longest_silent_makes_room_for_an_alarm(
    tmp_path: Path, limit: str
) -> None:
    async def tale(server: Any) -> None:
        async with contextlib.AsyncExitStack() as stack:
            first, second = [
                await stack.enter_async_context(stream(server.doors.ports["tcp"])) for _ in range(2)
            ]
            await until(lambda: len(server.doors.streams) == 2)
            first.send(b"\r\n\r\n")
            assert await first.next() == b"\r\n"
            anna = await stack.enter_async_context(stream(server.doors.ports["tcp"]))
            assert (await anna.press())[0] == 200
            with contextlib.suppress(ConnectionError):
                assert await second.next() == b""
            assert len(server.doors.streams) == 2

    told(tmp_path, tale, limits={limit: 2})


def test_a_unit_that_leaves_all_answers_unread_loses_its_connection(tmp_path: Path) -> None:
    async def tale(server: Server) -> None:
        async with stream(server.doors.ports["tcp"]) as deaf:
            await until(lambda: server.doors.streams)
            source = Source("tcp", ("127.0.0.1", 1), next(iter(server.doors.streams)))
            for _ in range(200):
                server.doors.send(server_module.Send(source, b"x" * 100_000))
            assert not server.doors.streams
            del deaf

    told(tmp_path, tale)  # type: ignore[arg-type]


class Reluctant:
    """A socket whose buffer is full the first times."""

    def __init__(self, door: Any) -> None:
        self.door, self.refusals = door, 2

    def sendto(self, data: bytes, address: Any) -> None:
        if self.refusals:
            self.refusals -= 1
            raise BlockingIOError
        self.door.sendto(data, address)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.door, name)


def test_what_the_network_does_not_take_at_once_is_sent_a_little_later_in_order(tmp_path: Path) -> None:
    async def tale(server: Any) -> None:
        anna = await udp(server.doors.ports["udp"])
        server.doors._udp[0] = Reluctant(server.doors._udp[0])
        assert (await anna.press())[0] == 200  # the answer would come first if order were lost

    told(tmp_path, tale)


def test_a_receiver_by_udp_alone_and_by_tls_without_certificates_of_units(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    certificate, key = authority.issue("mottagare")

    async def tale(server: Any) -> None:
        assert "tcp" not in server.doors.ports
        assert (await (await udp(server.doors.ports["udp"])).press(ref="r1"))[0] == 200
        async with stream(server.doors.ports["tls"], authority.client()) as anna:
            assert (await anna.press(ref="r2"))[0] == 200

    told(tmp_path / "a", tale, sip={"tcp": -1, "tls": 0, "certificate": certificate, "key": key})


def test_an_alarm_in_three_pieces_is_one_alarm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pieces: list[bytes] = []

    class Counting(server_module.Frames):
        def feed(self, data: bytes) -> list[bytes]:
            pieces.append(data)
            return super().feed(data)

    monkeypatch.setattr(server_module, "Frames", Counting)

    async def tale(server: Any) -> None:
        async with stream(server.doors.ports["tcp"]) as anna:
            whole = message(mrq(), transport="TCP")
            for number, piece in enumerate((whole[:60], whole[60:90], whole[90:]), 1):
                anna.send(piece)
                await until(lambda number=number: len(pieces) >= number)
            assert (await anna.answered())[0] == 200
        assert b"".join(pieces).startswith(whole)

    told(tmp_path, tale)


class Door:
    """A socket that gives what it is told to."""

    def __init__(self, *given: Any) -> None:
        self.given = list(given)

    def recvfrom(self, most: int) -> Any:
        if not self.given:
            raise BlockingIOError
        if isinstance(self.given[0], OSError):
            raise self.given.pop(0)
        return self.given.pop(0)


def doors() -> Doors:
    counts: Counter[str] = Counter()
    return Doors(Limits(), Lanes(Limits(), lambda number: number == "4711", counts), counts)


def test_what_the_network_says_of_something_we_sent_keeps_no_alarm_from_being_read() -> None:
    async def tale() -> None:
        came: list[bytes] = []
        door = Door(ConnectionRefusedError(), (message(mrq()), ("127.0.0.1", 9)))
        doors()._readable(door, 0, lambda data, source: came.append(data))  # type: ignore[arg-type]
        await until(lambda: came)

    asyncio.run(tale())


def test_of_a_socket_that_never_empties_so_much_is_read_that_others_get_their_turn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(doors_module, "AT_ONCE", 3)

    async def tale() -> None:
        came: list[bytes] = []
        all_of_them = doors()
        door = Door(*[(message(mrq(ref=f"r{n}")), ("127.0.0.1", 9)) for n in range(5)])
        all_of_them._readable(door, 0, lambda data, source: came.append(data))  # type: ignore[arg-type]
        assert (len(door.given), all_of_them.lanes.more) == (2, True)
        await until(lambda: len(came) == 3)

    asyncio.run(tale())


def test_what_cannot_be_sent_is_counted_and_stops_nothing(tmp_path: Path) -> None:
    async def tale(server: Any) -> None:
        server.doors.send(Send(Source("udp", ("127.0.0.1", 0)), b"to nobody"))
        assert server.counts["unsendable"] == 1
        assert (await (await udp(server.doors.ports["udp"])).press())[0] == 200

    told(tmp_path, tale)


def test_strangers_from_ever_new_addresses_do_not_fill_the_memory() -> None:
    async def tale() -> None:
        lanes = doors().lanes
        stranger = message(mrq(cid="9"), user="9")
        for number in range(10_002):
            address = f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"
            lanes.put(lambda data, source: None, stranger, Source("udp", (address, 5060)))
        assert len(lanes._buckets) < 10

    asyncio.run(tale())

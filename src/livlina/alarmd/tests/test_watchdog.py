"""The receiver's own alarm comes all the way or the service manager is not told that we live."""

import asyncio
import socket
from pathlib import Path
from typing import Any

import pytest

from livlina.alarmd import watchdog
from livlina.alarmd.tests.device import message, mrq
from livlina.alarmd.tests.receiving import config, receiving, udp
from livlina.alarmd.watchdog import Watchdog, service_manager


@pytest.mark.parametrize("doors", [{}, {"udp": -1}], ids=["udp", "tcp"])
def test_it_goes_through_the_socket_and_the_disk_but_into_no_log_and_to_nobody(
    tmp_path: Path, doors: Any
) -> None:
    async def tale() -> None:
        async with receiving(config(tmp_path, sip=doors)) as server:
            told: list[str] = []
            dog = Watchdog(server, told.append)
            assert await dog.look()
            assert (told, dog.passed, server.spool.last(), server.heard.records) == (["WATCHDOG=1"], 1, 0, [])
            assert dog.age < 60
            assert server.spool.sync_seconds

    asyncio.run(tale())


def test_a_receiver_that_cannot_store_does_not_say_that_it_lives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def tale() -> None:
        async with receiving(config(tmp_path)) as server:
            told: list[str] = []
            dog = Watchdog(server, told.append)

            def refuse(*_: Any) -> None:
                raise OSError("no disk")

            commit, server.spool.writer._commit = server.spool.writer._commit, refuse
            assert not await dog.look()
            assert (told, dog.failed) == ([], 1)
            assert "loopback_failed" in [record.facts["what"] for record, _ in server.heard.records]
            server.spool.writer._commit = commit
            assert await dog.look()

    asyncio.run(tale())


def test_a_receiver_that_hears_nothing_does_not_say_that_it_lives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watchdog, "PATIENCE", 0.1)

    async def tale() -> None:
        async with receiving(config(tmp_path)) as server:
            server.doors.lanes.put = lambda *_: None
            told: list[str] = []
            assert not await Watchdog(server, told.append).look()
            assert told == []

    asyncio.run(tale())


def test_somebody_else_in_its_name_is_a_stranger_whose_alarm_staff_see(tmp_path: Path) -> None:
    async def tale() -> None:
        async with receiving(config(tmp_path)) as server:
            name = server.config.watchdog.unit
            server.loopback = "the real one"
            phone = await udp(server.doors.ports["udp"])
            phone.send(message(mrq(cid=name, ref="fake"), user=name))
            assert (await phone.answered())[0] == 200
            assert server.spool.since(0)[0].unit == name

    asyncio.run(tale())


def test_the_service_manager_is_told_by_its_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    service_manager("READY=1")  # nobody listens: nothing happens
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        service_manager("WATCHDOG=1")
        assert manager.recv(100) == b"WATCHDOG=1"

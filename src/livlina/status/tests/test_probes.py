"""What a look finds at a web server that is well, that only reads, whose database is away, and that hangs."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from livlina.status import page, probes
from livlina.status.measure import Database
from livlina.status.probes import Looker, Seen, Targets

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
WELL = Database(True, True, 5, 100)


def looked(
    answers: Callable[[str], Awaitable[tuple[int, str]]] | None, database: Database | None = WELL
) -> tuple[dict[str, Seen], list[str]]:
    """Look once at a server that answers so, or never; return what was seen, and what was asked."""
    asked: list[str] = []
    over, gone = asyncio.Event(), asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = (await reader.readuntil(b"\r\n\r\n")).decode().split(" ")[1]
        asked.append(path)
        if answers is None:
            await over.wait()
        else:
            status, body = await answers(path)
            writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
        writer.close()
        gone.set()

    async def look() -> dict[str, Seen]:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        here = f"http://127.0.0.1:{port}"
        looker = Looker(Targets(here, receivers=(here, "http://127.0.0.1:9")), database=lambda: database)
        async with server:
            seen = (await looker.look(NOW))[0]
            over.set()
            await gone.wait()
            return seen

    return asyncio.run(look()), asked


async def well(path: str) -> tuple[int, str]:
    return (405, "") if path == probes.PACK else (200, "{}")


async def reading(path: str) -> tuple[int, str]:
    return (503, '{"writable": false, "why": "reading"}') if path == probes.DEEP else await well(path)


async def away(path: str) -> tuple[int, str]:
    return (503, '{"writable": false, "why": "away"}') if path == probes.DEEP else (200, "")


async def old(path: str) -> tuple[int, str]:
    return (404, "") if path in (probes.DEEP, probes.FIELD) else await well(path)


async def phoneless(path: str) -> tuple[int, str]:
    return (404, "") if path.startswith("/api") else (200, "{}")


async def broken(path: str) -> tuple[int, str]:
    return (500, "") if path.startswith("/api") else (200, "{}")


@pytest.mark.parametrize("version", [well, old])
def test_a_house_that_is_well_and_one_receiver_of_two(version) -> None:
    seen, asked = looked(version)
    assert all(seen[name].works for name in probes.PROBED)
    assert page.said("alarms", seen["alarms"], "sv").startswith("Larmen kommer fram. Den ena")
    assert {"/", "/sign-in/"} <= set(asked)
    assert (probes.PACK in asked) is (version is old), "what is refused is asked only of a version before"


@pytest.mark.parametrize("interface", [phoneless, broken])
def test_an_interface_for_phones_that_is_gone_or_broken_is_seen_though_all_pages_answer(interface) -> None:
    seen, _ = looked(interface)
    assert (seen["web"].works, seen["doors"].works) == (True, False)


def test_the_house_answers_the_probe_without_a_line_in_its_log(
    db: None, client: Any, caplog: pytest.LogCaptureFixture
) -> None:
    answer = client.get(probes.FIELD)
    assert (answer.status_code, answer.json()["works"]) == (200, True)
    assert [line.name for line in caplog.records if line.levelno >= logging.WARNING] == []
    assert client.get(probes.PACK).status_code in probes.REFUSED
    assert "django.request" in {line.name for line in caplog.records}, (
        "the old question was heard as a warning"
    )


def test_a_database_that_only_reads_is_told_as_that() -> None:
    seen, _ = looked(reading)
    assert seen["web"].works
    assert not seen["journal"].works
    assert "går att läsa men inte att skriva i" in page.said("journal", seen["journal"], "sv")


def test_when_the_database_is_away_no_page_is_asked_that_would_wait_for_it() -> None:
    seen, asked = looked(away, Database())
    assert not any(seen[name].works for name in ("web", "sign_in", "journal", "doors"))
    assert "/" not in asked
    assert "/sign-in/" not in asked


def test_rows_that_cannot_be_read_are_no_journal() -> None:
    seen, _ = looked(well, Database(answers=True, journal=False))
    assert (seen["web"].works, seen["journal"].works) == (True, False)


def test_a_server_that_hangs_holds_us_up_no_longer_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probes, "LIMIT", 0.2)
    began = time.monotonic()
    seen, _ = looked(None)
    assert time.monotonic() - began < 2
    assert not seen["web"].works

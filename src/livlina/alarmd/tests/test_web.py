"""The little HTTP server and client, over real sockets."""

import asyncio
import re
from pathlib import Path
from urllib.parse import urlencode

import pytest

from livlina.alarmd import desk
from livlina.alarmd.server import Server
from livlina.alarmd.tests.receiving import config, until
from livlina.alarmd.tests.test_desk import ASTRID, CODE, PETRA
from livlina.alarmd.web import Reply, Request, serve


async def _raw(port: int, sent: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    async with asyncio.timeout(5):
        answer = await reader.read()
    writer.close()
    return answer


def test_over_the_wire_it_answers_what_is_http_and_refuses_what_is_not(tmp_path: Path) -> None:
    async def whole() -> None:
        server = Server(config(tmp_path, desk={"port": 0, "lists": str(tmp_path / "lists")}))
        server.spool.put_units("1", [ASTRID])
        server.spool.put_setting("codes", [PETRA])
        running = asyncio.ensure_future(desk.run(server))
        port = await until(lambda: server.doors.ports.get("desk"))
        await until((tmp_path / "lists" / "ringlista.html").exists)
        form = urlencode({"namn": "Petra Palm", "kod": CODE}).encode()
        head = b"POST /in HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(form)
        answer = await _raw(port, head + form)
        assert answer.startswith(b"HTTP/1.1 303 See Other")
        cookie = re.search(rb"Set-Cookie: ([^;]+);[^\r]*HttpOnly; SameSite=Strict", answer)
        assert cookie
        asked = (
            b"GET / HTTP/1.1\r\nCookie: %b\r\n\r\nHEAD / HTTP/1.1\r\nConnection: close\r\n\r\n" % cookie[1]
        )
        answer = await _raw(port, asked)
        assert answer.count(b"HTTP/1.1 200 OK") == 2
        assert b"Logga ut Petra Palm" in answer
        assert answer.endswith(b"\r\n\r\n")
        for wrong in (
            b"BREW / HTTP/1.1\r\n\r\n",
            b"nothing\r\n\r\n",
            b"POST / HTTP/1.1\r\nContent-Length: 99999\r\n\r\n",
            b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
            b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
            b"POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n\xff\xfe",
            b"GET / HTTP/1.1\r\nX: " + b"y" * 70_000 + b"\r\n\r\n",
        ):
            assert (await _raw(port, wrong)).startswith((b"HTTP/1.1 400", b""))
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await server.stop()

    asyncio.run(whole())


def test_a_page_that_fails_is_one_page_and_the_door_stays_open(caplog: pytest.LogCaptureFixture) -> None:
    async def broken(request: Request) -> Reply:
        raise RuntimeError

    async def whole() -> None:
        door = await serve(broken, "127.0.0.1", 0)
        port = door.sockets[0].getsockname()[1]
        for _ in range(2):
            answer = await _raw(port, b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n")
            assert answer.startswith(b"HTTP/1.1 500")
        door.close()

    asyncio.run(whole())
    assert "a page failed" in caplog.text

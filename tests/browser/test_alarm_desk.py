"""An alarm is on the desk at once, is taken, ended and read in the journal; and a desk that is old says so itself."""

import asyncio
import contextlib
import copy
import re
import socket
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings as real_settings
from django.core import signing
from django.db import connection

from livlina.cli.live import Live, drive
from livlina.core import clock
from livlina.core.tenancy import EVERYTHING, acting
from livlina.provider.alarms import live as tickets
from livlina.provider.alarms.actions import exchange
from livlina.provider.alarms.actions.exchange import Said
from livlina.provider.alarms.actions.holding import wake
from livlina.provider.alarms.models import Alarm
from livlina.provider.alarms.tests.fixtures import record
from tests.faults.helpers import Program, until, url_of


class Ticking(threading.Thread):
    """`livlina live` over a test's own database, in a thread."""

    def __init__(self, database: str) -> None:
        super().__init__(daemon=True)
        self.live = Live(url_of(database), "http://localhost", tickets.admitted)
        self.begun = threading.Event()

    def run(self) -> None:
        """Serve until stopped."""
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.task = self.loop.create_task(self.live.run("127.0.0.1", 0, self.begun.set))
        with contextlib.suppress(asyncio.CancelledError):
            await self.task


@pytest.fixture
def ticking(own_database: str) -> Iterator[Ticking]:
    """The live process, listening."""
    thread = Ticking(own_database)
    thread.start()
    assert thread.begun.wait(10)
    until(lambda: thread.live.listening, "that it listens to the database")
    yield thread
    thread.loop.call_soon_threadsafe(thread.task.cancel)
    thread.join(10)


def asked(ticking: Ticking, address: str, until: bytes) -> bytes:
    """Ask the live process, and return what it says up to and with some words, or to the end."""
    with socket.create_connection(("127.0.0.1", ticking.live.port), timeout=10) as line:
        line.sendall(f"GET {address} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        said = b""
        while until not in said and (more := line.recv(4096)):
            said += more
    return said


def ticket(municipality_id: int) -> str:
    return signing.dumps({"m": municipality_id, "t": ""}, salt=tickets.SALT)


def test_a_stream_begins_with_a_tick_and_tells_that_something_changed_and_nothing_else(
    ticking, asvalla, sjohaga
) -> None:
    with socket.create_connection(("127.0.0.1", ticking.live.port), timeout=10) as line:
        line.sendall(f"GET /alarms/{ticket(asvalla.pk)} HTTP/1.1\r\n\r\n".encode())
        stream = line.makefile("rb")
        head = b"".join(iter(stream.readline, b"\r\n"))
        assert b"text/event-stream" in head
        assert stream.readline() + stream.readline() == b"retry: 2000\n\n"
        assert _event(stream)[0] == b"event: changed\n"
        before = ticking.live.number
        for municipality in (sjohaga, asvalla):
            with acting(municipality.pk, EVERYTHING):
                wake(municipality.pk)
        said = _event(stream)
        assert said[0] == b"event: changed\n"
        assert re.fullmatch(rb"data: \d+\n", said[1])
        assert ticking.live.number >= before


def _event(stream: Any) -> list[bytes]:
    """The next event that is no sign of life."""
    lines: list[bytes] = []
    while not (len(lines) == 2 and lines[0].startswith(b"event")):
        line = stream.readline()
        lines = [line] if line.startswith(b"event") else [*lines, line] if lines else []
    return lines


def test_a_forged_or_old_ticket_opens_nothing(ticking, asvalla) -> None:
    for address, status in (
        ("/alarms/forged", b"403"), ("/", b"404"),
        (f"/alarms/{signing.dumps({'x': 1}, salt=tickets.SALT)}", b"403"),
    ):  # fmt: skip
        assert asked(ticking, address, b"\r\n\r\n").split()[1] == status
    assert asked(ticking, " ", b"\r\n\r\n").split()[1] == b"404"
    assert asked(ticking, "/health", b"\r\n\r\n").split()[1] == b"200"


def test_a_stream_ends_when_the_database_is_lost_so_that_desks_ask_more_often(ticking, asvalla) -> None:
    with socket.create_connection(("127.0.0.1", ticking.live.port), timeout=10) as line:
        line.sendall(f"GET /alarms/{ticket(asvalla.pk)} HTTP/1.1\r\n\r\n".encode())
        stream = line.makefile("rb")
        assert stream.readline().startswith(b"HTTP/1.1 200")
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                " AND query LIKE ANY (ARRAY['LISTEN%%', 'SELECT 1'])"
            )
        assert b"HTTP" not in stream.read()


def test_what_fell_due_while_the_process_was_killed_goes_further_when_it_is_back(
    own_database, receiver_key, astrids_unit, asvalla, tmp_path
) -> None:
    pressed = clock.now() - timedelta(seconds=40)
    with acting(asvalla.pk, EVERYTHING):
        exchange.exchange(receiver_key, Said(records=[record(1, at=pressed)]), now=pressed)

    def waiting() -> Alarm:
        with acting(asvalla.pk, EVERYTHING):
            return Alarm.objects.get()

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    program = Program(tmp_path, url_of(own_database), "-m", "livlina", "live", "--port", str(port))
    try:
        until(lambda: waiting().step >= 1, "that the alarm went further")
        assert waiting().next_at in (pressed + timedelta(seconds=60), pressed + timedelta(seconds=180))
    finally:
        assert program.stop() == 0, program.said()


def test_a_fault_while_driving_is_told_and_asked_again(own_database, asvalla, monkeypatch, caplog) -> None:
    def broken(municipality_id: int, now: datetime) -> int:
        raise RuntimeError

    monkeypatch.setattr("livlina.provider.alarms.jobs.escalate", broken)
    drive()
    assert "alarms_could_not_go_further" in caplog.text


@pytest.fixture
def told_at_once(live, ticking, settings) -> None:
    """Desks listen to the live process."""
    settings.LIVE_ORIGIN = f"http://127.0.0.1:{ticking.live.port}"
    ticking.live.origin = str(live)
    policy = copy.deepcopy(real_settings.CONTENT_SECURITY_POLICY)
    policy["DIRECTIVES"]["connect-src"].append(settings.LIVE_ORIGIN)
    settings.CONTENT_SECURITY_POLICY = policy


def test_from_press_to_journal(
    told_at_once, ticking, receiver_key, astrids_unit, ali, petra, as_actor, asvalla
) -> None:
    from playwright.sync_api import expect

    page = as_actor(ali)
    page.goto("/provider/alarms")
    expect(page.get_by_text("Inga larm just nu.")).to_be_visible()
    press = record(1, at=clock.now())
    with acting(asvalla.pk, EVERYTHING):
        exchange.exchange(receiver_key, Said(records=[press]), now=clock.now())
    expect(page.get_by_role("heading", name="Astrid Lindqvist")).to_be_visible()
    expect(page.get_by_role("alert").filter(has_text="Nytt larm: Astrid Lindqvist")).to_have_count(1)
    expect(page).to_have_title(re.compile(r"^\(1\) Larm"))
    assert len(ticking.live.streams) == 1
    page.get_by_role("button", name="Slå på ljudet").click()
    expect(page.get_by_text(re.compile("Ljudet är på, provat"))).to_be_visible()
    page.get_by_role("button", name="Ta emot").click()
    page.get_by_label("Hjälp på plats").check()
    page.get_by_label("Vad hände?").fill("Hade halkat i hallen. Hjälp upp, inte skadad.")
    page.get_by_role("button", name="Avsluta", exact=True).click()
    expect(page.get_by_text("Avslutat av Ali Hassan")).to_be_visible()
    page.get_by_role("link", name="Journal").first.click()
    expect(page.get_by_text("Hade halkat i hallen.")).to_be_visible()
    _says_when_it_is_old(as_actor(petra), expect)
    _listens_anew_at_once(as_actor(petra), ticking.live, ticking.loop)


def _listens_anew_at_once(page: Any, live: Live, loop: asyncio.AbstractEventLoop) -> None:
    """When the time of its stream is over: the page's clock nearly stands still, so no asking by the clock does it."""
    page.clock.install()
    page.goto("/provider/alarms")
    until(lambda: live.streams, "that the page listens")
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 1)
    before = set(live.streams)
    for stream in before:
        stream.over = True
        loop.call_soon_threadsafe(stream.woken.set)
    until(lambda: page.clock.run_for(10) or live.streams - before, "that the page listens anew", 15)


def _says_when_it_is_old(page: Any, expect: Any) -> None:
    """By the script's clock when answers stop coming, and by the style sheet alone when the script has stopped."""
    words = page.get_by_text("Den här skärmen är inte aktuell.")
    page.clock.install()
    page.goto("/provider/alarms")
    expect(words).to_be_hidden()
    page.route("**/alarms/piece*", lambda route: route.abort())
    page.clock.fast_forward(16_000)
    expect(words).to_be_visible()
    expect(page).to_have_title(re.compile("INTE AKTUELL"))
    page.unroute("**/alarms/piece*")
    page.clock.fast_forward(5_000)
    expect(words).to_be_hidden()
    page.evaluate(
        "document.getAnimations().find((one) => one.animationName === 'al-stale').currentTime = 15_002"
    )
    expect(words).to_be_visible()
    page.close()

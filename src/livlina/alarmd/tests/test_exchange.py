"""The hand-over to the main system, which fails, is slow and loses its answers."""

import asyncio
import json
import ssl
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from livlina.alarmd.config import Wrong
from livlina.alarmd.exchange import Exchange, Handover, packed
from livlina.alarmd.record import Record
from livlina.alarmd.server import Server
from livlina.alarmd.spool import CannotStore
from livlina.alarmd.tests.main_system import TOKEN, Main, alarm, press
from livlina.alarmd.tests.receiving import ANNA, Authority, config, until

Tale = Callable[[Server, Main, Handover], Awaitable[None]]


def told(folder: Path, tale: Tale, tls: Authority | None = None, **settings: Any) -> None:
    """What happens between a receiver and a main system."""

    async def whole() -> None:
        context = None
        if tls:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(*tls.issue("main"))
        async with Main().open(context) as main:
            server = Server(config(folder))
            server.spool.put_units("1", [ANNA])
            handover = Handover(Exchange(main.url, TOKEN, **settings), server)
            try:
                await tale(server, main, handover)
            finally:
                await handover.client.close()
                await server.stop()

    asyncio.run(whole())


def test_a_press_is_handed_over_and_then_counted_as_confirmed(tmp_path: Path) -> None:
    async def tale(server: Server, main: Main, handover: Handover) -> None:
        record = await press(server)
        assert handover.lag() >= 0.0
        await handover.once()
        assert main.records[1]["id"] == record.id
        assert main.records[1]["facts"] == {"dty": 3, "stc": 10}
        assert server.spool.cursor("main") == 1
        assert (handover.lag(), handover.works, handover.fault) == (0.0, True, "")
        said = main.asked[0]
        assert (said["receiver"], said["boot"]) == ("a", server.boot)
        assert said["health"]["peer"] == "none"

    told(tmp_path, tale)


def test_the_pulse_comes_also_when_there_is_nothing_to_tell(tmp_path: Path) -> None:
    async def tale(server: Server, main: Main, handover: Handover) -> None:
        running = asyncio.ensure_future(handover.run())
        await until(lambda: len(main.asked) >= 3)
        running.cancel()
        assert all(said["records"] == [] for said in main.asked)
        assert main.calls == 1  # over one connection

    told(tmp_path, tale, every=0.01)


def test_an_alarm_does_not_wait_for_the_next_pulse(tmp_path: Path) -> None:
    async def tale(server: Server, main: Main, handover: Handover) -> None:
        server.on_record(handover.notice)
        running = asyncio.ensure_future(handover.run())
        await until(lambda: main.asked)
        await press(server)
        await until(lambda: main.records)
        running.cancel()

    told(tmp_path, tale, every=3600.0)


def test_an_answer_that_is_lost_is_asked_for_again_and_nothing_is_taken_twice(tmp_path: Path) -> None:
    async def tale(server: Server, main: Main, handover: Handover) -> None:
        main.behaves = ["lose", "lose"]
        await press(server)
        await handover.once()
        assert (server.spool.cursor("main"), handover.works) == (0, False)
        assert handover.fault == "ConnectionResetError"
        await handover.once()
        await handover.once()
        assert server.spool.cursor("main") == 1
        assert [said["records"][0]["number"] for said in main.asked] == [1, 1, 1]
        assert len(main.records) == 1

    told(tmp_path, tale)


def test_more_than_two_hundred_go_in_batches_until_all_are_there(tmp_path: Path) -> None:
    async def tale(server: Server, main: Main, handover: Handover) -> None:
        await asyncio.gather(*(press(server) for _ in range(450)))
        while await handover.once():
            pass
        assert [len(said["records"]) for said in main.asked] == [200, 200, 50]
        assert sorted(main.records) == list(range(1, 451))

    told(tmp_path, tale)


def test_a_main_system_that_only_hangs_is_given_up_in_time(tmp_path: Path) -> None:
    async def tale(server: Server, main: Main, handover: Handover) -> None:
        main.behaves = ["hang"]
        await press(server)
        await handover.once()
        assert handover.fault == "TimeoutError"
        await handover.once()
        assert server.spool.cursor("main") == 1

    told(tmp_path, tale, patience=0.05)


def test_while_it_fails_it_is_asked_less_often_but_at_once_for_a_new_alarm(tmp_path: Path) -> None:
    async def tale(server: Server, main: Main, handover: Handover) -> None:
        server.on_record(handover.notice)
        handover.failures = 9
        pause = asyncio.ensure_future(handover._pause())
        await asyncio.sleep(0)
        assert not pause.done()
        await server.keep(Record("", "fault", 0.0, unit="4711"))
        assert not pause.done()
        await press(server)
        await asyncio.wait_for(pause, 1)

    told(tmp_path, tale)


def test_a_batch_that_is_refused_is_tried_with_less_so_that_one_record_holds_up_no_other(
    tmp_path: Path,
) -> None:
    async def tale(server: Server, main: Main, handover: Handover) -> None:
        await asyncio.gather(*(press(server) for _ in range(40)))
        main.behaves = [413, 413]
        while await handover.once():
            pass
        assert len(main.asked[0]["records"]) == 2
        assert len(main.records) == 40

    told(tmp_path, tale)


def test_a_wrong_token_and_an_answer_that_is_none_change_nothing(tmp_path: Path) -> None:
    async def tale(server: Server, main: Main, handover: Handover) -> None:
        await press(server)
        main.behaves = [401]
        await handover.once()
        assert handover.fault == "status 401"
        for raw in (
            b"garbage\r\n\r\n",
            b"HTTP/1.1 200 OK\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
            b"HTTP/1.1 200 OK\r\nContent-Length: x1\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]",
        ):
            main.raw = [raw]
            assert not await handover.once()
            assert handover.fault
        assert server.spool.cursor("main") == 0
        main.chunked = True
        await handover.once()
        assert (server.spool.cursor("main"), handover.fault) == (1, "")

    told(tmp_path, tale)


def test_news_units_codes_and_channels_are_put_away(tmp_path: Path) -> None:
    async def tale(server: Server, main: Main, handover: Handover) -> None:
        record = await press(server)
        main.news = [{"number": 8, "id": record.id, "state": "accepted", "by": "Petra", "at": 5.0}]
        unit = {
            "id": "4712",
            "name": "Bertil",
            "interval": 60,
            "contacts": ["Anna"],
            "new_thing": 1,
            "phone": None,
        }
        main.pack = {"units": [unit], "codes": [{"name": "Petra"}], "channels": [{"team": "norra"}]}
        main.version = "2"
        await handover.once()
        (open_alarm,) = server.spool.open_alarms()
        assert [(deed.state, deed.by, deed.here) for deed in open_alarm.deeds] == [
            ("accepted", "Petra", False)
        ]
        assert server.spool.units()["4712"].contacts == ("Anna",)
        assert (server.spool.units_version, server.spool.setting("codes")) == ("2", [{"name": "Petra"}])
        assert server.spool.setting("channels") == [{"team": "norra"}]
        main.version, main.pack = "3", {"units": [], "codes": None, "channels": None}
        await handover.once()
        assert "4712" in server.spool.units()  # all units at once do not go
        assert (main.asked[-1]["news_after"], main.asked[-1]["units_version"]) == (8, "2")

    told(tmp_path, tale)


def test_a_receiver_that_lost_its_log_passes_over_no_record_that_the_main_system_cannot_have(
    tmp_path: Path,
) -> None:
    async def tale(server: Server, main: Main, handover: Handover) -> None:
        main.confirmed = 4711
        await handover.once()  # nothing sent, and all that confirmed was in the log that is gone
        assert server.spool.cursor("main") == 0
        record = await press(server)
        assert record.number == 4712
        await handover.once()
        assert (main.records[4712]["id"], server.spool.cursor("main")) == (record.id, 4712)

    told(tmp_path, tale)


def test_the_log_being_unreadable_the_pulse_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def tale(server: Server, main: Main, handover: Handover) -> None:
        def broken(number: int, limit: int = 200) -> list[Record]:
            raise CannotStore("The disk is gone.")

        monkeypatch.setattr(server.spool, "since", broken)
        await handover.once()
        assert (main.asked[0]["records"], handover.works) == ([], True)

    told(tmp_path, tale)


def test_over_https_only_a_certificate_of_our_own_authority_is_believed(tmp_path: Path) -> None:
    async def tale(server: Server, main: Main, handover: Handover) -> None:
        await handover.once()
        assert handover.fault == "SSLCertVerificationError"
        assert not main.asked
        settings = Exchange(main.url, TOKEN, authority=str(authority.file))
        trusting = Handover(settings, server)
        assert trusting.client.context
        trusting.client.context.check_hostname = False  # the test's certificates carry a name, not an address
        await trusting.once()
        assert (trusting.fault, len(main.asked)) == ("", 1)
        await trusting.client.close()

    authority = Authority(tmp_path)
    told(tmp_path, tale, authority)


def test_letters_no_database_can_hold_do_not_stop_a_record() -> None:
    said = json.loads(packed(alarm(dte="a\0b\ud800", ite="\\u0000")))
    assert said["facts"]["dte"] == "ab?"
    assert said["facts"]["ite"] == "\\u0000"


@pytest.mark.parametrize(
    ("url", "token", "why"),
    [("http://main.example", "x", "https"), ("ftp://x", "x", "https://"), ("https://x", "a\nb", "token")],
)
def test_a_main_system_is_never_spoken_to_in_the_clear(
    tmp_path: Path, url: str, token: str, why: str
) -> None:
    with pytest.raises(Wrong, match=why):
        config(tmp_path, exchange={"url": url, "token": token})

"""Who is called when the main system does not say that an alarm is in front of somebody."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from livlina.alarmd import dispatch, exchange, health, parts
from livlina.alarmd.config import Wrong
from livlina.alarmd.dispatch import Dispatch, Dispatcher, Failed, Posting, Supplier, filled, somebody
from livlina.alarmd.exchange import Exchange, Handover
from livlina.alarmd.record import Record, Unit
from livlina.alarmd.server import Server
from livlina.alarmd.tests.main_system import TOKEN, Main, press
from livlina.alarmd.tests.receiving import ANNA, config, receiving, udp, until

AT_NIGHT = 1_789_953_140.0
CHANNELS = [
    {"team": "norra", "kind": "sms", "number": "+46701", "from": 0, "to": AT_NIGHT + 9e6},
    {"team": "norra", "kind": "voice", "number": "+46701", "from": 0, "to": AT_NIGHT + 9e6},
    {"team": "norra", "kind": "sms", "number": "+46702", "from": 0, "to": AT_NIGHT + 9e6},
    {"team": "norra", "kind": "sms", "number": "+46799", "from": 0, "to": AT_NIGHT - 1},
    {"team": "södra", "kind": "sms", "number": "+46703", "from": 0, "to": AT_NIGHT + 9e6},
]


class Fake:
    """A supplier that takes what it is given, or fails."""

    def __init__(self, name: str, kind: str, fails: bool = False) -> None:
        self.name, self.kind, self.fails = name, kind, fails
        self.taken: list[tuple[str, str]] = []

    async def send(self, number: str, text: str) -> None:
        if self.fails:
            raise Failed("status 503")
        self.taken.append((number, text))


class Night:
    """A receiver, its suppliers, and a clock turned by hand."""

    def __init__(self, server: Server, *suppliers: Fake) -> None:
        self.server, self.now = server, 1000.0
        server.wall = lambda: AT_NIGHT + self.now - 1000.0
        server.spool.put_units(
            "1", [replace(ANNA, address="Storgatan 1", name="Anna Berg", risks="Diabetes")]
        )
        server.spool.put_setting("channels", CHANNELS)
        self.dispatcher = Dispatcher(Dispatch(page="https://a.larm"), server, suppliers)
        server.on_record(self.dispatcher.notice)

    async def pass_seconds(self, seconds: int) -> None:
        for _ in range(seconds):
            self.now += 1
            for way, number, alarms in self.dispatcher.due(self.now):
                await self.dispatcher.send(way, number, alarms)

    def news(self, record: Record, state: str) -> None:
        number = self.server.spool.news_number() + 1
        self.server.spool.put_news(
            [{"number": number, "id": record.id, "state": state, "by": "Petra", "at": 1.0}]
        )

    def told(self) -> list[Mapping[str, Any]]:
        return [record.facts for record in self.server.spool.since(0) if record.kind == "deed"]


def night(folder: Path, tale: Callable[[Night], Awaitable[None]], *suppliers: Fake) -> None:
    async def whole() -> None:
        server = Server(config(folder))
        try:
            await tale(Night(server, *suppliers))
        finally:
            await server.stop()

    asyncio.run(whole())


def test_nobody_having_it_the_team_is_called_after_fifteen_seconds_and_then_every_thirty(
    tmp_path: Path,
) -> None:
    sms, other, voice = Fake("ett", "sms"), Fake("två", "sms"), Fake("tre", "voice")

    async def tale(night: Night) -> None:
        record = await press(night.server)
        await night.pass_seconds(14)
        assert sms.taken == []
        await night.pass_seconds(2)
        text = "LARM kl. 03.12: Storgatan 1. Ingen har tagit emot det. Ta emot: https://a.larm"
        assert sms.taken == [("+46701", text)]
        await night.pass_seconds(30)
        assert [number for number, _ in other.taken] == ["+46701"]
        await night.pass_seconds(90)
        assert [number for number, _ in sms.taken] == ["+46701", "+46702"]
        assert [number for number, _ in voice.taken] == ["+46701"]
        deeds = night.told()
        assert [(deed["supplier"], deed["number"], deed["fault"]) for deed in deeds[:2]] == [
            ("ett", "+46701", ""),
            ("två", "+46701", ""),
        ]
        assert {deed["alarm"] for deed in deeds} == {record.id}
        night.news(record, "accepted")
        count = len(deeds)
        await night.pass_seconds(120)
        assert len(night.told()) == count

    night(tmp_path, tale, sms, other, voice)


def test_an_alarm_that_is_shown_is_the_main_systems_as_long_as_it_answers(tmp_path: Path) -> None:
    sms = Fake("ett", "sms")

    async def tale(night: Night) -> None:
        async with Main().open() as main:
            handover = Handover(Exchange(main.url, "x"), night.server)
            handover.answered = float("inf")
            parts.of(night.server).handover = handover
            record = await press(night.server)
            night.news(record, "shown")
            await night.pass_seconds(60)
            assert sms.taken == []
            handover.answered = float("-inf")  # and now it dies
            await night.pass_seconds(1)
            await night.pass_seconds(1)
            assert len(sms.taken) == 1

    night(tmp_path, tale, sms)


def test_a_supplier_that_fails_gives_way_to_the_next_at_once(tmp_path: Path) -> None:
    bad, good = Fake("ett", "sms", fails=True), Fake("två", "sms")

    async def tale(night: Night) -> None:
        await press(night.server)
        await night.pass_seconds(17)
        assert [number for number, _ in good.taken] == ["+46701"]
        assert [deed["fault"] for deed in night.told()] == ["status 503", ""]
        assert "gick inte fram" in night.told()[0]["note"]

    night(tmp_path, tale, bad, good)


def test_when_every_supplier_fails_each_way_is_tried_once_a_round_and_the_units_are_asked_to_hold(
    tmp_path: Path,
) -> None:
    bad, worse = Fake("ett", "sms", fails=True), Fake("två", "sms", fails=True)

    async def tale(night: Night) -> None:
        known = parts.of(night.server)
        known.dispatcher = night.dispatcher
        known.handover = Handover(Exchange("http://127.0.0.1:9", "x"), night.server)
        assert somebody(night.server, float("-inf"))
        await press(night.server)
        await night.pass_seconds(45)
        assert len(night.told()) == 4
        assert not somebody(night.server, float("-inf"))
        known.looked_at = float("inf")  # somebody has our own page before them
        assert somebody(night.server, float("-inf"))

    night(tmp_path, tale, bad, worse)


def test_an_alarm_the_other_receiver_heard_is_called_about_only_when_that_one_does_not(
    tmp_path: Path,
) -> None:
    sms = Fake("ett", "sms")

    async def tale(night: Night) -> None:
        record = await press(night.server, origin="b")
        await night.pass_seconds(15)
        facts = {"did": "told", "alarm": record.id, "fault": "", "origin": "b"}
        await night.server.keep(Record("", "deed", night.server.wall(), facts=facts))
        await night.pass_seconds(28)
        assert sms.taken == []
        await night.pass_seconds(5)
        assert len(sms.taken) == 1

    night(tmp_path, tale, sms)


def test_many_at_once_are_one_message_and_strangers_one_at_a_time(tmp_path: Path) -> None:
    sms = Fake("ett", "sms")

    async def tale(night: Night) -> None:
        units = [Unit(f"{number}", team="södra") for number in range(10)]
        night.server.spool.put_units("2", units)
        for unit in units:
            await press(night.server, unit.id)
        for stranger in ("998", "999"):
            await press(night.server, stranger)
        await night.pass_seconds(16)
        assert len(sms.taken) == 2
        number, text = sms.taken[0]
        assert number == "+46703"
        assert text.startswith("10 LARM väntar, det äldsta sedan kl. 03.12. Ingen har tagit emot dem.")
        assert "larmenhet 998" in sms.taken[1][1]
        assert len(night.told()) == 11

    night(tmp_path, tale, sms)


def test_a_message_stays_what_it_is_in_the_form_of_any_supplier() -> None:
    assert filled('{"to": "{number}", "text": "{text}"}', "+46", 'å"\n', "application/json") == (
        '{"to": "+46", "text": "\\u00e5\\"\\n"}'
    )
    assert filled("to={number}&text={text}", "+46", "a&b å", "application/x-www-form-urlencoded") == (
        "to=%2B46&text=a%26b%20%C3%A5"
    )


def test_a_real_supplier_is_posted_to_and_what_it_does_not_take_has_failed(tmp_path: Path) -> None:
    async def whole() -> None:
        async with Main().open() as main:
            main.behaves = [500, "hang"]
            supplier = Supplier(
                "ett",
                "sms",
                f"{main.url}/send?to={{number}}",
                '{"text": "{text}"}',
                authorization=f"Bearer {TOKEN}",
                patience=0.1,
            )
            way = Posting(supplier)
            for fault in ("status 500", "TimeoutError"):
                with pytest.raises(Failed, match=fault):
                    await way.send("+46701", "LARM")

    asyncio.run(whole())


def test_the_supplier_of_the_demo_writes_to_a_file_and_can_be_told_to_fail(tmp_path: Path) -> None:
    settings = config(
        tmp_path, dispatch={"suppliers": [{"name": "ett", "kind": "sms", "url": f"file:{tmp_path}/sms"}]}
    )
    server = Server(settings)
    (way,) = Dispatcher(settings.dispatch, server).channels
    asyncio.run(way.send("+46701", "LARM å"))
    assert json.loads((tmp_path / "sms").read_text()) == {"kind": "sms", "number": "+46701", "text": "LARM å"}
    (tmp_path / "sms.fails").touch()
    with pytest.raises(Failed):
        asyncio.run(way.send("+46701", "LARM"))
    asyncio.run(server.stop())


def test_the_main_system_dies_and_an_alarm_still_reaches_a_person(tmp_path: Path) -> None:
    async def whole() -> None:
        async with Main().open() as main:
            settings = config(
                tmp_path,
                exchange={"url": main.url, "token": TOKEN, "every": 0.02, "patience": 0.2},
                dispatch={
                    "after": 0.1,
                    "suppliers": [{"name": "ett", "kind": "sms", "url": f"file:{tmp_path}/sms"}],
                },
            )
            async with receiving(settings) as server:
                server.spool.put_setting("channels", CHANNELS)
                server.wall = lambda: AT_NIGHT
                work = [asyncio.ensure_future(part.run(server)) for part in (exchange, dispatch, health)]
                await until(lambda: main.asked)
                assert server.reachable()
                main.behaves = [503] * 10_000
                anna = await udp(server.doors.ports["udp"])
                assert (await anna.press())[0] == 200
                line = await until(lambda: (tmp_path / "sms").exists() and (tmp_path / "sms").read_text())
                assert json.loads(line)["number"] == "+46701"
                main.behaves = []  # and it comes back: all of it is handed over
                await until(lambda: {"alarm", "deed"} <= {record["kind"] for record in main.records.values()})
                anna.close()
                for one in work:
                    one.cancel()
                await asyncio.gather(*work, return_exceptions=True)

    asyncio.run(whole())


@pytest.mark.parametrize("wrong", [{"kind": "fax"}, {"url": "gopher://x"}])
def test_a_supplier_of_no_known_kind_is_refused(tmp_path: Path, wrong: dict[str, str]) -> None:
    supplier = {"name": "ett", "kind": "sms", "url": "https://sms.example/"} | wrong
    with pytest.raises(Wrong):
        config(tmp_path, dispatch={"suppliers": [supplier]})

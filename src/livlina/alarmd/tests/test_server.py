"""The receiver by real sockets: what a unit hears, what is in the log, and who is told."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from livlina.alarmd import dc09
from livlina.alarmd import server as server_module
from livlina.alarmd.record import Record, Unit
from livlina.alarmd.spool import Row
from livlina.alarmd.tests.device import beat, message, mrq
from livlina.alarmd.tests.receiving import ANNA, VOICE, told, udp, until
from livlina.alarmd.wire import Fate


def test_an_alarm_is_in_the_log_and_told_to_all_before_the_unit_hears_where_to_call(tmp_path: Path) -> None:
    async def tale(server: Any) -> None:
        anna = await udp(server.doors.ports["udp"])
        status, answer = await anna.press(ref="r1")
        assert (status, answer["snu"], answer["mre"], answer["cre"], answer["tnu"]) == (
            200,
            "0",
            "1",
            "62",
            VOICE,
        )
        (record,) = server.spool.since(0)
        assert (record.kind, record.unit, record.verified, record.solo) == ("alarm", "4711", True, False)
        assert server.heard.records == [(record, True)]
        assert server.spool.find(record.id).raw.startswith(b"MESSAGE sip:")
        assert server.heard.beats == ["4711"]
        await until(lambda: server.counts["answers_acknowledged"])

    told(tmp_path, tale)


def test_the_call_goes_to_the_teams_own_number(tmp_path: Path) -> None:
    async def tale(server: Any) -> None:
        anna = await udp(server.doors.ports["udp"])
        assert (await anna.press())[1]["tnu"] == "sip:norra@vaxel.example"

    told(tmp_path, tale, voice={"teams": {"norra": "sip:norra@vaxel.example"}})


@pytest.mark.parametrize(
    ("fields", "media"),
    [({"crd": "no-voice:"}, "0"), ({"crd": None}, "0"), ({"mreq": "4"}, "0"), ({"crd": "gsm:"}, "1")],
)
def test_a_unit_is_asked_to_call_only_when_it_can(tmp_path: Path, fields: dict[str, Any], media: str) -> None:
    async def tale(server: Any) -> None:
        anna = await udp(server.doors.ports["udp"])
        status, answer = await anna.press(**fields)
        assert (status, answer["mre"]) == (200, media)

    told(tmp_path, tale)


def test_a_second_press_belongs_to_the_open_alarm_and_sets_up_no_second_call(tmp_path: Path) -> None:
    async def tale(server: Any) -> None:
        anna = await udp(server.doors.ports["udp"])
        await anna.press(ref="r1")
        status, answer = await anna.press(ref="r2")
        assert (status, answer["mre"], int(answer["cre"])) == (200, "0", 0)
        first, second = server.spool.since(0)
        assert (first.of, second.of) == ("", first.id)
        assert server.spool.open_alarms()[0].presses == (second,)

    told(tmp_path, tale)


def test_two_presses_at_once_are_one_alarm(tmp_path: Path) -> None:
    async def tale(server: Any) -> None:
        anna = await udp(server.doors.ports["udp"])
        for reference in ("r1", "r2"):
            anna.send(message(mrq(ref=reference)))
        await until(lambda: server.spool.last() == 2)
        first, second = server.spool.since(0)
        assert (first.of, second.of) == ("", first.id)

    told(tmp_path, tale)


def test_a_later_press_gets_a_call_again_when_the_first_call_must_be_over(tmp_path: Path) -> None:
    async def tale(server: Any) -> None:
        anna = await udp(server.doors.ports["udp"])
        await anna.press(ref="r1")
        assert (await anna.press(ref="r2"))[1]["mre"] == "1"

    told(tmp_path, tale, voice={"seconds": 0})


def test_when_nobody_can_be_reached_the_unit_is_asked_to_hold(tmp_path: Path) -> None:
    async def tale(server: Any) -> None:
        server.reachable = lambda: False
        anna = await udp(server.doors.ports["udp"])
        assert (await anna.press())[1]["snu"] == "4"

    told(tmp_path, tale)


def test_a_sign_of_life_counts_only_from_where_the_unit_is_known_to_be_and_is_in_no_log(
    tmp_path: Path,
) -> None:
    async def tale(server: Any) -> None:
        server.spool.put_units("2", [ANNA, Unit("8", source="10.0.0.0/8")])
        anna = await udp(server.doors.ports["udp"])
        anna.send(message(beat(cid="8", ref="h8"), user="8"))
        assert (await anna.answered())[0] == 200
        anna.send(message(beat()))
        assert (await anna.answered())[0] == 200
        assert (server.heard.beats, server.spool.last()) == (["4711"], 0)

    told(tmp_path, tale)


def test_what_cannot_be_stored_is_refused_and_shown_and_stored_when_the_disk_is_back(tmp_path: Path) -> None:
    async def tale(server: Any) -> None:
        server.spool.writer.jobs.put(("full", lambda db: db.execute("PRAGMA max_page_count = 1")))
        server.spool.writer.quota = 4096
        anna = await udp(server.doors.ports["udp"])
        big = {"other": "x" * 900, "ref": "r1"}
        statuses = [(await anna.press(**big | {"ref": f"r{n}"}))[0] for n in range(40)]
        refused = statuses.count(503)
        assert refused
        unstored = [record for record, stored in server.heard.records if not stored]
        assert len(unstored) == refused
        assert server.spool.last() == statuses.count(200)
        server.spool.writer.quota = 64 << 20
        await server.spool.probe()
        await server.store_held()
        assert server.spool.last() == len(statuses)
        assert len(server.spool.open_alarms()) == 1

    told(tmp_path, tale)


def test_a_disk_that_does_not_answer_sends_the_unit_elsewhere_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_module, "STALLED", 0.1)

    async def tale(server: Any) -> None:
        with closing(sqlite3.connect(server.spool.path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            anna = await udp(server.doors.ports["udp"])
            assert await anna.press() == (503, {})
            assert [stored for _, stored in server.heard.records] == [False]
            assert len(server.spool.open_alarms()) == 1

    told(tmp_path, tale)


def test_a_panel_that_speaks_dc09_is_acknowledged_when_its_alarm_is_kept(tmp_path: Path) -> None:
    frame = dc09.frame('"SIA-DCS"0001L0#4711[#4711|NFA1]')

    async def tale(server: Any) -> None:
        panel = await udp(server.doors.ports["dc09_udp"])
        panel.send(frame)
        assert b'"ACK"0001' in await panel.next()
        reader, writer = await asyncio.open_connection("127.0.0.1", server.doors.ports["dc09"])
        writer.write(frame)
        assert b'"ACK"0001' in await reader.readuntil(b"\r")
        writer.close()
        assert [(record.kind, record.protocol) for record in server.spool.since(0)] == [("alarm", "dc09")]

    told(tmp_path, tale, dc09={"host": "127.0.0.1", "port": 0})


def test_a_listener_that_fails_keeps_no_alarm_from_being_answered(tmp_path: Path) -> None:
    async def tale(server: Any) -> None:
        server.on_record(lambda record, stored: 1 / 0)
        anna = await udp(server.doors.ports["udp"])
        assert (await anna.press())[0] == 200

    told(tmp_path, tale)


def test_a_protocol_that_fails_still_leaves_the_message_with_staff(tmp_path: Path) -> None:
    def broken(*_: Any) -> list[Any]:
        raise RuntimeError("a mistake of ours")

    async def tale(server: Any) -> None:
        server.endpoint.receive = broken
        anna = await udp(server.doors.ports["udp"])
        anna.send(message(mrq()))
        record = await server.heard.until(lambda record, stored: stored)
        assert (record.kind, server.spool.find(record.id).raw[:7]) == ("unreadable", b"MESSAGE")

    told(tmp_path, tale)


def test_an_answer_the_unit_never_acknowledges_is_told(tmp_path: Path) -> None:
    async def tale(server: Any) -> None:
        server._do(server.endpoint, Fate("abc", False))
        record = await server.heard.until(lambda record, stored: record.kind == "receiver")
        assert record.facts == {"what": "answer_not_acknowledged", "value": "abc"}

    told(tmp_path, tale)


def test_the_same_words_after_a_restart_are_the_same_alarm(tmp_path: Path) -> None:
    press = message(mrq(ref="r1"))

    async def once(server: Any) -> None:
        anna = await udp(server.doors.ports["udp"])
        anna.send(press)
        assert (await anna.answered())[0] == 200
        assert server.spool.last() == 1

    told(tmp_path, once)
    told(tmp_path, once)


def test_when_who_was_heard_is_remembered_over_a_restart(tmp_path: Path) -> None:
    async def heard(server: Any) -> None:
        anna = await udp(server.doors.ports["udp"])
        anna.send(message(beat()))
        await anna.answered()

    async def then(server: Any) -> None:
        assert list(server.spool.seen()) == ["4711"]

    told(tmp_path, heard)
    told(tmp_path, then)


def test_a_reset_and_a_cancel_are_told_and_close_nothing(tmp_path: Path) -> None:
    async def tale(server: Any) -> None:
        anna = await udp(server.doors.ports["udp"])
        await anna.press(ref="r1")
        assert (await anna.press(ref="r2", mty="RE"))[1]["mre"] == "0"
        assert (await anna.press(ref="r3", stc="0019"))[0] == 200
        assert [record.kind for record in server.spool.since(0)] == ["alarm", "reset", "cancel"]
        assert len(server.spool.open_alarms()) == 1

    told(tmp_path, tale)


def test_an_answer_that_is_not_acknowledged_is_sent_again(tmp_path: Path) -> None:
    async def tale(server: Any) -> None:
        anna = await udp(server.doors.ports["udp"])
        anna.send(message(mrq()))
        assert (await anna.next()).startswith(b"SIP/2.0 200")
        first, second = await anna.next(), await anna.next()
        assert first == second
        assert first.startswith(b"MESSAGE")

    told(tmp_path, tale)


def test_who_was_heard_and_what_was_not_stored_are_written_every_few_seconds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_module, "SNAPSHOT", 0.02)

    async def tale(server: Any) -> None:
        server.spool.hold(Row(Record("abc", "alarm", 1.0, unit="4711"), b"raw"))
        anna = await udp(server.doors.ports["udp"])
        anna.send(message(beat()))
        await until(lambda: server.spool.seen() and server.spool.last())
        assert server.heard.records == [(server.spool.since(0)[0], True)]

    told(tmp_path, tale)


def test_the_first_alarm_that_is_stored_again_brings_with_it_what_was_not(tmp_path: Path) -> None:
    async def tale(server: Any) -> None:
        server.spool.hold(Row(Record("abc", "alarm", 1.0, unit="4712"), b"raw"))
        anna = await udp(server.doors.ports["udp"])
        assert (await anna.press())[0] == 200
        await until(lambda: server.spool.last() == 2)
        assert server.spool.held() == []

    told(tmp_path, tale)


def test_while_the_disk_refuses_nothing_held_is_tried_and_once_is_enough(tmp_path: Path) -> None:
    async def tale(server: Any) -> None:
        server.spool.hold(Row(Record("abc", "alarm", 1.0, unit="4712"), b"raw"))
        server.spool.writer.fault = "no disk"
        await server.store_held()
        assert server.spool.last() == 0
        server.spool.writer.fault = ""
        await asyncio.gather(server.store_held(), server.store_held())
        assert (server.spool.last(), len(server.heard.records)) == (1, 1)

    told(tmp_path, tale)


def test_nothing_is_written_of_who_was_heard_when_nobody_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_module, "SNAPSHOT", 0.001)

    async def tale(server: Any) -> None:
        told_of = []
        server.spool.put_seen = told_of.append
        rounds = iter(range(3))
        looked = asyncio.Event()

        async def store_held() -> None:
            if next(rounds, None) is None:
                looked.set()

        server.store_held = store_held
        await looked.wait()
        assert told_of == []

    told(tmp_path, tale)


def test_a_task_that_ends_by_a_mistake_of_ours_is_told_in_the_log_of_the_program(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def mistaken() -> None:
        raise RuntimeError("a mistake of ours")

    async def tale(server: Any) -> None:
        server._start(mistaken())
        await until(lambda: "a task of the receiver ended" in caplog.text)
        assert "a mistake of ours" in caplog.text

    told(tmp_path, tale)

"""Signs of life: what one silent unit is told as, and what many are."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from livlina.alarmd.record import Record, Unit
from livlina.alarmd.server import Server
from livlina.alarmd.spool import CannotStore
from livlina.alarmd.supervise import Supervise, Supervision, Supervisor
from livlina.alarmd.tests.device import beat, message
from livlina.alarmd.tests.outages import false_events, outage
from livlina.alarmd.tests.receiving import config, udp, until
from livlina.alarmd.tests.test_peer import both, pair

WALL = 1_790_000_000.0


class Ward:
    """Units of one minute each, and a clock turned by hand."""

    def __init__(self, size: int, **settings: object) -> None:
        self.now = 5000.0
        self.units = {
            f"{number}": Unit(
                f"{number}",
                interval=60,
                operator="Telia" if number % 2 else "Tele2",
                area="Norr" if number < size / 2 else "Söder",
            )
            for number in range(1, size + 1)
        }
        self.supervisor = Supervisor(Supervise(**settings), "a", self.now)  # type: ignore[arg-type]
        self.supervisor.put_units(self.units, self.now)

    def beat(self, *but: str) -> None:
        for number in self.units:
            if number not in but:
                self.supervisor.heard(number, self.now)

    def minutes(self, count: float, *silent: str) -> list[Record]:
        """Let time pass; those in `silent` say nothing."""
        told = []
        for step in range(round(count * 4)):
            self.now += 15
            if step % 4 == 3:
                self.beat(*silent)
            told += self.supervisor.sweep(self.now, WALL + self.now)
        return told


def kinds(told: list[Record]) -> list[tuple[str, str]]:
    return [(record.kind, record.unit) for record in told]


def test_one_silent_unit_is_told_within_three_minutes_and_again_when_it_is_heard():
    ward = Ward(40)
    ward.beat()
    told = ward.minutes(3.25, "7")
    assert kinds(told) == [("silent", "7")]
    assert 180 <= told[0].facts["since"] <= 195
    assert told[0].facts["last"] == WALL + 5000.0
    told = ward.minutes(1)
    assert kinds(told) == [("heard", "7")]
    assert told[0].facts["since"] > 195


def test_a_beat_lost_on_the_way_is_told_to_nobody():
    ward = Ward(40)
    ward.beat()
    assert ward.minutes(1, "7") == []
    assert ward.minutes(3) == []


def test_a_unit_that_is_only_late_is_told_where_that_is_asked_for():
    ward = Ward(40, tell_late=True)
    ward.beat()
    told = ward.minutes(1.75, "7") + ward.minutes(1)
    assert kinds(told) == [("late", "7"), ("heard", "7")]


def test_a_unit_that_promises_nothing_is_never_silent_and_a_stranger_is_nobody():
    ward = Ward(10)
    ward.units["7"] = replace(ward.units["7"], interval=0)
    ward.supervisor.put_units(ward.units, ward.now)
    ward.beat()
    ward.supervisor.heard("999", ward.now)
    assert ward.minutes(10, "7") == []


def test_a_unit_never_heard_here_is_told_only_by_a_receiver_that_should_have_heard_it():
    assert Ward(6).minutes(40, "1", "2", "3", "4", "5", "6") == []
    alone = Ward(6, unheard_after=1800.0)
    assert kinds(alone.minutes(31, "5")) == [("silent", "5")]
    assert kinds(alone.minutes(10)) == [("heard", "5")]


def test_many_silent_with_one_operator_are_one_event_that_names_it_and_not_forty_tasks():
    ward = Ward(80)
    ward.beat()
    telia = [number for number, unit in ward.units.items() if unit.operator == "Telia"]
    told = ward.minutes(3, *telia)
    assert [record.kind for record in told] == ["mass_silence"]
    facts = told[0].facts
    assert (facts["group"], facts["value"], facts["silent"], facts["known"]) == ("operator", "Telia", 40, 40)
    assert facts["cause"] == "Mobiloperatören Telia: 40 av 40 larm har tystnat, men bara 0 av 40 övriga."
    assert sorted(facts["units"]) == sorted(telia)
    assert ward.minutes(20, *telia) == []
    told = ward.minutes(6)
    assert [record.kind for record in told] == ["mass_silence", "mass_silence_over"]
    assert told[-1].facts["silent"] == 0


def test_when_every_group_is_hit_the_receiver_itself_is_named():
    ward = Ward(80)
    ward.beat()
    told = ward.minutes(3, *ward.units)
    assert [(record.kind, record.facts["group"], record.facts["value"]) for record in told] == [
        ("mass_silence", "receiver", "a")
    ]


def test_those_who_do_not_come_back_when_the_event_is_over_are_told_one_by_one():
    ward = Ward(80)
    ward.beat()
    telia = [number for number, unit in ward.units.items() if unit.operator == "Telia"]
    ward.minutes(10, *telia)
    told = ward.minutes(10, *telia[:2])
    assert ("mass_silence_over", "") in kinds(told)
    assert [unit for kind, unit in kinds(told) if kind == "silent"] == telia[:2]


def test_units_that_come_back_in_waves_are_one_event_and_no_new_alarms():
    ward = Ward(80)
    ward.beat()
    telia = [number for number, unit in ward.units.items() if unit.operator == "Telia"]
    told = ward.minutes(8, *telia)
    told += ward.minutes(1) + ward.minutes(4, *telia) + ward.minutes(1) + ward.minutes(4, *telia[:20])
    assert {record.facts["event"] for record in told if "event" in record.facts} == {told[0].facts["event"]}
    assert "mass_silence_over" not in {record.kind for record in told}
    assert not [record for record in told if record.kind == "silent"]


def test_an_event_that_turns_out_wider_gives_way_to_the_wider_one():
    ward = Ward(200)
    ward.beat()
    telia = [number for number, unit in ward.units.items() if unit.operator == "Telia"]
    norr = [number for number in telia if ward.units[number].area == "Norr"]
    told = ward.minutes(2.75, *norr)
    assert [record.facts["value"] for record in told] == ["Norr"]
    assert "hos operatören Telia" in told[0].facts["cause"]
    told = ward.minutes(3, *telia)
    assert [(record.kind, record.facts["value"]) for record in told] == [
        ("mass_silence_over", "Norr"),
        ("mass_silence", "Telia"),
    ]
    assert told[0].facts["instead"] == told[1].facts["event"]
    assert told[1].facts["silent"] == 100


def test_when_the_receiver_was_held_up_no_unit_is_blamed():
    ward = Ward(80)
    ward.beat()
    ward.now += 600
    assert ward.supervisor.sweep(ward.now, WALL + ward.now) == []
    assert ward.minutes(1) == []


def test_after_a_restart_nobody_is_silent_for_what_the_receiver_itself_missed():
    before = Ward(80)
    before.beat()
    after = Ward(80)
    seen = {number: WALL + 5000.0 - index % 60 for index, number in enumerate(after.units)}
    after.now, wall = 100.0, WALL + 5000.0 + 3600  # an hour down; another boot, so another monotonic clock
    after.supervisor = Supervisor(Supervise(), "a", after.now)
    after.supervisor.put_units(after.units, after.now)
    after.supervisor.restore(seen, [], after.now, wall)
    assert after.supervisor.sweep(after.now + 15, wall + 15) == []
    told = after.minutes(3.5, "7")
    assert told == []
    assert kinds(after.minutes(4, "7")) == [("silent", "7")]


def test_an_event_that_lasted_over_a_restart_goes_on_and_ends():
    ward = Ward(80)
    ward.beat()
    telia = [number for number, unit in ward.units.items() if unit.operator == "Telia"]
    (opened,) = ward.minutes(10, *telia)
    seen = {n: WALL + (5000.0 if n in telia else ward.now) for n in ward.units}
    kept, wall = ward.supervisor.state(), WALL + ward.now + 30
    ward.supervisor = Supervisor(Supervise(), "a", ward.now)
    ward.supervisor.put_units(ward.units, ward.now)
    ward.supervisor.restore(seen, [*kept, {"of": "another version"}], ward.now, wall)
    assert ward.minutes(6, *telia) == []
    told = ward.minutes(6)
    assert kinds(told) == [("mass_silence", ""), ("mass_silence_over", "")]
    assert told[-1].facts["event"] == opened.facts["event"]


def at_two_receivers(size: int = 80) -> Ward:
    """Half of the units report to us, half to the other receiver, which tells us of each."""
    ward = Ward(size)

    def beat(*but: str) -> None:
        for number in ward.units:
            if number not in but:
                ward.supervisor.heard(number, ward.now, "b" if int(number) <= size / 2 else "")

    ward.beat = beat  # type: ignore[method-assign]
    ward.beat()
    return ward


def test_a_unit_that_turns_to_the_other_receiver_is_not_silent():
    ward = at_two_receivers()
    assert ward.minutes(2) == []
    half = [number for number in ward.units if int(number) > 40]
    told = []
    for _ in range(10):
        told += ward.minutes(1, *half)
        for number in half:
            ward.supervisor.heard(number, ward.now, "b")
    assert told == []


def test_when_all_that_the_other_receiver_heard_falls_silent_that_one_is_named():
    ward = at_two_receivers()
    told = ward.minutes(3, *(number for number in ward.units if int(number) <= 40))
    assert [(record.facts["group"], record.facts["value"]) for record in told] == [("receiver", "b")]
    assert told[0].facts["cause"].startswith("Larmmottagaren b: 40 av 40")


def test_what_the_other_receiver_hears_while_we_do_not_hear_it_is_no_silence_at_once():
    ward = at_two_receivers()
    ward.supervisor.spare(180.0, "b")
    theirs = [number for number in ward.units if int(number) <= 40]
    assert ward.minutes(3, *theirs) == []
    assert [record.kind for record in ward.minutes(5, *theirs)] == ["mass_silence"]


def test_when_nobody_is_heard_at_either_receiver_all_alarms_are_named():
    ward = at_two_receivers()
    told = ward.minutes(3, *ward.units)
    assert [(record.facts["group"], record.facts["value"]) for record in told] == [("all", "alla")]
    assert told[0].facts["cause"].startswith("Alla larmmottagare")


def test_at_work_in_a_receiver_silence_goes_to_the_log_and_what_is_open_is_kept(tmp_path: Path):
    async def whole() -> None:
        peer = {"name": "b", "address": "127.0.0.1", "listen": "127.0.0.1", "plain": True}
        server = Server(config(tmp_path, supervise={"every": 15}, peer=peer))
        units = [Unit(f"{n}", interval=60, operator="Telia") for n in range(20)]
        server.spool.put_units("2", units[:1])
        work = Supervision(server)
        server.spool.put_units("3", units)
        await work.once()
        for unit in units:
            server._beat(unit.id)
        server.peer.on_heard("5")
        assert work.supervisor.watched["5"].receiver == "b"
        for watched in work.supervisor.watched.values():
            watched.last -= 150
        await work.once()
        assert [(record.kind, record.facts["silent"]) for record in server.spool.since(0)] == [
            ("mass_silence", 20)
        ]
        assert server.spool.setting("silences")[0]["units"] == [unit.id for unit in units]
        assert server.spool.seen()["5"] > 0
        again = Supervision(server)
        assert len(again.supervisor.events) == 1
        server.counts["beats_shed"] += 1
        await again.once()
        assert again.supervisor.watched["1"].spared > 0
        await server.stop()

    asyncio.run(whole())


def test_two_receivers_tell_each_other_whom_they_have_heard(tmp_path: Path):
    async def whole() -> None:
        async with both(pair(tmp_path)) as (a, b):
            there = Supervision(b).supervisor
            anna = await udp(a.doors.ports["udp"])
            anna.send(message(beat()))
            await until(lambda: there.watched["4711"].receiver == "a")
            assert there.watched["4711"].state == "ok"
            anna.close()

    asyncio.run(whole())


def test_what_the_full_log_could_not_take_is_told_the_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    async def whole() -> None:
        server = Server(config(tmp_path))
        server.spool.put_units("2", [Unit("1", interval=60)])
        work = Supervision(server)
        server._beat("1")
        work.supervisor.watched["1"].last -= 400

        async def full(draft: Record, raw: bytes = b"") -> Record:
            raise CannotStore("The disk is full.")

        with monkeypatch.context() as patch:
            patch.setattr(server, "keep", full)
            await work.once()
        assert server.spool.since(0) == []
        await work.once()
        assert [record.kind for record in server.spool.since(0)] == ["silent"]
        await server.stop()

    asyncio.run(whole())


def test_a_unit_taken_home_is_no_longer_waited_for():
    ward = Ward(40)
    ward.beat()
    ward.minutes(2, "7")
    del ward.units["7"]
    ward.supervisor.put_units(ward.units, ward.now)
    assert ward.minutes(10) == []


def test_sixty_simulated_outages_are_noticed_within_three_minutes_and_their_cause_is_named():
    verdicts = [outage(seed) for seed in range(60)]
    assert max(verdict.seconds for verdict in verdicts) <= 180
    assert sum(verdict.right for verdict in verdicts) >= 57


def test_units_that_fall_silent_each_by_itself_for_a_year_are_never_one_event():
    assert false_events(days=365, seed=1) <= 1

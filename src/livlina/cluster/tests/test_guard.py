"""What the guard decides, and what the plan refuses, without any server."""

import json
import shutil
import socket
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from livlina.cluster import plan as plans
from livlina.cluster import space, templates, vigil
from livlina.cluster.guard import ROOM, TAGS, Guard, candidate, summary
from livlina.cluster.plan import Node, Plan, PlanError
from livlina.cluster.rest import Member, Unanswered
from livlina.cluster.tests import certificates
from livlina.cluster.vigil import Vigil

PASSWORDS = dict.fromkeys(plans.ROLES, "secret")


def standby(name: str, room: int | None, **more: object) -> Member:
    tags = {} if room is None else {ROOM: room}
    return Member(name, "quorum_standby", "streaming", 1, 0, tags | more)


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    nodes = tuple(
        Node(name, "127.0.0.1", tmp_path / name / "data", tmp_path / name / "wal", settings=tmp_path / name)
        for name in "abc"
    )
    for node in nodes:
        node.patroni_folder.mkdir(parents=True)
    return Plan("town", nodes, tmp_path / "secrets.json", guard=plans.Guard(ballast_mb=1, state=tmp_path))


# ---- whom to hand over to ----


def test_the_standby_with_most_room_takes_over() -> None:
    found = candidate([standby("b", 30), standby("c", 60)], 10, 20)
    assert found is not None
    assert found.name == "c"


def test_nobody_takes_over_who_has_no_more_room_than_the_leader() -> None:
    assert candidate([standby("b", 10), standby("c", 8)], 10, 20) is None
    assert candidate([standby("b", 25), standby("c", 25)], 30, 20) is None


def test_nobody_takes_over_who_may_not_or_lacks_rows_or_is_behind() -> None:
    away = Member("c", "replica", "streaming", 1, 0, {ROOM: 90})
    dead = Member("d", "quorum_standby", "stopped", 1, 0, {ROOM: 90})
    assert candidate([standby("b", 90, nofailover=True), away, dead], 10, 20) is None


def test_a_standby_whose_guard_is_silent_is_taken_last_and_rather_than_none() -> None:
    both, alone = [standby("b", None), standby("c", 40)], [standby("b", None)]
    assert [getattr(candidate(found, 10, 20), "name", "") for found in (both, alone)] == ["c", "b"]


# ---- room ----


def test_a_volume_that_fills_is_told_before_it_is_full(tmp_path: Path) -> None:
    volume = space.Volume(tmp_path)
    for second in range(6):
        volume.seen.append((float(second), 1000 - 100 * second))
    assert volume.full_in() == pytest.approx(5.0)
    volume.seen.clear()
    volume.seen.extend([(0.0, 1000), (1.0, 100)])  # a single burst is no catastrophe
    assert volume.full_in() is None


def test_ballast_is_laid_down_whole_and_given_back_once(tmp_path: Path) -> None:
    volume = space.Volume(tmp_path, ballast_mb=2)
    assert volume.make_ballast()
    assert volume.ballast.stat().st_blocks * 512 >= 2 * space.MEGABYTE
    assert (volume.give_back(), volume.give_back()) == (True, False)
    assert [one.path for one in space.volumes([tmp_path, tmp_path], 1)] == [tmp_path]


class Heard:
    """Patroni as the guard hears it."""

    def __init__(self, members: list[Member]) -> None:
        self.found, self.switched, self.reloads = members, [], 0

    def members(self) -> list[Member]:
        return self.found

    def switch(self, leader: str, to: str) -> str:
        self.switched.append((leader, to))
        return ""

    def reload(self) -> None:
        self.reloads += 1


def guard_on(plan: Plan, members: list[Member], least: float) -> tuple[Guard, Heard]:
    guard = Guard(
        replace(plan, guard=replace(plan.guard, least_percent=least, enough_percent=least)),
        plan.nodes[0],
        PASSWORDS,
    )
    guard.patroni = heard = Heard(members)  # type: ignore[assignment]
    guard.prepare()
    return guard, heard


def leading(name: str) -> Member:
    return Member(name, "leader", "running", 1, None, {})


def test_a_leader_without_room_gives_back_its_ballast_hands_over_and_stays_behind(plan: Plan) -> None:
    guard, heard = guard_on(plan, [leading("a"), standby("b", 100)], 99.9)
    guard.rules = replace(guard.rules, better_percent=0)
    guard.volumes[0].ballast.write_bytes(b"ballast")
    guard.step(100.0)
    assert heard.switched == [("a", "b")]
    assert not guard.volumes[0].ballast.exists()
    heard.found = [leading("b"), standby("a", 0)]
    guard.step(100.5)
    told = yaml.safe_load((plan.nodes[0].patroni_folder / TAGS).read_text())
    assert told["tags"]["nofailover"] is True
    assert json.loads((plan.guard.state / "status/parts/cluster.json").read_text())["works"] is False


def test_a_leader_with_room_keeps_its_office_and_its_ballast(plan: Plan) -> None:
    guard, heard = guard_on(plan, [leading("a"), standby("b", 100)], 0.0)
    guard.step(100.0)
    assert heard.switched == []
    assert guard.volumes[0].ballast.exists()
    assert "nofailover" not in yaml.safe_load((plan.nodes[0].patroni_folder / TAGS).read_text())["tags"]
    assert json.loads((plan.guard.state / "status/parts/cluster.json").read_text())["words"] == summary(
        "a", 1
    )


def test_a_leader_without_room_and_without_heir_stays_and_says_so(plan: Plan) -> None:
    guard, heard = guard_on(plan, [leading("a"), standby("b", 1)], 99.9)
    guard.step(100.0)
    assert heard.switched == []
    assert "ingen reserv har mer plats" in guard.words


# ---- a leader that is gone ----


def test_only_a_machine_that_denies_both_programs_counts_as_gone(plan: Plan) -> None:
    with socket.socket() as listening, socket.socket() as closed:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        closed.bind(("127.0.0.1", 0))
        there, gone = listening.getsockname()[1], closed.getsockname()[1]
        watch = Vigil(plan, plan.nodes[1], None, None)  # type: ignore[arg-type]
        node = plan.nodes[0]
        assert watch.denied(replace(node, postgres=gone, patroni=gone))
        assert not watch.denied(replace(node, postgres=gone, patroni=there))
        assert not watch.denied(replace(node, postgres=there, patroni=gone))


class Locks:
    """etcd as the vigil hears it."""

    def __init__(self, revision: int = 7) -> None:
        self.held: tuple[str, int] | None = ("a", revision)
        self.ended: list[tuple[str, int]] = []

    def leader(self) -> tuple[str, int] | None:
        return self.held

    def end(self, name: str, revision: int) -> bool:
        self.ended.append((name, revision))
        return True


def looks(watch: Vigil, many: int = 8) -> list[bool]:
    return [watch.step(100.0 + second, [leading("a"), standby("b", 50)]) for second in range(many)]


@pytest.mark.parametrize(
    ("strict", "streaming", "denied", "ends"),
    [(True, False, True, 2), (True, True, True, 0), (False, False, True, 0), (True, False, False, 0)],
    ids=["gone", "another still hears it", "commits are not strict", "it is only silent"],
)
def test_a_leader_is_declared_dead_only_when_nothing_it_said_can_be_lost(
    plan: Plan, monkeypatch: pytest.MonkeyPatch, strict: bool, streaming: bool, denied: bool, ends: int
) -> None:
    class Peer:
        def __init__(self, *_: object) -> None: ...

        def settings(self) -> dict[str, object]:
            return {"synchronous_mode": "quorum", "synchronous_mode_strict": strict}

        def itself(self) -> dict[str, object]:
            return {"replication_state": "streaming"} if streaming else {}

    monkeypatch.setattr(vigil, "Patroni", Peer)
    monkeypatch.setattr(vigil, "refuses", lambda *_: denied)
    locks = Locks()
    watch = Vigil(plan, plan.nodes[1], None, locks)  # type: ignore[arg-type]
    assert sum(looks(watch)) == len(locks.ended) == ends


def test_without_an_answer_from_most_nodes_nobody_is_declared_dead(
    plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Silent:
        def __init__(self, *_: object) -> None: ...

        def settings(self) -> dict[str, object]:
            return {"synchronous_mode": "quorum", "synchronous_mode_strict": True}

        def itself(self) -> dict[str, object]:
            raise Unanswered("nobody")

    monkeypatch.setattr(vigil, "Patroni", Silent)
    monkeypatch.setattr(vigil, "refuses", lambda *_: True)
    assert not any(looks(Vigil(plan, plan.nodes[1], None, Locks())))  # type: ignore[arg-type]


# ---- the plan ----


def test_a_plan_over_a_network_without_tls_is_refused() -> None:
    words = {
        "name": "town",
        "nodes": [{"name": n, "address": f"192.0.2.{i}"} for i, n in enumerate("abc", 1)],
    }
    with pytest.raises(PlanError, match="TLS"):
        plans.from_words(words)
    words["tls"] = {"authority": "/ca", "certificate": "/c", "key": "/k"}
    told = plans.from_words(words)
    assert "sslmode=verify-full" in told.url("app", "x", "livlina")
    assert all(line.startswith(("local", "hostssl")) for line in templates.hba(told))
    assert "http://" not in templates.etcd(told, told.nodes[0]) + templates.patroni(
        told, told.nodes[0], PASSWORDS
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"nodes": []}, "odd number"),
        ({"nodes": [{"name": "a", "address": "127.0.0.1"}] * 3}, "name of its own"),
        ({"nodez": 1}, "Unknown"),
        ({"nodes": [{"name": "a"}] * 3}, "missing"),
        ({"name": "Å b"}, "small letters"),
    ],
)
def test_a_plan_that_would_not_work_is_refused_in_words(change: dict[str, object], words: str) -> None:
    good = {"name": "town", "nodes": [{"name": n, "address": "127.0.0.1"} for n in "abc"]}
    with pytest.raises(PlanError, match=words):
        plans.from_words(good | change)


def test_a_plan_survives_being_written_down(plan: Plan, tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text(plans.as_json(plan))
    assert plans.read(tmp_path / "plan.json") == plan


def test_haproxy_takes_what_is_written_for_it(plan: Plan, tmp_path: Path) -> None:
    program = shutil.which("haproxy") or shutil.which("haproxy", path="/usr/sbin")
    if not program:
        pytest.skip("HAProxy is not installed")
    tls = certificates.made(tmp_path, -1)
    for one in (plan, replace(plan, tls=tls)):
        told = replace(one, webs=("127.0.0.1:8000", "127.0.0.1:8001"))
        (tmp_path / "haproxy.cfg").write_text(templates.haproxy(told))
        done = subprocess.run(
            [program, "-c", "-f", tmp_path / "haproxy.cfg"], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr

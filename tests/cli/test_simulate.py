"""The verb itself: `livlina simulate alarms` against a receiver, and against nobody."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from livlina.cli.bench.alarms_faults import site
from livlina.cli.bench.alarms_receiver import Receiver, references, running
from livlina.cli.receivers import free_ports
from livlina.cli.simulate import commands, town
from livlina.cli.simulate.calls import Exchange
from livlina.cli.simulate.fleet import Fleet
from livlina.cli.surroundings import Problem


def simulate(*words: str, patience: float = 30) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "livlina", "simulate", "alarms", *words]
    return subprocess.run(command, text=True, capture_output=True, check=False, timeout=patience)


def test_a_script_a_command_and_a_ledger_of_what_was_acknowledged(tmp_path: Path) -> None:
    (tmp_path / "day.yaml").write_text("- {at: 0.1, what: press, count: 3}\n- {at: 0.2, what: low_battery}\n")
    (tmp_path / "orders").mkdir()
    commands.tell(tmp_path / "orders", what="press", unit="1000004")
    one = site(tmp_path / "a")
    with running(Receiver(one)):
        ran = simulate(
            *(
                "--to",
                one.address,
                "--units",
                "20",
                "--interval",
                "1",
                "--seconds",
                "2.5",
                "--seed",
                "4",
                "--json",
            ),
            *("--script", str(tmp_path / "day.yaml"), "--commands", str(tmp_path / "orders")),
            *("--ledger", str(tmp_path / "ledger")),
        )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    counts = json.loads(ran.stdout.splitlines()[-1])["counts"]
    assert (counts["alarm"]["acknowledged"], counts["alarm"]["answered"]) == (4, 4)
    assert counts["other"] == {"sent": 1, "acknowledged": 1, "answered": 1}
    assert counts["beat"]["answered"] >= 20
    ledger = [json.loads(line) for line in (tmp_path / "ledger").read_text().splitlines()]
    assert len(ledger) == 5
    assert {line["ref"] for line in ledger} <= references(one.folder), "what it was told is kept, is kept"


def test_nowip_and_panels_speak_to_the_same_receiver(tmp_path: Path) -> None:
    [port] = free_ports(1)
    one = site(tmp_path / "a", sections={"dc09": {"host": "127.0.0.1", "port": port}})
    with running(Receiver(one)):
        ran = simulate(
            *(
                "--to",
                one.address,
                "--dc09",
                f"127.0.0.1:{port}",
                "--units",
                "12",
                "--profile",
                "british,panel",
            ),
            *("--interval", "0.7", "--press-every", "0.2", "--seconds", "1.5", "--seed", "4", "--json"),
            *("--ledger", str(tmp_path / "ledger")),
        )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    counts = json.loads(ran.stdout.splitlines()[-1])["counts"]
    assert counts["alarm"]["acknowledged"] == counts["alarm"]["answered"] == counts["alarm"]["sent"] > 4
    assert counts["beat"]["answered"] >= 12
    ledger = [json.loads(line) for line in (tmp_path / "ledger").read_text().splitlines()]
    assert {len(line["ref"]) for line in ledger} == {4, 12}, "sequences of panels and moments of NOWIP"
    assert {line["ref"] for line in ledger} <= references(one.folder), "what it was told is kept, is kept"


class Told(BaseHTTPRequestHandler):
    """A main system that is told of calls."""

    heard: ClassVar[list[tuple[str, str]]] = []

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.heard.append((self.headers["Authorization"], body["number"]))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *words: object) -> None:
        """Say nothing."""


def test_a_unit_that_is_told_where_to_call_calls_and_the_exchange_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("livlina.cli.simulate.calls.SOONEST", 0.0)
    with ThreadingHTTPServer(("127.0.0.1", 0), Told) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        file = tmp_path / "exchange"
        file.write_text(json.dumps({"url": f"http://127.0.0.1:{server.server_port}/calls", "key": "k"}))
        exchange = Exchange.read(file)
        fleet = Fleet(town.made_up(3, "orderly", ["a"], seed=1, interval=0), [], seed=1, start=0.0)

        async def calls() -> None:
            for unit in fleet.units:
                unit.place = 0
                exchange.called(unit)
            await asyncio.gather(*exchange.under_way)
            await exchange.close()

        asyncio.run(calls())
        server.shutdown()
    assert sorted(Told.heard) == sorted(("Bearer k", f"+{unit.phone}") for unit in fleet.units)
    assert exchange.told == 3
    file.write_text("{}")
    with pytest.raises(Problem, match="cannot be read"):
        Exchange.read(file)


def test_alarms_that_nobody_acknowledged_are_told_at_the_end() -> None:
    [port] = free_ports(1)
    ran = simulate("--to", f"127.0.0.1:{port}", "--units", "5", "--press-every", "0.2", "--seconds", "0.6")
    assert ran.returncode == 1
    assert "had not been acknowledged at the end" in ran.stdout


def test_an_address_or_a_profile_that_does_not_exist_is_refused_in_a_sentence() -> None:
    assert "is no address of a receiver" in simulate("--to", "nowhere").stderr
    assert "There is no profile sung; there are mixed, orderly" in simulate("--profile", "sung").stderr
    assert "--dc09 has one address for each receiver" in simulate("--profile", "panel").stderr

"""Simulated locks over loopback HTTP: phones open doors, things break, and the page shows it."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from livlina.cli.simulate import locks
from livlina.cli.simulate.doors import FAULTS, Street
from livlina.cli.surroundings import Problem
from livlina.provider.doors.protocol import lists, messages, token
from livlina.provider.doors.protocol.phone import Key, Phone

OWNER = Key.known(0x0E)
KARIN = Phone(Key.known(0x0F))


class Town:
    """A street that answers, and a phone with keys to it."""

    def __init__(self, config: Path, flash: Path) -> None:
        self.config = config
        self.server = locks.serve(Street(config, flash), 0, ["https://app.example"])
        self.origin = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )

    def ask(self, path: str, body: bytes | None = None, **headers: str) -> bytes:
        asked = urllib.request.Request(self.origin + path, data=body, headers=headers)
        with urllib.request.urlopen(asked, timeout=10) as answer:
            return answer.read()

    def open(self, number: int, time_: bytes = b"") -> messages.Answer:
        now = int(time.time())
        held = token.mint(
            OWNER.sign, OWNER.kid,
            token.Claims("asvalla", os.urandom(16), now - 600, now + 600, KARIN.key.public, "shift", {number: 1}),
        )  # fmt: skip
        nonce = self.ask(f"/locks/{number}/challenge", b"")
        phone = Phone(KARIN.key, time=time_)
        return messages.read_answer(
            self.ask(f"/locks/{number}/act", phone.ask(nonce, number, [held], now=now))
        )

    def switch(self, number: int, fault: str, on: bool = True) -> None:
        self.ask("/faults", json.dumps({"door": number, "fault": fault, "on": on}).encode())

    def shown(self, number: int) -> dict[str, object]:
        return next(door for door in json.loads(self.ask("/locks.json")) if door["number"] == number)


def write(config: Path, count: int) -> Path:
    doors = [
        {"number": 1001 + at, "area": "Norr", "epoch": 1, "label": f"Storgatan {at + 1}"}
        for at in range(count)
    ]
    config.write_text(
        json.dumps({"issuers": [{"name": "asvalla", "public": OWNER.public.hex()}], "locks": doors})
    )
    return config


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    one = Town(write(tmp_path / "locks.json", 3), tmp_path / "flash")
    with one.server:
        one.thread.start()
        yield one
        one.server.shutdown()
        one.thread.join()


def test_a_carer_opens_one_door_and_the_page_shows_which(town: Town) -> None:
    assert town.open(1002).outcome == "opened"
    assert [town.shown(number)["open"] for number in (1001, 1002, 1003)] == [False, True, False]
    page = town.ask("/locks").decode()
    assert '<tr class="open"><td>Storgatan 2</td><td>Öppen</td>' in page
    assert "öppnade" in page


@pytest.mark.parametrize(
    ("fault", "says"), [("frozen", "stuck"), ("weak", "battery"), ("off_by_one", "malformed")]
)
def test_a_broken_lock_opens_for_nobody_until_it_is_whole(town: Town, fault: str, says: str) -> None:
    town.switch(1001, fault)
    assert town.open(1001).fault == says
    assert not town.shown(1001)["open"]
    assert town.open(1002).outcome == "opened", "the others are whole"
    town.switch(0, fault, on=False)
    assert town.open(1001).outcome == "opened"


def test_a_flat_battery_does_not_answer(town: Town) -> None:
    town.switch(1001, "flat")
    with pytest.raises(urllib.error.HTTPError) as refused:
        town.open(1001)
    assert refused.value.code == 503
    refused.value.close()


def test_a_lock_without_clock_and_flash_time_is_helped_by_the_municipality(town: Town) -> None:
    town.switch(1001, "clock_lost")
    town.switch(1001, "floor_lost")
    refused = town.open(1001)
    assert refused.fault == "clock_lost"
    said = lists.time(
        OWNER.sign, OWNER.kid, issuer="asvalla", at=int(time.time()), door=1001, nonce=refused.question
    )
    assert town.open(1001, said).outcome == "opened"
    town.switch(1001, "restart")
    assert town.open(1001).outcome == "opened", "the time is in flash now"


def test_flash_outlives_the_simulator_and_a_new_door_is_found_at_once(town: Town, tmp_path: Path) -> None:
    town.open(1001)
    again = Street(town.config, tmp_path / "flash")
    assert again.doors[1001].lock.memory.log.number == 1
    write(town.config, 4)
    assert town.open(1004).outcome == "opened"


def test_keys_of_an_older_epoch_open_nothing_once_the_fitter_has_said_so(town: Town) -> None:
    town.ask("/locks/1001/epoch", b'{"epoch": 2}')
    assert town.open(1001).fault == "epoch"


def test_pages_of_the_app_may_speak_to_locks_and_others_may_not(town: Town) -> None:
    for origin in ("https://app.example", "http://localhost:8000"):
        asked = urllib.request.Request(
            f"{town.origin}/locks/1001/challenge", data=b"", headers={"Origin": origin}
        )
        with urllib.request.urlopen(asked, timeout=10) as answer:
            assert answer.headers["Access-Control-Allow-Origin"] == origin
    for headers in ({"Origin": "https://elsewhere.example"}, {"Host": "elsewhere.example"}):
        with pytest.raises(urllib.error.HTTPError) as refused:
            town.ask("/locks/1001/challenge", b"", **headers)
        assert refused.value.code == 403
        refused.value.close()


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/locks/1001/act", bytes(20_000), 413), ("/locks/9/challenge", b"", 404), ("/locks/1001/open", b"", 404),
        ("/faults", b'{"fault": "magic"}', 400), ("/faults", b'{"door": 9, "fault": "slow"}', 400), ("/faults", b"{", 400),
        ("/faults", b"fault", 400), ("/else", b"", 404), ("/else", None, 404),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(town: Town, path: str, body: bytes | None, code: int) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        town.ask(path, body)
    assert refused.value.code == code
    refused.value.close()


def test_the_buttons_of_the_page_break_and_mend(town: Town) -> None:
    assert b"Regeln sitter fast" in town.ask("/faults", b"door=1001&fault=frozen&on=1")
    assert town.shown(1001)["faults"] == ["frozen"]
    town.ask("/faults", b"door=1001&fault=frozen&on=0")
    assert town.shown(1001)["faults"] == []
    assert all(words in town.ask("/locks").decode() for words in FAULTS.values())


def test_a_file_that_makes_no_sense_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "locks.json").write_text('{"locks": 1}')
    with pytest.raises(Problem, match="does not say which doors"):
        Street(tmp_path / "locks.json", None)


def test_the_verb_answers_until_it_is_ended(tmp_path: Path) -> None:
    config = write(tmp_path / "locks.json", 5)
    words = [
        sys.executable,
        "-m",
        "livlina",
        "simulate",
        "locks",
        "--config",
        str(config),
        "--port",
        "0",
        "--count",
        "2",
    ]
    environment = os.environ | {"LIVLINA_STATE_DIR": str(tmp_path / "state"), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment) as program:
        assert program.stdout is not None
        told = [program.stdout.readline() for _ in range(2)]
        address = told[1].split()[-1]
        with urllib.request.urlopen(f"{address}.json", timeout=10) as answer:
            assert len(json.loads(answer.read())) == 2
        program.send_signal(signal.SIGTERM)
        assert program.wait(20) == 0
    assert told[0].startswith("2 simulated doors")

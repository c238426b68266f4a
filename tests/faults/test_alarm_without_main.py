"""The main system is killed, and whoever presses is helped all the same: S3's worst hour.

Everything is real: a unit that speaks SIP, a receiver, the web server that dies. What the receiver's stand-in says
goes to a file in the place of a supplier of SMS.
"""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest

from livlina.cli.bench.alarms_faults import site
from livlina.cli.bench.alarms_receiver import Receiver
from livlina.cli.receivers import Site, free_ports
from livlina.cli.simulate import town
from livlina.cli.simulate.fleet import Fleet
from livlina.cli.simulate.script import Happening
from livlina.cli.simulate.wires import Address, Wires
from livlina.core.access import Actor
from livlina.provider.alarms.actions.rota import make_code
from livlina.provider.alarms.models import Alarm, AlarmUnit
from tests.faults.helpers import Program, until, url_of

STAND_IN = 2.0  # seconds instead of fifteen: nobody's life hangs on a test


def press(one: Site, number: str) -> float:
    """Somebody presses once; seconds until the unit was acknowledged and answered."""
    [unit] = town.made_up(1, "orderly", [one.address], seed=time.monotonic_ns(), interval=0)
    unit.number = number
    fleet = Fleet([unit], [Happening("press", unit=number, device="01")], seed=1, start=time.monotonic())

    async def live() -> None:
        ending = asyncio.Event()
        asyncio.get_running_loop().call_later(10, ending.set)
        await Wires(fleet, [Address.read(one.address)]).run(
            ending, lambda: ending.set() if fleet.figures.count("answered") else None
        )

    asyncio.run(live())
    assert (fleet.figures.count("acknowledged"), fleet.figures.count("answered")) == (1, 1)
    return fleet.figures.share("answered", "alarm", 1.0)


class Main:
    """The web server, which can be killed and started again on the same port."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url, [self.port] = folder, url, free_ports(1)
        self.program = self.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> Program:
        words = ("-m", "livlina", "web", "--port", str(self.port), "--processes", "1")
        self.program = Program(self.folder, self.url, *words)
        return self.program


@pytest.fixture
def main(tmp_path: Path, own_database: str) -> Iterator[Main]:
    """The main system over this test's database."""
    (tmp_path / "web").mkdir()
    found = Main(tmp_path / "web", url_of(own_database))
    yield found
    found.program.kill()


@pytest.fixture
def receiver(tmp_path: Path, main: Main, receiver_key: str) -> Iterator[Site]:
    """Receiver A, which has its stand-in call after two seconds and writes what it would have sent."""
    supplier = {"name": "Provet", "kind": "sms", "url": f"file:{tmp_path / 'sms'}"}
    dispatch = {"after": STAND_IN, "always": ["sms:+46701740605"], "suppliers": [supplier]}
    extra = {"exchange": {"url": main.address, "token": receiver_key, "every": 0.5}, "dispatch": dispatch}
    one = site(tmp_path / "a", sections=extra)
    running = Receiver(one)
    running.start()
    yield one
    running.kill()


class Page:
    """The receiver's own page, as a browser without scripts has it."""

    def __init__(self, one: Site) -> None:
        self.port, self.cookie = one.desk, ""

    def ask(self, path: str, **form: str) -> tuple[int, str]:
        """Fetch a page, or send a form to it; follows where that leads."""
        headers = {"Cookie": self.cookie}
        if form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=20)) as asking:
            asking.request("POST" if form else "GET", path, urlencode(form) or None, headers)
            answer = asking.getresponse()
            said = answer.read().decode()
        if cookie := answer.getheader("Set-Cookie"):
            self.cookie = cookie.partition(";")[0]
        return (
            self.ask(str(answer.getheader("Location")))
            if answer.status in (302, 303)
            else (answer.status, said)
        )


@pytest.fixture
def petras_code(petra: Actor, now: datetime) -> str:
    """The code with which Petra may open the receiver's own page."""
    return make_code(by=petra, now=now)


def heard(one: Site) -> set[str]:
    """The units that a receiver has been told of."""
    with closing(sqlite3.connect(one.folder / "log" / "log.db")) as log:
        return {unit for (unit,) in log.execute("SELECT id FROM units")}


def test_with_the_main_system_dead_an_alarm_reaches_a_person_and_later_the_desk(
    main: Main, receiver: Site, astrids_unit: AlarmUnit, petra: Actor, petras_code: str, tmp_path: Path
) -> None:
    until(lambda: "1001" in heard(receiver), "the receiver was told of Astrid's unit")
    main.program.kill()
    assert press(receiver, "1001") < 2, "the receiver alone acknowledges and answers her"
    told = until(
        lambda: (tmp_path / "sms").exists() and (tmp_path / "sms").read_text(), "somebody was called"
    )
    assert json.loads(told.splitlines()[0])["number"] == "+46701740605"
    assert "LARM" in json.loads(told.splitlines()[0])["text"]

    page = Page(receiver)
    status, said = page.ask("/in", namn=petra.name, kod=petras_code)
    assert (status, "Astrid Lindqvist" in said) == (200, True), said
    key = re.search(r'name="nyckel" value="([^"]+)"', said)
    alarm = re.search(r"/larm/([0-9a-f-]{36})", said)
    assert key
    assert alarm
    assert page.ask(f"/larm/{alarm[1]}/ta-emot", nyckel=key[1])[0] == 200
    assert not Alarm.objects.exists(), "the main system knows nothing of it yet"

    main.start()
    until(lambda: Alarm.objects.filter(accepted_at__isnull=False).exists(), "alarm and deed came to the desk")
    assert (str(Alarm.objects.get().pk), Alarm.objects.get().holder_name) == (alarm[1], petra.name)

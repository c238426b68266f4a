"""The main system is killed for real, and people read on the shadow: other storage, another way in, nothing written."""

import http.client
import json
import os
import re
import shutil
import signal
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import date, timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from socket import socket
from tempfile import mkdtemp
from time import monotonic
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse

from livlina.across.continuity.shadow import age
from livlina.cli import shadow
from livlina.config.settings import database as settings_of
from livlina.core import clock, readings, tenancy
from livlina.core.access import Actor, system
from livlina.core.databases import APP, SUPER, Server, ensure_database, ensure_roles
from livlina.core.ids import test_number as number_for_tests
from livlina.core.models import Municipality, User
from livlina.core.models.audit import AuditEvent
from livlina.core.postgres import Cluster
from livlina.core.standby import Standby
from livlina.registers.journal import actions as journal
from livlina.registers.journal.models import File
from livlina.registers.people import actions as people
from livlina.registers.people.models import Person
from livlina.status import parts
from tests import database
from tests.faults.authenticator import Device
from tests.faults.helpers import PATIENCE, Program, until
from tests.people import ALL, staff

DATABASE, HOST = "livlina", "127.0.0.1"
NOTE = "Astrid föll i morse och har ont i höften. Dottern är där."


class Browser:
    """Somebody's browser at the shadow, behind the TLS of real use."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: SimpleCookie = SimpleCookie()

    def ask(self, method: str, path: str, **form: str) -> tuple[int, str, str]:
        """Return status, where it leads, and the page."""
        headers = {
            "Cookie": "; ".join(f"{name}={one.value}" for name, one in self.cookies.items()),
            "X-Forwarded-Proto": "https", "Host": HOST, "Origin": f"https://{HOST}", "Referer": f"https://{HOST}/",
            "Content-Type": "application/x-www-form-urlencoded",
        }  # fmt: skip
        if method == "POST":
            form["csrfmiddlewaretoken"] = self.cookies["livlina_shadow_csrf"].value
        with closing(http.client.HTTPConnection(HOST, self.port, timeout=PATIENCE)) as asked:
            asked.request(method, path, urlencode(form) if form else None, headers)
            answer = asked.getresponse()
            for told in answer.headers.get_all("Set-Cookie") or []:
                self.cookies.load(told)
            return answer.status, answer.headers.get("Location", ""), answer.read().decode()

    def sign_in(self, device: Device) -> tuple[int, str, str]:
        """Sign in with a passkey."""
        self.ask("GET", "/sign-in/")
        question = json.loads(self.ask("GET", "/account/passkey/")[2])
        return self.ask("POST", "/account/passkey/", credential=device.answer(question))


@dataclass
class Town:
    """A main database, its shadow on a folder of its own, and who lives there."""

    main: Cluster
    server: Server
    folder: Path
    web: Program
    port: int
    karin: Actor
    maria: Actor
    astrid: Person
    file: File
    device: Device
    code: str

    def kill_main(self) -> None:
        """Kill the main database and everything it started."""
        pid = self.main.pid()
        assert pid
        os.kill(pid, signal.SIGKILL)
        with suppress(AttributeError):
            self.main.child.wait(PATIENCE)  # type: ignore[union-attr]

    @property
    def journal(self) -> str:
        return f"/officer/journal/files/{self.file.pk}"


@pytest.fixture
def town(django_db_blocker: Any, capsys: pytest.CaptureFixture[str]) -> Iterator[Town]:
    """The town, with its shadow running; all of it is gone after the test."""
    folder = Path(mkdtemp(prefix="lv-"))
    folder.chmod(0o711)  # as root, the database's own account must be able to pass through
    main = Cluster(folder / "postgres", durable=False, say=lambda _: None)
    before, web = dict(connection.settings_dict), None
    try:
        server = main.start()
        ensure_roles(server)
        ensure_database(server, DATABASE)
        database.plant(server, DATABASE)
        with django_db_blocker.unblock():
            connection.close()
            connection.settings_dict.update(settings_of(server.url(APP, DATABASE)))
            people_there = settled()
            shadow.init(folder / "shadow", str(folder), DATABASE, durable=False)
            code = re.search(r"([0-9A-Z]{4}-){4}[0-9A-Z]{4}", capsys.readouterr().out)
            port = free_port()
            web = started(folder, port)
            yield Town(main, server, folder, web, port, *people_there, code[0] if code else "")
    finally:
        if web:
            web.stop()
        connection.close()
        connection.settings_dict.update(before)
        Standby(folder / "shadow" / "postgres", say=lambda _: None).stop()
        main.stop()
        shutil.rmtree(folder)


def started(folder: Path, port: int) -> Program:
    (folder / "web").mkdir()
    words = [
        "--folder",
        str(folder / "shadow"),
        "--port",
        str(port),
        "--tell",
        str(folder),
        "--origin",
        f"https://{HOST}",
    ]
    return Program(folder / "web", "postgresql:///none", "-m", "livlina", "shadow", "run", *words)


def free_port() -> int:
    with socket() as free:
        free.bind((HOST, 0))
        return int(free.getsockname()[1])


def settled() -> tuple[Actor, Actor, Person, File, Device]:
    """Let people move in: Karin, who writes; Maria, who has a passkey; Astrid."""
    asvalla, now = Municipality.objects.get(slug="asvalla"), clock.now()
    registrar = system(asvalla.pk, ALL)
    with tenancy.acting(asvalla.pk, ALL):
        karin = staff(asvalla, "Karin Ekdal", "case_worker", "Biståndsenheten")
        maria = staff(asvalla, "Maria Lundell", "unit_manager", "Biståndsenheten")
        astrid = people.register_person(
            given_names="Astrid", family_name="Lindqvist", number=number_for_tests(date(1938, 4, 12), "female", 0),
            by=registrar, now=now,
        )  # fmt: skip
        people.grant_reach(astrid, karin.unit_id, source="test:shadow", reason="test", by=registrar, now=now)
        file = journal.open_file(astrid, by=karin, now=now - timedelta(days=60))
        device = Device(User.objects.get(pk=maria.user_id), HOST)
        device.register()
    return karin, maria, astrid, file, device


def write_note(town: Town, text: str) -> None:
    now = clock.now()
    with tenancy.acting(town.karin.municipality_id, ALL):
        said = journal.Content(now - timedelta(minutes=1), "phone", text)
        journal.write_note(town.file.pk, said, client_id=uuid4(), by=town.karin, now=now)


def caught_up(town: Town) -> bool:
    """Whether the shadow has what the main database has."""
    with town.server.connect(SUPER, "postgres") as main:
        row = main.execute(
            "SELECT bool_and(replay_lsn >= pg_current_wal_insert_lsn()) FROM pg_stat_replication"
        ).fetchone()
        return row == (True,)


def measured(town: Town) -> bool:
    """Whether the shadow knows how old what it shows is."""
    known = age.read(town.folder / "shadow")
    return known is not None and known.fresh_at is not None


def answers(town: Town) -> bool:
    with suppress(OSError):
        return Browser(town.port).ask("GET", "/sign-in/")[0] == 200
    return False


def test_the_main_system_is_killed_and_maria_reads_the_note_written_moments_before_on_the_shadow(
    town: Town,
) -> None:
    until(lambda: town.web.process.poll() is not None or answers(town), "the shadow answered")
    assert town.web.process.poll() is None, town.web.said()
    write_note(town, NOTE)
    until(lambda: caught_up(town), "the note came to the shadow")
    until(lambda: measured(town), "the shadow had measured its age")
    connection.close()
    town.kill_main()
    killed = monotonic()

    browser = Browser(town.port)
    assert browser.ask("GET", town.journal)[:2] == (302, f"/sign-in/?next={town.journal}")
    assert browser.sign_in(Device(town.device.user, HOST))[0] == 422  # the control: a key nobody knows
    assert browser.sign_in(town.device)[:2] == (302, "/start/")
    status, _, page = browser.ask("GET", town.journal)
    assert (status, NOTE in page, "Läskopia: uppgifterna " in page) == (200, True, True)
    assert monotonic() - killed < 60

    assert NOTE in browser.ask("POST", f"{town.journal}/search", q="höften")[2]  # searching is reading
    assert "Astrid Lindqvist" in browser.ask("POST", "/officer/people/search", q="Astrid Lindqvist")[2]
    status, _, page = browser.ask("POST", f"{town.journal}/write", text="Ringde Anna om höften.")
    assert status == 503
    assert "Skriv på papper" in page
    assert "Ringde Anna om höften." in page  # what was typed can be written off
    copy = Standby(town.folder / "shadow" / "postgres", say=lambda _: None)
    with copy.start().connect(APP, DATABASE) as reading, pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        reading.execute("DELETE FROM core_session")
    part = until(lambda: parts.read(town.folder).get("shadow"), "the status page was told")
    assert part.works

    check_that_the_menu_opens(browser)
    check_the_sealed_code(town)
    check_that_readings_come_home(town)


def check_that_the_menu_opens(browser: Browser) -> None:
    """Every page of the menu either opens, or says that it is not for an outage."""
    entries = settings.LIVLINA_UI["officer"]["menu"]
    answered = {route: browser.ask("GET", reverse(route))[0] for _, route, _ in entries}
    assert set(answered.values()) <= {200, 403, 404}, answered
    assert answered["portal:start"] == answered["cases:list"] == 200


def check_the_sealed_code(town: Town) -> None:
    """Who has no passkey comes in with the code from the envelope, and with no other."""
    browser = Browser(town.port)
    browser.ask("GET", "/sign-in/")
    address = "maria.lundell@test.livlina.example"
    assert browser.ask("POST", "/sign-in/sealed-key/", email=address, code="0" * 20)[0] == 422
    assert browser.ask("POST", "/sign-in/sealed-key/", email=address, code=town.code.lower())[:2] == (
        302,
        "/start/",
    )
    assert NOTE in browser.ask("GET", town.journal)[2]


def check_that_readings_come_home(town: Town) -> None:
    """Each reading stands in the log of the main system once, when it is back; a file with a line less is refused."""
    file = town.folder / "shadow" / readings.FILE
    town.main.start()
    rows = list(readings.read(file))

    def home() -> int:
        with tenancy.acting(town.maria.municipality_id, ALL):
            return readings.bring_home(rows, town.maria.municipality_id)

    assert home() == len(rows) >= 4
    assert home() == 0
    with tenancy.acting(town.maria.municipality_id, ALL):
        read = AuditEvent.objects.filter(user_id=town.maria.user_id, person_id=town.astrid.pk, outcome="read")
        assert read.filter(detail__shadow=True).exists()
        sealed = AuditEvent.objects.filter(verb="continuity.shadow", review="emergency")
        assert sealed.count() == 1
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join(lines[:1] + lines[2:]))
    with pytest.raises(readings.Broken):
        list(readings.read(file))

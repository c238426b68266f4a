"""A municipality on a database and a web server of its own, with officers who write at once and mind what they are told."""

import http.client
import json
import threading
import time
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.db import connection

from livlina.core import clock, tenancy
from livlina.core.access import Actor, system
from livlina.core.ids import test_number as number_for_tests
from livlina.core.models import Municipality
from livlina.registers.journal import actions as journal
from livlina.registers.journal.chain import verify_chain
from livlina.registers.journal.models import File, Note
from livlina.registers.people import actions as people
from tests.faults.helpers import PATIENCE, Program, send, until, written
from tests.people import ALL, session_key, staff

OFFICERS = ("Karin Ekdal", "Johan Brink", "Nils Dahl", "Siv Malm")
EACH = 50  # notes by each officer


@dataclass
class Town:
    """A municipality on a database and a web server of its own."""

    cluster: Any  # what its database runs in
    web: Program
    port: int
    officers: list[Actor]
    keys: list[str]
    file: File

    def notes(self) -> list[Note]:
        """Every note in the file, in the order of the chain."""
        connection.close()  # it may have been cut
        with tenancy.acting(self.file.municipality_id, ALL):
            return list(Note.objects.filter(file=self.file).order_by("seq"))

    def has(self, text: str) -> bool:
        """Whether a note with this text is there."""
        return any(note.text == text for note in self.notes())


def settled(cluster: Any, web: Program, port: int) -> Town:
    """Let people move in, and wait until the web server answers."""
    asvalla, now = Municipality.objects.get(slug="asvalla"), clock.now()
    registrar = system(asvalla.pk, ALL)
    with tenancy.acting(asvalla.pk, ALL):
        officers = [staff(asvalla, name, "case_worker", "Biståndsenheten") for name in OFFICERS]
        astrid = people.register_person(
            given_names="Astrid", family_name="Lindqvist", number=number_for_tests(date(1938, 4, 12), "female", 0),
            by=registrar, now=now,
        )  # fmt: skip
        unit = officers[0].unit_id
        people.grant_reach(astrid, unit, source="test:faults", reason="test", by=registrar, now=now)
        file = journal.open_file(astrid, by=officers[0], now=now - timedelta(days=60))
        keys = [session_key(officer) for officer in officers]
    town = Town(cluster, web, port, officers, keys, file)
    until(lambda: web.process.poll() is not None or answers(port), "the web server answered")
    assert web.process.poll() is None, web.said()
    return town


def answers(port: int) -> bool:
    """Whether the web server shows the page for signing in."""
    with suppress(OSError), closing(http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as asked:
        asked.request("GET", "/sign-in/")
        return asked.getresponse().status == 200
    return False


@dataclass
class Writing:
    """Four officers who write at once, and what they were answered."""

    town: Town
    each: int = EACH
    pause: float = 0.0  # seconds between one officer's notes
    acknowledged: dict[str, str] = field(default_factory=dict)  # what the note is called there, by client_id
    seen: list[tuple[int, str]] = field(default_factory=list)
    door: int = 0  # another port than the web server's own
    slowest: float = 0.0  # seconds, of one answer
    faults: list[Exception] = field(default_factory=list)
    ending: threading.Event = field(default_factory=threading.Event)

    def all_of(self, key: str) -> None:
        """Write one officer's notes, each until it is acknowledged or everyone is told to stop."""
        try:
            for number in range(self.each):
                if self.ending.wait(self.pause):
                    return
                self._until_acknowledged(
                    key, written(f"Samtal {number}: Astrid ringde om duschen. {uuid4()}")
                )
        except Exception as fault:
            self.faults.append(fault)

    def _until_acknowledged(self, key: str, note: dict[str, str]) -> None:
        while not self.ending.is_set():
            began = time.monotonic()
            status, body = send(self.door or self.town.port, self.town.file, key, note)
            self.slowest = max(self.slowest, time.monotonic() - began)
            self.seen.append((status, body))
            if status in (200, 201):
                self.acknowledged[note["client_id"]] = json.loads(body)["id"]
                return
            self.ending.wait(0.1)

    def reached(self, number: int) -> bool:
        """Whether so many notes are acknowledged; also when somebody has had to give up."""
        return bool(self.faults) or len(self.acknowledged) >= number


def check_answers(writing: Writing) -> None:
    """Every officer got every note acknowledged at the first sending: nobody saw that the database was away."""
    assert len(writing.acknowledged) == writing.each * len(OFFICERS)
    assert {status for status, _ in writing.seen} <= {200, 201}


def check_notes(town: Town, writing: Writing) -> None:
    """Each acknowledged note is there once, under the name it was acknowledged by, and the chain holds."""
    found = [note for note in town.notes() if str(note.client_id) in writing.acknowledged]
    assert {str(note.client_id): str(note.pk) for note in found} == writing.acknowledged
    assert len(found) == len(writing.acknowledged)
    assert not any(note.variant_of_id for note in found)
    with tenancy.acting(town.file.municipality_id, ALL):
        report = verify_chain(town.file.person_id)
    assert report.breaks == []
    assert report.notes == len(town.notes())

"""The trials of ``livlina bench field``: a real web server that is killed and started, and phones that send to it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from random import Random
from threading import Thread
from typing import Any
from uuid import UUID, uuid4

from livlina.cli.bench import field_naive as faults
from livlina.cli.bench import field_stock as stock
from livlina.cli.bench.client import SECRET
from livlina.cli.bench.one import session_of
from livlina.cli.surroundings import Problem, python_path

AT_ONCE = 10
"""Notes a phone writes between two tries to send."""


class Site:
    """A real web server of two processes; it can be killed at any moment."""

    def __init__(self, state: Path) -> None:
        from livlina.cli.bench.field import free_port

        self.state = state
        with free_port() as port:
            self.port = port
        self.program: subprocess.Popen[bytes] | None = None
        self.phones: list[Carried] = []

    def __enter__(self) -> Site:
        self.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.kill()

    def start(self) -> None:
        """Start it, and return when it answers."""
        words = ["web", "--port", str(self.port), "--processes", "2", "--parent", str(os.getpid())]
        with open(self.state / "field-web.log", "ab") as log:
            self.program = subprocess.Popen(
                [sys.executable, "-m", "livlina", *words],
                env={name: value for name, value in os.environ.items() if name != "LIVLINA_TEST"}
                | {"PYTHONPATH": python_path()},
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        end = time.monotonic() + 120
        while self.program.poll() is None and time.monotonic() < end:
            with contextlib.suppress(OSError, HTTPException):
                if self.ask("GET", "/sign-in/", None, {})[0] < 500:
                    return
            time.sleep(0.1)
        raise Problem(f"The web server did not start; {self.state / 'field-web.log'} says why.")

    def kill(self) -> None:
        """Kill it, all its processes at once."""
        if self.program is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.program.pid, signal.SIGKILL)
            self.program.wait()
            self.program = None

    def ask(self, method: str, path: str, body: Any, headers: dict[str, str]) -> tuple[int, bytes]:
        """One request over a connection of its own. Raises OSError and HTTPException when nobody answers."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=300)
        try:
            sent = None if body is None else json.dumps(body).encode()
            connection.request(method, path, sent, headers | {"Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def drop(self, path: str, body: Any) -> None:
        """Send a request and hang up before its answer."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        with contextlib.suppress(OSError):
            connection.request("POST", path, json.dumps(body).encode(), {"Content-Type": "application/json"})
        connection.close()


@dataclass
class Found:
    """What a trial found."""

    events: int = 0
    lost: int = 0
    doubled: int = 0
    seconds: float = 0.0
    requests: int = 0
    crashes: int = 0
    kills: int = 0


@dataclass
class Carried:
    """A phone in somebody's hand."""

    carer: stock.Carer
    handset: Any
    chance: Random
    meant: list[tuple[str, str]] = field(default_factory=list)
    requests: int = 0
    kills: int = 0

    def send(self, site: Site) -> None:
        """Try once to send what waits, with what may happen to a request."""
        body = self.handset.outbox()
        if self.chance.random() < faults.LOST_REQUEST:
            return
        self.requests += 1
        if self.chance.random() < faults.LOST_ANSWER:
            site.drop("/api/v1/field/outbox", body)
            return
        twice = self.chance.random() < faults.TWO_TABS
        other = Thread(target=self._quietly, args=(site, body)) if twice else None
        if other:
            other.start()
        self._quietly(site, body)
        if other:
            other.join()

    def _quietly(self, site: Site, body: Any) -> None:
        with contextlib.suppress(OSError, HTTPException):
            status, answer = site.ask("POST", "/api/v1/field/outbox", body, {})
            if status == 200:
                self.handset.answered(json.loads(answer))

    def until_all_is_in(self, site: Site, until: float) -> None:
        """Send until nothing waits."""
        while self.handset.waiting and time.monotonic() < until:
            before = len(self.handset.waiting)
            self.send(site)
            if len(self.handset.waiting) == before:
                time.sleep(0.1 + self.chance.random() * 0.2)


def session(actor: Any) -> dict[str, str]:
    """Sign a carer in, as the sign-in page would have, and return the headers of their browser."""
    from django.conf import settings

    from livlina.core.models import User

    key = session_of(User.objects.get(pk=actor.user_id), actor.municipality_id, actor.assignment_id)
    cookie = f"{settings.SESSION_COOKIE_NAME}={key}; csrftoken={SECRET}"
    return {"Cookie": cookie, "X-CSRFToken": SECRET}


def phones(site: Site, count: int, visits: int, now: datetime) -> list[Carried]:
    """Make carers with visits, and take a phone into use for each over the API."""
    from livlina.provider.homecare.sync.handset import Handset

    made = []
    for number, carer in enumerate(stock.carers(count, visits, now)):
        handset = Handset()
        status, answer = site.ask(
            "POST", "/api/v1/field/phone", handset.registration(f"Telefon {number}"), session(carer.actor)
        )
        if status != 200:
            raise Problem(f"A phone was not taken into use: {status} {answer[:200]!r}")
        handset.registered(json.loads(answer))
        made.append(Carried(carer, handset, Random(number)))  # noqa: S311 - faults, not secrets
    site.phones = made
    return made


def outage(site: Site, count: int, visits: int, now: datetime) -> Found:
    """Kill the server; let every phone carry out its day; start it, and count the seconds until all is in."""
    carried = phones(site, count, visits, now)
    site.kill()
    for one in carried:
        for visit, person, at in one.carer.visits:
            at_visit(one, visit, person, at, site)
    events = sum(len(one.handset.waiting) for one in carried)
    site.start()
    began = time.monotonic()
    _all(carried, lambda one: one.until_all_is_in(site, began + 600))
    seconds = time.monotonic() - began
    left = sum(len(one.handset.waiting) for one in carried)
    lost, doubled = visits_found(carried)
    return Found(events, lost + left, doubled, seconds, sum(one.requests for one in carried))


def at_visit(one: Carried, visit: UUID, person: UUID, at: datetime, site: Site) -> None:
    """Keep in the phone what is done at a visit; one in twenty tries at once to send it."""
    about = {"person": person, "visit": visit}
    one.handset.keep("check_in", at, **about)
    one.handset.keep("note", at + timedelta(minutes=10), text=f"{stock.NOTE} {uuid4()}", **about)
    one.handset.keep("check_out", at + timedelta(minutes=20), done=[], not_done=[], text="", **about)
    if one.chance.random() < 0.05:  # nobody answers; nothing is lost by asking
        one.send(site)
    if one.chance.random() < faults.APP_KILL:
        one.handset, one.kills = one.handset.died(), one.kills + 1


def visits_found(carried: list[Carried]) -> tuple[int, int]:
    """How many of the events are not among the rows they should have become, and how many are there twice."""
    from livlina.core import tenancy
    from livlina.provider.homecare.models import FieldEvent, VisitEvent
    from livlina.registers.journal.models import Note

    meant = {kept.sealed["id"] for one in carried for kept in one.handset.store.events.values()}
    with tenancy.acting(stock.TENANT, stock.ALL):
        rows = VisitEvent.objects.filter(kind__in=("in", "out"), event_id__isnull=False)
        found = Counter(str(key) for key in rows.values_list("event_id", flat=True))
        notes = Note.objects.filter(client_id__in=meant).values_list("client_id", flat=True)
        found.update(Counter(str(key) for key in notes))
        accepted = FieldEvent.objects.filter(verdict="accepted").count()
    unlike = abs(accepted - len(meant))
    return max(len(meant - set(found)), unlike), sum(times - 1 for times in found.values())


def notes(site: Site, count: int, many: int, now: datetime) -> Found:
    """Let phones write notes while requests, answers, apps and the server die; then count the notes in the journal."""
    carried = phones_again(site, count, now)
    each, running = many // count, [True]
    began = time.monotonic()
    crashes: list[int] = [0]
    killer = Thread(target=_killing, args=(site, running, crashes))
    killer.start()
    try:
        _all(carried, lambda one: _write_notes(one, each, site, now))
    finally:
        running[0] = False
        killer.join()
    _all(carried, lambda one: one.until_all_is_in(site, time.monotonic() + 600))
    meant = [one for phone in carried for one in phone.meant]
    lost, doubled = _notes_found(meant)
    return Found(
        len(meant), lost, doubled, time.monotonic() - began, sum(one.requests for one in carried), crashes[0],
        sum(one.kills for one in carried),
    )  # fmt: skip


def phones_again(site: Site, count: int, now: datetime) -> list[Carried]:
    """The phones of the trial before, if there was one; else new ones with one visit each."""
    return site.phones or phones(site, count, 1, now)


def _write_notes(one: Carried, count: int, site: Site, now: datetime) -> None:
    for number in range(count):
        _, person, _ = one.carer.visits[number % len(one.carer.visits)]
        key, at = str(uuid4()), now - timedelta(seconds=count - number)
        texts = [f"Anteckning {key}."]
        if one.chance.random() < faults.TWO_TABS:  # the same draft, changed in the other tab
            texts.append(f"Anteckning {key}, ändrad i den andra fliken.")
        for text in texts:
            one.handset.keep("note", at, person=person, id=key, text=text)
            one.meant.append((key, text))
        if one.chance.random() < faults.APP_KILL:
            one.handset, one.kills = one.handset.died(), one.kills + 1
        if number % AT_ONCE == 0:
            one.send(site)


def _killing(site: Site, running: list[bool], crashes: list[int]) -> None:
    """Kill the server every few seconds, wherever it is, and start it anew."""
    chance = Random(3)  # noqa: S311 - faults, not secrets
    while running[0]:
        pause = time.monotonic() + 4 + 4 * chance.random()
        while running[0] and time.monotonic() < pause:
            time.sleep(0.05)
        if running[0]:
            site.kill()
            site.start()
            crashes[0] += 1


def _notes_found(meant: list[tuple[str, str]]) -> tuple[int, int]:
    from livlina.core import tenancy
    from livlina.registers.journal.models import Note

    with tenancy.acting(stock.TENANT, stock.ALL):
        texts = Note.objects.filter(text__startswith="Anteckning ").values_list("text", flat=True)
        found = Counter(texts.iterator(chunk_size=5000))
    wanted = {text for _, text in meant}
    return len(wanted - set(found)), sum(times - 1 for times in found.values())


def _all(carried: list[Carried], do: Callable[[Carried], None]) -> None:
    """Let every phone do its part at the same time."""
    with ThreadPoolExecutor(len(carried)) as hands:
        for done in [hands.submit(do, one) for one in carried]:
            done.result()


# Packs -----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Packs:
    """Milliseconds and bytes of a pack as a phone gets it."""

    p50: float
    p95: float
    size: int
    statements: int


def packs(site: Site, phones: int, persons: int, count: int, now: datetime) -> Packs:
    """Ask for the packs of five carers with so many persons each, one after the other."""
    carried = phones_again(site, phones, now)[:5]
    for one in carried:
        stock.shift(one.carer, persons, now)
    headers = [session(one.carer.actor) for one in carried]
    times, sizes = [], []
    for number in range(count + 5):
        one = carried[number % len(carried)]
        began = time.perf_counter()
        body = {"phone": one.handset.store.phone}
        status, answer = site.ask("POST", "/api/v1/field/pack", body, headers[number % len(carried)])
        times.append((time.perf_counter() - began) * 1000)
        if status != 200:
            raise Problem(f"A pack was not made: {status} {answer[:300]!r}")
        sizes.append(len(answer))
    times = sorted(times[5:])
    return Packs(times[len(times) // 2], times[int(len(times) * 0.95)], max(sizes), _statements(carried[0]))


def _statements(one: Carried) -> int:
    """How many statements a pack costs, session and all that is around it left out."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from livlina.core import tenancy
    from livlina.provider.homecare.sync import pack

    actor = one.carer.actor
    with (
        tenancy.acting(stock.TENANT, actor.compartments, actor.user_id),
        CaptureQueriesContext(connection) as sent,
    ):
        pack.make(UUID(one.handset.store.phone), by=actor, now=timezone.now())
        return len(sent)

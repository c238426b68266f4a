"""Programs of ours as real processes, waits with an end, and people who act at the same moment."""

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
from django.db import connection
from psycopg.conninfo import make_conninfo

from livlina.cli.surroundings import python_path
from livlina.core import clock, tenancy
from livlina.core.access import Actor
from livlina.registers.journal.models import File

TOKEN = "a" * 32
PATIENCE = 60.0  # seconds: only a machine in great trouble needs more


def until(condition: Callable[[], Any], what: str, patience: float = PATIENCE) -> Any:
    """Wait until the condition gives something, and return it. Raises AssertionError that says what did not come."""
    end, pause = time.monotonic() + patience, threading.Event()
    while not (found := condition()):
        assert time.monotonic() < end, f"Waited {patience:g} s in vain: {what}."
        pause.wait(0.05)
    return found


class Program:
    """One of our programs as its own process, over a database, with the settings of real use."""

    def __init__(self, folder: Path, url: str, *words: str) -> None:
        """Start `python words…`; what it says goes to a file in `folder`."""
        ours = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("LIVLINA_", "_LIVLINA_")) or name == "LIVLINA_POSTGRES_BIN"
        }
        self.log = folder / f"{len(list(folder.iterdir()))}.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, *words],
                env=ours
                | {
                    "PYTHONPATH": python_path(),
                    "LIVLINA_DATABASE_URL": url,
                    "LIVLINA_SECRET_KEY": os.environ["LIVLINA_SECRET_KEY"],
                    "LIVLINA_STATE_DIR": str(folder),
                },
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # so that it and its own children can be ended together
            )

    def said(self) -> str:
        """What it has said so far."""
        return self.log.read_text(errors="replace")

    def kill(self) -> None:
        """End it as the kernel does when memory runs out."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE)

    def stop(self) -> int:
        """Ask it to end, as a restart does, and return how it ended."""
        if self.process.poll() is None:
            os.kill(self.process.pid, signal.SIGTERM)
        return self.process.wait(PATIENCE)


def url_of(database: str) -> str:
    """Where the application finds a database of the test server."""
    return make_conninfo(os.environ["LIVLINA_DATABASE_URL"], dbname=database)


class Holder:
    """Someone who holds rows that the worker wants."""

    def __init__(self, url: str, municipality_id: int) -> None:
        self.connection = psycopg.connect(url)
        self.municipality_id = municipality_id

    def hold(self, table: str, key: Any) -> None:
        """Hold one row; whoever wants to change it waits."""
        self.connection.execute(
            "SELECT set_config('livlina.municipality', %s, true), set_config('livlina.compartments', '1,2,3', true)",
            [str(self.municipality_id)],
        )
        found = self.connection.execute(f"SELECT 1 FROM {table} WHERE id = %s FOR UPDATE", [key]).fetchone()
        assert found == (1,)

    def let_go(self) -> None:
        """Hold nothing any more."""
        self.connection.rollback()


def waiting(beside: psycopg.Connection) -> list[int]:
    """Connections that wait for a row somebody holds."""
    return [
        pid
        for (pid,) in beside.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
    ]


def written(text: str, client_id: UUID | None = None) -> dict[str, str]:
    """A note as a program writes it before it sends it."""
    an_hour_ago = (clock.now() - timedelta(hours=1)).isoformat()
    return {"client_id": str(client_id or uuid4()), "event_at": an_hour_ago, "kind": "phone", "text": text}


def post(port: int, file: File, key: str, note: dict[str, str]) -> http.client.HTTPConnection:
    """Send a note; the answer is still to be read."""
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    headers = {"Content-Type": "application/json", "X-CSRFToken": TOKEN}
    headers["Cookie"] = f"livlina_session={key}; csrftoken={TOKEN}"
    asked.request("POST", f"/api/v1/files/{file.pk}/notes", json.dumps(note), headers)
    return asked


def send(port: int, file: File, key: str, note: dict[str, str]) -> tuple[int, str]:
    """Send a note and read the answer."""
    with closing(post(port, file, key, note)) as asked:
        answer = asked.getresponse()
        return answer.status, answer.read().decode()


def at_once(*deeds: tuple[Actor, Callable[[], Any]]) -> list[Any]:
    """Let each act on a connection of their own, at the same moment. Return what each got: an answer or a fault."""
    gate, results = threading.Barrier(len(deeds)), [None] * len(deeds)

    def act(number: int, actor: Actor, deed: Callable[[], Any]) -> None:
        try:
            with tenancy.acting(actor.municipality_id, actor.compartments, actor.user_id):
                gate.wait(PATIENCE)
                answer = deed()
            results[number] = answer
        except Exception as fault:
            results[number] = fault
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=(number, *deed)) for number, deed in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive(), "Two who acted at once still wait for each other."
    return results

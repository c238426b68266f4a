"""The database is killed and started again under writes: nothing acknowledged is lost, nothing is there twice."""

import os
import shutil
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from socket import socket
from tempfile import mkdtemp
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connection

from livlina.config.settings import database as settings_of
from livlina.core.databases import APP, SUPER, Server, ensure_database, ensure_roles
from livlina.core.postgres import Cluster
from tests import database
from tests.faults.helpers import PATIENCE, Program, post, send, until, written
from tests.faults.town import Town, Writing, check_answers, check_notes, settled

DATABASE = "livlina"
KILLED_AFTER = (40, 110)  # acknowledged notes


@pytest.fixture
def town(django_db_blocker: Any) -> Iterator[Town]:
    """The town, with Astrid's file and four officers who are signed in; all of it is gone after the test."""
    folder = Path(mkdtemp(prefix="lv-"))
    folder.chmod(0o711)  # as root, the database's own account must be able to pass through
    cluster, before = (
        Cluster(folder / "postgres", durable=True, say=lambda _: None),
        dict(connection.settings_dict),
    )
    try:
        server = migrated(cluster)
        with socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        (folder / "web").mkdir()
        url = server.url(APP, DATABASE)
        web = Program(folder / "web", url, "-m", "livlina", "web", "--port", str(port))
        try:
            with django_db_blocker.unblock():
                connection.close()
                connection.settings_dict.update(settings_of(url))
                yield settled(cluster, web, port)
        finally:
            web.kill()
    finally:
        connection.close()
        connection.settings_dict.update(before)
        cluster.stop()
        shutil.rmtree(folder)


def migrated(cluster: Cluster) -> Server:
    """Start the server for the first time, with the tables of this version and two municipalities."""
    server = cluster.start()
    ensure_roles(server)
    ensure_database(server, DATABASE)
    database.plant(server, DATABASE)
    return server


def kill_database(cluster: Cluster) -> None:
    """Kill the database server as the kernel does when memory runs out."""
    pid = cluster.pid()
    assert pid
    os.kill(pid, signal.SIGKILL)
    if cluster.child:
        cluster.child.wait(PATIENCE)


def check_that_doubles_are_seen(town: Town) -> None:
    """An answer is lost after the note was written: sent again as it was it is one note, made anew it is two."""
    texts = {"same": f"Samma nyckel igen. {uuid4()}", "anew": f"Allt på nytt. {uuid4()}"}
    kept, status = written(texts["same"]), {}
    for note in (kept, written(texts["anew"])):
        with closing(post(town.port, town.file, town.keys[0], note)):  # nobody reads the answer
            until(partial(town.has, note["text"]), "the note was written")
    status["same"], _ = send(town.port, town.file, town.keys[0], kept)
    status["anew"], _ = send(town.port, town.file, town.keys[0], written(texts["anew"]))
    count = Counter(row.text for row in town.notes())
    assert status == {"same": 200, "anew": 201}
    assert (count[texts["same"]], count[texts["anew"]]) == (1, 2)


@contextmanager
def commits_unanswered(town: Town) -> Iterator[psycopg.Connection]:
    """Let the database commit and not say so: it waits for a standby that there is not."""
    with town.cluster.start().connect(SUPER, DATABASE) as root:
        root.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
        root.execute("SELECT pg_reload_conf()")
        try:
            yield root
        finally:
            root.execute("ALTER SYSTEM RESET synchronous_standby_names")
            root.execute("SELECT pg_reload_conf()")


def sent_and_cut_off(town: Town, note: dict[str, str], root: psycopg.Connection) -> tuple[bool, int]:
    """Send a note and cut the connection off where its commit waits. Returns whether it came to that, and the answer."""
    answers: list[int] = []
    asking = threading.Thread(
        target=lambda: answers.append(send(town.port, town.file, town.keys[0], note)[0]), daemon=True
    )
    asking.start()
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
    was_cut = until(lambda: answers or root.execute(cut).fetchall(), "the note came to its commit") != answers
    if was_cut:
        root.execute("ALTER SYSTEM RESET synchronous_standby_names")
        root.execute("SELECT pg_reload_conf()")
    asking.join(PATIENCE)
    return was_cut, answers[0]


def check_that_a_commit_in_doubt_is_one_note(town: Town) -> None:
    """The note is written when the connection is cut: it is sent again for her, found, and one."""
    with commits_unanswered(town) as root:
        for _ in range(50):  # the setting takes hold a moment after it is made
            note = written(f"Kanske skriven. {uuid4()}")
            was_cut, status = sent_and_cut_off(town, note, root)
            if was_cut:
                break
    assert (was_cut, status) == (True, 200)  # it was there already when the second attempt came
    assert [row.text for row in town.notes()].count(note["text"]) == 1


def test_a_database_killed_twice_under_writes_loses_nothing_and_doubles_nothing(town: Town) -> None:
    check_that_doubles_are_seen(town)
    check_that_a_commit_in_doubt_is_one_note(town)
    writing = Writing(town)
    threads = [threading.Thread(target=writing.all_of, args=(key,)) for key in town.keys]
    for thread in threads:
        thread.start()
    try:
        for enough in KILLED_AFTER:
            until(partial(writing.reached, enough), f"{enough} notes were written")
            kill_database(town.cluster)
            town.cluster.start()
        end = time.monotonic() + 2 * PATIENCE
        for thread in threads:
            thread.join(max(0.0, end - time.monotonic()))
    finally:
        writing.ending.set()
        for thread in threads:
            thread.join(PATIENCE)
    assert writing.faults == []
    check_answers(writing)
    check_notes(town, writing)
    assert town.web.process.poll() is None  # nobody had to start it again

"""Load where the web is not the point: rows in chains, written straight, each row after the one before in its path.

The keys have no unique index on purpose: a row written twice must be able to stand there twice, to be found.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from uuid import uuid4

import psycopg

from livlina.cli.rig.check import Link, broken_links
from livlina.cli.rig.history import History

TABLES = """
CREATE TABLE rig_head (path text PRIMARY KEY, seq bigint NOT NULL, hash bytea NOT NULL);
CREATE TABLE rig_ledger (
  path text, seq bigint, key text NOT NULL, prev bytea NOT NULL, hash bytea NOT NULL, filler text,
  PRIMARY KEY (path, seq));
CREATE INDEX ON rig_ledger (key);
CREATE FUNCTION rig_append(at text, what text, filling text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE head rig_head;
BEGIN
  SELECT * INTO STRICT head FROM rig_head WHERE path = at FOR UPDATE;
  IF EXISTS (SELECT FROM rig_ledger WHERE key = what) THEN RETURN; END IF;
  UPDATE rig_head SET seq = head.seq + 1, hash = sha256(head.hash || what::bytea) WHERE path = at;
  INSERT INTO rig_ledger VALUES (at, head.seq + 1, what, head.hash, sha256(head.hash || what::bytea), filling);
END $$;
"""
FILLER = "Astrid ringde om duschen. " * 8
READ_EVERY = 10
WINDOW = 20


def lay(connection: psycopg.Connection, paths: int) -> None:
    """Make the tables and so many empty chains."""
    connection.execute(TABLES.encode())
    for number in range(paths):
        connection.execute("INSERT INTO rig_head VALUES (%s, 0, '')", [f"p{number}"])


def final(connection: psycopg.Connection) -> tuple[dict[str, list[str]], list[str]]:
    """What is there: the keys by path, and where the chains do not hold."""
    rows = connection.execute("SELECT path, seq, key, prev, hash FROM rig_ledger").fetchall()
    links = [Link(path, seq, key, bytes(prev), bytes(own)) for path, seq, key, prev, own in rows]
    heads = {
        path: (seq, bytes(own))
        for path, seq, own in connection.execute("SELECT path, seq, hash FROM rig_head")
    }
    keys: dict[str, list[str]] = {path: [] for path in heads}
    for link in links:
        keys.setdefault(link.path, []).append(link.key)
    return keys, broken_links(links, heads)


class Straight:
    """One writer for each path; each sends what it did not get acknowledged again, as it was."""

    def __init__(self, dsn: str, history: History, paths: int, *, careless: bool = False) -> None:
        self.dsn, self.history, self.careless = dsn, history, careless
        self.ending = threading.Event()
        self.threads = [
            threading.Thread(target=self._write, args=(f"p{number}",), daemon=True) for number in range(paths)
        ]

    @contextmanager
    def running(self) -> Iterator[Straight]:
        """They write inside."""
        for thread in self.threads:
            thread.start()
        try:
            yield self
        finally:
            self.ending.set()
            for thread in self.threads:
                thread.join(60)

    def _write(self, path: str) -> None:
        waiting = ""
        while not self.ending.is_set():
            with (
                suppress(psycopg.Error),
                psycopg.connect(self.dsn, autocommit=True, connect_timeout=3) as connection,
            ):
                count = 0
                while not self.ending.is_set():
                    waiting = waiting or str(uuid4())
                    self._append(connection, path, waiting)
                    waiting, count = "", count + 1
                    if count % READ_EVERY == 0:
                        self._read(connection, path)
            self.ending.wait(0.1)

    def _append(self, connection: psycopg.Connection, path: str, key: str) -> None:
        with self.history.one(path, "write", path, key):
            if self.careless:
                connection.execute("SET synchronous_commit = off")
            connection.execute("SELECT rig_append(%s, %s, %s)", [path, key, FILLER])

    def _read(self, connection: psycopg.Connection, path: str) -> None:
        with self.history.one(path, "read", path) as answer:
            rows = connection.execute(
                "SELECT key FROM rig_ledger WHERE path = %s ORDER BY seq DESC LIMIT %s", [path, WINDOW]
            ).fetchall()
            answer.seen, answer.window = tuple(key for (key,) in rows), WINDOW


def spoil(connection: psycopg.Connection, how: str) -> None:
    """Break what is there on purpose, for controls: `lose` or `double` the last row, or `change` one in the middle."""
    words: Mapping[str, str] = {
        "lose": "DELETE FROM rig_ledger WHERE (path, seq) IN (SELECT path, max(seq) FROM rig_ledger GROUP BY path)",
        "double": "INSERT INTO rig_ledger SELECT path, seq + 1000000, key, prev, hash, filler FROM rig_ledger"
        " WHERE (path, seq) IN (SELECT path, max(seq) FROM rig_ledger GROUP BY path)",
        "change": "UPDATE rig_ledger SET key = 'other' WHERE (path, seq) IN"
        " (SELECT path, max(seq) / 2 FROM rig_ledger GROUP BY path)",
    }
    connection.execute(words[how].encode())

"""A row written every other second through the normal path: what catches a full, read-only or hung disk alike.

Runs in a thread of its own, since a hung disk hangs whoever touches it. Rows are fat, so that the table grows by new
pages as real tables do, and are removed after some minutes.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from livlina.cluster import templates
from livlina.cluster.plan import Node, Plan

log = logging.getLogger("livlina.cluster.canary")
DATABASE = "livlina_guard"
PATIENCE = 3.0  # seconds for one row
WEIGHT = 3000  # bytes


@dataclass
class Canary:
    """The writer of one node's rows."""

    plan: Plan
    node: Node
    secrets: dict[str, str]
    misses: int = 0  # in a row
    last_ms: float | None = None
    began: float | None = None  # monotonic, of the row that is under way
    line: psycopg.Connection[Any] | None = None

    def start(self, ending: threading.Event) -> None:
        """Write until `ending` is set. A second thread counts a row that hangs as missed."""
        threading.Thread(target=self._write_all, args=(ending,), daemon=True, name="canary").start()
        threading.Thread(target=self._mind, args=(ending,), daemon=True, name="canary-clock").start()

    def write(self) -> None:
        """Write one row. Raises psycopg.Error."""
        if self.line is None or self.line.closed:
            self.line = self._connect()
        began = time.monotonic()
        self.line.execute(
            "INSERT INTO canary (node, weight) VALUES (%s, repeat(md5(random()::text), %s))",
            [self.node.name, WEIGHT // 32],
        )
        self.last_ms = round(1000 * (time.monotonic() - began), 1)
        self.line.execute(
            "DELETE FROM canary WHERE node = %s AND at < now() - interval '10 minutes'", [self.node.name]
        )

    def _write_all(self, ending: threading.Event) -> None:
        while not ending.wait(self.plan.guard.canary_every):
            self.began = time.monotonic()
            try:
                self.write()
            except psycopg.Error as error:
                self.misses += 1
                log.warning("row_not_written misses=%s %s", self.misses, str(error).splitlines()[0])
                if self.line:
                    with contextlib.suppress(psycopg.Error):
                        self.line.close()
                self.line = None
            else:
                self.misses = 0
            finally:
                self.began = None

    def _mind(self, ending: threading.Event) -> None:
        while not ending.wait(self.plan.guard.canary_every):
            began = self.began
            if began is not None and time.monotonic() - began > 2 * PATIENCE:
                self.misses += 1  # it hangs where no timeout of the server reaches

    def _connect(self) -> psycopg.Connection[Any]:
        dsn = self.plan.dsn(templates.GUARD, self.secrets["guard"], DATABASE)
        try:
            line = psycopg.connect(dsn, autocommit=True)
        except psycopg.OperationalError as error:
            if not any(word in str(error) for word in ("does not exist", "password authentication failed")):
                raise
            prepare(self.plan, self.secrets)
            line = psycopg.connect(dsn, autocommit=True)
        line.execute(f"SET statement_timeout = {int(PATIENCE * 1000)}")
        return line


def prepare(plan: Plan, secrets: dict[str, str]) -> None:
    """Make the guard's role, database and table; may be done again, and by several nodes at once."""
    role, password = sql.Identifier(templates.GUARD), sql.Literal(secrets["guard"])
    with psycopg.connect(plan.dsn(templates.SUPER, secrets["super"], "postgres"), autocommit=True) as line:
        line.execute("SELECT pg_advisory_lock(hashtext('livlina guard'))")
        found = line.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [templates.GUARD]).fetchone()
        verb = sql.SQL("ALTER" if found else "CREATE")
        line.execute(sql.SQL("{} ROLE {} LOGIN PASSWORD {}").format(verb, role, password))
        if not line.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            name = sql.Identifier(DATABASE)
            line.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, role))
            line.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
    with psycopg.connect(plan.dsn(templates.GUARD, secrets["guard"], DATABASE), autocommit=True) as line:
        line.execute("SELECT pg_advisory_lock(hashtext('livlina guard'))")
        line.execute(
            "CREATE TABLE IF NOT EXISTS canary (id bigint GENERATED ALWAYS AS IDENTITY, node text NOT NULL,"
            " at timestamptz NOT NULL DEFAULT now(), weight text STORAGE PLAIN NOT NULL)"
            if line.info.server_version >= 160000
            else "CREATE TABLE IF NOT EXISTS canary (id bigint GENERATED ALWAYS AS IDENTITY, node text NOT NULL,"
            " at timestamptz NOT NULL DEFAULT now(), weight text NOT NULL);"
            " ALTER TABLE canary ALTER weight SET STORAGE PLAIN"
        )
        line.execute("CREATE INDEX IF NOT EXISTS canary_at ON canary (node, at)")

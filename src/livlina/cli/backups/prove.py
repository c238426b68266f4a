"""The restore test: the newest backup brought back beside the system, counted, verified, signed in to and read."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from livlina.cli.backups.bring import Restored, Restoring, bring
from livlina.cli.backups.store import Damaged, Gap, NoBase, Store
from livlina.cli.backups.visit import Visitor, web
from livlina.cli.surroundings import Problem, python_path, say
from livlina.core.ids7 import uuid7
from livlina.core.postgres import PostgresError

TOO_OLD = timedelta(hours=1)
"""A system in use writes something every ten seconds, so newest data older than this means that the log does not come."""

CERTIFICATES = "records_destructioncertificate"
"""One row for each file destroyed by law: the only way in which a permanent table becomes shorter."""


@dataclass
class Result:
    """What is filed as a RestoreTest; `why` is for the terminal, `words` for the manager's page."""

    started_at: datetime
    id: UUID = field(default_factory=uuid7)
    ended_at: datetime | None = None
    backup: str = ""
    newest_at: datetime | None = None
    newest_age: int | None = None
    counts: dict[str, list[int]] = field(default_factory=dict)
    chains_verified: int = 0
    chains_broken: int = 0
    signed_in_at: datetime | None = None
    seconds: float = 0.0
    outcome: str = "fails"
    words: str = ""
    faults: list[str] = field(default_factory=list)
    why: list[str] = field(default_factory=list)

    def fails(self, words: str, why: str) -> None:
        """Note a fault, in Swedish for the page and in English for the terminal."""
        self.faults.append(words)
        self.why.append(why)

    def record(self) -> dict[str, Any]:
        """What is filed, as JSON takes it."""
        told = {name: value for name, value in asdict(self).items() if name not in ("faults", "why")}
        return {key: str(v) if isinstance(v, UUID | datetime) else v for key, v in told.items()}


def prove(
    store: Store,
    area: Path,
    *,
    label: str = "",
    environment: Mapping[str, str],
    durable: bool = True,
    visit: bool = True,
) -> Result:
    """Try the newest backup (or `label`) and return what was found. `area` is emptied afterwards. Never raises Problem.

    Without `visit` nobody signs in, and it cannot hold.
    """
    result, began = Result(datetime.now(UTC)), time.monotonic()
    try:
        bases = [base for base in store.bases() if base.label == label] if label else [store.newest()]
        if not bases:
            raise NoBase(f"There is no base copy {label}.")
        result.backup = bases[0].label
        with bring(store, area, base=bases[0], durable=durable) as (server, found):
            _look(result, store, server, found, dict(environment), visit)
    except NoBase as error:
        result.fails("Det finns ingen kopia att läsa tillbaka.", str(error))
    except Damaged as error:
        result.fails("Kopian gick inte att läsa: den är skadad, eller så är nyckeln en annan.", str(error))
    except Gap as error:
        result.fails(
            "En bit av loggen saknas. Det som skrevs därefter går inte att läsa tillbaka.", str(error)
        )
    except (Problem, PostgresError, OSError, psycopg.Error) as error:
        result.fails("Databasen kom inte igång på det som lästes tillbaka.", str(error).strip())
    finally:
        shutil.rmtree(area, ignore_errors=True)
    result.ended_at, result.seconds = datetime.now(UTC), round(time.monotonic() - began, 1)
    result.outcome = "fails" if result.faults else "works"
    result.words = " ".join(result.faults) or _praise(result)
    return result


def _look(
    result: Result, store: Store, server: Restoring, found: Restored, environment: dict[str, str], visit: bool
) -> None:
    result.newest_at = found.newest_at
    age = result.started_at - found.newest_at
    result.newest_age = max(0, int(age.total_seconds()))
    if age > TOO_OLD:
        result.fails(
            f"Det nyaste var {told_age(result.newest_age)} gammalt.", f"The newest change is {age} old."
        )
    _count(result, store, server, found)
    ours = environment | {
        "DJANGO_SETTINGS_MODULE": "livlina.config.settings",
        "LIVLINA_DATABASE_URL": server.dsn(server.base.app),
        "LIVLINA_OWNER_DATABASE_URL": "",
        "LIVLINA_STATE_DIR": str(server.area / "state"),
        "LIVLINA_ALLOWED_HOSTS": "127.0.0.1",
    }
    (server.area / "state" / "static").mkdir(parents=True)
    with (
        server.connect() as connection
    ):  # a copy, in which the municipality may sign in with a password after all
        connection.execute(
            """UPDATE core_municipality SET parameters = parameters || '{"password_sign_in": "always"}'"""
        )
    told = _inside(ours)
    if isinstance(told, str):
        result.fails("Det gick inte att pröva journalens kedjor, eller att logga in.", told)
        return
    _chains(result, told["chains"])
    if visit:
        _sign_in(result, server, ours, told["probe"])
    else:
        result.fails("Ingen loggade in.", "Nobody was to sign in.")


def _count(result: Result, store: Store, server: Restoring, found: Restored) -> None:
    note = store.note_before(found.place)
    if note is None:
        result.fails(
            "Det finns inget antecknat att räkna mot.", "There is no note of counts before that place."
        )
        return
    noted: dict[str, int] = note["counts"]  # type: ignore[assignment]
    with server.connect() as connection:
        for table, number in noted.items():
            query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
            row = connection.execute(query).fetchone()
            result.counts[table] = [number, int(row[0]) if row else 0]
    fewer = {table: pair for table, pair in result.counts.items() if pair[1] < pair[0]}
    noted_then, found_now = result.counts.get(CERTIFICATES, [0, 0])
    if fewer and found_now > noted_then:
        result.why.append(f"Fewer rows than noted, since files were destroyed by law meanwhile: {fewer}")
    elif fewer:
        result.fails(
            f"Det saknas rader i {'en tabell' if len(fewer) == 1 else f'{len(fewer)} tabeller'}.",
            f"Fewer rows than noted: {fewer}",
        )


def _chains(result: Result, told: Mapping[str, Any]) -> None:
    result.chains_verified, result.chains_broken = told["whole"], told["broken"]
    if told["broken"]:
        result.fails(
            f"Journalens kedja håller inte för {_persons(told['broken'])}. {told['words']}.",
            f"{told['broken']} chains do not hold.",
        )


def _sign_in(
    result: Result, server: Restoring, environment: Mapping[str, str], account: Mapping[str, str]
) -> None:
    try:
        with web(environment, server.area / "web.log") as address:
            visitor = Visitor(address)
            visitor.sign_in(account["address"], account["password"])
            visitor.read(account["read"], account["shows"])
            result.signed_in_at = datetime.now(UTC)
    except Problem as error:
        result.fails("Det gick inte att logga in och läsa.", str(error))


def _inside(environment: Mapping[str, str]) -> Any:
    """Run `inside` in a process that sees only the restored data. Returns what it found, or in words why not."""
    done = subprocess.run(
        [sys.executable, "-m", "livlina", "restore-test", "--inside", "everything"],
        env={**os.environ, "PYTHONPATH": python_path(), **environment},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    try:
        return json.loads(done.stdout.strip().splitlines()[-1])
    except (IndexError, ValueError):
        return (done.stderr or done.stdout).strip()[-1500:]


def _praise(result: Result) -> str:
    chains = result.chains_verified
    held = "journalens kedja höll" if chains == 1 else f"{chains} kedjor i journalen höll"
    return (
        "Kopian startades, loggades in i och lästes. "
        f"Det nyaste var {told_age(result.newest_age or 0)} gammalt, och {held}."
    )


def _persons(number: int) -> str:
    return "en person" if number == 1 else f"{number} personer"


def told_age(seconds: int) -> str:
    """An age in Swedish words."""
    if seconds < 120:
        return f"{seconds} sekunder"
    return f"{seconds // 60} minuter" if seconds < 7200 else f"{seconds // 3600} timmar"


def told(result: Result) -> None:
    """Say at the terminal what was found."""
    say(
        f"Base copy {result.backup or '-'}; newest change {result.newest_at or '-'}, {result.newest_age} s old."
    )
    say(
        f"{len(result.counts)} tables counted, {result.chains_verified} chains held, {result.chains_broken} did not."
    )
    say(f"Signed in and read: {'yes' if result.signed_in_at else 'no'}. {result.seconds} s in all.")
    for why in result.why:
        say(f"  {why}")
    say("The reserve would have worked." if not result.faults else "THE RESERVE WOULD NOT HAVE WORKED.")

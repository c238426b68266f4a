"""``livlina shadow``: the same pages for reading, on other storage and with another way in; always on, beside the rest.

``init`` copies the main database and makes the sealed code; ``run`` keeps the copy following and serves it; ``bring-home``
takes what was read there into the log of the main system. The folder should lie on other storage than the main system's.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import conninfo

from livlina.cli import children
from livlina.cli.surroundings import Problem, say, secret_key, state_dir
from livlina.core import processes
from livlina.core.databases import APP, SUPER, Server
from livlina.core.postgres import PORT, PostgresError
from livlina.core.standby import Fresh, Standby, ensure_replica_role
from livlina.status import parts

EVERY = 5.0  # seconds between measurements
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
FACTS = "shadow.json"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("what", choices=["init", "run", "bring-home"])
    parser.add_argument(
        "--folder", type=Path, help="the shadow's own folder, on other storage (default: <state>/shadow)"
    )
    parser.add_argument(
        "--from", dest="source", default="", metavar="WHERE",
        help="for init: the state folder of an embedded database, or libpq's text for the role livlina_shadow",
    )  # fmt: skip
    parser.add_argument(
        "--database", default="", help="for init: its name (default: the one in LIVLINA_DATABASE_URL)"
    )
    parser.add_argument(
        "--quick", action="store_true", help=argparse.SUPPRESS
    )  # no waiting for the disk: for tests
    parser.add_argument(
        "--host", default="127.0.0.1", help="for run: the address to listen on; put TLS in front of it"
    )
    parser.add_argument("--port", type=int, default=8010)
    parser.add_argument(
        "--origin", default="", help="for run: the address people use (default: LIVLINA_ORIGIN)"
    )
    parser.add_argument(
        "--processes", type=int, default=1, help="for run: web processes, each with four threads"
    )
    parser.add_argument(
        "--tell", type=Path, help="for run: whose status page is told (default: the main state folder)"
    )


def run(options: argparse.Namespace) -> int:
    """Do what is asked."""
    folder = (options.folder or state_dir() / "shadow").absolute()
    if options.what == "init":
        return init(folder, options.source, options.database, durable=not options.quick)
    if options.what == "bring-home":
        return bring_home(folder)
    if not (folder / FACTS).exists():
        raise Problem(f"There is no shadow in {folder} yet. Make it: livlina shadow init")
    return serve(folder, options)


def init(folder: Path, source: str, database: str, *, durable: bool = True) -> int:
    """Copy the main database into the folder. A new code is made when there is none."""
    processes.make_folder(folder)
    url = conninfo.conninfo_to_dict(os.environ.get("LIVLINA_DATABASE_URL", ""))
    database = database or str(url.get("dbname") or "")
    if not database:
        raise Problem("Say which database: --database, or LIVLINA_DATABASE_URL.")
    if "=" in source:
        text, app = source, str(url.get("password") or "")
    else:
        text, app = _embedded(Path(source) if source else state_dir())
    copy = Standby(folder / "postgres", durable=durable, say=say)
    copy.prepare(text, app)
    copy.copy()
    processes.write_private(folder / FACTS, json.dumps({"database": database, "durable": durable}))
    secret_key(folder)
    from livlina.across.continuity.shadow.seal import SEAL, make_seal

    if not (folder / SEAL).exists():
        code = "".join(secrets.choice(LETTERS) for _ in range(20))
        make_seal(folder, code)
        say(f"The shadow's sealed code, shown once: {'-'.join(code[at : at + 4] for at in range(0, 20, 4))}")
        say("Put it in an envelope, seal it, and keep it where those on duty find it.")
    say(f"Copied into {folder}. Start it, and keep it on: livlina shadow run")
    return 0


def _embedded(state: Path) -> tuple[str, str]:
    """Where to copy an embedded database from, and the application's password; its copying role is made."""
    area = state / "postgres"
    try:
        passwords = json.loads((area / "passwords.json").read_text())
        socket = (area / "data" / "postmaster.pid").read_text().splitlines()[4]
    except (OSError, ValueError, IndexError) as fault:
        raise Problem(f"There is no running embedded database in {area}.") from fault
    password = secrets.token_urlsafe(24)
    server = Server(socket, PORT, passwords)
    with server.connect(SUPER, "postgres"):
        ensure_replica_role(server, password)
    return conninfo.make_conninfo(host=socket, port=PORT, password=password), str(passwords[APP])


def serve(folder: Path, options: argparse.Namespace) -> int:
    """Keep the copy following and serve it, until told to stop."""
    facts = json.loads((folder / FACTS).read_text())
    copy = Standby(folder / "postgres", durable=facts["durable"], say=say)
    server = copy.start()
    address = f"http://{options.host}:{options.port}"
    environment = {
        "LIVLINA_SHADOW": "1",
        "LIVLINA_DATABASE_URL": server.url(APP, facts["database"]),
        "LIVLINA_OWNER_DATABASE_URL": "",
        "LIVLINA_STATE_DIR": str(folder),
        "LIVLINA_SECRET_KEY": secret_key(folder),
        "LIVLINA_SECRET_KEY_FILE": "",
        "LIVLINA_ORIGIN": options.origin or os.environ.get("LIVLINA_ORIGIN", address),
    }
    processes.make_folder(folder / "sessions")
    watch = Watch(folder, options.tell or state_dir(), copy)
    family = children.Family(folder, environment, tick=watch.tick)
    web = ["--host", options.host, "--port", str(options.port), "--processes", str(options.processes)]
    family.add("shadow", "-m", "livlina", "web", *web)
    say(f"The shadow listens on {address}.")
    try:
        family.mind()
    finally:
        copy.stop()
    return 0


class Watch:
    """Measures how old the copy is, and tells it: the pages by a file, the status page by its part."""

    def __init__(self, folder: Path, tell: Path, copy: Standby) -> None:
        self.folder, self.tell, self.copy = folder, tell, copy
        self.next = 0.0
        self.fresh_at: datetime | None = self._before()

    def tick(self) -> None:
        """Measure when it is time; called several times a second."""
        if time.monotonic() < self.next:
            return
        self.next = time.monotonic() + EVERY
        found, answers = Fresh(None, False), True
        try:
            found = self.copy.fresh()
        except psycopg.Error:
            answers = False
            with suppress(PostgresError):
                self.copy.start()
        moments = [one for one in (self.fresh_at, found.at) if one is not None]
        self.fresh_at = max(moments, default=None)
        self.write(found.streaming, answers, datetime.now(UTC))

    def write(self, streaming: bool, answers: bool, now: datetime) -> None:
        """Write both files."""
        fresh = self.fresh_at.isoformat() if self.fresh_at else ""
        told = {"fresh_at": fresh, "streaming": streaming, "measured_at": now.isoformat()}
        parts.replace(self.folder / "age.json", json.dumps(told))
        old = (now - self.fresh_at).total_seconds() if self.fresh_at else None
        if not answers:
            works, words = False, "Läskopian svarar inte."
        elif old is None:
            works, words = False, "Det är inte känt hur gammal läskopian är."
        elif old <= 60:
            works, words = True, "Läskopian följer med och går att läsa i."
        else:
            works, words = (
                True,
                f"Läskopian går att läsa i. Den följer inte med sedan {int(old // 60)} minuter.",
            )
        for state in {self.folder, self.tell}:
            parts.write(state, "shadow", works, words, at=now, streaming=streaming, age_seconds=old)

    def _before(self) -> datetime | None:
        try:
            told: dict[str, Any] = json.loads((self.folder / "age.json").read_text())
            return datetime.fromisoformat(told["fresh_at"])
        except (OSError, ValueError, KeyError):
            return None


def bring_home(folder: Path) -> int:
    """Write what was read on the shadow into the log of the main system, each reading once. The file stays."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "livlina.config.settings")
    import django

    django.setup()
    from livlina.core import readings, tenancy
    from livlina.core.models import Municipality

    path = folder / readings.FILE
    if not path.exists():
        say("Nothing has been read on the shadow.")
        return 0
    try:
        rows = list(readings.read(path))
    except readings.Broken as fault:
        raise Problem(f"{path}: {fault}") from fault
    new = 0
    for pk in Municipality.objects.order_by("pk").values_list("pk", flat=True):
        with tenancy.acting(pk, tenancy.EVERYTHING):
            new += readings.bring_home(rows, pk)
    say(f"{len(rows)} readings on the shadow, {new} of them new in the log.")
    return 0

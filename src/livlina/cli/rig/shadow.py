"""The read-only shadow beside the family that is to fail: on other storage, with its own way in by the sealed code."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

from psycopg import conninfo

from livlina.cli.receivers import free_ports
from livlina.cli.rig import town
from livlina.cli.rig.family import Family
from livlina.cli.surroundings import Problem, python_path
from livlina.core.databases import APP
from livlina.core.standby import ensure_replica_role

CODE = re.compile(r"shown once: ([0-9A-Z-]+)")
WAY_IN = "/sign-in/sealed-key/"


class Shadow:
    """One shadow that runs."""

    def __init__(self, folder: Path, one: Family) -> None:
        self.port = free_ports(1)[0]
        server = one.cluster.start()
        password = secrets.token_urlsafe(24)
        ensure_replica_role(server, password)
        url = {"LIVLINA_DATABASE_URL": server.url(APP, town.DATABASE)}
        source = conninfo.make_conninfo(host=server.host, port=server.port, password=password)
        words = ("shadow", "init", "--folder", str(folder / "copy"), "--from", source, "--quick")
        around = {"PYTHONPATH": python_path(), "LIVLINA_STATE_DIR": str(one.up.folder), "PATH": os.defpath}
        done = subprocess.run(
            [sys.executable, "-m", "livlina", *words], text=True, capture_output=True, check=False,
            env=one.up.environment | url | around,
        )  # fmt: skip
        found = CODE.search(done.stdout)
        if done.returncode or not found:
            raise Problem(f"The shadow was not made: {(done.stdout + done.stderr)[-1500:]}")
        self.code, origin = found[1], f"http://127.0.0.1:{self.port}"
        serve = (
            "shadow",
            "run",
            "--folder",
            str(folder / "copy"),
            "--port",
            str(self.port),
            "--origin",
            origin,
        )
        self.web = town.Web(
            folder / "run", one.up.environment | url, self.port, (*serve, "--tell", str(one.up.folder))
        )
        self.origin = origin

    def reads(self, officer: town.Officer, email: str) -> bool:
        """Whether somebody comes in with the sealed code now, and reads an officer's journal."""
        jar = CookieJar()
        browser = build_opener(HTTPCookieProcessor(jar))
        with contextlib.suppress(URLError, OSError, HTTPException):
            browser.open(self.origin + WAY_IN, timeout=10).read()
            token = next((one.value for one in jar if "csrf" in one.name), "")
            form = {"email": email, "code": self.code, "csrfmiddlewaretoken": token}
            browser.open(Request(self.origin + WAY_IN, urlencode(form).encode()), timeout=10).read()  # noqa: S310 - our own
            answer = browser.open(f"{self.origin}/api/v1/files/{officer.file}/notes", timeout=10)
            return answer.status == 200 and b"Astrid" in answer.read()
        return False

    def until_read(self, officer: town.Officer, email: str, patience: float) -> float:
        """Seconds until it was read; infinite when it took longer than `patience`."""
        began = time.monotonic()
        while time.monotonic() < began + patience:
            if self.reads(officer, email):
                return time.monotonic() - began
            time.sleep(1.0)
        return float("inf")


@contextmanager
def shadow(folder: Path, one: Family) -> Iterator[Shadow]:
    """A shadow that answers; ended whatever happens, its database too."""
    made = Shadow(folder, one)
    try:
        made.web.start()
        yield made
    finally:
        copy = folder / "copy" / "postgres"
        with contextlib.ExitStack() as last_first:
            last_first.callback(town.Placed(copy, copy / "data").kill)
            last_first.callback(made.web.end, signal.SIGTERM)  # its children lead sessions of their own

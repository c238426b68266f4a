"""Somebody signs in to a running web server over HTTP, as a browser would, and reads a page."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from http.cookiejar import CookieJar
from pathlib import Path

from livlina.cli.surroundings import Problem, python_path

PATIENCE = 60.0  # seconds for the web server to start
LIMIT = 10.0  # seconds for one answer


class Visitor:
    """A browser's cookies and nothing more."""

    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/")
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def get(self, path: str, form: Mapping[str, str] | None = None) -> tuple[int, str, str]:
        """Fetch a page (or send a form): status, address after redirects, and text. Status 0: no answer."""
        data = urllib.parse.urlencode(form).encode() if form is not None else None
        asked = urllib.request.Request(  # noqa: S310  an http address that we were started with
            self.address + path,
            data,
            {"User-Agent": "Livlina drill", "Referer": self.address + path, "Origin": self.address},
        )
        try:
            with self.opener.open(asked, timeout=LIMIT) as answer:
                return answer.status, answer.url, answer.read().decode(errors="replace")
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.url, error.read().decode(errors="replace")
        except OSError as error:
            return 0, "", str(error)

    def sign_in(self, address: str, password: str) -> None:
        """Sign in with a password. Raises Problem with what was answered instead."""
        path = "/account/password/"
        status, _, page = self.get(path)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        if status != 200 or not token:
            raise Problem(f"The page where one signs in answered {status}.")
        form = {"login": address, "password": password, "csrfmiddlewaretoken": token[1]}
        status, url, _ = self.get(path, form)
        if status != 200 or path in url or "/sign-in/" in url:
            raise Problem(f"The sign-in was not taken: {status} at {urllib.parse.urlsplit(url).path}.")

    def read(self, path: str, shows: str) -> None:
        """Read a page that must show some words. Raises Problem."""
        status, url, page = self.get(path)
        if status != 200 or not urllib.parse.urlsplit(url).path.startswith(path) or shows not in page:
            raise Problem(
                f"The page did not show what it should: {status} at {urllib.parse.urlsplit(url).path}."
            )


@contextlib.contextmanager
def web(environment: Mapping[str, str], log: Path) -> Iterator[str]:
    """Run a web server of ours on a free port until the block ends; gives its address. Raises Problem."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("_LIVLINA")}
    with log.open("wb") as said:
        program = subprocess.Popen(
            [sys.executable, "-m", "livlina", "web", "--port", str(port), "--processes", "1",
             "--parent", str(os.getpid())],
            env=kept | {"PYTHONPATH": python_path()} | dict(environment) | {"LIVLINA_ORIGIN": address},
            stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True,
        )  # fmt: skip
        try:
            end, visitor = time.monotonic() + PATIENCE, Visitor(address)
            while visitor.get("/sign-in/")[0] == 0:
                if program.poll() is not None or time.monotonic() > end:
                    raise Problem(f"The web server did not start. It said: {log.read_text()[-1500:].strip()}")
                time.sleep(0.1)
            yield address
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(program.pid, signal.SIGTERM)
            try:
                program.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(program.pid, signal.SIGKILL)
                program.wait()

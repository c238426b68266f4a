"""``livlina simulate locks``: the doors of a street over loopback HTTP, for the demo, tests and a phone without radio.

    POST /locks/<number>/challenge   16 bytes
    POST /locks/<number>/act         the phone's message (CBOR), answered in CBOR
    POST /locks/<number>/epoch       {"epoch": n}: what a fitter does with the lock open in front of him
    GET  /locks                      a page with every door, open or locked; /locks.json the same for programs
    POST /faults                     {"door": number or 0 for all, "fault": name, "on": true}

It listens on this machine only, and answers pages from this machine and from those origins it is told.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import signal
import threading
from datetime import UTC, datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from livlina.cli.children import tether
from livlina.cli.simulate.doors import FAULTS, Door, Street, from_file
from livlina.cli.surroundings import Problem, say, state_dir
from livlina.core.clock import local
from livlina.provider.doors.protocol.cbor import LONGEST
from livlina.provider.doors.protocol.faults import WORDS

HOST = "127.0.0.1"
PORT = 8450
HERE = ("127.0.0.1", "localhost", "[::1]", "::1")
OUTCOMES = {"opened": "öppnade", "locked": "låste", "refused": "nekade", "fitted": "monterades"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options that only locks have."""
    parser.add_argument(
        "--port", type=int, default=PORT, help=f"for locks: where to listen (default: {PORT})"
    )
    parser.add_argument(
        "--count", type=int, default=0, metavar="N", help="for locks: only the first N of the file"
    )
    parser.add_argument("--config", type=Path, metavar="FILE",
                        help="for locks: which doors there are (default: locks.json in the state folder)")  # fmt: skip
    parser.add_argument("--origin", action="append", default=[], metavar="ORIGIN",
                        help="for locks: another origin whose pages may speak to them")  # fmt: skip


def run(options: argparse.Namespace) -> int:
    """Answer until told to end."""
    config = options.config or state_dir() / "locks.json"
    if not config.is_file():
        raise Problem(
            f"There are no doors: {config} is missing. The demo writes it, or name one with --config."
        )
    tether(options.parent)
    server = serve(from_file(config, state_dir() / "locks", options.count, say), options.port, options.origin)
    say(f"They answer on http://{HOST}:{server.server_port}/locks")
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
    with contextlib.closing(server.socket):
        server.serve_forever()
    return 0


class Server(ThreadingHTTPServer):
    """Speaks for one street. Close it, or use it as a context."""

    daemon_threads = True
    street: Street
    origins: frozenset[str]


def serve(street: Street, port: int, origins: list[str] | tuple[str, ...] = ()) -> Server:
    """Return a server that listens (0: on any free port) but does not answer yet."""
    try:
        server = Server((HOST, port), Handler)
    except OSError as fault:
        raise Problem(f"Port {port} is taken: {fault.strerror}.") from fault
    server.street, server.origins = street, frozenset(origins)
    return server


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: Server
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_OPTIONS(self) -> None:
        """Let pages that may ask."""
        self._send(204, b"", "text/plain")

    def do_GET(self) -> None:
        """Show the doors."""
        self.server.street.look()
        shown = [door.shown() for _, door in sorted(self.server.street.doors.items())]
        match urlsplit(self.path).path:
            case "/locks":
                self._send(200, page(shown).encode(), "text/html; charset=utf-8")
            case "/locks.json":
                self._send(200, json.dumps(shown).encode(), "application/json")
            case _:
                self._send(404, b"", "text/plain")

    def do_POST(self) -> None:
        """Speak to a lock, or break one."""
        size = int(self.headers.get("Content-Length") or 0)
        if size > LONGEST or not self._welcome():
            self.close_connection = True
            return self._send(413 if size > LONGEST else 403, b"", "text/plain")
        body = self.rfile.read(size)
        match urlsplit(self.path).path.strip("/").split("/"):
            case ["locks", number, what] if number.isdecimal() and (
                door := self.server.street.find(int(number))
            ):
                return self._lock(door, what, body)
            case ["faults"]:
                return self._fault(body)
        self._send(404, b"", "text/plain")

    def _lock(self, door: Door, what: str, body: bytes) -> None:
        match what:
            case "challenge":
                answer = door.challenge()
            case "act":
                answer = door.act(body)
            case "epoch":
                with contextlib.suppress(ValueError, KeyError, TypeError):
                    door.lock.memory.epoch = max(door.lock.memory.epoch, int(json.loads(body)["epoch"]))
                answer = b"{}"
            case _:
                return self._send(404, b"", "text/plain")
        self._send(200 if answer else 503, answer or b"", "application/octet-stream")

    def _fault(self, body: bytes) -> None:
        """Take a fault from a program (JSON) or from the page's buttons (a form)."""
        form = "json" not in self.headers.get("Content-Type", "") and not body.startswith(b"{")
        try:
            said = _form(body) if form else json.loads(body)
            right = self.server.street.switch(
                int(said.get("door", 0)), str(said["fault"]), said.get("on") is not False
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            right = False
        if form and right:
            self.send_response(303)
            self.send_header("Location", "/locks")
            self.send_header("Content-Length", "0")
            return self.end_headers()
        self._send(200 if right else 400, b"{}", "application/json")

    def _welcome(self) -> bool:
        """Whether a page may speak to the locks: from this machine, or from an origin that was named."""
        origin = self.headers.get("Origin")
        host = urlsplit(f"//{self.headers.get('Host', '')}").hostname or ""
        return host in HERE and (origin is None or self._knows(origin))

    def _knows(self, origin: str) -> bool:
        return origin in self.server.origins or (urlsplit(origin).hostname or "") in HERE

    def _send(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        origin = self.headers.get("Origin")
        if origin and self._knows(origin):
            self.send_header("Access-Control-Allow-Origin", origin)
            self.send_header("Access-Control-Allow-Methods", "GET, POST")
            self.send_header("Access-Control-Allow-Headers", "Content-Type")
            self.send_header("Vary", "Origin")
        if status != 204:
            self.send_header("Content-Type", kind)
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: what a lock did stands in its own log."""


def _form(body: bytes) -> dict[str, Any]:
    said = {name: values[0] for name, values in parse_qs(body.decode()).items()}
    return {**said, "on": said.get("on") != "0"}


def page(doors: list[dict[str, Any]]) -> str:
    """Return the page: every door, whether it is open, what it last did, and what can break."""
    rows = "".join(_row(door) for door in doors)
    choices = "".join(f'<option value="{name}">{escape(words)}</option>' for name, words in FAULTS.items())
    places = "".join(f'<option value="{door["number"]}">{escape(door["label"])}</option>' for door in doors)
    return f"""<!doctype html><html lang="sv"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Dörrarna</title>
<style>body{{font:1.1rem system-ui;margin:2rem;max-width:60rem}}table{{border-collapse:collapse;width:100%}}
td,th{{text-align:left;padding:.5rem .75rem;border-bottom:1px solid #bbb}}.open{{background:#d8f0dc;font-weight:700}}
select,button{{font:inherit;padding:.3rem}}</style>
<h1>Dörrarna</h1><p>Simulerade lås. Läget hämtas varannan sekund.</p>
<table><thead><tr><th>Dörr</th><th>Läge</th><th>Senast</th><th>Fel</th></tr></thead><tbody>{rows}</tbody></table>
<h2>Låt något gå sönder</h2><form method="post" action="/faults">
<label>Dörr <select name="door"><option value="0">Alla</option>{places}</select></label>
<label>Fel <select name="fault">{choices}<option value="restart">Batteriet ut och in igen</option></select></label>
<button name="on" value="1">Sönder</button> <button name="on" value="0">Helt igen</button></form>
<script>setInterval(async () => {{
  const page = new DOMParser().parseFromString(await (await fetch("/locks")).text(), "text/html");
  document.querySelector("tbody").replaceWith(page.querySelector("tbody"));
}}, 2000)</script></html>"""


def _row(door: dict[str, Any]) -> str:
    last, told = door["last"], "–"
    if last:
        at = f"{local(datetime.fromtimestamp(last['at'], UTC)):%H:%M:%S}"
        told = f"{OUTCOMES[last['outcome']]} {at}. {WORDS[last['fault']]}".strip()
    faults = ", ".join(FAULTS[name] for name in door["faults"]) or "–"
    state, mark = ("Öppen", ' class="open"') if door["open"] else ("Låst", "")
    cells = (
        f"<td>{escape(door['label'])}</td><td>{state}</td><td>{escape(told)}</td><td>{escape(faults)}</td>"
    )
    return f"<tr{mark}>{cells}</tr>"

"""The witness on the network: `POST /add-checkpoint`, and for auditors `GET /logs` and `GET /checkpoint/<sha256 of origin>`.

TLS is the business of a server in front: what is said here is public, and signed.
"""

import time
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from livlina.witness.book import Book, BookFault
from livlina.witness.judge import Answer, Judge

LARGEST = 80_000
"""Bytes of a submission at most: 63 hashes and a note with sixteen signatures take far less."""
PATIENCE = 10.0
"""Seconds a caller has to say what it wants."""


class Handler(BaseHTTPRequestHandler):
    """Reads a request, asks the judge, answers."""

    judge: Judge
    protocol_version = "HTTP/1.1"
    timeout = PATIENCE
    server_version, sys_version = "livlina-witness", ""

    def do_POST(self) -> None:
        """Take in a checkpoint."""
        try:
            length = int(self.headers.get("Content-Length", ""))
        except ValueError:
            length = -1
        if not 0 <= length <= LARGEST:
            self.close_connection = True
            return self._answer(Answer(413 if length > LARGEST else 411, ""))
        body = self.rfile.read(length)
        if self.path.rstrip("/").endswith("/add-checkpoint"):
            return self._answer(self.judge.add_checkpoint(body, int(time.time())))
        return self._answer(Answer(404, ""))

    def do_GET(self) -> None:
        """Show what has been cosigned: it is public."""
        book, path = self.judge.book, self.path.rstrip("/")
        origins = {sha256(origin.encode()).hexdigest(): origin for origin in book.trusted()}
        try:
            if path == "/key":
                self._answer(Answer(200, f"{self.judge.signer.key}\n"))
            elif path == "/logs":
                self._answer(Answer(200, "".join(f"{mark} {origin}\n" for mark, origin in origins.items())))
            elif path.startswith("/checkpoint/") and path.removeprefix("/checkpoint/") in origins:
                note = book.newest(origins[path.removeprefix("/checkpoint/")])
                self._answer(Answer(200, str(note)) if note else Answer(404, ""))
            else:
                self._answer(Answer(404, ""))
        except BookFault as fault:
            self._answer(Answer(503, f"{fault}\n"))

    def _answer(self, answer: Answer) -> None:
        data = answer.body.encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing of each request: what counts is in the folder."""


def serve(book: Book, host: str, port: int) -> ThreadingHTTPServer:
    """Return a server that listens; `serve_forever` runs it. Raises BookFault, OSError."""
    bound = type("Bound", (Handler,), {"judge": Judge(book)})
    server = ThreadingHTTPServer((host, port), bound)
    server.daemon_threads = True
    return server

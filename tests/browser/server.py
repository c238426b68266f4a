"""A small threaded server for the tests: it can be stopped only when nothing is under way, so nothing outlives a test."""

import threading
from collections.abc import Callable, Iterable, Iterator
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from django.db import connections

Application = Callable[..., Iterable[bytes]]


class _Handler(WSGIRequestHandler):
    def address_string(self) -> str:
        return str(self.client_address[0])

    def log_message(self, format: str, *arguments: Any) -> None:
        """Say nothing: a fault is told by the `live` fixture."""

    def handle(self) -> None:
        try:
            super().handle()
        except ConnectionError:
            self.close_connection = True


class _Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that left is no fault; whatever a view raises never gets this far."""


class Server:
    """Serves `application` on a port of this machine (0: any that is free) while used as a context."""

    def __init__(self, application: Application, port: int = 0) -> None:
        self.application = application
        self.under_way = 0
        self.changed = threading.Condition()
        self.http = _Threaded(("127.0.0.1", port), _Handler)
        self.http.set_app(self._counted)
        self.port: int = self.http.server_address[1]
        self.thread = threading.Thread(
            target=self.http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )

    def __enter__(self) -> "Server":
        self.thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.http.shutdown()
        self.thread.join()
        with self.changed:
            ended = self.changed.wait_for(lambda: self.under_way == 0, timeout=15)
        self.http.server_close()
        assert ended, "A request was still under way fifteen seconds after the test's end."

    def _counted(self, environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
        with self.changed:
            self.under_way += 1
        answer: Any = ()
        try:
            answer = self.application(environ, start_response)
            yield from answer
        finally:
            if hasattr(answer, "close"):
                answer.close()
            connections.close_all()
            with self.changed:
                self.under_way -= 1
                self.changed.notify_all()

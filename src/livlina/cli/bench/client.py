"""What the measured requests are sent with: one kept connection per client, nothing cached, every answer looked at."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection
from threading import Thread

SECRET = "measured" * 4  # the CSRF token of a session nobody else has


@dataclass(frozen=True)
class Asked:
    """One request to send."""

    method: str
    path: str
    body: bytes | None = None
    kind: str = ""
    expected: tuple[int, ...] = (200,)


@dataclass
class Answers:
    """Times in milliseconds, bytes of the bodies, and what went wrong."""

    times: list[float] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def percentile(self, share: float) -> float:
        """The time that this share of the answers was within."""
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


class Client:
    """A browser of the one who is signed in."""

    def __init__(self, port: int, session: str, cookie: str) -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = {
            "Cookie": f"{cookie}={session}; csrftoken={SECRET}",
            "X-CSRFToken": SECRET,
            "Accept-Language": "sv",
        }

    def send(self, asked: Asked, into: Answers) -> None:
        """Send one request and note how it went."""
        headers = self.headers | ({"Content-Type": asked.kind} if asked.kind else {})
        began = time.perf_counter()
        self.connection.request(asked.method, asked.path, asked.body, headers)
        answer = self.connection.getresponse()
        body = answer.read()
        into.times.append((time.perf_counter() - began) * 1000)
        into.sizes.append(len(body))
        if answer.status not in asked.expected:
            into.wrong.append(f"{asked.method} {asked.path}: {answer.status}")

    def send_all(self, requests: Sequence[Asked]) -> Answers:
        """Send one after the other."""
        into = Answers()
        began = time.perf_counter()
        for asked in requests:
            self.send(asked, into)
        into.seconds = time.perf_counter() - began
        return into


def at_once(clients: Sequence[Client], requests: Sequence[Asked]) -> Answers:
    """Share the requests among the clients, who send at the same time."""
    parts = [Answers() for _ in clients]

    def work(place: int) -> None:
        for asked in requests[place :: len(clients)]:
            clients[place].send(asked, parts[place])

    threads = [Thread(target=work, args=(place,)) for place in range(len(clients))]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    whole = Answers(seconds=time.perf_counter() - began)
    for part in parts:
        whole.times += part.times
        whole.sizes += part.sizes
        whole.wrong += part.wrong
    return whole

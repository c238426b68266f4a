"""Calls to identity providers, so guarded that a dead or hanging one costs nobody more than two seconds.

Three guards: a time limit for all calls of one request together, a circuit breaker (the next user gets the
worded page at once while the provider is down; one request tries again every 15 s), and a bulkhead (at most
four requests wait for one provider, so the rest of the web server's workers stay free).
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import requests
import structlog

log = structlog.get_logger(__name__)

LIMIT = 1.7
"""Seconds that all calls to the provider in one request of ours may take together."""
RETRY_AFTER = 15.0
"""Seconds before a provider that failed is tried again."""
AT_ONCE = 4
LARGEST = 1_000_000
"""Bytes; no answer of an identity provider is larger."""


class ProviderAway(Exception):
    """The identity provider does not answer as it should."""


@dataclass
class Breaker:
    """What this process knows of one provider's health."""

    name: str
    clock: Callable[[], float] = time.monotonic
    failed_at: float | None = None
    waiting: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def admit(self) -> None:
        """Let one request through. Raises ProviderAway while the provider is down or has enough waiting for it."""
        with self.lock:
            if self.waiting >= AT_ONCE:
                raise ProviderAway(f"{self.name}: {self.waiting} requests already wait")
            if self.failed_at is not None:
                if self.clock() - self.failed_at < RETRY_AFTER:
                    raise ProviderAway(f"{self.name}: failed a moment ago")
                self.failed_at = self.clock()  # this request tries; the others are answered at once meanwhile
            self.waiting += 1

    def leave(self, healthy: bool | None) -> None:
        """End a request that was let through: the provider answered (True), failed (False) or was not asked."""
        with self.lock:
            self.waiting -= 1
            if healthy is not None:
                self.failed_at = None if healthy else self.clock()


@dataclass
class Call:
    """One request of ours and its time limit."""

    deadline: float
    answered: bool = False


_breakers: dict[str, Breaker] = {}
_call: ContextVar[Call | None] = ContextVar("identity_provider_call", default=None)


def breaker(name: str) -> Breaker:
    """Return the breaker of a provider."""
    return _breakers.setdefault(name, Breaker(name))


def forget() -> None:
    """Forget what is known of every provider. For tests and after a change of settings."""
    _breakers.clear()


@contextmanager
def calling(name: str) -> Iterator[None]:
    """Keep all calls inside the block within the limits. Raises ProviderAway."""
    guard = breaker(name)
    guard.admit()
    call = Call(time.monotonic() + LIMIT)
    token = _call.set(call)
    healthy: bool | None = None
    try:
        yield
        healthy = True if call.answered else None
    except ProviderAway as fault:
        healthy = False
        log.error("identity_provider_away", provider=name, why=str(fault))
        raise
    except BaseException:
        healthy = True if call.answered else None
        raise
    finally:
        _call.reset(token)
        guard.leave(healthy)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Keep the calls inside the block within `seconds` together, past the breaker: it is we who ask, not a visitor."""
    token = _call.set(Call(time.monotonic() + seconds))
    try:
        yield
    finally:
        _call.reset(token)


class GuardedSession(requests.Session):
    """What allauth and we ask the outside with: never longer than the limit, never more than a megabyte."""

    def request(self, method: Any, url: Any, *words: Any, **options: Any) -> requests.Response:
        """Send one request in a thread that is left behind if it does not come back in time. Raises ProviderAway.

        A timeout of `requests` limits each read, not the whole: a server that drips a byte a second would hold us.
        """
        call = _call.get() or Call(time.monotonic() + LIMIT)
        left = call.deadline - time.monotonic()
        if left <= 0:
            raise ProviderAway("no time left")
        answer: list[requests.Response] = []
        fault: list[Exception] = []
        options |= {"timeout": left, "allow_redirects": False, "stream": True}

        def ask() -> None:
            try:
                answer.append(
                    _whole(super(GuardedSession, self).request(method, url, *words, **options), call.deadline)
                )
            except (requests.RequestException, OSError, ValueError, ProviderAway) as error:
                fault.append(error)

        asking = threading.Thread(target=ask, daemon=True, name="identity-provider")
        asking.start()
        asking.join(left)
        if not answer:
            raise ProviderAway(type(fault[0]).__name__ if fault else "no answer in time")
        if answer[0].status_code >= 500:
            raise ProviderAway(f"answered {answer[0].status_code}")
        call.answered = True
        return answer[0]


def _whole(response: requests.Response, deadline: float) -> requests.Response:
    """Read the answer to its end, if it has one within reason."""
    body = b""
    for part in response.iter_content(65_536):
        body += part
        if len(body) > LARGEST or time.monotonic() > deadline:
            response.close()
            raise ProviderAway("an answer without end")
    response._content = body
    response.close()
    return response


def fetch_json(url: str, **options: Any) -> dict[str, Any]:
    """Return the JSON object at `url`. Raises ProviderAway if it is anything else."""
    with GuardedSession() as session:
        response = session.get(url, **options)
    try:
        found = response.json() if response.status_code == 200 else None
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise ProviderAway(f"no JSON object, status {response.status_code}")
    return found

"""Doing a request again when the database was away for a moment, so that nobody sees a fail-over.

A request is one transaction. When its connection is lost before COMMIT has been sent, the database has undone it and
the whole request can be done again. When it is lost during COMMIT nobody knows whether it counted: then it is done
again only if it wrote nothing (a read), or says itself which deed it is, so that the second time finds the first: a
form with a submission key on a page declared `once`, or a view that has called `repeatable`. Anything else is
answered with the page that says so, and a person looks before she sends again.

How long is waited belongs to the outage, not to the request: after `BUDGET` seconds without a database every request
is answered at once, since threads that all wait would leave none for pages that need no database.
"""

from __future__ import annotations

import time
from importlib import import_module
from typing import Any, Final
from uuid import UUID

import psycopg
from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.core.signals import got_request_exception
from django.db import DatabaseError, InterfaceError, InternalError, OperationalError, connection
from django.http import HttpRequest, HttpResponse

BUDGET: Final = 30.0  # seconds: a machine that is cut off is replaced after 20
PAUSES: Final = (0.1, 0.2, 0.4, 0.8, 1.0)  # seconds between attempts; the last one again and again
FAULTS: Final = (OperationalError, InterfaceError, InternalError)
READS: Final = "25006"
AWAY = frozenset({READS, "57P01", "57P02", "57P03", "57P05"})
"""SQLSTATEs besides class 08: the server only reads (it has been demoted), stops, has crashed, or is starting up."""
FULL = frozenset({"53100", "58030"})
"""The server's disk is full or broken: the guard of a cluster hands over within seconds (`cluster/guard.py`)."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_BODY = ("_post", "_files", "_body", "_read_started", "_stream", "_post_parse_error", "_encoding")


class Outage:
    """One kind of absence of the database, as this process sees it."""

    def __init__(self, budget: float = BUDGET) -> None:
        self.budget = budget
        self.since: float | None = None

    def left(self, at: float) -> float:
        """Seconds that may still be waited for its end, the first fault beginning it. `at` is monotonic."""
        if self.since is None:
            self.since = at
        return self.since + self.budget - at

    def over(self) -> None:
        """The database has done what it did not do: the next absence is a new one."""
        self.since = None


OUTAGES = {"away": Outage(), "full": Outage()}


def kind(fault: BaseException | None) -> str:
    """Return "away" or "full" if trying again may help, else "". Takes Django's exception or psycopg's own."""
    cause = (
        fault.__cause__ if isinstance(fault, DatabaseError | InterfaceError) and fault.__cause__ else fault
    )
    code = getattr(cause, "sqlstate", None)
    if code is None:  # said by the driver: no connection, or none any more
        lost = isinstance(
            cause, psycopg.OperationalError | psycopg.InterfaceError | OperationalError | InterfaceError
        )
        return "away" if lost else ""
    if code in FULL:
        return "full"
    if code == READS and settings.SHADOW:
        return ""  # it only ever reads: waiting would change nothing
    return "away" if code.startswith("08") or code in AWAY else ""


def repeatable(request: HttpRequest) -> None:
    """Say that this write carries a key of its own and is done once, however often it comes."""
    request.repeatable = True  # type: ignore[attr-defined]


class Attempts:
    """The attempts at one request. Made before the first of them; `again` says whether there is another."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.made = 0
        self.kept = dict(vars(request))
        self.environment = dict(request.META)
        self.nested = connection.in_atomic_block  # inside another's transaction: it is theirs to try again

    def again(self, fault: BaseException) -> bool:
        """Wait a little and make the request as it came. False: nothing more can be done for it here."""
        what = kind(fault)
        if not what or self.nested:
            return False
        left = OUTAGES[what].left(time.monotonic())
        if left <= 0 or not self._may_be_repeated():
            _leave_connection()
            return False
        pause = PAUSES[min(self.made, len(PAUSES) - 1)]
        self.made += 1
        _leave_connection()
        time.sleep(min(pause, left))
        self._rewind()
        return True

    def done(self) -> None:
        """The database answered."""
        OUTAGES["away"].over()
        if self.request.method not in SAFE:
            OUTAGES["full"].over()

    def _may_be_repeated(self) -> bool:
        in_doubt = getattr(self.request, "committing", False)
        return (not in_doubt or names_its_deed(self.request)) and _body_is_kept(self.request)

    def _rewind(self) -> None:
        """Forget everything the attempt has left on the request, but for the body, which comes only once."""
        request, found = self.request, vars(self.request)
        left = {name: value for name, value in found.items() if name in _BODY or name.startswith("_csp")}
        found.clear()
        found.update(self.kept | left)
        request.META.clear()
        request.META.update(self.environment)
        for file in left["_files"].values() if left.get("_files") else ():
            file.seek(0)
        if "session" in self.kept:
            store = import_module(settings.SESSION_ENGINE).SessionStore
            request.session = store(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
            AuthenticationMiddleware(_nobody).process_request(request)


def names_its_deed(request: HttpRequest) -> bool:
    """Whether a second time would find the first: a read, a keyed form on a page done once, or a view that said so."""
    if request.method in SAFE or getattr(request, "repeatable", False):
        return True
    match = request.resolver_match
    permission = getattr(match.func, "permission", None) if match else None
    if not getattr(permission, "once", False):
        return False
    try:
        UUID(request.POST.get("submission_key", ""))
    except ValueError:
        return False
    return True


def _body_is_kept(request: HttpRequest) -> bool:
    """Whether the body can be read again: it has not been begun, or lies parsed or whole."""
    found: dict[str, Any] = vars(request)
    return not found.get("_read_started") or "_body" in found or "_post" in found


def _leave_connection() -> None:
    """Close it for good: given back to the pool, a connection to a demoted server would come to the next request."""
    if connection.connection is not None:
        connection.connection.close()
    connection.close()


def _nobody(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("Only its process_request is used.")


def _noticed(sender: object, *, request: HttpRequest | None = None, **_: object) -> None:
    """Keep a fault that an inner middleware met: Django turns it into a page before we could see it."""
    import sys

    fault = sys.exc_info()[1]
    if request is not None and isinstance(fault, FAULTS) and kind(fault):
        request.fault = fault  # type: ignore[attr-defined]


got_request_exception.connect(_noticed, dispatch_uid="livlina.failover")

"""What waits when room, memory or connections run short, so that what matters goes on.

alarm > door > note > case work > report > import. The level comes from the status process through a file (no database,
read anew when it changes); how much a route matters is declared once, in `config/importance.py`. Reading goes on at
every level: only writes wait, and reports, which are heavy to read. What was typed is shown back and can be sent again.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from functools import cache
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import render
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.translation import get_language

from livlina.core.access import Actor
from livlina.status.levels import BULK_WAITS, CARE_ONLY, WHY, Level, Reader
from livlina.status.words import SHED

log = structlog.get_logger(__name__)
RETRY = 120
"""Seconds after which it is worth sending again: a level falls a minute after its cause."""
READS = ("GET", "HEAD", "OPTIONS")
WIDE = 60
"""What was typed and is longer than this is shown in a box of its own."""
UNSHOWN = ("csrfmiddlewaretoken", "submission_key", "next", "version")


class Importance(IntEnum):
    """How long something goes on when things get tight: the lower, the longer."""

    ALARM = 0
    DOOR = 1
    NOTE = 2
    CASE = 3
    REPORT = 4
    IMPORT = 5

    def waits(self, level: int) -> bool:
        """Tell whether it has to wait at a level of `livlina.status.levels`."""
        if self >= Importance.REPORT:
            return level >= BULK_WAITS
        return self == Importance.CASE and level >= CARE_ONLY


@cache
def reader() -> Reader:
    """Return the one reader of this process."""
    return Reader(settings.STATE_DIR)


def level() -> Level:
    """Return the level that holds now."""
    return reader().level()


def words(actor: Actor | None = None) -> str:
    """Return what people are told of the level, in their language; nothing when all is well.

    Those who run the house are told why, and already when nothing waits yet.
    """
    now = level()
    told = SHED["en" if get_language() == "en" else "sv"].get(now.level, "")
    if actor and now.level and actor.role in settings.AUDIENCES["operations"]:
        return f"{WHY.get(now.why, '')}. {told or 'Inget väntar än: gör plats nu.'}"
    return told


def importance(match: ResolverMatch) -> Importance:
    """Return how much a route matters: by its own address, else its verb, its room, or what it hangs below."""
    declared = settings.IMPORTANCE
    permission = getattr(match.func, "permission", None)
    verb: str = getattr(permission, "verb", None) or ""
    route = match.route
    for names, key in (
        (declared["routes"], route),
        (declared["verbs"], verb),
        (declared["rooms"], verb.partition(".")[0]),
    ):
        if key in names:
            return Importance[names[key]]
    if verb:
        return Importance.CASE
    below = [one for one in declared["below"] if route.startswith(one)]
    return Importance[declared["below"][max(below, key=len)]] if below else Importance.CASE


class Shed:
    """Middleware: refuses what has to wait, before the database is asked for anything."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.csrf = CsrfViewMiddleware(lambda request: HttpResponse())

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        now = level().level
        if now < BULK_WAITS:
            return self.get_response(request)
        try:
            match = resolve(request.path_info)
        except Resolver404:
            return self.get_response(request)
        weight = importance(match)
        if not weight.waits(now) or (weight < Importance.REPORT and request.method in READS):
            return self.get_response(request)
        log.info("shed", level=now, importance=weight.name, route=match.route)
        if request.path_info.startswith("/api/"):
            return _problem(now)
        return self._page(request, match, now)

    def _page(self, request: HttpRequest, match: ResolverMatch, now: int) -> HttpResponseBase:
        """Answer in words. What was typed is shown only to the browser that typed it, on our own page."""
        typed: list[tuple[str, str]] = []
        files = False
        if request.method == "POST":
            try:
                if (stranger := self.csrf.process_view(request, match.func, (), {})) is not None:
                    return stranger
                typed = [
                    (name, str(value))
                    for name, values in request.POST.lists()
                    for value in values
                    if name != "csrfmiddlewaretoken" and "password" not in name
                ]
                files = bool(request.FILES)
            except (OSError, MultiPartParserError, SuspiciousOperation):
                typed, files = [], True  # no room even to take the form in
        return page(request, now, typed, files)


def page(request: HttpRequest, now: int, typed: list[tuple[str, str]], files: bool = False) -> HttpResponse:
    """Return the page that says what waits and what works, with what was typed. Asks nothing of the database."""
    seen: dict[str, Any] = {
        "downtime": "",  # the page says it itself
        "words": SHED["sv"][now],
        "english": SHED["en"][now],
        "typed": typed,
        "shown": [value for name, value in typed if name not in UNSHOWN and _written(value)],
        "files": files,
        "post": request.method == "POST",
        "action": request.get_full_path(),
        "status_origin": settings.STATUS_ORIGIN,
    }
    answer = render(request, "shed.html", seen, status=503)
    answer.headers["Retry-After"] = str(RETRY)
    answer.headers["Cache-Control"] = "no-store"
    answer._has_been_logged = True  # type: ignore[attr-defined]  # it is no fault of ours: it is logged above
    return answer


def _written(value: str) -> bool:
    """Tell what a person has written from ids and choices."""
    return " " in value.strip() or len(value) > WIDE


def _problem(now: int) -> HttpResponse:
    body = {"type": "about:blank", "title": "Service Unavailable", "status": 503, "detail": SHED["sv"][now]}
    answer = JsonResponse(
        body, status=503, content_type="application/problem+json", headers={"Retry-After": str(RETRY)}
    )
    answer._has_been_logged = True  # type: ignore[attr-defined]
    return answer

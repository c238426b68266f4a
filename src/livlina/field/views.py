"""The phone app's shell, its service worker and its manifest: the same for everybody, with nothing of anybody in them."""

import json
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET

from livlina.core.views import page

STATIC = Path(__file__).parent / "static" / "field"
WORKER = "sw.js"
KINDS = {".js", ".css", ".svg", ".png"}


@cache
def app_files() -> tuple[str, ...]:
    """Return every file of the app, as named below `static/`; the service worker keeps them all on the phone."""
    found = (path for path in STATIC.rglob("*") if path.suffix in KINDS and path.name != WORKER)
    return tuple(sorted(f"field/{path.relative_to(STATIC).as_posix()}" for path in found))


def version() -> str:
    """Return a name made of the content of every file: it changes when any of them does, and only then."""
    whole = sha256(f"{settings.LOCK_BRIDGE} {settings.DEMO}".encode())
    here = Path(__file__).parent
    for path in [
        *(STATIC.parent / name for name in app_files()),
        STATIC / WORKER,
        *(here / "templates").rglob("*.html"),
    ]:
        whole.update(path.read_bytes())
    return whole.hexdigest()[:16]


@page("public", None)
@ensure_csrf_cookie
@require_GET
def shell(request: HttpRequest) -> HttpResponse:
    """The app. What it shows comes from the phone's own store, or from the interface after signing in."""
    return render(request, "field/app.html", {"bridge": settings.LOCK_BRIDGE})


@page("public", None)
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, with the list of what it keeps and the version that list makes."""
    files = [
        reverse("field_public:shell"),
        reverse("field_public:lathund"),
        reverse("field_public:manifest"),
        *map(static, app_files()),
    ]
    head = f"const VERSION = {json.dumps(version())};\nconst FILES = {json.dumps(files)};\n"
    body = (STATIC / WORKER).read_text(encoding="utf-8")
    return HttpResponse(head + body, content_type="text/javascript", headers={"Cache-Control": "no-cache"})


@page("public", None)
@require_GET
def manifest(request: HttpRequest) -> HttpResponse:
    """What a telephone needs to put the app on its home screen."""
    icon = {
        "src": static("field/icon.svg"),
        "sizes": "any",
        "type": "image/svg+xml",
        "purpose": "any maskable",
    }
    return JsonResponse(
        {
            "name": "Livlina Hemtjänst",
            "short_name": "Livlina",
            "lang": "sv",
            "id": reverse("field_public:shell"),
            "start_url": reverse("field_public:shell"),
            "scope": reverse("field_public:shell"),
            "display": "standalone",
            "orientation": "portrait",
            "background_color": "#10202b",
            "theme_color": "#10202b",
            "icons": [icon],
        },
        content_type="application/manifest+json",
    )


@page("public", None)
@require_GET
def lathund(request: HttpRequest) -> HttpResponse:
    """The carer's cheat sheet: one page to print or to read in the phone, also without a net."""
    return render(request, "field/lathund.html")

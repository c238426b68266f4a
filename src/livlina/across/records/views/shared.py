"""What the room's pages have in common."""

from typing import Any
from uuid import UUID, uuid5

from django.conf import settings
from django.http import HttpResponse

from livlina.core.access import Actor
from livlina.core.views import Request

_ONCE = UUID("7f1f4d22-3c52-4b2e-9f5e-6f0a3c0e7b55")


def own_branches(actor: Actor) -> list[tuple[int, str]]:
    """The authority's branches the actor works in, as choices."""
    return [(code, settings.COMPARTMENTS[code]) for code in settings.BRANCHES if code in actor.compartments]


def download(name: str, content_type: str, content: bytes | memoryview) -> HttpResponse:
    """A stored file as a download: never shown in the page, never guessed at by the browser, never kept by it."""
    answer = HttpResponse(bytes(content), content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="{_ascii(name)}"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["Cache-Control"] = "private, no-store"
    return answer


def client_id(request: Request) -> UUID:
    """The same page sent twice is the same request, whoever's browser repeats it."""
    key = request.POST.get("submission_key", request.now.isoformat())
    return uuid5(_ONCE, f"{request.actor.user_id}:{key}")


def _ascii(name: str) -> str:
    """A file name every browser reads alike; the letters of Swedish keep their nearest."""
    told = name.translate(str.maketrans("åäöÅÄÖéÉü", "aaoAAOeEu"))
    return "".join(sign if sign.isascii() and (sign.isalnum() or sign in " .-_") else "-" for sign in told)


def status_of(request: Request) -> dict[str, Any]:
    """The status of a page with a form: refused when it was sent and is shown again."""
    return {"status": 422 if request.method == "POST" else 200}

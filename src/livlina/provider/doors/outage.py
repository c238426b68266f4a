"""In the demo alone: the switch that lets the carers' phones meet a dead server, while the office works on."""

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse

PHONES = "/api/v1/field/"
WORDS = "Servern är avstängd för telefonerna. Det är demon som låtsas; appen arbetar vidare utan den."


def flag() -> Path:
    """Where the switch is: a file that every process sees."""
    return Path(settings.STATE_DIR) / "field-down"


def is_down() -> bool:
    """Whether phones meet a dead server now."""
    return flag().exists()


def set_down(down: bool) -> None:
    """Turn the switch."""
    if down:
        flag().touch()
    else:
        flag().unlink(missing_ok=True)


def outage(answer: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware of the demo: answer phones with 503 while the switch is off. Nothing is read or written."""

    def meet(request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith(PHONES) and is_down():
            dead: HttpResponse = JsonResponse({"detail": WORDS}, status=503)
            dead["Retry-After"] = "30"
            return dead
        return answer(request)

    return meet

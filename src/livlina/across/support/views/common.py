"""What the room's pages have in common: the side they are seen from, and how things are put into words."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.forms import Form
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from livlina.across.support.actions import SupportRefused
from livlina.across.support.models import Attachment, Ticket, TicketEvent
from livlina.core.clock import local
from livlina.core.views import Request

_FORMS = UUID("0f2f4b0c-7a5f-4d6e-9d1e-0f8a3f0c6c41")
LAYOUTS = {
    "officer": ("ui/officer.html", "support"),
    "provider": ("ui/provider.html", "support_provider"),
    "citizen": ("ui/citizen.html", "support_citizen"),
    "operations": ("ui/officer.html", "support_operations"),
}
ROOMS = {
    "journal": "journalen",
    "cases": "ärenden",
    "orders": "beställningar",
    "people": "personer",
    "homecare": "hemtjänsten",
    "alarms": "larmen",
    "doors": "dörrar",
    "watches": "bevakningar",
    "portal": "startsidan eller inloggningen",
    "aid": "försörjningsstöd",
    "court": "domstolsärenden",
    "placements": "placeringar",
    "contractors": "uppdragstagare",
    "records": "handlingar",
    "quality": "avvikelser",
    "continuity": "driften",
    "field": "telefonens app",
}


def side(request: Request) -> tuple[str, str]:
    """Return the layout and the namespace of the side a page is seen from."""
    return LAYOUTS[request.path.split("/")[1]]


def url(request: Request, name: str, *args: object) -> str:
    """Return the address of one of the room's pages on the same side."""
    return reverse(f"{side(request)[1]}:{name}", args=args)


def frame(request: Request) -> dict[str, Any]:
    """What every template of the room needs."""
    layout, space = side(request)
    return {"layout": layout, "space": space, "heading": "lg" if space == "support_citizen" else "md"}


def client_id(request: Request, what: str = "") -> UUID:
    """The same page sent twice is the same writing, whoever's browser repeats it."""
    key = request.POST.get("submission_key") or request.now.isoformat()
    return uuid5(_FORMS, f"{request.actor.user_id}:{what}:{key}")


def blame(form: Form, fault: SupportRefused) -> None:
    """Say what was wrong where it was wrong; what was typed stays."""
    form.add_error(fault.field if fault.field in form.fields else None, str(fault))


def where(page: str, *, named: bool = False) -> str:
    """Put a page's route into words; with its name too for the support, who looks it up."""
    words = ROOMS.get(page.partition(":")[0].partition("_")[0], "")
    return ", ".join(filter(None, (words, page))) if named else words


def browser(request: Request) -> str:
    """Which browser, on what: enough to see a fault again, too little to know somebody by."""
    said = request.headers.get("User-Agent", "")
    names = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
    name = next(
        (f"{word} {said.partition(mark)[2].partition('.')[0][:4]}" for mark, word in names if mark in said),
        "",
    )
    kinds = (
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS", "Mac"),
        ("Linux", "Linux"),
    )
    kind = next((word for mark, word in kinds if mark in said), "")
    return ", ".join(filter(None, (name, kind)))


def lines(events: Any, ticket: Ticket, *, outward: bool) -> list[dict[str, Any]]:
    """The history as the page shows it; to whoever asked the support is the support, unless a name was told."""
    return [_line(event, ticket, outward) for event in events]


def _line(event: TicketEvent, ticket: Ticket, outward: bool) -> dict[str, Any]:
    asked = event.kind in ("opened", "reporter", "reopened")
    who = _("Du") if outward and asked and ticket.reporter_id is not None else event.by_name
    if outward and not asked and ticket.reporter_kind == "citizen":
        who = _("Supporten")
    return {
        "id": event.pk,
        "when": f"{local(event.at):%Y-%m-%d %H:%M}",
        "kind": _(event.get_kind_display()),
        "code": event.kind,
        "who": who,
        "text": event.text,
        "inside": not event.is_outward,
    }


def tone(ticket: Ticket, now: datetime) -> tuple[str, str]:
    """Return the words and the colour of where a ticket stands."""
    if ticket.state in ("closed", "merged"):
        return _(ticket.get_state_display()), "neutral"
    if ticket.state == "solved":
        return _(ticket.get_state_display()), "success"
    late = ticket.state != "waiting" and (
        ticket.solve_due_at < now or (ticket.answered_at is None and ticket.first_due_at < now)
    )
    words = _(ticket.get_state_display())
    return (f"{words}, {_('försenat')}", "danger") if late else (words, "info")


def file_answer(row: Attachment) -> HttpResponse:
    """A file as a download: it is never shown in our own origin."""
    answer = HttpResponse(bytes(row.content), content_type=row.content_type)
    answer["Content-Disposition"] = (
        f'attachment; filename="{row.filename.encode("ascii", "ignore").decode() or "fil"}"'
    )
    answer["X-Content-Type-Options"] = "nosniff"
    return answer

"""The start pages: parts of other rooms, put beside each other.

A part is an address. The page shows its link at once and takes in its content when it has come (htmx); a room
that is missing or slow leaves the page standing.
"""

from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_GET, require_POST

from livlina.across.portal import queries
from livlina.across.portal.views.own import _page, pages, told
from livlina.authority.cases.queries import workshop
from livlina.core.access import RULES, Actor, fetch
from livlina.core.ui.links import links_for
from livlina.core.views import Request, page
from livlina.registers.people.models import Person
from livlina.registers.people.queries import principals, search

PLACES: list[tuple[str, str, str, str]] = cast(Any, settings.LIVLINA_UI)["officer"]["places"]
MOST_PLACES = 8
"""So many pages at most, so that persons are never pushed out of sight."""


@dataclass(frozen=True)
class Part:
    """A part of a start page: its heading, its address, and (if it has one) the address of what is shown here.

    One with neither text nor content is a link among the others, so that what needs doing stays in sight.
    """

    title: str
    url: str
    text: str = ""
    fragment: str = ""

    @property
    def is_link(self) -> bool:
        """Whether it only leads on."""
        return not (self.text or self.fragment)


def parts(audience: str, actor: Actor) -> list[Part]:
    """Return the parts of a start page that exist and that the actor may open (settings.START_PAGES)."""
    found = []
    for part in settings.START_PAGES.get(audience, ()):
        verb = part.get("verb")
        if verb and (verb not in RULES or not RULES[verb].lets_in(actor)):
            continue
        url = _address(part["url"])
        if url:
            found.append(Part(part["title"], url, part.get("text", ""), _address(part.get("fragment", ""))))
    return found


def shown_parts(audience: str, actor: Actor) -> dict[str, Any]:
    """Return what a start page shows: its parts, and those of them that are only links."""
    found = parts(audience, actor)
    return {"parts": found, "links": [part for part in found if part.is_link]}


@page("officer", "portal.officer_start")
@require_GET
def officer(request: Request) -> HttpResponse:
    """Today's work."""
    return render(request, "portal/start_officer.html", shown_parts("officer", request.actor))


@page("officer", "people.search")
@require_POST
def palette(request: Request) -> JsonResponse:
    """Answer Ctrl K: pages and processes with words that begin so, and persons. The text is never in the address."""
    text = request.POST.get("q", "").strip()
    places = [row for row in known_places(request) if begins_so(row.pop("words"), text)][:MOST_PLACES]
    persons = [
        {
            "label": person.full_name,
            "hint": str(person.birth_date or ""),
            "url": reverse("people:person", args=[person.pk]),
        }
        for person in search(request.actor, text, request.now).hits[:8]
    ]
    return JsonResponse({"results": places + persons})


def known_places(request: Request) -> list[dict[str, str]]:
    """Return every page the palette knows for this actor: the menu, its other places, and the processes."""
    actor = request.actor
    rows = [
        {"label": row.label, "hint": "Sida", "url": row.url, "words": row.label}
        for row in links_for("officer", request).menu
    ]
    rows += [
        {"label": label, "hint": "Sida", "url": address, "words": f"{label} {other}"}
        for label, route, verb, other in PLACES
        if (address := _address(route)) and verb in RULES and RULES[verb].lets_in(actor)
    ]
    if RULES["cases.processes"].lets_in(actor):
        rows += [
            {"label": one.label, "hint": "Process", "url": one.url, "words": f"{one.label} process"}
            for one in workshop.shown_processes(request.now)
        ]
    return rows


def begins_so(words: str, text: str) -> bool:
    """Whether each word of the text is how some word begins: “lämna sk” finds “Skrivbord … lämna över”."""
    known = words.lower().split()
    return all(any(one.startswith(asked) for one in known) for asked in text.lower().split())


@page("provider", "portal.provider_start")
@require_GET
def provider(request: Request) -> HttpResponse:
    """Today's work at a provider."""
    return render(request, "portal/start_provider.html", shown_parts("provider", request.actor))


@page("operations", "portal.operations_start")
@require_GET
def operations(request: Request) -> HttpResponse:
    """What those who run the system need."""
    return render(request, "portal/start_operations.html", shown_parts("operations", request.actor))


@page("citizen", "portal.citizen_start")
@require_GET
def citizen(request: Request) -> HttpResponse:
    """What one can do here, for oneself and for those one acts for."""
    seen = shown_parts("citizen", request.actor) | {
        "principals": principals(request.actor, queries.swedish_day(request.now)),
    }
    return render(request, "portal/start_citizen.html", seen)


@page("citizen", "portal.readers")
@require_GET
def readers(request: Request, person_id: UUID | None = None) -> HttpResponse:
    """Who has read about me, or about someone I act for: units, roles, when and why."""
    person = fetch(
        request.actor, "people.act_for", Person.objects.all(), pk=person_id or request.actor.person_id
    )
    number = _page(request)
    rows = queries.readers_of(request.actor, person.pk, number)
    seen = {
        "person": person,
        "own": person.pk == request.actor.person_id,
        "rows": [told(row) | {"role": _role(row.role)} for row in rows[: queries.PAGE]],
    }
    return render(request, "portal/readers.html", seen | pages(rows, number))


def _address(name: str) -> str:
    """Return the address of a route, or nothing if no room has it."""
    try:
        return reverse(name) if name else ""
    except NoReverseMatch:
        return ""


def _role(code: str) -> str:
    if code == "citizen":
        return "Ombud eller företrädare"
    return settings.ROLES[code].swedish if code in settings.ROLES else code

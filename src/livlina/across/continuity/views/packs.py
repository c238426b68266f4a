"""A unit's pack: how old it is, fetched sealed, on paper, and the code that opens it."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from livlina.across.continuity.packs import content, making, places, sealing
from livlina.across.continuity.packs import paper as on_paper
from livlina.core import audit, bulk
from livlina.core.access import Actor, fetch, may
from livlina.core.clock import local
from livlina.core.context import municipality_name
from livlina.core.models import Municipality, Unit
from livlina.core.models.audit import AuditEvent
from livlina.core.views import Request, page


@require_GET
@page("provider", "continuity.packs")
def pack(request: Request, pk: UUID | None = None) -> HttpResponse:
    """How old the pack of one's unit is, and what one can do with it."""
    return _page(request, _unit(request, pk))


@require_http_methods(["GET", "POST"])
@page("provider", "continuity.pack_code")
def code(request: Request) -> HttpResponse:
    """Make a new code, after a question, and show it once."""
    unit = _unit(request, None, "continuity.pack_code")
    made = sealing.new_code(unit, by=request.actor, now=request.now) if request.method == "POST" else ""
    answer = render(
        request,
        "continuity/pack_code.html",
        {"unit": unit, "code": made, "lock": sealing.held(unit)},
    )
    answer["Cache-Control"] = "no-store"
    return answer


@require_GET
@page("provider", "continuity.packs")
def sealed(request: Request) -> HttpResponse:
    """The newest sealed pack as a file, with everyone in it noted as read."""
    unit = _unit(request, None)
    slug = _slug(request.actor)
    row = places.newest(slug).get(str(unit.pk))
    page = places.content(slug, row) if row else None
    if row is None or page is None:
        return _page(request, unit, missing=True)
    _read(request, "continuity.packs", unit, [UUID(key) for key in row.persons])
    name = f"reservpaket-{row.file.removesuffix('.html')}-{local(row.at):%Y-%m-%d-%H%M}.html"
    return _file(name, "text/html; charset=utf-8", page)


@require_GET
@page("provider", "continuity.pack_paper")
def paper(request: Request) -> HttpResponse:
    """The pack as it stands now, for the printer. It holds what the reader may see: medicines only for nurses."""
    unit = _unit(request, None, "continuity.pack_paper")
    made = content.of_unit(unit, municipality_name(request.actor.municipality_id), now=request.now)
    _read(request, "continuity.pack_paper", unit, made.persons)
    name = f"reservpaket-{places.file_name(unit.name).removesuffix('.html')}-{local(request.now):%Y-%m-%d-%H%M}.pdf"
    return _file(name, "application/pdf", on_paper.pdf(made))


def _page(request: Request, unit: Unit, *, missing: bool = False) -> HttpResponse:
    row = places.newest(_slug(request.actor)).get(str(unit.pk))
    age = request.now - row.at if row else None
    context = {
        "unit": unit,
        "row": row,
        "persons": len(row.persons) if row else 0,
        "size": row.size / 1_000_000 if row else 0,
        "minutes": int(age.total_seconds() // 60) if age is not None else None,
        "old": age is None or age > making.OLD,
        "missing": missing,
        "lock": sealing.held(unit),
        "places": len(places.places()),
        "prints": may(request.actor, "continuity.pack_paper"),
        "codes": may(request.actor, "continuity.pack_code"),
    }
    return render(request, "continuity/packs.html", context, status=404 if missing else 200)


def _unit(request: Request, pk: UUID | None, verb: str = "continuity.packs") -> Unit:
    return fetch(request.actor, verb, Unit.objects.all(), pk=pk or request.actor.unit_id)


def _slug(actor: Actor) -> str:
    return Municipality.objects.values_list("slug", flat=True).get(pk=actor.municipality_id)


def _read(request: Request, verb: str, unit: Unit, persons: list[UUID]) -> None:
    """Each person is read, and the pack is fetched. Two statements."""
    by = request.actor
    audit.read(by, verb, now=request.now, obj=unit, detail={"persons": len(persons)})
    bulk.insert(
        AuditEvent, ("person_id",), [(key,) for key in persons], municipality_id=by.municipality_id,
        user_id=by.user_id, assignment_id=by.assignment_id, actor_name=by.name, role=by.role, unit_id=by.unit_id,
        unit_name=by.unit_name, at=request.now, verb=verb, outcome="read", object_type="core.unit",
        object_id=str(unit.pk),
    )  # fmt: skip


def _file(name: str, kind: str, body: bytes) -> HttpResponse:
    answer = HttpResponse(body, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer

"""The person's own page: who has opened my door, and when."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from livlina.core import audit
from livlina.core.access import fetch
from livlina.core.clock import day_of
from livlina.core.views import Request, page
from livlina.provider.doors import queries
from livlina.provider.doors.views.provider import page_of, paged
from livlina.registers.people import queries as people
from livlina.registers.people.models import Person

WORDS: dict[str, str | Promise] = {
    "opened": _("Öppnade"),
    "locked": _("Låste"),
    "refused": _("Nekades"),
    "fitted": _("Låset togs i bruk"),
}
WHY: dict[str, str | Promise] = {
    "shift": _("Planerat besök"),
    "stand_in": _("Planerat besök, av en kollega"),
    "round": _("Nattpatrull eller larm"),
    "nursing": _("Hälso- och sjukvård"),
    "fitting": _("Montering av låset"),
    "emergency": _("Nödöppning"),
    "continuation": _("Planerat besök, under ett driftavbrott"),
}
REASONS: dict[int, str | Promise] = {
    1: _("Trygghetslarm"),
    2: _("Planerad tillsyn"),
    3: _("Oro för dig"),
    4: _("Akut sjukdom eller olycka"),
    5: _("Brand, rök eller vattenläcka"),
    6: _("Avbrott i systemen"),
    7: _("Annat skäl"),
}


@page("citizen", "doors.own_log")
@require_safe
def own_door(request: Request, person_id: UUID | None = None) -> HttpResponse:
    """Who has opened my door, or the door of somebody I act for."""
    actor = request.actor
    person = fetch(actor, "people.act_for", Person.objects.all(), pk=person_id or actor.person_id)
    number = page_of(request)
    found = paged(queries.own_log(actor, person, number), number)
    audit.read(actor, "doors.own_log", now=request.now, person_id=person.pk)
    rows = [
        {
            "at": row.at,
            "place": row.place,
            "what": WORDS.get(row.outcome, row.words),
            "why": REASONS.get(row.reason) or WHY.get(row.kind, ""),
            "who": row.who,
            "title": row.title,
            "unit": row.unit,
        }
        for row in found["rows"]  # type: ignore[attr-defined]
    ]
    others = [one.principal for one in people.principals(actor, day_of(request.now))]
    context = found | {"rows": rows, "person": person, "own": person.pk == actor.person_id, "others": others}
    return render(request, "doors/own_door.html", context)

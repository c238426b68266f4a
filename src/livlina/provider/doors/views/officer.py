"""The case worker's page: who has opened a person's door. To read it opens nothing."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from livlina.core import audit
from livlina.core.views import Request, page
from livlina.provider.doors import queries
from livlina.provider.doors.protocol.faults import REASONS
from livlina.provider.doors.views.provider import page_of, paged
from livlina.registers.people import queries as people


@page("officer", "doors.log_of_person")
@require_safe
def of_person(request: Request, person_id: UUID) -> HttpResponse:
    """The log of a person's doors."""
    person = people.read(request.actor, person_id, now=request.now)
    number = page_of(request)
    rows = queries.log_of_person(request.actor, person, number)
    audit.read(request.actor, "doors.log_of_person", now=request.now, person_id=person.pk)
    header = people.header(request.actor, person, now=request.now, current="doors:person")
    context = {"person": person, "header": header, "reasons": REASONS}
    return render(request, "doors/officer_log.html", context | paged(rows, number))

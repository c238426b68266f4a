"""The provider's page of a person: who it is and how to reach them and theirs. Reached from an order."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from livlina.core.views import Request, page
from livlina.registers.people import queries


@page("provider", "people.read")
def person(request: Request, person_id: UUID) -> HttpResponse:
    """The person, as those who carry out the service need to know them."""
    found = queries.read(request.actor, person_id, now=request.now)
    context = {
        "person": found,
        "head": queries.header(request.actor, found, now=request.now, current="people_provider:person"),
        "contacts": queries.contacts(found),
        "relations": queries.relations(found),
    }
    return render(request, "people/provider_person.html", context)

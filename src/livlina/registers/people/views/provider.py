"""The provider's pages: a person (reached from an order), and who may open a protected one."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from livlina.core.views import Request, page
from livlina.registers.people import queries
from livlina.registers.people.views import few


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


protected, named_few, end_named = few.pages("provider", "people_provider")

"""People over the API: search and open, with the same record of who looked as on the pages."""

from datetime import date
from uuid import UUID

from ninja import Router, Schema

from livlina.core.views import Request, page
from livlina.registers.people import queries
from livlina.registers.people.models import Person

router = Router(tags=["people"])


class Wanted(Schema):
    """What to look for: parts of a name, a person number, or a case number."""

    text: str


class PersonOut(Schema):
    """A person as lists show them. The number is masked in no way: whoever may search may see it."""

    id: UUID
    name: str
    number: str | None
    birth_date: date | None


class FoundOut(Schema):
    """What a search gave; `suggestions` are spellings that would give more."""

    persons: list[PersonOut]
    more: bool
    suggestions: list[str]
    fault: str


@router.post("/persons/search", response=FoundOut)
@page("officer", "people.search")
def search(request: Request, wanted: Wanted) -> dict[str, object]:
    """Search by name, person number or case number (SFS 2001:637 15 §: by nothing else)."""
    found = queries.search(request.actor, wanted.text, request.now)
    suggestions = [] if found.hits or found.fault else queries.did_you_mean(request.actor, wanted.text)
    return {
        "persons": [_shown(person) for person in found.hits],
        "more": found.more,
        "suggestions": suggestions,
        "fault": found.fault,
    }


@router.get("/persons/{person_id}", response=PersonOut)
@page("staff", "people.read")
def person(request: Request, person_id: UUID) -> dict[str, object]:
    """Open one person. The reading is recorded."""
    return _shown(queries.read(request.actor, person_id, now=request.now))


def _shown(row: Person) -> dict[str, object]:
    number = getattr(row, "number", None)
    return {
        "id": row.pk,
        "name": row.name,
        "number": number.display() if number else None,
        "birth_date": row.birth_date,
    }

"""What a citizen can take part in without applying, and whom to turn to. Nobody's participation is shown here."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from livlina.authority.offers import queries
from livlina.core.views import Request, page

WORDS = ("name", "what", "target_group", "conditions", "contact")


@page("citizen", "offers.browse")
def listed(request: Request) -> HttpResponse:
    """Everything that is offered today, in the citizen's language as far as it has been written in it."""
    english = (get_language() or "sv").startswith("en")
    rows = []
    for version in queries.listed(request.actor, request.now):
        said = {}
        for name in WORDS:
            text = getattr(version, f"{name}_en") if english else ""
            said[name] = (text or getattr(version, name), "en" if text else "sv")
        rows.append(said)
    return render(request, "offers/citizen/list.html", {"rows": rows})

"""What the officer's pages have in common."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from livlina.authority.cases.actions import FactsWrong, StepRefused
from livlina.authority.cases.queries import CasePage, case_page
from livlina.core.views import Request

WRONG = (StepRefused, FactsWrong)


def opened(request: Request, case_id: UUID, *, verb: str = "cases.read", notes: bool = False) -> CasePage:
    """Open a case for this request, and record it. Raises Refused."""
    return case_page(request.actor, case_id, request.now, verb=verb, notes=notes)


def shown(
    request: HttpRequest, template: str, page: CasePage, *, status: int = 200, **context: Any
) -> HttpResponse:
    """Show a page under the person's header, which never leaves."""
    return render(
        request,
        f"cases/officer/{template}.html",
        {"page": page, "header": page.header, **context},
        status=status,
    )


def to_case(request: HttpRequest, case_id: UUID, words: str) -> HttpResponse:
    """Go back to the case and say what was done."""
    messages.success(request, words)
    return HttpResponseRedirect(reverse("cases:case", args=[case_id]))


def sentences(wrong: Exception) -> list[str]:
    """The reasons of a refusal, one sentence each."""
    if isinstance(wrong, StepRefused):
        return list(wrong.reasons)
    return list(wrong.errors.values()) if isinstance(wrong, FactsWrong) else [str(wrong)]

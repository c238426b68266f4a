"""What the officer's pages have in common."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from livlina.authority.aid.actions import AidRefused, BankAnswerWrong
from livlina.authority.aid.models import MonthApplication
from livlina.authority.cases.actions import FactsWrong, StepRefused
from livlina.registers.people.queries import PersonHeader, header

WRONG = (AidRefused, BankAnswerWrong, StepRefused, FactsWrong)


def sentences(wrong: Exception) -> list[str]:
    """The reasons of a refusal, one sentence each."""
    if isinstance(wrong, StepRefused):
        return list(wrong.reasons)
    return list(wrong.errors.values()) if isinstance(wrong, FactsWrong) else [str(wrong)]


def shown(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """Show a page of the room."""
    return render(request, f"aid/officer/{template}.html", context, status=status)


def said(request: HttpRequest, words: str, to: str, *args: Any) -> HttpResponse:
    """Say what was done, and go on."""
    messages.success(request, words)
    return HttpResponseRedirect(reverse(to, args=args))


def refused(request: HttpRequest, wrong: Exception, to: str, *args: Any) -> HttpResponse:
    """Say why it was not done, where one was."""
    for sentence in sentences(wrong):
        messages.error(request, sentence)
    return HttpResponseRedirect(reverse(to, args=args))


def person_header(request: Any, month: MonthApplication) -> PersonHeader:
    """The person's header, which never leaves."""
    return header(request.actor, month.case.person, now=request.now, current="aid:person")

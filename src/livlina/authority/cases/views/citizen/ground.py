"""What all the citizen's pages stand on: whom the e-service serves, and for whom one acts."""

import functools
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateformat import format as format_date

from livlina.authority.cases.actions import NoUnit
from livlina.authority.cases.engine.catalogue import NoSuchProcess
from livlina.authority.cases.queries import applying
from livlina.core.clock import local
from livlina.core.views import Request
from livlina.registers.people.models import Person

View = Callable[..., HttpResponse]


class Asking(Request):
    """A request of a citizen whom the e-service serves. For type checkers only."""

    me: Person


def served(view: View) -> View:
    """Show the same page to those the e-service does not serve as to anyone whom it fails: it says nothing of why."""

    @functools.wraps(view)
    def checked(request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        asking = cast(Asking, request)
        me = applying.served(asking.actor)
        if me is None:
            return contact(request)
        asking.me = me
        try:
            return view(request, *args, **options)
        except (NoUnit, NoSuchProcess):
            return contact(request)

    return checked


def contact(request: HttpRequest) -> HttpResponse:
    """Ask the citizen to turn to us another way. Nothing of the request is kept (the answer is 503)."""
    return render(request, "cases/citizen/contact.html", status=503)


def spoken(moment: date | datetime) -> str:
    """Return a day as it is said: 2 mars 2026, or 2 March 2026."""
    day = local(moment).date() if isinstance(moment, datetime) else moment
    return str(format_date(day, "j F Y"))

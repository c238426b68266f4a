"""What several pages of visits do the same way."""

from collections.abc import Callable
from datetime import date, datetime, time
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse

from livlina.core.access import fetch
from livlina.core.clock import day_of
from livlina.core.views import Request
from livlina.provider.homecare.actions.roster import RosterRefused
from livlina.provider.homecare.actions.series import SeriesRefused
from livlina.provider.homecare.actions.visits import VisitRefused
from livlina.provider.homecare.clockwork import moment
from livlina.provider.homecare.models import Visit
from livlina.provider.homecare.queries.day import with_carers

REFUSALS: tuple[type[Exception], ...] = (VisitRefused, RosterRefused, SeriesRefused)


def attempt(request: Request, do: Callable[[], object], words: str) -> bool:
    """Do it and say so; what stands in the way is said in words instead. Return whether it was done."""
    try:
        do()
    except REFUSALS as stands_in_the_way:
        messages.warning(request, str(stands_in_the_way))
        return False
    messages.success(request, words)
    return True


def day_asked(request: Request, name: str = "day") -> date:
    """Return the day the address asks for (of a month its first), or today."""
    given = request.GET.get(name, "") or request.POST.get(name, "")
    try:
        return date.fromisoformat(f"{given}-01" if len(given) == 7 else given)
    except ValueError:
        return day_of(request.now)


def uuid_or_none(text: str) -> UUID | None:
    """Return the id a text is, or None."""
    try:
        return UUID(text)
    except ValueError:
        return None


def at_clock(on: date, clock: time) -> datetime:
    """Return the moment a form's day and clock mean."""
    return moment(on, clock)


def visit_of(request: Request, pk: UUID, verb: str = "homecare.day") -> Visit:
    """Return the visit, with person and `goers`, if the actor may see it. Raises Refused."""
    return fetch(request.actor, verb, with_carers(Visit.objects.select_related("order")), pk=pk)


def board_at(day: date, visit: UUID | None = None) -> str:
    """Return the address of the board of a day, at a visit."""
    mark = f"#v-{visit}" if visit else ""
    return f"{reverse('homecare_provider:board')}?day={day.isoformat()}{mark}"


def wrote_wrong(request: HttpRequest, form: object) -> None:
    """Say the first fault of a small form that is not shown again."""
    faults = [str(fault) for many in form.errors.values() for fault in many]  # type: ignore[attr-defined]
    messages.warning(request, faults[0] if faults else "Försök igen.")

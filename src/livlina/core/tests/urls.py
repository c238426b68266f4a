"""A few routes that exist only for the ground's own tests."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path

from livlina.core.access import Refused
from livlina.core.models import Unit
from livlina.core.views import page


@page("staff", None)
def whoami(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{request.actor.name}, {request.actor.unit_name}")


@page("staff", None)
def writes_then_breaks(request: HttpRequest) -> HttpResponse:
    Unit.objects.create(municipality_id=request.actor.municipality_id, name="Halvfärdig", side="authority")
    raise ValueError("broken on purpose")


@page("staff", None)
def writes_then_is_refused(request: HttpRequest) -> HttpResponse:
    Unit.objects.create(municipality_id=request.actor.municipality_id, name="Nekad", side="authority")
    raise Refused("unit.make")


@page("staff", None, once=True)
def make_unit(request: HttpRequest) -> HttpResponse:
    name = request.POST["name"]
    if not name:
        return HttpResponse("Skriv ett namn.", status=422)
    unit = Unit.objects.create(municipality_id=request.actor.municipality_id, name=name, side="authority")
    return HttpResponseRedirect(f"/unit/{unit.pk}")


CUTS: list[str] = []
"""Where the next attempts at `cut_off` lose their connection: before the deed, after it, or in the commit."""
READ: list[bytes] = []


@page("staff", None, once=True)
def cut_off(request: HttpRequest) -> HttpResponse:
    """Make a unit, unless the connection is cut; the file that comes with it is read."""
    where = CUTS.pop(0) if CUTS else ""
    if "letter" in request.FILES:
        READ.append(request.FILES["letter"].read())
    request.session["seen"] = request.session.get("seen", 0) + 1
    if where == "before":
        _cut()
    unit = Unit.objects.create(
        municipality_id=request.actor.municipality_id, name=request.POST["name"], side="authority"
    )
    if where == "after":
        _cut()
    if where == "commit":
        _cut_in_commit()
    return HttpResponseRedirect(f"/unit/{unit.pk}")


def _cut() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")


def _cut_in_commit() -> None:
    """The commit happens, and its answer is lost."""
    real, wrapper = connection.commit, connection

    def commit() -> None:
        del wrapper.commit
        real()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    wrapper.commit = commit  # type: ignore[method-assign]


urlpatterns = [
    path("whoami", whoami),
    path("break", writes_then_breaks),
    path("refuse", writes_then_is_refused),
    path("unit", make_unit),
    path("cut", cut_off),
]

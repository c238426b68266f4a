"""A few routes that exist only for the ground's own tests."""

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


urlpatterns = [
    path("whoami", whoami),
    path("break", writes_then_breaks),
    path("refuse", writes_then_is_refused),
    path("unit", make_unit),
]

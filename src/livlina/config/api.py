"""The JSON API, version 1: each room brings a router in `views/api.py`; faults are told as RFC 9457 says.

It rests on the same session, the same verbs and the same row-level context as the pages. Person numbers are
asked for in a body, never in an address.
"""

from http import HTTPStatus
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import APIKeyCookie

from livlina.core.access import Actor, Refused


class Session(APIKeyCookie):
    """Staff, by the session of the browser; writing needs the CSRF token beside it."""

    param_name = settings.SESSION_COOKIE_NAME

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        """Return the actor `core.middleware` found, if a member of staff."""
        actor: Actor | None = request.actor  # type: ignore[attr-defined]
        return actor if actor and actor.kind == "staff" else None


api = NinjaAPI(
    title="Livlina",
    version="1",
    urls_namespace="api",
    auth=Session(),
    docs_url=None,
    description="Social services of one municipality. All times are RFC 3339 with zone; identifiers are opaque UUIDs.",
)


def problem(request: HttpRequest, status: int, detail: str, **members: Any) -> HttpResponse:
    """Answer with `application/problem+json`; what the transaction wrote is rolled back."""
    request.failed = True  # type: ignore[attr-defined]
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return JsonResponse(body | members, status=status, content_type="application/problem+json")


@api.exception_handler(Refused)
def refused(request: HttpRequest, fault: Refused) -> HttpResponse:
    """What one may not see does not exist."""
    request.refused = fault  # type: ignore[attr-defined]
    return problem(request, 404, "There is nothing here, or it is not for you.")


@api.exception_handler(Http404)
def missing(request: HttpRequest, fault: Http404) -> HttpResponse:
    """The same words as for a refusal."""
    return problem(request, 404, "There is nothing here, or it is not for you.")


@api.exception_handler(AuthenticationError)
def not_signed_in(request: HttpRequest, fault: AuthenticationError) -> HttpResponse:
    """No session, or one that has ended."""
    return problem(request, 401, "Sign in first.")


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, fault: ValidationError) -> HttpResponse:
    """Name each parameter that is wrong, without repeating its value: it may be a person number."""
    faults = [{"name": ".".join(map(str, error["loc"])), "reason": error["msg"]} for error in fault.errors]
    return problem(
        request, 422, "Some of what was sent could not be understood.", **{"invalid-parameters": faults}
    )


@api.exception_handler(HttpError)
def told(request: HttpRequest, fault: HttpError) -> HttpResponse:
    """A fault the view has words for."""
    return problem(request, fault.status_code, str(fault))


for _room in settings.ROOMS:
    _views = find_spec(f"{_room}.views")
    if _views and _views.submodule_search_locations and find_spec(f"{_room}.views.api"):
        api.add_router("", __import__(f"{_room}.views.api", fromlist=["router"]).router)

"""The person's own choices of look, the error pages, and the gallery of components."""

import secrets

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from livlina.core.ui.gallery import GalleryForm, gallery_context
from livlina.core.ui.templatetags.ui import SCHEMES
from livlina.core.views import page

log = structlog.get_logger(__name__)
YEAR = 365 * 24 * 3600  # seconds


@page("public", None)
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep the choice of colours and keys in two cookies, and go back to where the person was."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        back = "/"
    answer = HttpResponseRedirect(back)
    scheme, keys = request.POST.get("scheme"), request.POST.get("keys")
    for name, value, choices in (("livlina_scheme", scheme, SCHEMES), ("livlina_keys", keys, ("on", "off"))):
        if value is not None and value in choices:
            answer.set_cookie(
                name, value, max_age=YEAR, httponly=True, secure=request.is_secure(), samesite="Lax"
            )
    return answer


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the browser sent something that could not be read."""
    return HttpResponse(render_to_string("400.html"), status=400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the page had lain too long, or the form came from elsewhere; what was typed is in the browser."""
    return HttpResponse(render_to_string("403_csrf.html"), status=403)


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: no such page, or not yours; the two are not told apart."""
    return render(request, "404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """500: rendered without the database, the session and the context processors.

    The error has a name, in the log, on the page and (for an hour) in the browser: a question to the support carries it.
    """
    error_id = secrets.token_hex(4)
    route = getattr(request.resolver_match, "view_name", "") or ""
    log.error("error_shown", error_id=error_id, route=route)
    answer = HttpResponse(render_to_string("500.html", {"error_id": error_id}), status=500)
    answer.set_cookie(
        "livlina_error", error_id, max_age=3600, httponly=True, secure=request.is_secure(), samesite="Lax"
    )
    return answer


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: the database is away. Rendered without it; browsers may try again after 30 seconds."""
    return HttpResponse(
        render_to_string("503.html", {"status_origin": settings.STATUS_ORIGIN}),
        status=503,
        headers={"Retry-After": "30"},
    )


@page("public", None)
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component with invented content; mounted in demo and tests only. `?layout=` picks the layout."""
    if request.headers.get("HX-Request"):
        return HttpResponse(GalleryForm(request.POST, auto_id="again_%s").render(), status=422)
    layout = request.GET.get("layout", "officer")
    if layout not in ("officer", "citizen", "provider", "plain"):
        layout = "officer"
    return render(request, "ui/gallery.html", gallery_context(request, layout))

"""Notes that a session is in use, so that its owner can tell it from a forgotten one."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from livlina.across.portal.sessions import note_use


def session_use(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Note use of a session that someone is signed in to. Stands below `core.middleware.Enter`."""

    def handle(request: HttpRequest) -> HttpResponse:
        if getattr(request, "actor", None) is not None:
            note_use(request)
        return get_response(request)

    return handle

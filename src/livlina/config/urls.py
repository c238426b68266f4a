"""One prefix per audience. Each room brings its own routes; this file only says where they hang."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from livlina.config.api import api

AUDIENCES = ("officer", "provider", "citizen", "operations", "public")


def room_routes(audience: str) -> list[URLPattern | URLResolver]:
    """Return the routes each room declares for `audience`: `<room>/urls.py` holds a list of that name."""
    routes: list[URLPattern | URLResolver] = []
    for room in settings.ROOMS:
        if find_spec(f"{room}.urls") is None:
            continue
        module = __import__(f"{room}.urls", fromlist=["app_name"])
        patterns = getattr(module, audience, None)
        if patterns:
            name = room.rpartition(".")[2]
            namespace = name if audience == "officer" else f"{name}_{audience}"
            routes.append(path("", include((patterns, namespace), namespace=namespace)))
    return routes


urlpatterns: list[URLPattern | URLResolver] = [
    *(path(f"{audience}/", include(room_routes(audience))) for audience in AUDIENCES if audience != "public"),
    path("", include(room_routes("public"))),
    path("account/", include("livlina.across.portal.account_urls")),
    path("api/v1/", api.urls),
    path("ui/", include("livlina.core.ui.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
]
if settings.DEMO or settings.TEST:
    from livlina.core.ui.views import gallery

    urlpatterns.append(path("ui/gallery", gallery))

handler400 = "livlina.core.ui.views.bad_request"
handler403 = "livlina.core.ui.views.missing"
handler404 = "livlina.core.ui.views.missing"
handler500 = "livlina.core.ui.views.broken"

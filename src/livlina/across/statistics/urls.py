"""The room's routes: the same pages for both sides of the wall, each side its own files."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from livlina.across.statistics.views import deliveries, figures
from livlina.core.views import page

READ, WRITE = "statistics.deliveries", "statistics.deliver"


def _view(side: str, verb: str, made: Callable[..., HttpResponse], *, once: bool = False) -> Any:
    """One page of one side."""

    def view(request: Any, **names: Any) -> HttpResponse:
        return made(request, side, **names)

    view.__name__, view.__doc__, view.__module__ = made.__name__, made.__doc__, made.__module__
    shown = page(side, verb, once=once)(view)
    if not once:
        return shown
    posted = require_POST(shown)
    posted.permission = shown.permission  # type: ignore[attr-defined]
    return posted


def _files(side: str) -> list[URLPattern]:
    see, do = partial(_view, side, READ), partial(_view, side, WRITE, once=True)
    return [
        path("statistics/files", see(deliveries.listed), name="files"),
        path("statistics/files/due/<uuid:key>", see(deliveries.due), name="due"),
        path("statistics/files/<slug:name>", see(deliveries.flow), name="flow"),
        path("statistics/files/<slug:name>/made", see(deliveries.made), name="made"),
        path("statistics/files/<slug:name>/make", do(deliveries.make), name="make"),
        path("statistics/deliveries/<uuid:key>", see(deliveries.delivery), name="delivery"),
        path("statistics/deliveries/<uuid:key>/check", do(deliveries.check), name="check"),
        path("statistics/deliveries/<uuid:key>/sent", do(deliveries.sent), name="sent"),
        path("statistics/deliveries/<uuid:key>/settle", do(deliveries.settle), name="settle"),
        path("statistics/deliveries/<uuid:key>/order", do(deliveries.order), name="order"),
        path(
            "statistics/deliveries/<uuid:key>/file.txt",
            _view(side, WRITE, deliveries.content),
            name="content",
        ),
    ]


def _figures(side: str) -> list[URLPattern]:
    see = partial(_view, side, "statistics.figures")
    return [
        path("statistics/figures", see(figures.board), name="figures"),
        path("statistics/figures.csv", see(figures.as_csv), name="figures_csv"),
    ]


officer = [*_files("officer"), *_figures("officer")]
provider = [*_files("provider"), *_figures("provider")]
operations = [path("statistics", figures.system, name="figures")]
public = [
    path("open-data/<slug:slug>/catalogue.jsonld", figures.catalogue, name="catalogue"),
    path("open-data/<slug:slug>/<slug:code>.csv", figures.dataset, name="dataset"),
]

"""The dashboards, their table as a file, and the open data."""

import csv
import io
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.module_loading import import_string

from livlina.across.statistics.measures import BY_CODE, MEASURES, Measure
from livlina.across.statistics.models import Figure
from livlina.across.statistics.queries import figures as queries
from livlina.core import tenancy
from livlina.core.access import may
from livlina.core.clock import day_of
from livlina.core.models import Municipality
from livlina.core.views import Request, page

OPEN = "https://creativecommons.org/publicdomain/zero/1.0/"
TOLD = 30
"""Days of the system's own share of time."""


def board(request: Request, side: str) -> HttpResponse:
    """One side's dashboard."""
    ns = "statistics" if side == "officer" else f"statistics_{side}"
    context = {
        "title": "Nyckeltal",
        "layout_page": f"ui/{side}.html",
        "board": queries.board(request.actor, side, day_of(request.now)),
        "csv": reverse(f"{ns}:figures_csv"),
    }
    return render(request, "statistics/board.html", context)


def as_csv(request: Request, side: str) -> HttpResponse:
    """The same figures as a file, small numbers told as such."""
    rows = queries.scope(request.actor, day_of(request.now).replace(month=1, day=1))
    codes = {one.code for one in MEASURES if side in one.sides}
    return _csv(queries.table(row for row in rows if row.code in codes), "nyckeltal.csv")


@page("operations", "statistics.operations")
def system(request: Request) -> HttpResponse:
    """How large a share of the time each function worked, and the drills; and the figures, for those who see any."""
    today, board = day_of(request.now), queries.Board(None, None, [])
    if may(request.actor, "statistics.figures"):
        board = queries.board(request.actor, "operations", today)
    proved = [import_string(name)(request.actor, request.now) for name in settings.PROVED]
    context = {
        "title": "Systemet i siffror", "layout_page": "ui/officer.html", "board": board, "operations": True, "days": TOLD,
        "worked": queries.worked(TOLD, today), "proved": [part for part in proved if part],
    }  # fmt: skip
    return render(request, "statistics/board.html", context)


@page("public", None)
def catalogue(request: HttpRequest, slug: str) -> HttpResponse:
    """The open data's catalogue, as DCAT-AP-SE in JSON-LD."""
    town = _town(slug)

    def url(name: str, *args: str) -> str:
        return request.build_absolute_uri(reverse(f"statistics_public:{name}", args=[slug, *args]))

    own = url("catalogue")
    publisher = {"@id": f"{own}#publisher", "@type": "foaf:Agent", "foaf:name": town.name}
    sets = [_set(one, own, url("dataset", one.code)) for one in MEASURES if one.public]
    said: dict[str, Any] = {
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#", "dcterms": "http://purl.org/dc/terms/", "foaf": "http://xmlns.com/foaf/0.1/",
        },
        "@graph": [
            {
                "@id": own, "@type": "dcat:Catalog",
                "dcterms:title": {"@language": "sv", "@value": f"Öppna data från socialtjänsten i {town.name}"},
                "dcterms:description": {"@language": "sv", "@value": "Nyckeltal utan personer."},
                "dcterms:publisher": {"@id": publisher["@id"]}, "dcterms:license": {"@id": OPEN},
                "dcat:dataset": [{"@id": one["@id"]} for one in sets],
            },
            publisher,
            *sets,
        ],
    }  # fmt: skip
    return JsonResponse(said, content_type="application/ld+json", json_dumps_params={"ensure_ascii": False})


def _set(one: Measure, own: str, at: str) -> dict[str, Any]:
    """One measure as a dataset of the catalogue `own`, its file found `at` an address."""
    return {
        "@id": f"{own}#{one.code}", "@type": "dcat:Dataset",
        "dcterms:title": {"@language": "sv", "@value": one.words},
        "dcterms:description": {"@language": "sv", "@value": f"{one.words}. Mått: {one.of}. Färre än fem visas inte."},
        "dcterms:publisher": {"@id": f"{own}#publisher"},
        "dcterms:accrualPeriodicity": {"@id": "http://publications.europa.eu/resource/authority/frequency/DAILY"},
        "dcat:theme": {"@id": "http://publications.europa.eu/resource/authority/data-theme/SOCI"},
        "dcat:distribution": {
            "@id": f"{own}#{one.code}-csv", "@type": "dcat:Distribution", "dcat:accessURL": {"@id": at},
            "dcterms:format": "text/csv", "dcterms:license": {"@id": OPEN},
        },
    }  # fmt: skip


@page("public", None)
def dataset(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """One measure of the branches as a whole, day by day. Small numbers are told as such."""
    town, one = _town(slug), BY_CODE.get(code)
    if one is None or not one.public:
        raise Http404
    with tenancy.acting(town.pk, settings.COMPARTMENTS):
        rows = list(
            Figure.objects.filter(municipality=town, code=code, unit=None).order_by(
                "day", "compartment", "part"
            )
        )
        return _csv(queries.table(rows), f"{code}.csv")


def _town(slug: str) -> Municipality:
    found = Municipality.objects.filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def _csv(rows: list[list[str]], name: str) -> HttpResponse:
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows(rows)
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer

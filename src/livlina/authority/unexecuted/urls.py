"""Where the pages hang."""

from django.urls import path

from livlina.authority.unexecuted.views import officer as pages

officer = [
    path("unexecuted", pages.listed, name="list"),
    path("unexecuted/due/<uuid:key>", pages.due, name="due"),
    path("unexecuted/clocks/<uuid:clock_id>", pages.explain, name="explain"),
    path("unexecuted/<str:quarter>/settle", pages.settle, name="settle"),
    path("unexecuted/<str:quarter>/report", pages.report, name="report"),
    path("unexecuted/<str:quarter>/report/<slug:reader>.csv", pages.as_csv, name="csv"),
]

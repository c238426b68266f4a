"""Where the pages hang, per audience."""

from types import ModuleType

from django.urls import URLPattern, path

from livlina.registers.watches.views import officer as officer_views
from livlina.registers.watches.views import provider as provider_views
from livlina.registers.watches.views import substitutes


def _common(views: ModuleType) -> list[URLPattern]:
    return [
        path("watches", views.watch_list, name="list"),
        path("watches/fragment", views.fragment, name="fragment"),
        path("watches/<uuid:pk>", views.watch, name="watch"),
        path("watches/<uuid:pk>/done", views.done, name="done"),
        path("watches/<uuid:pk>/snooze", views.snooze, name="snooze"),
        path("watches/<uuid:pk>/ignore", views.ignore, name="ignore"),
        path("watches/<uuid:pk>/hand-over", views.hand_over, name="hand_over"),
    ]


officer = [
    *_common(officer_views),
    path("watches/statistics", officer_views.statistics, name="statistics"),
    path("watches/substitutes", substitutes.substitute_list, name="substitutes"),
    path("watches/substitutes/<uuid:pk>/end", substitutes.end_substitute, name="end_substitute"),
]
provider = _common(provider_views)

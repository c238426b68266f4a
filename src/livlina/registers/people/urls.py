"""Where the pages hang, per audience. A person is an opaque id, never a number."""

from types import ModuleType

from django.urls import URLPattern, path

from livlina.registers.people.views import officer as officer_views
from livlina.registers.people.views import provider as provider_views

ONE = "people/<uuid:person_id>"


def few(views: ModuleType) -> list[URLPattern]:
    """The pages on which a manager of that audience picks who may open a protected person."""
    return [
        path("people/protected", views.protected, name="protected"),
        path(f"{ONE}/named-few", views.named_few, name="named_few"),
        path(f"{ONE}/named-few/<uuid:row_id>/end", views.end_named, name="end_named"),
    ]


officer = [
    path("people/search", officer_views.search, name="search"),
    path("people/register", officer_views.register, name="register"),
    path(ONE, officer_views.person, name="person"),
    path(f"{ONE}/address", officer_views.address, name="address"),
    *(path(f"{ONE}/{slug}", view, name=slug) for slug, view in officer_views.changes.items()),
    path(f"{ONE}/contacts/<uuid:row_id>/end", officer_views.end_contact, name="end_contact"),
    path(f"{ONE}/relations/<uuid:row_id>/end", officer_views.end_relation, name="end_relation"),
    path(f"{ONE}/mandates/<uuid:row_id>/end", officer_views.end_mandate, name="end_mandate"),
    path(f"{ONE}/same/end", officer_views.end_same, name="end_same"),
    *few(officer_views),
]
provider = [path(ONE, provider_views.person, name="person"), *few(provider_views)]

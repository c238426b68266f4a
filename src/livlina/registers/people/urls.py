"""Where the pages hang, per audience. A person is an opaque id, never a number."""

from django.urls import path

from livlina.registers.people.views import officer as views
from livlina.registers.people.views import provider as provider_views

ONE = "people/<uuid:person_id>"

officer = [
    path("people/search", views.search, name="search"),
    path("people/register", views.register, name="register"),
    path("people/protected", views.protected, name="protected"),
    path(ONE, views.person, name="person"),
    path(f"{ONE}/address", views.address, name="address"),
    *(path(f"{ONE}/{slug}", view, name=slug) for slug, view in views.changes.items()),
    path(f"{ONE}/contacts/<uuid:row_id>/end", views.end_contact, name="end_contact"),
    path(f"{ONE}/relations/<uuid:row_id>/end", views.end_relation, name="end_relation"),
    path(f"{ONE}/mandates/<uuid:row_id>/end", views.end_mandate, name="end_mandate"),
    path(f"{ONE}/named-few", views.named_few, name="named_few"),
    path(f"{ONE}/named-few/<uuid:row_id>/end", views.end_named, name="end_named"),
]
provider = [path(ONE, provider_views.person, name="person")]

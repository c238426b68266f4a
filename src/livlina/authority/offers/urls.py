"""Where the pages hang. Offers, people and participations are opaque ids."""

from django.urls import path

from livlina.authority.offers.views import citizen as theirs
from livlina.authority.offers.views import officer as views

officer = [
    path("offers", views.offers, name="list"),
    path("offers/new", views.new, name="new"),
    path("offers/person/<uuid:person_id>", views.person, name="person"),
    path("offers/participations/<uuid:participation_id>", views.participation, name="participation"),
    path("offers/<uuid:offer_id>", views.offer, name="offer"),
    path("offers/<uuid:offer_id>/change", views.change, name="change"),
    path("offers/<uuid:offer_id>/close", views.close, name="close"),
    path("offers/<uuid:offer_id>/count", views.count, name="count"),
    path("offers/<uuid:offer_id>/concern", views.concern, name="concern"),
]

citizen = [path("offers/", theirs.listed, name="list")]

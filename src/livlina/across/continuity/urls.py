"""Where the room's pages hang, per audience."""

from django.urls import path

from livlina.across.continuity.views import packs

provider = [
    path("packs", packs.pack, name="packs"),
    path("packs/code", packs.code, name="pack_code"),
    path("packs/paper", packs.paper, name="pack_paper"),
    path("packs/sealed", packs.sealed, name="pack_sealed"),
    path("packs/<uuid:pk>", packs.pack, name="pack"),
]

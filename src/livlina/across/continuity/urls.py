"""Where the room's pages hang, per audience."""

from django.urls import path

from livlina.across.continuity.views import packs, reserves

operations = [
    path("continuity/", reserves.operations, name="reserves"),
    path("continuity/drills/<uuid:pk>", reserves.operations_drill, name="drill"),
    path("continuity/drills/<uuid:pk>/sign", reserves.sign, name="sign_drill"),
]
officer = [
    path("continuity/", reserves.officer, name="reserves"),
    path("continuity/drills/<uuid:pk>", reserves.officer_drill, name="drill"),
]
provider = [
    path("continuity/", reserves.provider, name="reserves"),
    path("continuity/drills/<uuid:pk>", reserves.provider_drill, name="drill"),
    path("packs", packs.pack, name="packs"),
    path("packs/code", packs.code, name="pack_code"),
    path("packs/paper", packs.paper, name="pack_paper"),
    path("packs/sealed", packs.sealed, name="pack_sealed"),
    path("packs/<uuid:pk>", packs.pack, name="pack"),
]

"""The journal's addresses, by audience. They hold opaque ids only."""

from django.urls import path

from livlina.registers.journal.views import officer as officer_views
from livlina.registers.journal.views import operations as operations_views
from livlina.registers.journal.views import proof as proof_views
from livlina.registers.journal.views import provider as provider_views

officer = [
    path("journal/person/<uuid:person_id>", officer_views.person, name="person"),
    path("journal/person/<uuid:person_id>/open", officer_views.open_file, name="open"),
    path("journal/files/<uuid:file_id>", officer_views.file, name="file"),
    path("journal/files/<uuid:file_id>/search", officer_views.search, name="search"),
    path("journal/files/<uuid:file_id>/check", officer_views.check, name="check"),
    path("journal/person/<uuid:person_id>/emergency", officer_views.emergency, name="emergency"),
    path("journal/files/<uuid:file_id>/write", officer_views.write, name="write"),
    path("journal/files/<uuid:file_id>/draft", officer_views.draft, name="draft"),
    path("journal/files/<uuid:file_id>/draft/discard", officer_views.discard, name="discard"),
    path("journal/notes/<uuid:note_id>/correct", officer_views.correct, name="correct"),
    path("journal/notes/<uuid:note_id>/dissent", officer_views.dissent, name="dissent"),
    path("journal/notes/<uuid:note_id>/move", officer_views.move, name="move"),
    path("journal/notes/<uuid:note_id>/unseal", officer_views.unseal, name="unseal"),
]
provider = [
    path("journal/person/<uuid:person_id>", provider_views.person, name="person"),
    path("journal/person/<uuid:person_id>/open", provider_views.open_file, name="open"),
    path("journal/files/<uuid:file_id>", provider_views.file, name="file"),
    path("journal/files/<uuid:file_id>/search", provider_views.search, name="search"),
    path("journal/files/<uuid:file_id>/check", provider_views.check, name="check"),
    path("journal/person/<uuid:person_id>/emergency", provider_views.emergency, name="emergency"),
    path("journal/files/<uuid:file_id>/write", provider_views.write, name="write"),
    path("journal/files/<uuid:file_id>/draft", provider_views.draft, name="draft"),
    path("journal/files/<uuid:file_id>/draft/discard", provider_views.discard, name="discard"),
    path("journal/notes/<uuid:note_id>/correct", provider_views.correct, name="correct"),
    path("journal/notes/<uuid:note_id>/dissent", provider_views.dissent, name="dissent"),
    path("journal/notes/<uuid:note_id>/move", provider_views.move, name="move"),
    path("journal/notes/<uuid:note_id>/sign", provider_views.sign, name="sign"),
    path("journal/notes/<uuid:note_id>/unseal", provider_views.unseal, name="unseal"),
]
operations = [
    path("journal/notes/<uuid:note_id>/move", operations_views.move, name="move"),
    path("journal/moved", operations_views.moved, name="moved"),
]
public = [
    path("proof/", proof_views.proof, name="proof"),
    path("proof/kontrollera-bevis.html", proof_views.proof_alone, name="proof_alone"),
]

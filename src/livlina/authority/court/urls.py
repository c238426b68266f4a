"""Where the pages hang. A case, a clock, a submission and a proof are opaque ids."""

from django.urls import path

from livlina.authority.court.views import board
from livlina.authority.court.views import officer as views

ONE = "court/submissions/<uuid:submission_id>"

officer = [
    path("court", views.clocks, name="list"),
    path("court/piece", views.piece, name="piece"),
    path("court/clocks/<uuid:deadline_id>", views.clock, name="clock"),
    path(ONE, views.submission, name="submission"),
    path(f"{ONE}/send", views.send, name="send"),
    path(f"{ONE}/prove", views.prove, name="prove"),
    path(f"{ONE}/take", views.take, name="take"),
    path("court/proofs/<uuid:proof_id>", views.proof, name="proof"),
    path("court/reports", board.reports, name="reports"),
    path("court/reports/<uuid:decision_id>", board.reported, name="reported"),
    path("court/reports/<uuid:decision_id>/report", board.report, name="report"),
    path("court/cases/<uuid:case_id>", board.case, name="case"),
    path("court/cases/<uuid:case_id>/decide", board.decide, name="decide"),
    path("court/cases/<uuid:case_id>/steps/<slug:name>", board.step, name="step"),
    path("court/cases/<uuid:case_id>/ask-chair", board.ask_chair, name="ask_chair"),
    path("court/cases/<uuid:case_id>/hearing", board.hearing, name="hearing"),
    path("court/cases/<uuid:case_id>/begin/<slug:step>", views.begin, name="begin"),
    path("court/hearings/<uuid:hearing_id>/cancel", board.cancel_hearing, name="cancel_hearing"),
    path("court/person/<uuid:person_id>", board.person, name="person"),
]

"""Where the pages hang, per audience. A case, a decision and a letter are opaque ids."""

from django.urls import path

from livlina.authority.cases.views.citizen import appeal, apply, follow
from livlina.authority.cases.views.officer import (
    appeals,
    begin,
    board,
    case,
    changing,
    closing,
    copies,
    decisions,
    desk,
    lists,
    parties,
    reports,
    steps,
    versions,
)
from livlina.authority.cases.views.operations import workshop
from livlina.authority.cases.views.public import reports as anyone

ONE = "cases/<uuid:case_id>"

officer = [
    path("cases", lists.worklist, name="list"),
    path("cases/piece", lists.worklist_piece, name="worklist_piece"),
    path("cases/find", lists.find, name="find"),
    path("cases/reports", reports.waiting, name="reports"),
    path("cases/reports/new", reports.new, name="report_new"),
    path("cases/reports/<uuid:report_id>", reports.report, name="report"),
    path("cases/default", lists.save_worklist, name="save_worklist"),
    path("cases/desks", desk.desks, name="desks"),
    path("cases/desks/<int:user_id>", desk.desk, name="desk"),
    path("cases/delegation", lists.delegation_list, name="delegation_list"),
    path("cases/board", board.matters, name="board"),
    path("cases/board/change", board.by_number, name="board_change"),
    path("cases/board/list.pdf", board.matters_pdf, name="board_pdf"),
    path("cases/delegation/rules", board.rules, name="delegation_rules"),
    path("cases/delegation/rules/<uuid:rule_id>/end", board.end_rule, name="end_delegation_rule"),
    path("cases/intake", board.intake, name="intake"),
    path("cases/intake/<slug:code>", board.intake_of, name="intake_of"),
    path("cases/person/<uuid:person_id>/begin", begin.begin, name="begin"),
    path("cases/person/<uuid:person_id>", lists.person, name="person"),
    path("cases/person/<uuid:person_id>/register", lists.register, name="register"),
    path("cases/registered/<uuid:application_id>", lists.registered, name="registered"),
    path("cases/deadlines/<uuid:deadline_id>", lists.deadline, name="deadline"),
    path("cases/letters/<uuid:document_id>", case.letter, name="letter"),
    path("cases/letters/<uuid:document_id>/more", copies.copy_letter, name="copy_letter"),
    path("cases/letters/<uuid:document_id>/sent", case.letter_sent, name="letter_sent"),
    path("cases/decisions/<uuid:decision_id>/service", decisions.service, name="service"),
    path("cases/decisions/<uuid:decision_id>/change", changing.change, name="change"),
    path("cases/decisions/<uuid:decision_id>/correct", changing.correct, name="correct"),
    path("cases/decisions/<uuid:decision_id>/appeal", decisions.appeal, name="receive_appeal"),
    path("cases/appeals/<uuid:appeal_id>", appeals.appeal, name="appeal"),
    path("cases/appeals/<uuid:appeal_id>/<slug:name>", appeals.act, name="appeal_act"),
    path(ONE, case.case, name="case"),
    path(f"{ONE}/timeline", case.timeline, name="timeline"),
    path(f"{ONE}/report", reports.of_case, name="case_report"),
    path(f"{ONE}/version", versions.move, name="move_version"),
    path(f"{ONE}/assign", case.assign, name="assign"),
    path(f"{ONE}/parties", parties.parties, name="parties"),
    path(f"{ONE}/parties/<uuid:party_id>/end", parties.end, name="end_party"),
    path(f"{ONE}/disclose", parties.disclose, name="disclose"),
    path(f"{ONE}/investigation", steps.investigation, name="investigation"),
    path(f"{ONE}/investigation/draft", steps.save_draft, name="draft"),
    path(f"{ONE}/communication/waive", steps.waive, name="waive"),
    path(f"{ONE}/board", board.refer, name="refer"),
    path(f"{ONE}/interim", changing.interim, name="interim"),
    path(f"{ONE}/request", changing.request_to_decide, name="request_to_decide"),
    path(f"{ONE}/request/refuse", changing.refuse_request, name="refuse_request"),
    path(f"{ONE}/decide", decisions.decide, name="decide"),
    path(f"{ONE}/close", closing.close, name="close"),
    path(f"{ONE}/steps/<slug:name>", steps.step, name="step"),
]

PROCESS = "processes/<slug:code>/<str:version>"

operations = [
    path("processes", workshop.processes, name="processes"),
    path("processes/lengths", workshop.lengths, name="lengths"),
    path("processes/lengths/<slug:name>", workshop.length, name="length"),
    path("processes/check", workshop.check, name="check"),
    path(PROCESS, workshop.version, name="version"),
    path(f"{PROCESS}/letters/<slug:name>", workshop.letter, name="letter"),
    path(f"{PROCESS}/compare", workshop.compare, name="compare"),
    path(f"{PROCESS}/preview", workshop.preview, name="preview"),
]

MINE = "cases/<uuid:case_id>"

citizen = [
    path("apply/", apply.apply, name="apply"),
    path("apply/<slug:code>/", apply.begin, name="begin"),
    path("apply/begun/<uuid:draft_id>/", apply.draft, name="draft"),
    path("apply/begun/<uuid:draft_id>/<int:number>/", apply.question, name="page"),
    path("apply/begun/<uuid:draft_id>/check/", apply.check, name="check"),
    path("apply/begun/<uuid:draft_id>/remove/", apply.remove, name="remove"),
    path("apply/begun/<uuid:application_id>/receipt/", apply.receipt, name="receipt"),
    path("apply/begun/<uuid:application_id>/sent.json", apply.sent_copy, name="sent_copy"),
    path("cases/", follow.case_list, name="list"),
    path(f"{MINE}/", follow.case, name="case"),
    path(f"{MINE}/answer/", follow.answer, name="answer"),
    path(f"{MINE}/decisions/<uuid:decision_id>/", follow.decision, name="decision"),
    path(f"{MINE}/decisions/<uuid:decision_id>/appeal/", appeal.appeal, name="appeal"),
    path(f"{MINE}/decisions/<uuid:decision_id>/appealed/", appeal.appealed, name="appealed"),
    path("letters/<uuid:document_id>/", follow.letter, name="letter"),
]

public = [
    path("report-concern/", anyone.where, name="where"),
    path("report-concern/<slug:slug>/", anyone.report, name="report"),
    path("report-concern/<slug:slug>/received/<slug:number>/", anyone.reported, name="reported"),
]

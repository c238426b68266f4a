"""Where the pages hang, per audience. A file is named by the person's opaque id and the number of the branch."""

from django.urls import path

from livlina.across.records.views import citizen as own
from livlina.across.records.views import disclosure, received, retention

REQUEST = "records/requests/<uuid:request_id>"
RUN = "records/retention/<uuid:run_id>"

officer = [
    path("records/cases/<uuid:case_id>", received.documents, name="documents"),
    path("records/cases/<uuid:case_id>/add", received.add, name="add"),
    path("records/cases/<uuid:case_id>/print", received.print_case, name="print_case"),
    path("records/documents/<uuid:document_id>", received.document, name="document"),
    path("records/person/<uuid:person_id>", received.person, name="person"),
    path("records/files/<uuid:file_id>/add", received.add_to_file, name="add_to_file"),
    path("records/person/<uuid:person_id>/<int:branch>/print", received.print_file, name="print_file"),
    path("records/person/<uuid:person_id>/request", disclosure.new_request, name="new_request"),
    path("records/person/<uuid:person_id>/keep", retention.keep, name="keep"),
    path("records/requests", disclosure.requests, name="requests"),
    path(REQUEST, disclosure.one_request, name="request"),
    path(f"{REQUEST}/decide", disclosure.decide, name="decide"),
    path(f"{REQUEST}/hand-out", disclosure.hand_out, name="hand_out"),
    path(f"{REQUEST}/<slug:kind>/<uuid:source_id>", disclosure.judge, name="judge"),
    path("records/handed/<uuid:handed_id>", disclosure.handed, name="handed"),
    path("records/answers/<uuid:decision_id>", disclosure.answer, name="answer"),
    path("records/retention", retention.runs, name="runs"),
    path("records/retention/propose", retention.propose, name="propose"),
    path("records/retention/items/<uuid:item_id>/spare", retention.spare, name="spare"),
    path(RUN, retention.run, name="run"),
    path(f"{RUN}/freeze", retention.freeze, name="freeze"),
    path(f"{RUN}/approve", retention.approve, name="approve"),
    path(f"{RUN}/export", retention.export, name="export"),
    path(f"{RUN}/receipt", retention.receipt, name="receipt"),
    path(f"{RUN}/destroy", retention.destroy, name="destroy"),
]
citizen = [
    path("my-file/", own.requests, name="requests"),
    path("my-file/ask/", own.ask, name="ask"),
    path("my-file/answers/<uuid:request_id>/", own.answer, name="answer"),
    path("my-file/handed/<uuid:handed_id>/", own.collect, name="collect"),
    path("my-file/handed/<uuid:handed_id>/proof/", own.proof, name="proof"),
]

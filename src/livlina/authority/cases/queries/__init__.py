"""Every question about cases others may ask, already filtered by access."""

from livlina.authority.cases.actions.application import canonical
from livlina.authority.cases.actions.closing import OpenItem, open_items
from livlina.authority.cases.actions.notice import Timing, appeal_timing
from livlina.authority.cases.queries.belonging import belonging
from livlina.authority.cases.queries.case import (
    CasePage,
    FactView,
    case_page,
    drawing,
    person_cases,
    timeline,
)
from livlina.authority.cases.queries.citizen import (
    CitizenCase,
    Letter,
    application_draft,
    application_drafts,
    my_case,
    my_cases,
    my_decisions,
    my_letter,
    readable_answers,
    sent_application,
    whole_application,
)
from livlina.authority.cases.queries.decisions import (
    Delegated,
    decisions_to_appeal,
    delegation_list,
    delegation_rules,
)
from livlina.authority.cases.queries.forms import FieldView, draft_of, form_fields, what_is_missing
from livlina.authority.cases.queries.worklist import (
    Row,
    Worklist,
    address_of,
    by_number,
    workers_of,
    worklist,
)

__all__ = [
    "CasePage",
    "CitizenCase",
    "Delegated",
    "FactView",
    "FieldView",
    "Letter",
    "OpenItem",
    "Row",
    "Timing",
    "Worklist",
    "address_of",
    "appeal_timing",
    "application_draft",
    "application_drafts",
    "belonging",
    "by_number",
    "canonical",
    "case_page",
    "decisions_to_appeal",
    "delegation_list",
    "delegation_rules",
    "draft_of",
    "drawing",
    "form_fields",
    "my_case",
    "my_cases",
    "my_decisions",
    "my_letter",
    "open_items",
    "person_cases",
    "readable_answers",
    "sent_application",
    "timeline",
    "what_is_missing",
    "whole_application",
    "workers_of",
    "worklist",
]

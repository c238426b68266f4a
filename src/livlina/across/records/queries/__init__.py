"""Every question about records others may ask, already filtered by access."""

from livlina.across.records.queries.akt import Akt, CaseInAkt, Source, akt_of, outcome_labels, sources
from livlina.across.records.queries.disclosure import (
    STAGES,
    handed_out,
    judged,
    my_request,
    my_requests,
    newest_decision,
    parties_of,
    requests,
    stage,
)
from livlina.across.records.queries.received import links_of_case, received_in, received_of

__all__ = [
    "STAGES",
    "Akt",
    "CaseInAkt",
    "Source",
    "akt_of",
    "handed_out",
    "judged",
    "links_of_case",
    "my_request",
    "my_requests",
    "newest_decision",
    "outcome_labels",
    "parties_of",
    "received_in",
    "received_of",
    "requests",
    "sources",
    "stage",
]

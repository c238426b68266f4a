"""What others may read of the room, filtered by access."""

from livlina.across.support.queries.desk import (
    absences,
    counts,
    desks,
    events_of,
    find_number,
    linked,
    own_events,
    own_tickets,
    tickets,
)
from livlina.across.support.queries.figures import Figures, figures, hide_small, missing_sheets
from livlina.across.support.queries.review import Review, review
from livlina.across.support.queries.sheets import all_sheets, proposed, search

__all__ = [
    "Figures",
    "Review",
    "absences",
    "all_sheets",
    "counts",
    "desks",
    "events_of",
    "figures",
    "find_number",
    "hide_small",
    "linked",
    "missing_sheets",
    "own_events",
    "own_tickets",
    "proposed",
    "review",
    "search",
    "tickets",
]

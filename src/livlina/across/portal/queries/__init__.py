"""What the portal reads: sessions, the log, staff and units."""

from livlina.across.portal.queries.log import (
    PAGE,
    SAMPLE,
    Open,
    flagged,
    month_of,
    next_month,
    own_reads,
    previous_month,
    readers_of,
    sample,
    session_handle,
    sessions_of,
    swedish_day,
)

__all__ = [
    "PAGE",
    "SAMPLE",
    "Open",
    "flagged",
    "month_of",
    "next_month",
    "own_reads",
    "previous_month",
    "readers_of",
    "sample",
    "session_handle",
    "sessions_of",
    "swedish_day",
]

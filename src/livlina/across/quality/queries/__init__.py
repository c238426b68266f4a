"""What others may read of the room."""

from livlina.across.quality.queries.citizen import (
    Followed,
    answers_of,
    heirs,
    own_reports,
    persons_of,
    report_of,
)
from livlina.across.quality.queries.deviation import deviations
from livlina.across.quality.queries.incident import (
    Line,
    Whole,
    incidents,
    own_units_affected,
    standing,
    whole,
)
from livlina.across.quality.queries.report import Report, report

__all__ = [
    "Followed",
    "Line",
    "Report",
    "Whole",
    "answers_of",
    "deviations",
    "heirs",
    "incidents",
    "own_reports",
    "own_units_affected",
    "persons_of",
    "report",
    "report_of",
    "standing",
    "whole",
]

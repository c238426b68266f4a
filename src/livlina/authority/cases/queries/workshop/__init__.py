"""The process workshop: processes shown, compared, weighed against what is open, and checked before they are installed."""

from livlina.authority.cases.actions.versions import Plan, newer_versions, plan_move
from livlina.authority.cases.queries.workshop.compared import Change, Group, compare
from livlina.authority.cases.queries.workshop.lengths import LengthRow, lengths
from livlina.authority.cases.queries.workshop.preview import Preview, preview
from livlina.authority.cases.queries.workshop.proposed import NotAProposal, Proposed, proposed
from livlina.authority.cases.queries.workshop.shown import (
    Area,
    Version,
    Whole,
    area_label,
    catalogue,
    sample_letter,
    shown_processes,
    to_register,
    version,
    versions_of,
)

__all__ = [
    "Area",
    "Change",
    "Group",
    "LengthRow",
    "NotAProposal",
    "Plan",
    "Preview",
    "Proposed",
    "Version",
    "Whole",
    "area_label",
    "catalogue",
    "compare",
    "lengths",
    "newer_versions",
    "plan_move",
    "preview",
    "proposed",
    "sample_letter",
    "shown_processes",
    "to_register",
    "version",
    "versions_of",
]

"""Every question about the journal others may ask, already filtered by access."""

from livlina.registers.journal.access import BOOK
from livlina.registers.journal.chain import Break, Report, verify_chain
from livlina.registers.journal.log.proof import entries_of, proof_of
from livlina.registers.journal.queries.drafts import draft_of, lying_drafts
from livlina.registers.journal.queries.log import (
    LogState,
    Seen,
    current_log,
    gaps_of,
    log_state,
    places_of,
    witness_words,
)
from livlina.registers.journal.queries.notes import (
    CorrectionLine,
    DissentLine,
    Page,
    Shown,
    earlier_notes,
    files_of,
    latest,
    notes_of,
    person_to_move_to,
    search,
    variants,
)

__all__ = [
    "BOOK",
    "Break",
    "CorrectionLine",
    "DissentLine",
    "LogState",
    "Page",
    "Report",
    "Seen",
    "Shown",
    "current_log",
    "draft_of",
    "earlier_notes",
    "entries_of",
    "files_of",
    "gaps_of",
    "latest",
    "log_state",
    "lying_drafts",
    "notes_of",
    "person_to_move_to",
    "places_of",
    "proof_of",
    "search",
    "variants",
    "verify_chain",
    "witness_words",
]

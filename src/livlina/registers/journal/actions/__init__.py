"""Everything that can be done in the journal. Nothing here removes a note."""

from livlina.registers.journal.actions.corrections import add_dissent, correct, move_note, sign_note, unseal
from livlina.registers.journal.actions.drafts import discard_draft, save_draft, tell_of_drafts
from livlina.registers.journal.actions.files import close_file, open_file, read_file, read_outside
from livlina.registers.journal.actions.notes import Written, write_note
from livlina.registers.journal.content import Content
from livlina.registers.journal.faults import JournalFault

__all__ = [
    "Content",
    "JournalFault",
    "Written",
    "add_dissent",
    "close_file",
    "correct",
    "discard_draft",
    "move_note",
    "open_file",
    "read_file",
    "read_outside",
    "save_draft",
    "sign_note",
    "tell_of_drafts",
    "unseal",
    "write_note",
]

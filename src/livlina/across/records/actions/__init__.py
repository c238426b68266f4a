"""Every write of the room, one function per verb."""

from livlina.across.records.actions.asking import Asked, ask_for_own_file, register_request
from livlina.across.records.actions.disclosing import (
    DisclosureRefused,
    Judgement,
    collect,
    decide_disclosure,
    hand_out,
    judge,
    read_answer,
    read_handed,
)
from livlina.across.records.actions.keeping import KeepRefused, end_keep, keep
from livlina.across.records.actions.printing import Printed, print_akt
from livlina.across.records.actions.receiving import (
    Damaged,
    Received,
    read_received,
    receive,
    receive_in_file,
)
from livlina.across.records.actions.retaining import (
    DestructionRefused,
    approve,
    bring_back,
    destroy,
    empty_quarantine,
    export,
    freeze,
    note_receipt,
    propose,
    quarantine,
    spare,
)
from livlina.core.filetypes import FileRefused

__all__ = [
    "Asked",
    "Damaged",
    "DestructionRefused",
    "DisclosureRefused",
    "FileRefused",
    "Judgement",
    "KeepRefused",
    "Printed",
    "Received",
    "approve",
    "ask_for_own_file",
    "bring_back",
    "collect",
    "decide_disclosure",
    "destroy",
    "empty_quarantine",
    "end_keep",
    "export",
    "freeze",
    "hand_out",
    "judge",
    "keep",
    "note_receipt",
    "print_akt",
    "propose",
    "quarantine",
    "read_answer",
    "read_handed",
    "read_received",
    "receive",
    "receive_in_file",
    "register_request",
    "spare",
]

"""Every write of the room."""

from livlina.across.support.actions.asking import (
    Question,
    agree,
    ask,
    ask_correction,
    attach,
    read_attachment,
    reopen,
    write_more,
)
from livlina.across.support.actions.base import SupportRefused
from livlina.across.support.actions.correcting import move_note
from livlina.across.support.actions.desks import (
    come_back,
    hand_over_desk,
    return_desks,
    sweep_silent,
    tell_absence,
)
from livlina.across.support.actions.faults import end_fault, publish_fault
from livlina.across.support.actions.handling import (
    answer,
    ask_back,
    close_agreed,
    give,
    link,
    merge,
    note,
    set_kind,
    set_line,
    set_priority,
    solve,
    take,
    use_sheet,
)
from livlina.across.support.actions.mailing import deliver_letter, send_waiting, take_letter
from livlina.across.support.actions.sheets import end_sheet, tell_if_helped, write_sheet
from livlina.across.support.actions.third import deliver_message, send_out, supplier_says

__all__ = [
    "Question",
    "SupportRefused",
    "agree",
    "answer",
    "ask",
    "ask_back",
    "ask_correction",
    "attach",
    "close_agreed",
    "come_back",
    "deliver_letter",
    "deliver_message",
    "end_fault",
    "end_sheet",
    "give",
    "hand_over_desk",
    "link",
    "merge",
    "move_note",
    "note",
    "publish_fault",
    "read_attachment",
    "reopen",
    "return_desks",
    "send_out",
    "send_waiting",
    "set_kind",
    "set_line",
    "set_priority",
    "solve",
    "supplier_says",
    "sweep_silent",
    "take",
    "take_letter",
    "tell_absence",
    "tell_if_helped",
    "use_sheet",
    "write_more",
    "write_sheet",
]

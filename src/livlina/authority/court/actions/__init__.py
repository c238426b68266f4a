"""Every write about what goes to court: drafted, sent, proved; hearings; and the chair's decisions reported."""

from livlina.authority.court.actions.faults import AlreadyProved, AlreadyReported, NotSendable, ProofWrong
from livlina.authority.court.actions.hearings import cancel_hearing, set_hearing
from livlina.authority.court.actions.submissions import LARGEST, Proved, draft, prove, send, take
from livlina.authority.court.actions.urgent import (
    ON_DUTY,
    ask_chair,
    decide_now,
    note,
    open_case,
    report,
    tell_of_lapsed,
)

__all__ = [
    "LARGEST",
    "ON_DUTY",
    "AlreadyProved",
    "AlreadyReported",
    "NotSendable",
    "ProofWrong",
    "Proved",
    "ask_chair",
    "cancel_hearing",
    "decide_now",
    "draft",
    "note",
    "open_case",
    "prove",
    "report",
    "send",
    "set_hearing",
    "take",
    "tell_of_lapsed",
]

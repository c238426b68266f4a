"""Every write about watches: of one (`watch`), and of thousands at a time for the jobs (`many`)."""

from livlina.registers.watches.actions.many import Duty, close_for_many, raise_watches
from livlina.registers.watches.actions.watch import (
    AlreadyClosed,
    CannotSnooze,
    IsFirm,
    NobodyThere,
    Owner,
    ReasonMissing,
    SnoozeTooLong,
    Source,
    act_on,
    close_for,
    escalate_due,
    hand_over,
    hand_over_desk,
    ignore,
    raise_watch,
    snooze,
)

__all__ = [
    "AlreadyClosed",
    "CannotSnooze",
    "Duty",
    "IsFirm",
    "NobodyThere",
    "Owner",
    "ReasonMissing",
    "SnoozeTooLong",
    "Source",
    "act_on",
    "close_for",
    "close_for_many",
    "escalate_due",
    "hand_over",
    "hand_over_desk",
    "ignore",
    "raise_watch",
    "raise_watches",
    "snooze",
]

"""Every write about assistance, one function per verb."""

from livlina.authority.assistance.actions.accounts import account, reopen
from livlina.authority.assistance.actions.decisions import add_assistant, end_decision, record_decision
from livlina.authority.assistance.actions.reminders import remind_of_months
from livlina.authority.assistance.actions.time import (
    approve,
    begin_month,
    give_back,
    hand_in,
    report_time,
    strike_row,
)
from livlina.authority.assistance.faults import AccountRefused, AssistanceRefused, TimeRefused

__all__ = [
    "AccountRefused",
    "AssistanceRefused",
    "TimeRefused",
    "account",
    "add_assistant",
    "approve",
    "begin_month",
    "end_decision",
    "give_back",
    "hand_in",
    "record_decision",
    "remind_of_months",
    "reopen",
    "report_time",
    "strike_row",
]

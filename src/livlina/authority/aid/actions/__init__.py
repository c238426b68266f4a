"""Every write in financial aid, one function per verb."""

from livlina.authority.aid.actions.amounts import confirm_amount, enter_amount
from livlina.authority.aid.actions.calculations import approve_calculation, calculate_month
from livlina.authority.aid.actions.decisions import decide_month
from livlina.authority.aid.actions.files import BankAnswerWrong, make_file, mark_file_sent, read_bank_answer
from livlina.authority.aid.actions.households import add_member, end_member, open_household, set_persons
from livlina.authority.aid.actions.months import (
    AppliedDraft,
    apply_for_month,
    withdraw_month,
)
from livlina.authority.aid.actions.payments import (
    add_account,
    approve_payment,
    cancel_payment,
    confirm_account,
    create_payment,
    pay_again,
)
from livlina.authority.aid.actions.recoveries import begin_recovery, record_entry
from livlina.authority.aid.actions.refused import AidRefused
from livlina.authority.aid.actions.sources import ask_sources
from livlina.authority.aid.actions.warnings import acknowledge_warning

__all__ = [
    "AidRefused",
    "AppliedDraft",
    "BankAnswerWrong",
    "acknowledge_warning",
    "add_account",
    "add_member",
    "apply_for_month",
    "approve_calculation",
    "approve_payment",
    "ask_sources",
    "begin_recovery",
    "calculate_month",
    "cancel_payment",
    "confirm_account",
    "confirm_amount",
    "create_payment",
    "decide_month",
    "end_member",
    "enter_amount",
    "make_file",
    "mark_file_sent",
    "open_household",
    "pay_again",
    "read_bank_answer",
    "record_entry",
    "set_persons",
    "withdraw_month",
]

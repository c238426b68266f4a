"""Every write of the room: locks, keys made and ended, what locks wrote, metal keys."""

from livlina.provider.doors.actions.fitting import make_fitter_key
from livlina.provider.doors.actions.grants import grant, revoke_grant, revoke_key
from livlina.provider.doors.actions.keys import add_key, give_back, report_lost, sign_in, sign_out
from livlina.provider.doors.actions.locks import (
    accept_hole,
    end_unit,
    fit_lock,
    give_consent,
    let_unit_in,
    mend_lock,
    order_lock,
    plan_fitting,
    rekey,
    remove_lock,
    report_fault,
    withdraw_consent,
)
from livlina.provider.doors.actions.openings import (
    ask_review,
    explain_opening,
    report_emergency,
    review_emergency,
    take_openings,
)
from livlina.provider.doors.faults import DoorRefused, GrantRefused, KeyRefused, LockRefused
from livlina.provider.doors.queries.lists import revocation_list, signed_time

__all__ = [
    "DoorRefused",
    "GrantRefused",
    "KeyRefused",
    "LockRefused",
    "accept_hole",
    "add_key",
    "ask_review",
    "end_unit",
    "explain_opening",
    "fit_lock",
    "give_back",
    "give_consent",
    "grant",
    "let_unit_in",
    "make_fitter_key",
    "mend_lock",
    "order_lock",
    "plan_fitting",
    "rekey",
    "remove_lock",
    "report_emergency",
    "report_fault",
    "report_lost",
    "review_emergency",
    "revocation_list",
    "revoke_grant",
    "revoke_key",
    "sign_in",
    "sign_out",
    "signed_time",
    "take_openings",
    "withdraw_consent",
]

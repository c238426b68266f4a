"""What is written at sign-in, about sessions and the log; and staff, their assignments, units and ways in."""

from livlina.across.portal.actions.faults import AdministrationRefused, LinkIsDead, NobodyThere
from livlina.across.portal.actions.first import first_administrator
from livlina.across.portal.actions.password import make_link, remove_passkey, set_password
from livlina.across.portal.actions.seals import (
    Attempt,
    ask_seal,
    check_seal,
    make_seal,
    open_seal,
    review_opening,
    withdraw_seal,
)
from livlina.across.portal.actions.signing_in import (
    ReviewNeedsWords,
    citizen_user,
    end_session,
    end_sessions,
    note_sign_in,
    review_reading,
)
from livlina.across.portal.actions.staff import (
    Duty,
    add_user,
    change_user,
    end_assignment,
    end_user,
    give_assignment,
    reopen_user,
)
from livlina.across.portal.actions.units import add_unit, end_unit, rename_unit

__all__ = [
    "AdministrationRefused",
    "Attempt",
    "Duty",
    "LinkIsDead",
    "NobodyThere",
    "ReviewNeedsWords",
    "add_unit",
    "add_user",
    "ask_seal",
    "change_user",
    "check_seal",
    "citizen_user",
    "end_assignment",
    "end_session",
    "end_sessions",
    "end_unit",
    "end_user",
    "first_administrator",
    "give_assignment",
    "make_link",
    "make_seal",
    "note_sign_in",
    "open_seal",
    "remove_passkey",
    "rename_unit",
    "reopen_user",
    "review_opening",
    "review_reading",
    "set_password",
    "withdraw_seal",
]

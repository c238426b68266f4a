"""Every question about financial aid others may ask, already filtered by access."""

from livlina.authority.aid.queries.amounts import amounts, caps_for, entered_for
from livlina.authority.aid.queries.money import (
    Waiting,
    answers_of,
    files,
    payments_of_file,
    payments_waiting,
    the_file,
    the_payment,
)
from livlina.authority.aid.queries.months import (
    CitizenMonth,
    MonthPage,
    as_rows,
    citizen_case,
    citizen_month,
    citizen_months,
    last_rows,
    links_of_case,
    month_page,
    months_of,
    months_to_apply_for,
    open_months,
    person_months,
)

__all__ = [
    "CitizenMonth",
    "MonthPage",
    "Waiting",
    "amounts",
    "answers_of",
    "as_rows",
    "caps_for",
    "citizen_case",
    "citizen_month",
    "citizen_months",
    "entered_for",
    "files",
    "last_rows",
    "links_of_case",
    "month_page",
    "months_of",
    "months_to_apply_for",
    "open_months",
    "payments_of_file",
    "payments_waiting",
    "person_months",
    "the_file",
    "the_payment",
]

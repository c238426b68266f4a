"""What the room hears, and what it does by the clock."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from livlina.authority.aid.actions.households import household_of
from livlina.authority.aid.actions.months import (
    LIVELIHOOD,
    AppliedDraft,
    advance,
    close_inactive,
    write_month,
)
from livlina.authority.aid.actions.warnings import refresh_warnings
from livlina.authority.aid.calculation import months_after
from livlina.authority.aid.models import FINANCIAL_AID, MonthApplication, Payment, PaymentFile
from livlina.authority.aid.process_words import INACTIVE_MONTHS
from livlina.authority.cases.models import Application, Case
from livlina.core import outbox
from livlina.core.access import system
from livlina.core.clock import day_of
from livlina.registers.watches.actions import Owner, raise_watch
from livlina.registers.watches.models.kinds import declare

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SILENT_AFTER = 3 * DAY
"""So long after a file was made without a word of a payment, somebody asks the bank."""

FACTS = {
    "aid_cost_housing": ("cost", "housing"), "aid_cost_electricity": ("cost", "electricity"),
    "aid_cost_insurance": ("cost", "home_insurance"), "aid_cost_work": ("cost", "work_travel"),
    "aid_cost_union": ("cost", "unemployment_fund"), "aid_cost_care": ("cost", "medical"),
    "aid_income_wage": ("income", "wage"), "aid_income_benefits": ("income", "other_income"),
    "aid_income_other": ("income", "other_income"),
}  # fmt: skip
"""What the first application asks, as rows of its month."""

declare(
    "aid.payment_error",
    "En utbetalning är avvisad av banken",
    "Banken har avvisat en betalning i ditt ärende.",
    "Den enskilde får inga pengar.",
    danger=True,
    ladder=((4 * HOUR, "unit_manager"), (DAY, "duty_officer")),
    link="aid:payment",
)
declare(
    "aid.payment_silent",
    "Banken har inte svarat om en utbetalning",
    "En betalning är skickad till banken och ingen återrapportering har kommit.",
    "Den enskilde kan vara utan pengar utan att någon vet om det.",
    ladder=((DAY, "unit_manager"),),
    link="aid:payment",
)


@outbox.subscribe("application.received")
def begin_first_month(event: outbox.Event) -> None:
    """A first application for försörjningsstöd is also the application for its first month. Heard twice it is one.

    If the person already has an open case, the month is linked there, and the worker sees the double.
    """
    application = Application.objects.filter(pk=event.object_id, process_code=LIVELIHOOD).first()
    case = Case.objects.filter(application_id=event.object_id).select_related("person").first()
    if (
        application is None
        or case is None
        or MonthApplication.objects.filter(application=application).exists()
    ):
        return
    with transaction.atomic():
        open_cases = Case.objects.filter(person=case.person, process_code=LIVELIHOOD, closed_at=None)
        first = (
            open_cases.exclude(pk=case.pk)
            .filter(received_on__lte=case.received_on)
            .order_by("number")
            .first()
        )
        target = Case.objects.select_for_update(of=("self",)).get(pk=(first or case).pk)
        wanted = application.answers.get("aid_from")
        day = datetime.fromisoformat(wanted).date() if wanted else application.received_on
        month = write_month(
            target, day.replace(day=1), _rows(application.answers),
            by=system(event.municipality_id, (FINANCIAL_AID,)), now=event.at, received_on=application.received_on,
            received_how=application.received_how, application=application,
            told=str(application.answers.get("aid_in_own_words", "")),
        )  # fmt: skip
        household_of(target)
        refresh_warnings(month.linked_to or month, now=event.at)
        advance(target, now=event.at)


def _rows(answers: dict[str, Any]) -> list[AppliedDraft]:
    return [
        AppliedDraft(group, kind, Decimal(str(answers[name])).quantize(Decimal("0.01")))
        for name, (group, kind) in FACTS.items()
        if answers.get(name) not in (None, "", 0)
    ]


def rest_and_close(municipality_id: int, now: datetime) -> int:
    """Let cases rest after three months without an application, and close those where nothing is open. Return how many."""
    before = months_after(day_of(now).replace(day=1), -INACTIVE_MONTHS)
    resting = Case.objects.filter(
        municipality_id=municipality_id,
        process_code=LIVELIHOOD,
        state__in=("paid", "awaiting_month"),
        closed_at=None,
    )
    lately = MonthApplication.objects.filter(month__gte=before).values("case_id")
    done = 0
    for case in resting.exclude(pk__in=lately).order_by("id"):
        close_inactive(case, now=now)
        done += 1
    return done


def ask_about_silent_payments(municipality_id: int, now: datetime) -> int:
    """Raise a watch for each payment the bank has not said a word about in three days. Return how many."""
    files = PaymentFile.objects.filter(municipality_id=municipality_id, at__lte=now - SILENT_AFTER)
    rows = list(Payment.objects.filter(state="in_file", file__in=files).select_related("case"))
    for payment in rows:
        raise_watch(
            "aid.payment_silent",
            ("aid.payment", payment.pk),
            owner=Owner("case_worker", payment.case.unit_id, payment.case.responsible_id, FINANCIAL_AID),
            due_at=now,
            by=system(municipality_id, (FINANCIAL_AID,)),
            now=now,
            person_id=payment.case.person_id,
        )
    return len(rows)

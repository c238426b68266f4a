"""Reports back over the order: what was performed in a month, as the visits' events say. Corrected when late ones come."""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from livlina.core.access import Actor, demand
from livlina.core.clock import day_of
from livlina.provider.homecare.models import Visit
from livlina.provider.homecare.queries.measures import month_of
from livlina.provider.homecare.queries.outcomes import outcomes_of
from livlina.registers.orders import actions as orders
from livlina.registers.orders.models import Delivery, Order


class ReportRefused(Exception):
    """The month cannot be reported. The sentence is for a person, in Swedish."""


@transaction.atomic
def report_month(order: Order, month: date, *, by: Actor, now: datetime, deviation: str = "") -> Delivery:
    """Report the performed minutes of the month a day lies in. Said again it is the same; changed, it is corrected.

    Raises Refused, ReportRefused before the month is over or when part of it was reported by hand, and OrderFault.
    """
    demand(by, "homecare.report")
    order = Order.objects.select_for_update(of=("self",)).get(pk=order.pk)
    first, last = _period(order, month)
    if last >= day_of(now):
        raise ReportRefused("Månaden rapporteras när den är slut.")
    had = _reported(order, first, last)
    minutes = performed_minutes(order.pk, first, last)
    if had is not None and had.minutes == minutes and had.deviation == deviation.strip():
        return had
    if had is not None and not deviation:
        deviation = had.deviation
        if had.minutes == minutes:
            return had
    return orders.report_delivery(
        order,
        period_from=first,
        period_to=last,
        minutes=minutes,
        deviation=deviation,
        corrects=had,
        by=by,
        now=now,
    )


def report_again(visit: Visit, *, by: Actor, now: datetime) -> Delivery | None:
    """Correct the month's report when something about one of its visits came late.

    None when it was not reported yet, or when part of it was reported by hand: then a person must look, and the page of
    the five figures says that the report does not agree.
    """
    demand(by, "homecare.report")
    order = visit.order
    if order is None or order.provider is None:
        return None
    try:
        first, last = _period(order, visit.on)
        if last >= day_of(now) or _reported(order, first, last) is None:
            return None
    except ReportRefused:
        return None
    manager = replace(by, role="provider_manager", unit_id=order.provider.unit_id)
    return report_month(order, visit.on, by=manager, now=now)


def performed_minutes(order_id: UUID, first: date, last: date) -> int:
    """Return the performed minutes of an order's visits on the days they were planned for. Two statements."""
    keys = Visit.objects.filter(order_id=order_id, on__gte=first, on__lte=last).values_list("pk", flat=True)
    return sum(outcome.performed for outcome in outcomes_of(keys).values())


def _period(order: Order, month: date) -> tuple[date, date]:
    """The days of a month on which the order runs. Raises ReportRefused."""
    first, last = month_of(month)
    if order.start_date is None or order.start_date > last or (order.end_date and order.end_date < first):
        raise ReportRefused("Beställningen gällde inte den månaden.")
    return max(first, order.start_date), min(last, order.end_date or last)


def _reported(order: Order, first: date, last: date) -> Delivery | None:
    """The report that holds for these days. Raises ReportRefused when another one says part of them."""
    rows = order.deliveries.filter(corrected_by__isnull=True, period_from__lte=last, period_to__gte=first)
    found = None
    for row in rows:
        if (row.period_from, row.period_to) != (first, last):
            raise ReportRefused(
                f"Dagarna {row.period_from}–{row.period_to} är redan rapporterade för hand. Rätta den rapporten."
            )
        found = row
    return found

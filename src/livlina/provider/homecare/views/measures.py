"""How it goes: continuity, punctuality, time with the clients, and the five figures of every order and month."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from livlina.core.access import fetch
from livlina.core.clock import day_of
from livlina.core.views import Request, page
from livlina.provider.homecare.actions import reporting
from livlina.provider.homecare.queries import measures as queries
from livlina.provider.homecare.queries.names import Names, listed
from livlina.provider.homecare.views.common import day_asked
from livlina.registers.orders.actions import OrderFault
from livlina.registers.orders.models import Delivery, Order


@page("provider", "homecare.measures")
def measures(request: Request) -> HttpResponse:
    """The unit's measures of the last two weeks, and the month's figures order by order."""
    actor = request.actor
    last = day_of(request.now) - timedelta(days=1)
    first = last - timedelta(days=queries.DAYS - 1)
    month = day_asked(request, "month")
    names = Names(actor, request.now)
    found, rows = queries.continuity(actor, last), queries.figures(actor, month)
    listed(actor, "homecare.measures", [row.person.pk for row in rows], now=request.now)
    begins, ends = queries.month_of(month)
    reports = Delivery.objects.filter(
        order__in=[row.order for row in rows],
        corrected_by__isnull=True,
        period_from__gte=begins,
        period_to__lte=ends,
    )
    reported = {report.order_id: report for report in reports}
    context = {
        "continuity": found,
        "persons": [(names(person), number) for person, number in found.persons],
        "punctuality": queries.punctuality(actor, first, last),
        "time": queries.client_time(actor, first, last),
        "rows": [(row, names(row.person), reported.get(row.order.pk)) for row in rows],
        "month": begins,
        "over": ends < day_of(request.now),
        "before": begins - timedelta(days=1),
        "after": ends + timedelta(days=1),
    }
    return render(request, "homecare/measures.html", context)


@require_POST
@page("provider", "homecare.report", once=True)
def report(request: Request, order_id: UUID) -> HttpResponse:
    """Report a month's performed minutes to whoever ordered."""
    order = fetch(request.actor, "orders.deliver", Order.objects.all(), pk=order_id)
    month = day_asked(request, "month")
    try:
        made = reporting.report_month(order, month, by=request.actor, now=request.now)
        messages.success(request, f"{made.minutes} minuter är rapporterade till beställaren.")
    except (reporting.ReportRefused, OrderFault) as refusal:
        messages.warning(request, str(refusal))
    return redirect(f"{reverse('homecare_provider:measures')}?month={month}#utfort")

"""What runs by the clock here, what the room hears of orders, and the watches it raises."""

from datetime import datetime, timedelta

from livlina.core import outbox
from livlina.core.access import system
from livlina.core.clock import day_of
from livlina.provider.homecare import jobs_field, jobs_nursing
from livlina.provider.homecare.actions import reporting, series
from livlina.provider.homecare.models import VisitEvent, VisitSeries
from livlina.registers.orders.models import Order
from livlina.registers.watches.models import declare

__all__ = ["correct_report", "end_with_order", "jobs_field", "jobs_nursing", "make_visits"]

MANAGER = "provider_manager"
declare(
    "homecare.missed",
    "Ett besök blev inte av",
    "Besöket hörde till er enhet och gjordes inte. Se vad som skrevs att göra i stället.",
    "Personen har inte fått den hjälp som är beviljad.",
    danger=True,
    ladder=[(timedelta(hours=2), MANAGER)],
    link="homecare_provider:visit",
)
declare(
    "homecare.not_home",
    "Ingen var hemma vid ett besök",
    "Personalen kom, och ingen öppnade.",
    "Personen kan ha fallit eller blivit sjuk.",
    danger=True,
    ladder=[(timedelta(hours=1), MANAGER)],
    link="homecare_provider:visit",
)
declare(
    "homecare.deviation",
    "En avvikelse vid ett besök",
    "Någon i er enhet har skrivit att något gick fel.",
    "Det som brast kan upprepas, och en rapport enligt lex Sarah kan bli för sen.",
    link="homecare_provider:visit",
)


def make_visits(municipality_id: int, now: datetime) -> int:
    """Make the visits of the coming three weeks. Driven by rows alone: may be missed, doubled or restarted."""
    return series.make_visits(by=system(municipality_id, (2,)), now=now)


@outbox.subscribe("order.ended")
@outbox.subscribe("order.superseded")
def end_with_order(event: outbox.Event) -> None:
    """An order that ends takes its visits with it, from the day after its last."""
    order = Order.objects.get(pk=event.object_id)
    by = system(event.municipality_id, (2,))
    for one in VisitSeries.objects.filter(order=order):
        last = order.end_date or day_of(event.at)
        series.end_series(one, last, by=by, now=event.at, reason="order_ended")


@outbox.subscribe("visit.in")
@outbox.subscribe("visit.out")
@outbox.subscribe("visit.corrected")
def correct_report(event: outbox.Event) -> None:
    """What comes late about a month that is reported corrects its report."""
    told = VisitEvent.objects.select_related("visit__order__provider").get(pk=event.object_id)
    if told.visit.order_id is not None:
        reporting.report_again(told.visit, by=system(event.municipality_id, (2,)), now=event.at)

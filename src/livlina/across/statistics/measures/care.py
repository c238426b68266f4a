"""Orders and care: how soon a provider answers, who comes and when, how quickly alarms are answered."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q

from livlina.across.statistics.measures.base import MONTH, PROVIDER, QUARTER, Measure, Sample
from livlina.core.access import Actor
from livlina.core.clock import day_of
from livlina.core.models import Municipality
from livlina.core.tenancy import EVERYTHING
from livlina.provider.alarms.models import Alarm
from livlina.provider.homecare.models import Visit
from livlina.provider.homecare.queries import measures as homecare
from livlina.registers.orders.models import Order

DAYS = timedelta(days=15)
"""A little more than any measure of visits looks back."""
BOTH, SIDES = ("officer", "provider", "operations"), ("provider", "operations")
WAITING = (("officer", "orders:unread", "orders.read"), ("provider", "orders_provider:inbox", "orders.inbox"))
VISITS = (("provider", "homecare_provider:measures", "homecare.measures"),)


def _unconfirmed(town: Municipality, now: datetime) -> Iterable[Sample]:
    """Sent, and neither answered nor recalled at the moment."""
    waits = Order.objects.filter(
        Q(answered_at=None) | Q(answered_at__gt=now), Q(recalled_at=None) | Q(recalled_at__gt=now),
        Q(state__in=("sent", "opened")) | Q(answered_at__isnull=False) | Q(recalled_at__isnull=False),
        municipality=town, sent_at__lte=now,
    )  # fmt: skip
    for branch, ours, theirs in waits.values_list("branch", "orderer_unit_id", "provider__unit_id"):
        yield Sample(branch, ours, "", 1)
        if theirs:
            yield Sample(PROVIDER, theirs, "", 1)


def _to_confirmed(town: Municipality, now: datetime) -> Iterable[Sample]:
    rows = Order.objects.filter(
        municipality=town, answered_at__gt=now - QUARTER, answered_at__lte=now, start_date__isnull=False
    )
    found = rows.values_list("branch", "orderer_unit_id", "provider__unit_id", "sent_at", "answered_at")
    for branch, ours, theirs, sent, answered in found:
        if sent is None or answered is None:
            continue
        hours = max((answered - sent).total_seconds() / 3600, 0)
        yield Sample(branch, ours, "", hours)
        if theirs:
            yield Sample(PROVIDER, theirs, "", hours)


def _carers(town: Municipality, now: datetime) -> Iterable[Sample]:
    for by in _visiting(town, now):
        for _, number in homecare.continuity(by, day_of(now) - timedelta(days=1)).persons:
            yield Sample(PROVIDER, by.unit_id, "", number)


def _punctual(town: Municipality, now: datetime) -> Iterable[Sample]:
    last = day_of(now) - timedelta(days=1)
    for by in _visiting(town, now):
        told = homecare.punctuality(by, last - timedelta(days=13), last)
        yield from [Sample(PROVIDER, by.unit_id, "", 1)] * told.in_time
        yield from [Sample(PROVIDER, by.unit_id, "", 0)] * (told.performed - told.in_time)


def _answers(town: Municipality, now: datetime) -> Iterable[Sample]:
    rows = Alarm.objects.filter(municipality=town, received_at__gt=now - MONTH, accepted_at__lte=now)
    return [
        Sample(PROVIDER, None, "", (accepted - received).total_seconds())
        for accepted, received in rows.values_list("accepted_at", "received_at")
        if accepted is not None
    ]


def _visiting(town: Municipality, now: datetime) -> list[Actor]:
    """The system, standing at each unit that had visits lately: what a measure of home care is asked of."""
    had = Visit.objects.filter(municipality=town, starts_at__gt=now - DAYS, starts_at__lte=now)
    units = had.order_by().values_list("unit_id", flat=True).distinct()
    return [
        Actor("system", town.pk, "provider_manager", "Livlina", unit_id=unit, compartments=EVERYTHING)
        for unit in units
    ]


MEASURES = (
    Measure("orders_unconfirmed", "Beställningar som inte är bekräftade", "beställningar", "count", BOTH, _unconfirmed,
            WAITING),
    Measure("hours_to_confirmed", "Timmar från skickad till bekräftad beställning, 90 dagar", "timmar, median", "median",
            BOTH, _to_confirmed, WAITING, note="Beställningar som utföraren har sagt ja till."),
    Measure("carers_met", "Olika ur personalen på 14 dagar", "personer, medelvärde", "mean", SIDES, _carers, VISITS),
    Measure("visits_in_time", "Besök som började i tid, 14 dagar", "procent", "share", SIDES, _punctual, VISITS),
    Measure("alarm_answer", "Tid till att ett larm besvaras, 30 dagar", "sekunder, median", "median", SIDES, _answers,
            (("provider", "alarms_provider:statistics", "alarms.statistics"),)),
)  # fmt: skip

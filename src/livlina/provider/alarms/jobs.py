"""What runs by the clock here, what the room hears of orders, and the watches it raises."""

from datetime import datetime, timedelta
from time import monotonic

from livlina.core import clock, outbox
from livlina.core.access import system
from livlina.core.jobs import part
from livlina.core.models import Municipality
from livlina.provider.alarms import paper
from livlina.provider.alarms.actions import crisis, escalation, notices, supervision, units
from livlina.provider.alarms.models import AlarmUnit, CallRound
from livlina.provider.alarms.queries import crisis as crisis_queries
from livlina.registers.orders.models import Order
from livlina.registers.watches import actions as watches
from livlina.registers.watches.models import declare

# Units and supervision ----------------------------------------------------------------------------------------------

MANAGER = "provider_manager"
LISTS_FOR = 10.0
"""Seconds at a time for making lists: other jobs wait for their turn meanwhile."""
declare(
    "alarms.install",
    "Ett trygghetslarm ska installeras",
    "Er enhet har bekräftat beställningen och inget larm är i drift hos personen.",
    "Personen kan inte kalla på hjälp. Beställningen räknas inte som levererad förrän varje knapp är provtryckt.",
    danger=True,
    ladder=[(timedelta(hours=4), MANAGER)],
    link="alarms_provider:install",
)
declare(
    "alarms.fetch",
    "Ett larm ska hämtas hem",
    "Beställningen är avslutad och larmenheten är inte återlämnad.",
    "Larmet ligger kvar hos personen och i ringlistan.",
    ladder=[(timedelta(days=7), MANAGER)],
    link="alarms_provider:part",
)
declare(
    "alarms.silent",
    "Ett larm är tyst",
    "Larmenheten har inte hörts av på flera minuter. Ring personen; svarar ingen, åk dit.",
    "Personen kan trycka utan att någon får veta det.",
    danger=True,
    ladder=[(timedelta(minutes=30), MANAGER)],
    link="alarms_provider:part",
)
declare(
    "alarms.battery",
    "Batteriet är svagt",
    "Larmenheten eller knappen meddelar att batteriet behöver bytas.",
    "Larmet slutar fungera när batteriet är slut.",
    danger=True,
    ladder=[(timedelta(0), MANAGER)],
    link="alarms_provider:part",
)
declare(
    "alarms.power",
    "Larmenheten har varit utan ström i en halvtimme",
    "Den går på sitt batteri. Är kontakten urdragen?",
    "När batteriet är slut når inget larm fram.",
    danger=True,
    ladder=[(timedelta(0), MANAGER)],
    link="alarms_provider:part",
)
declare(
    "alarms.link",
    "Larmenheten har tappat en förbindelse",
    "En av dess vägar ut har inte fungerat på en halvtimme.",
    "Faller nästa väg också når inget larm fram.",
    ladder=[(timedelta(hours=12), MANAGER)],
    link="alarms_provider:part",
)
declare(
    "alarms.fault",
    "Larmenheten meddelar ett fel",
    "Felet kommer från larmenheten själv. Koden står på larmenhetens sida.",
    "Larmet kan sluta fungera.",
    ladder=[(timedelta(days=1), MANAGER)],
    link="alarms_provider:part",
)
declare(
    supervision.OVERDUE,
    "Larmknappar har inte provtryckts på en månad",
    "Varje knapp provtrycks en gång i månaden.",
    "En knapp som inte fungerar upptäcks först när någon behöver den.",
    ladder=[(timedelta(days=7), MANAGER)],
    link="alarms_provider:overdue",
)
declare(
    supervision.LOST,
    "En larmmottagare svarar inte",
    "Den har inte hörts av på över en minut. Larm kan finnas på mottagarens egen sida.",
    "Larm når inte larmbordet från den mottagaren.",
    danger=True,
    ladder=[(timedelta(minutes=5), MANAGER)],
    link="alarms_provider:receiver",
)
declare(
    supervision.LOST_DUTY,
    "En larmmottagare svarar inte",
    "Den har inte hörts av på över en minut. Utförarnas chefer har fått veta det.",
    "Larm når inte larmbordet från den mottagaren.",
    danger=True,
    ladder=[(timedelta(minutes=5), "duty_officer")],
)
declare(
    "alarms.round",
    "Ringrunda: många larm är tysta",
    "Krisplanen har öppnats. Ring eller besök var och en på ert teams lista.",
    "Någon kan ligga hemma utan att kunna kalla på hjälp.",
    danger=True,
    ladder=[(timedelta(0), MANAGER)],
    link="alarms_provider:round",
)


def deliver_installed(municipality_id: int, now: datetime) -> int:
    """Report as delivered what was installed before its order's first day."""
    return units.deliver_due(by=system(municipality_id), now=now)


def watch_receivers(municipality_id: int, now: datetime) -> int:
    """Raise a watch for a receiver that has not been heard for a minute."""
    return supervision.watch_receivers(by=system(municipality_id), now=now)


def remind_of_tests(municipality_id: int, now: datetime) -> int:
    """Remind teams of buttons not tested for a month."""
    return supervision.remind_of_tests(by=system(municipality_id), now=now)


def write_lists(municipality_id: int, now: datetime) -> int:
    """Write the lists for paper and device that are a quarter of an hour old, and return how many.

    Holds no transaction while a file is made, and stops after some seconds: the oldest come first, the others next time.
    """
    with part(municipality_id, timedelta(minutes=1)):
        slug = Municipality.objects.values_list("slug", flat=True).get(pk=municipality_id)
        teams = {name: key for key, name in crisis_queries.teams().items()}
    paper.keep_only(slug, teams)
    begun, made = monotonic(), 0
    for name in paper.due(slug, teams, now=now):
        with part(municipality_id, timedelta(minutes=1)):
            page = paper.html(name, crisis_queries.list_of_team(teams[name]), now=now)
        paper.write(slug, name, page, now=now)
        made += 1
        if monotonic() - begun > LISTS_FOR:
            break
    return made


@outbox.subscribe("order.confirmed")
def ordered(event: outbox.Event) -> None:
    """A confirmed order of a social alarm is an installation to make, unless the unit it replaces is there already."""
    order = Order.objects.select_related("provider").get(pk=event.object_id)
    if order.kind != "social_alarm":
        return
    by = system(event.municipality_id)
    kept = AlarmUnit.objects.filter(order_id=order.replaces_id, state__in=("installing", "active"))
    if order.replaces_id is not None and kept.update(order_id=order.pk):
        return
    if not AlarmUnit.objects.filter(order=order, state="active").exists():
        units.call_for_installation(order, by=by, now=event.at)


@outbox.subscribe("order.ended")
def ended(event: outbox.Event) -> None:
    """What was ordered has ended: the unit is fetched home."""
    by = system(event.municipality_id)
    watches.close_for(
        ("orders.order", event.object_id), types=["alarms.install"], why="Beställningen är avslutad.", by=by,
        now=event.at,
    )  # fmt: skip
    for unit in AlarmUnit.objects.filter(order_id=event.object_id, state__in=("installing", "active")):
        owner, due = watches.Owner("provider_staff", unit.team_id), event.at + timedelta(days=7)
        watches.raise_watch(
            "alarms.fetch", ("alarms.unit", unit.pk), owner=owner, person_id=unit.person_id, due_at=due, by=by,
            now=event.at,
        )  # fmt: skip


@outbox.subscribe("alarms.round_closed")
def reached(event: outbox.Event) -> None:
    """Everyone is reached; a unit that is silent still is its team's task from now on."""
    closed = CallRound.objects.get(pk=event.object_id)
    crisis.watch_the_silent(closed, by=system(event.municipality_id), now=event.at)


# Alarms nobody has taken, and those who are called -------------------------------------------------------------------


def escalate(municipality_id: int, now: datetime) -> int:
    """Let alarms that nobody has taken in time go further. `livlina live` asks each second; the schedule is behind it."""
    return escalation.escalate_due(by=system(municipality_id), now=now)


@outbox.subscribe("alarm.notice")
def call(event: outbox.Event) -> None:
    """Send one notice through a gateway, or through the next one when it fails."""
    notices.deliver(event.object_id, by=system(event.municipality_id), now=clock.now())

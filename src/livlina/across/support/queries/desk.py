"""What lies where: lists of tickets, one's own, and who has how many."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, Q, QuerySet, Value, When

from livlina.across.support.models import Absence, Ticket, TicketEvent, TicketLink
from livlina.across.support.models.codes import AT_WORK, OUTWARD, RUNNING
from livlina.core.access import Actor, allowed, demand
from livlina.core.clock import day_of

VIEWS = [
    ("mine", "Mina"),
    ("line1", "Första linjen"),
    ("line2", "Andra linjen"),
    ("line3", "Hos leverantör"),
    ("waiting", "Väntar på svar"),
    ("late", "För sena"),
    ("silent", "Tysta"),
    ("closed", "Avslutade"),
]
_URGENCY = Case(
    *(When(priority=code, then=Value(n)) for n, code in enumerate(("acute", "high", "normal", "low")))
)


def tickets(actor: Actor, view: str, now: datetime, text: str = "") -> QuerySet[Ticket]:
    """Return the tickets of a list of the desk, the most urgent and earliest due first."""
    rows = allowed(actor, "support.desk", Ticket.objects.select_related("unit"))
    if text:
        year, _, serial = text.strip().partition("-")
        if year.isdigit() and serial.isdigit() and len(serial) < 9 and len(year) == 4:
            return rows.filter(year=int(year), serial=int(serial))
        return rows.filter(Q(subject__icontains=text) | Q(reporter_name__icontains=text)).order_by(
            "-opened_at"
        )
    if view == "closed":
        return rows.filter(state__in=("closed", "merged")).order_by("-closed_at")
    return rows.filter(_of_view(actor, view, now)).order_by(_URGENCY, "solve_due_at")


def counts(actor: Actor, now: datetime) -> dict[str, int]:
    """Return how many lie in each list but the closed, in one statement."""
    rows = allowed(actor, "support.desk", Ticket.objects.all()).filter(state__in=RUNNING)
    wanted = {code: Count("pk", filter=_of_view(actor, code, now)) for code, _ in VIEWS[:-1]}
    return rows.aggregate(**wanted)


def _of_view(actor: Actor, view: str, now: datetime) -> Q:
    running = Q(state__in=RUNNING)
    late = Q(answered_at=None, first_due_at__lt=now) | Q(solve_due_at__lt=now)
    silent = Q(pk__in=TicketEvent.objects.filter(kind="silent").values("ticket_id"), owner_id=None)
    return {
        "mine": running & Q(owner_id=actor.user_id),
        "line1": Q(state__in=AT_WORK, line=1),
        "line2": Q(state__in=AT_WORK, line=2),
        "line3": running & Q(line=3),
        "waiting": Q(state__in=("waiting", "solved")),
        "late": Q(state__in=AT_WORK) & late,
        "silent": Q(state__in=AT_WORK) & silent,
    }.get(view, running)


def own_tickets(actor: Actor) -> QuerySet[Ticket]:
    """Return what the actor has asked, newest first."""
    return allowed(actor, "support.own", Ticket.objects.all()).order_by("-opened_at")


def events_of(actor: Actor, ticket: Ticket) -> QuerySet[TicketEvent]:
    """Return the whole history of a ticket, for the support, oldest first."""
    demand(actor, "support.desk", ticket)
    return ticket.events.order_by("at", "id")


def own_events(actor: Actor, ticket: Ticket) -> QuerySet[TicketEvent]:
    """Return of one's own ticket's history what is written outward."""
    demand(actor, "support.own", ticket)
    return ticket.events.filter(kind__in=OUTWARD).order_by("at", "id")


def linked(actor: Actor, ticket: Ticket) -> list[Ticket]:
    """Return the tickets that have to do with one, and those merged into it."""
    demand(actor, "support.desk", ticket)
    rows = TicketLink.objects.filter(Q(earlier=ticket) | Q(later=ticket)).values_list(
        "earlier_id", "later_id"
    )
    others = {key for pair in rows for key in pair} - {ticket.pk}
    return list(Ticket.objects.filter(Q(pk__in=others) | Q(merged_into=ticket)).order_by("opened_at"))


def find_number(actor: Actor, number: str) -> Ticket | None:
    """Return the ticket of a number, as it is written: `2026-0012`."""
    year, _, serial = number.strip().partition("-")
    if not (year.isdigit() and serial.isdigit() and len(year) == 4 and len(serial) < 9):
        return None
    rows = allowed(actor, "support.desk", Ticket.objects.all())
    return rows.filter(year=int(year), serial=int(serial)).first()


@dataclass(frozen=True)
class Desk:
    """How much lies with one person."""

    user_id: int
    name: str
    running: int
    late: int


def desks(actor: Actor, now: datetime) -> list[Desk]:
    """Return who has what, the fullest first."""
    demand(actor, "support.desks")
    rows = Ticket.objects.filter(
        municipality_id=actor.municipality_id, owner_id__isnull=False, state__in=RUNNING
    )
    counted = rows.values("owner_id", "owner_name").annotate(
        running=Count("pk"), late=Count("pk", filter=Q(state__in=AT_WORK, solve_due_at__lt=now))
    )
    return [
        Desk(row["owner_id"] or 0, row["owner_name"], row["running"], row["late"])
        for row in counted.order_by("-running", "owner_name")
    ]


def absences(actor: Actor, now: datetime) -> QuerySet[Absence]:
    """Return who of the support is away today or later."""
    demand(actor, "support.desks")
    rows = Absence.objects.filter(
        municipality_id=actor.municipality_id, last_day__gte=day_of(now), ended_at=None
    )
    return rows.order_by("first_day", "user_name")

"""Who may ask, who answers, and who sees the figures. Everyone may ask; a ticket is for whoever asked and the support."""

from django.conf import settings
from django.db.models import Q

from livlina.across.support.models import Sheet, Ticket
from livlina.core.access import Actor, rule

STAFF = tuple(settings.ROLES)
FIRST, SECOND = "support", "administrator"
DESK = (FIRST, SECOND)
MANAGERS = ("unit_manager", "provider_manager")
READERS = ("case_worker", "unit_manager", "provider_manager", "provider_staff", "nurse")


def own(actor: Actor) -> Q:
    """What one has asked oneself."""
    return Q(reporter_id=actor.user_id, reporter_kind="citizen" if actor.kind == "citizen" else "staff")


def handles(actor: Actor) -> Q:
    """The first line what lies there or is its own; the second line everything."""
    if actor.role == FIRST:
        return Q(line=1) | Q(owner_id=actor.user_id)
    return Q()


def sheets(actor: Actor) -> Q:
    """Those written for one's side; the support's own besides, for the support, and what has ended for nobody."""
    if actor.role == SECOND:
        return Q()
    told = ("staff", "citizen", "desk") if actor.role == FIRST else (actor.kind,)
    return Q(audience__in=told, ended_at=None)


rule("support.ask", None, roles=(*STAFF, "citizen"))
rule("support.own", Ticket, roles=(*STAFF, "citizen"), where=own)
rule("support.read_sheets", Sheet, roles=(*STAFF, "citizen"), where=sheets)
rule("support.ask_correction", None, roles=READERS)
rule("support.desk", Ticket, roles=DESK)
rule("support.phone", None, roles=DESK)
rule("support.handle", Ticket, roles=(*DESK, "system"), where=handles)
rule("support.correct", Ticket, roles=(FIRST,), where=lambda actor: Q(kind="correction", line__in=(1, 2)))
rule("support.send_out", Ticket, roles=(SECOND,), where=lambda actor: Q(line__gte=2))
rule("support.desks", None, roles=(*DESK, "system"))
rule("support.write_sheets", Sheet, roles=(SECOND,))
rule("support.faults", None, roles=(SECOND,))
rule("support.review", None, roles=DESK)
rule("support.statistics", None, roles=(*DESK, *MANAGERS))
# What the house does by itself: letters and suppliers are taken in, and what went wrong tells of itself.
rule("support.take_in", None, roles=("system",))

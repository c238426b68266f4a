"""What the room does by the clock: tells who sends when a file is due, sends what was ordered, counts the day's figures."""

from datetime import datetime, timedelta

import structlog

from livlina.across.statistics import actions, counting
from livlina.across.statistics.layout import Layout, layout_for, newest
from livlina.across.statistics.models import Delivery, Making
from livlina.across.statistics.periods import Period
from livlina.across.statistics.sending import NoAnswer, Refusal, Sender, sender
from livlina.across.statistics.states import latest, state_of
from livlina.core.access import Actor, demand, system
from livlina.core.clock import day_of
from livlina.core.jobs import part
from livlina.core.models import Assignment
from livlina.core.tenancy import EVERYTHING
from livlina.registers.watches.actions import Owner, raise_watch
from livlina.registers.watches.models.kinds import declare

log = structlog.get_logger(__name__)
AHEAD = timedelta(days=10)
"""So long before the due day the watch is seen."""
SILENT = timedelta(minutes=10)
"""A file whose sending ended without a word is not known to have arrived."""
LIMIT = timedelta(minutes=1)
MAKING = timedelta(minutes=10)
"""So long one statement may take when a file is made: nobody waits for it on a page."""
_WORDS = (
    "Uppgifter till staten ska lämnas",
    "En period är slut och filen för den är inte mottagen.",
    "Kommunen bryter mot sin uppgiftsskyldighet och den nationella statistiken blir fel.",
)
declare(
    "statistics.due_officer", *_WORDS, ladder=((timedelta(days=3), "unit_manager"),), link="statistics:due"
)
declare("statistics.due_provider", *_WORDS, link="statistics_provider:due")


def remind(municipality_id: int, now: datetime) -> int:
    """Raise a watch for each file of the period that ended last and was not received. Return how many."""
    by = system(municipality_id, EVERYTHING)
    demand(by, "statistics.remind")
    return sum(_remind(layout, by, now) for layout in newest())


def _remind(layout: Layout, by: Actor, now: datetime) -> bool:
    period = Period.of(day_of(now), layout.period).before
    held = layout_for(layout.flow, period)
    if held is None or held.due_at(period) - AHEAD > now:
        return False
    made = latest(layout.flow, period)
    if made and state_of(made) == "receipt":
        return False
    role = "committee_secretary" if layout.side == "officer" else "nurse"
    who = Assignment.objects.filter(role=role, compartments__contains=[layout.compartment])
    owner = who.valid(day_of(now)).order_by("-id").first()
    if owner is None:
        return False
    raise_watch(
        f"statistics.due_{layout.side}", (actions.SOURCE, period.key(layout.flow, by.municipality_id)),
        owner=Owner(role, owner.unit_id, compartment=layout.compartment), due_at=held.due_at(period), by=by, now=now,
        about=f"{layout.name}, {period.words}"[:200],
    )  # fmt: skip
    return True


def make_asked(municipality_id: int, now: datetime) -> int:
    """Make the files that somebody has asked for, each in a transaction of its own. Return how many were made."""
    with part(municipality_id, MAKING):
        waiting = list(Making.objects.filter(ended_at=None).order_by("at"))
    made = 0
    for one in waiting:
        with part(municipality_id, MAKING):
            made += actions.fulfil(one, by=system(municipality_id, EVERYTHING), now=now) is not None
    return made


def send_ordered(municipality_id: int, now: datetime) -> int:
    """Send what was left to the adapter, each once; return how many. What it will be is written down before it is done."""
    adapter = sender()
    return dispatch(municipality_id, adapter, now) if adapter else 0


def dispatch(municipality_id: int, adapter: Sender, now: datetime) -> int:
    """Send each ordered file: “sent” is committed first, so that a cut can never lead to a second sending."""
    by, done = system(municipality_id, EVERYTHING), 0
    with part(municipality_id, LIMIT):
        waiting = [
            one
            for one in Delivery.objects.filter(events__kind="ordered").prefetch_related("events")
            if state_of(one) in ("ordered", "sent")
        ]
    for one in waiting:
        with part(municipality_id, LIMIT):
            if state_of(one) == "sent":
                if max(event.at for event in one.events.all()) + SILENT < now:
                    actions.tell(one, "unknown", "Sändningen avbröts utan svar.", by=by, now=now)
                continue
            actions.tell(one, "sent", "av avsändaren", by=by, now=now)
        kind, words = _send(one, adapter)
        with part(municipality_id, LIMIT):
            actions.tell(one, kind, words, by=by, now=now)
        done += 1
    return done


def _send(one: Delivery, adapter: Sender) -> tuple[str, str]:
    period = Period.parse(one.period, "month" if "-" in one.period else "year")
    layout = layout_for(one.flow, period) if period else None
    if layout is None:
        return "failed", "Postbeskrivningen finns inte längre. Filen skickades aldrig."
    try:
        return "receipt", adapter(
            f"{one.flow}-{one.period}-{one.number}.txt", one.content.encode(layout.encoding)
        )
    except Refusal as refused:
        return "failed", str(refused) or str(Refusal.__doc__)
    except Exception as fault:
        log.warning("statistics_sender_silent", delivery=str(one.pk), fault=type(fault).__name__)
        return "unknown", str(NoAnswer.__doc__)


def count(municipality_id: int, now: datetime) -> int:
    """Count the day's figures. Return how many."""
    return counting.count(by=system(municipality_id, EVERYTHING), now=now)

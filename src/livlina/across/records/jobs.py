"""What happens by itself: a yearly proposal for each branch, quarantined copies that go, gaps held against certificates."""

from datetime import datetime

import structlog
from django.conf import settings

from livlina.across.records import actions
from livlina.across.records.models import RetentionRun
from livlina.across.records.queries.retention import unexplained_gaps
from livlina.core import outbox
from livlina.core.access import system
from livlina.core.clock import day_of
from livlina.core.tenancy import EVERYTHING
from livlina.registers.journal import queries as journal

log = structlog.get_logger(__name__)


def propose_destruction(municipality_id: int, now: datetime) -> int:
    """Propose this year's destruction in each branch, once a year; return how many proposals were made.

    A proposal touches nothing, and one with nothing due is kept too: it shows that somebody looked. The archivist
    freezes it, and a second person agrees.
    """
    by, year = system(municipality_id, EVERYTHING), day_of(now).year
    done = set(RetentionRun.objects.filter(year=year).values_list("compartment", flat=True))
    wanted = [branch for branch in settings.BRANCHES if branch not in done]
    for branch in wanted:
        actions.propose(branch, by=by, now=now)
    return len(wanted)


def empty_quarantine(municipality_id: int, now: datetime) -> int:
    """Remove quarantined copies whose days are over."""
    return actions.empty_quarantine(by=system(municipality_id, EVERYTHING), now=now)


def compare_gaps(municipality_id: int, now: datetime) -> int:
    """Count gaps in the journal's log that no certificate of destruction explains; announce `records.unexplained_gap`."""
    held = journal.current_log(municipality_id)
    if held is None:
        return 0
    found = unexplained_gaps(held)
    if found:
        log.error("records_unexplained_gap", municipality=municipality_id, gaps=found)
        outbox.announce("records.unexplained_gap", held, now=now)
    return found

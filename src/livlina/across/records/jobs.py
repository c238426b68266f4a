"""What happens by itself: once a year a proposal for each branch, and quarantined copies whose days are over."""

from datetime import datetime

from django.conf import settings

from livlina.across.records import actions
from livlina.across.records.models import RetentionRun
from livlina.core.access import system
from livlina.core.clock import day_of
from livlina.core.tenancy import EVERYTHING


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

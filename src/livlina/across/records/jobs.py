"""What happens by itself: once a year a proposal for each branch, and quarantined copies whose days are over."""

from datetime import datetime

from django.conf import settings

from livlina.across.records import actions
from livlina.across.records.models import RetentionRun
from livlina.across.records.queries import retention
from livlina.core.access import system
from livlina.core.clock import day_of
from livlina.core.tenancy import EVERYTHING


def propose_destruction(municipality_id: int, now: datetime) -> int:
    """Propose this year's destruction in each branch that has something due; return how many proposals were made.

    A proposal touches nothing: the archivist freezes it, and a second person agrees.
    """
    by, on, made = system(municipality_id, EVERYTHING), day_of(now), 0
    done = set(RetentionRun.objects.filter(year=on.year).values_list("compartment", flat=True))
    for branch in settings.BRANCHES:
        if branch in done:
            continue
        if any(one.is_due(on) for one in retention.judge_files(municipality_id, branch, on)):
            actions.propose(branch, by=by, now=now)
            made += 1
    return made


def empty_quarantine(municipality_id: int, now: datetime) -> int:
    """Remove quarantined copies whose days are over."""
    return actions.empty_quarantine(by=system(municipality_id, EVERYTHING), now=now)

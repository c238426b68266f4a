"""What the journal does by itself."""

from datetime import datetime, timedelta
from itertools import chain as together

import structlog

from livlina.core import outbox
from livlina.core.access import system
from livlina.core.tenancy import EVERYTHING
from livlina.registers.journal import actions
from livlina.registers.journal.chain import verify_chain
from livlina.registers.journal.models import ChainHead, Note

log = structlog.get_logger(__name__)

ROUND = 28
"""Days in which every chain is verified at least once; what was written since yesterday is verified each night."""


def tell_of_drafts(municipality_id: int, now: datetime) -> int:
    """Tell units of drafts that lie unfinished. Return how many."""
    return actions.tell_of_drafts(by=system(municipality_id, EVERYTHING), now=now)


def verify_chains(municipality_id: int, now: datetime) -> int:
    """Verify yesterday's chains and a part of all others; announce `journal.chain_broken`. Return how many broke."""
    since = now - timedelta(hours=25)
    fresh = Note.objects.filter(municipality_id=municipality_id, authored_at__gte=since).values_list(
        "person_id"
    )
    heads = ChainHead.objects.filter(municipality_id=municipality_id)
    turn = [
        (person,)
        for (person,) in heads.values_list("person_id").distinct()
        if person.int % ROUND == now.toordinal() % ROUND
    ]
    broken = 0
    for (person_id,) in sorted(set(together(fresh.distinct(), turn))):
        report = verify_chain(person_id)
        for compartment in sorted({found.compartment for found in report.breaks}):
            log.error("journal_chain_broken", municipality=municipality_id, compartment=compartment)
            head = heads.filter(person_id=person_id, compartment=compartment).first()
            if head:
                outbox.announce("journal.chain_broken", head, now=now)
            broken += 1
    return broken

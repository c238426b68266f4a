"""What the journal does by itself."""

from datetime import datetime, timedelta
from itertools import chain as together

import structlog
from django.conf import settings

from livlina.core import outbox
from livlina.core.access import system
from livlina.core.jobs import part
from livlina.core.tenancy import EVERYTHING
from livlina.registers.journal import actions, queries
from livlina.registers.journal.chain import verify_chain
from livlina.registers.journal.log import sequencer, store, verify, witnesses
from livlina.registers.journal.models import ChainHead, Note
from livlina.status import parts

log = structlog.get_logger(__name__)

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
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


def sequence(municipality_id: int, now: datetime) -> int:
    """Give new entries their place in the municipality's log, and sign it when it is time. Return how many."""
    return sequencer.sequence(municipality_id, now)


def tell_witnesses(municipality_id: int, now: datetime) -> int:
    """Send the newest checkpoint to every witness. Return how many answered well.

    Announces `journal.witness_refused` (it has seen another history) and `journal.witness_silent` (for long).
    """
    with part(municipality_id, MINUTE):
        tasks = witnesses.due(municipality_id, now)
    if not tasks:
        return 0
    done = witnesses.send(tasks)
    with part(municipality_id, MINUTE):
        for state in witnesses.record(municipality_id, done, now):
            log.error("journal_witness", municipality=municipality_id, why=state.refused_why or "silent")
            outbox.announce(
                "journal.witness_refused" if state.refused_at else "journal.witness_silent", state, now=now
            )
        _tell_status(municipality_id, now)
    return sum(task.status == 200 for task in done)


def verify_log(municipality_id: int, now: datetime) -> int:
    """Verify the log against rows, signatures and witnesses; announce `journal.log_broken`. Return how much broke."""
    with part(municipality_id, MINUTE):
        held = store.current(municipality_id)
    if held is None:
        return 0
    seen = witnesses.newest_seen(held)
    with part(municipality_id, HOUR):
        report = verify.verify_log(held, seen, now, turn=(now.toordinal() % ROUND, ROUND))
        for words in report.breaks[:20]:
            log.error("journal_log_broken", municipality=municipality_id, what=words)
        if report.breaks:
            outbox.announce("journal.log_broken", held, now=now)
    return len(report.breaks)


def _tell_status(municipality_id: int, now: datetime) -> None:
    """Tell the status page how it is with the witnesses of all municipalities, as far as each has told."""
    told = parts.read(settings.STATE_DIR).get("witness")
    places = dict(told.data.get("municipalities", {})) if told else {}
    places[str(municipality_id)] = queries.witness_words(municipality_id, now)
    wrong = [words for words in places.values() if words]
    works = not wrong
    words = (
        "Vittnen utanför kommunen har sett journalens logg och intygar att den bara har vuxit."
        if works
        else wrong[0]
    )
    parts.write(settings.STATE_DIR, "witness", works, words, at=now, municipalities=places)

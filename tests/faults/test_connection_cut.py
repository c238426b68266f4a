"""The database cuts a connection in the middle of a request and takes new ones at once: she who wrote never knows."""

import threading
from urllib.parse import urlsplit

import psycopg
import pytest

from livlina.core import failover
from livlina.core.access import Actor
from livlina.registers.journal.models import ChainHead, File, Note
from tests.faults.helpers import PATIENCE, Holder, send, until, url_of, waiting, written
from tests.people import session_key


@pytest.mark.parametrize(
    ("budget", "status"), [(failover.BUDGET, 201), (0.0, 503)], ids=["waits", "gives up"]
)
def test_whoever_was_cut_off_is_done_again_or_reads_that_the_database_was_away(
    live: str, own_database: str, karin: Actor, astrids_file: File, monkeypatch, budget: float, status: int
) -> None:
    monkeypatch.setattr(failover.OUTAGES["away"], "budget", budget)
    port, key, answers = urlsplit(live).port, session_key(karin), []
    assert send(port, astrids_file, key, written("Astrid ringde."))[0] == 201
    note, holder = written("Anna ringde."), Holder(url_of(own_database), karin.municipality_id)
    holder.hold("journal_chainhead", ChainHead.objects.get().pk)
    asking = threading.Thread(target=lambda: answers.append(send(port, astrids_file, key, note)))
    with holder.connection, psycopg.connect(url_of(own_database), autocommit=True) as beside:
        asking.start()
        [hers] = until(lambda: waiting(beside), "her note came to the held chain")
        beside.execute("SELECT pg_terminate_backend(%s, 60000)", [hers])
        holder.let_go()
        asking.join(PATIENCE)
    [(answered, page)] = answers
    assert (answered, "Databasen går inte att nå" in page) == (status, status == 503)
    assert Note.objects.count() == (2 if status == 201 else 1)
    assert send(port, astrids_file, key, note)[0] == (200 if status == 201 else 201)
    assert Note.objects.count() == 2

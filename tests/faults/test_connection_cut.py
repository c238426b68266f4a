"""The database cuts a connection in the middle of a request and takes new ones at once: it is told in words."""

import threading
from urllib.parse import urlsplit

import psycopg

from livlina.core.access import Actor
from livlina.registers.journal.models import ChainHead, File, Note
from tests.faults.helpers import PATIENCE, Holder, send, until, url_of, waiting, written
from tests.people import session_key


def test_whoever_was_cut_off_reads_that_the_database_was_away_and_may_send_again(
    live: str, own_database: str, karin: Actor, astrids_file: File
) -> None:
    port, key, answers = urlsplit(live).port, session_key(karin), []
    assert send(port, astrids_file, key, written("Astrid ringde."))[0] == 201
    note, holder = written("Anna ringde."), Holder(url_of(own_database), karin.municipality_id)
    holder.hold("journal_chainhead", ChainHead.objects.get().pk)
    asking = threading.Thread(target=lambda: answers.append(send(port, astrids_file, key, note)))
    with holder.connection, psycopg.connect(url_of(own_database), autocommit=True) as beside:
        asking.start()
        [hers] = until(lambda: waiting(beside), "her note came to the held chain")
        beside.execute("SELECT pg_terminate_backend(%s, 60000)", [hers])
        asking.join(PATIENCE)
    [(status, page)] = answers
    assert (status, "Databasen går inte att nå" in page) == (503, True)
    assert Note.objects.count() == 1
    assert send(port, astrids_file, key, note)[0] == 201
    assert Note.objects.count() == 2

"""Eight attacks on the journal by whoever owns its database, some with the log's own key too, and who notices.

Each trial is a transaction of the owner's, with the triggers off, rolled back afterwards. Three look: the chains alone
(each person's, with its head), besides them the signed tree, and besides that one witness outside who has cosigned every
tenth entry. The first two are the controls: what they must miss, they miss.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

ENTRIES, PERSONS, EVERY = 200, 15, 10
LOOKS = ("chain", "signed", "witness")
ALL = tuple(range(1, 17))
TABLES = ("note", "logtile", "logcheckpoint", "logcosignature")


@dataclass
class Stage:
    """What is attacked: a municipality's journal of some persons, its log, and the witness who has followed it."""

    municipality: int
    people: list[Any]
    judge: Any
    now: datetime


@contextmanager
def as_owner() -> Iterator[None]:
    """Be the owner of the tables, whom no policy and no privilege stops, until the block ends."""
    from django.db import connection
    from psycopg.conninfo import conninfo_to_dict

    owner, mine = conninfo_to_dict(os.environ["LIVLINA_OWNER_DATABASE_URL"]), dict(connection.settings_dict)
    connection.close()
    connection.settings_dict |= {"USER": owner["user"], "PASSWORD": owner["password"]}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict |= mine


def files(municipality: int, persons: int, now: datetime) -> list[Any]:
    """Make invented persons with a file each. In a transaction that sees the municipality."""
    from livlina.core.models import Unit
    from livlina.registers.journal.models import File
    from livlina.registers.people.models import Person

    known: dict[str, Any] = {"municipality_id": municipality}
    unit, _ = Unit.objects.get_or_create(name="Bistånd", side="authority", **known)
    people = Person.objects.bulk_create(
        Person(given_names="Rut", family_name=f"Alm {number}", birth_date=date(1940, 1, 1), **known)
        for number in range(persons)
    )
    then = now - timedelta(days=300)
    return File.objects.bulk_create(
        File(person=one, unit=unit, compartment=1, law="SoL", opened_at=then, opened_by=0, **known)
        for one in people
    )


def note(file_id: Any, text: str, now: datetime, municipality: int) -> None:
    """Write one note as the system, through the same action as everybody."""
    from livlina.core.access import system
    from livlina.core.ids7 import uuid7
    from livlina.registers.journal import actions

    given = actions.Content(now - timedelta(minutes=5), "phone", text)
    actions.write_note(file_id, given, client_id=uuid7(), by=system(municipality, ALL), now=now)


def prepare(municipality: int, folder: Path, now: datetime, entries: int = ENTRIES) -> Stage:
    """Write the entries, ten at a time; each ten is numbered, signed and cosigned."""
    from livlina.core.tenancy import acting
    from livlina.registers.journal.log import keys, sequencer, store
    from livlina.witness.book import Book
    from livlina.witness.judge import Judge

    with acting(municipality, ALL):
        made = files(municipality, PERSONS, now)
        book = Book(folder)
        book.begin("outside.example/witness")
        book.know(keys.signer(sequencer.begin(municipality, now), now).key)
        stage = Stage(municipality, [file.person_id for file in made], Judge(book), now)
    for number in range(entries):
        with acting(municipality, ALL):
            note(
                made[number * 7 % PERSONS].pk,
                f"Anteckning {number}: hon klarar sig med stöd.",
                now,
                municipality,
            )
            if number % EVERY == EVERY - 1:
                sequencer.sequence(municipality, now)
                log = store.current(municipality)
                assert log is not None  # noqa: S101
                if not show(stage, log, log.checkpoints.latest("size"), number + 1 - EVERY):
                    raise RuntimeError("The witness refuses the log as it was written.")
    return stage


def show(stage: Stage, log: Any, checkpoint: Any, old: int) -> bool:
    """Send a checkpoint to the witness; whether it cosigned."""
    from livlina.registers.journal.log import store
    from livlina.witness.notes import submission

    body = submission(old, store.consistency(log, old, checkpoint.size), checkpoint.note)
    return bool(stage.judge.add_checkpoint(body, int(stage.now.timestamp())).status == 200)


def trial(stage: Stage, attack: Callable[[random.Random], None], seed: int) -> dict[str, bool]:
    """Play one attack and return who noticed. In `as_owner`; nothing of it is kept."""
    from django.db import connection, transaction

    with transaction.atomic():
        with connection.cursor() as cursor:
            for table in TABLES:
                cursor.execute(f"ALTER TABLE journal_{table} DISABLE TRIGGER USER")
            cursor.execute("ALTER TABLE journal_note DROP CONSTRAINT note_place_once")
        attack(random.Random(seed))  # noqa: S311 - the same trials each time
        found = noticed(stage)
        transaction.set_rollback(True)
    return found


def noticed(stage: Stage) -> dict[str, bool]:
    """Who finds something wrong. The witness is one more pair of eyes: what the others see is seen with it too."""
    from livlina.registers.journal.chain import verify_chain
    from livlina.registers.journal.log import store, verify, witnesses

    log = store.current(stage.municipality)
    assert log is not None  # noqa: S101
    key = stage.judge.signer.key
    seen = {key.name: witnesses.seen(str(stage.judge.book.newest(log.origin)), log.origin, key)}
    chain = any(not verify_chain(person).whole for person in stage.people)
    signed = chain or not verify.verify_log(log, {}, stage.now).whole
    return {
        "chain": chain,
        "signed": signed,
        "witness": signed or not verify.verify_log(log, seen, stage.now).whole,
    }


def notes() -> list[Any]:
    """Every note, in the order of the log."""
    from livlina.registers.journal.models import Note

    return list(Note.objects.order_by("log_index"))


def run(statement: str, values: list[Any]) -> None:
    """Do something behind the locks."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def edit(chance: random.Random) -> None:
    """One text is changed."""
    run("UPDATE journal_note SET text = 'Hon klarar sig själv.' WHERE id = %s", [chance.choice(notes()).pk])


def forge(chance: random.Random) -> None:
    """A note is put in after another, hashed as it should be, in the name of someone else."""
    from livlina.registers.journal.chain import digest_of, hash_of

    one = chance.choice(notes())
    one.prev_hash, one.seq, one.log_index = bytes(one.hash), one.seq + 1, None
    one.pk, one.client_id, one.text, one.author_name = uuid4(), uuid4(), "Hon avböjde hjälp.", "Johan Brink"
    one.digest = digest_of(one)
    one.hash = hash_of(one)
    one._state.adding = True
    one.save(force_insert=True)


def tear(chance: random.Random) -> None:
    """Half of a row is lost."""
    run(
        "UPDATE journal_note SET text = left(text, length(text) / 2), hash = substr(hash, 1, 16) WHERE id = %s",
        [chance.choice(notes()).pk],
    )


def delete(chance: random.Random) -> None:
    """One note is removed."""
    run("DELETE FROM journal_note WHERE id = %s", [chance.choice(notes()).pk])


def swap(chance: random.Random) -> None:
    """Two notes of a person change places, in the chain and in the log."""
    rows = notes()
    one = chance.choice(rows)
    other = chance.choice([row for row in rows if row.person_id == one.person_id and row.pk != one.pk])
    for row, place in ((one, None), (other, one), (one, other)):
        run("UPDATE journal_note SET seq = %s, log_index = %s WHERE id = %s",
            [place.seq if place else 0, place.log_index if place else None, row.pk])  # fmt: skip


def rechain(chance: random.Random) -> None:
    """One text is changed, and everything after it hashed anew: the chain, its head, and the tree."""
    from livlina.registers.journal.chain import digest_of, hash_of
    from livlina.registers.journal.models import ChainHead

    rows = notes()
    one = chance.choice(rows)
    one.text, before = "Hon klarar sig själv.", None
    for row in sorted((row for row in rows if row.person_id == one.person_id), key=lambda row: row.seq):
        row.digest, row.prev_hash = digest_of(row), bytes(row.prev_hash) if before is None else before
        before = row.hash = hash_of(row)
        run("UPDATE journal_note SET text = %s, digest = %s, prev_hash = %s, hash = %s WHERE id = %s",
            [row.text, row.digest, row.prev_hash, row.hash, row.pk])  # fmt: skip
    ChainHead.objects.filter(person_id=one.person_id).update(hash=before)
    rebuild(rows)


def truncate(chance: random.Random) -> None:
    """The last entries are removed as if they had never been: rows, heads, tree and what was signed after them."""
    from livlina.registers.journal.models import ChainHead, LogCheckpoint, LogCosignature

    rows = notes()
    kept = len(rows) - chance.randint(1, len(rows) // 2)
    LogCosignature.objects.filter(checkpoint__size__gt=kept)._raw_delete("default")
    LogCheckpoint.objects.filter(size__gt=kept)._raw_delete("default")
    run("DELETE FROM journal_note WHERE log_index >= %s", [kept])
    for head in ChainHead.objects.all():
        last = [row for row in rows[:kept] if row.person_id == head.person_id]
        if last:
            ChainHead.objects.filter(pk=head.pk).update(seq=last[-1].seq, hash=last[-1].hash)
        else:
            run("DELETE FROM journal_chainhead WHERE id = %s", [head.pk])
    rebuild(rows[:kept])


def resign(chance: random.Random) -> None:
    """Everything is hashed anew, what was signed is removed, and the log signs again with its own key."""
    from livlina.registers.journal.log import sequencer
    from livlina.registers.journal.models import Log

    rechain(chance)
    for table in ("logcosignature", "logcheckpoint"):
        run(f"DELETE FROM journal_{table}", [])  # noqa: S608
    log = Log.objects.get(ended_at=None)
    sequencer.sign(log, len(notes()), log.begun_at)


def rebuild(rows: list[Any]) -> None:
    """Make the tree anew of rows."""
    from livlina.registers.journal.log import store, tree
    from livlina.registers.journal.models import Log
    from livlina.witness.merkle import leaf_hash

    log = Log.objects.get(ended_at=None)
    run("DELETE FROM journal_logtile WHERE log_id = %s", [log.pk])
    store.keep(log, tree.grow(0, [leaf_hash(bytes(row.hash)) for row in rows], lambda level, number: b""))


ATTACKS: dict[str, Callable[[random.Random], None]] = {
    "edit": edit,
    "forged insert": forge,
    "torn": tear,
    "delete one": delete,
    "swap two": swap,
    "edit + re-chain, no key": rechain,
    "truncate the tail": truncate,
    "edit + re-chain + re-sign with the key": resign,
}
MISSED = {"edit + re-chain, no key": ("chain",), "truncate the tail": ("chain", "signed"),
          "edit + re-chain + re-sign with the key": ("chain", "signed")}  # fmt: skip
"""What each control must miss, or it is no control."""

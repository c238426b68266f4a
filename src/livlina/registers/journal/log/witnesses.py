"""Telling witnesses outside how far the log has come, and minding what they answer.

A witness that refuses has seen another history than ours: that is told at once. One that is silent is told after a while,
since without it nobody outside would notice. Nothing waits for a witness: notes are written whether it answers or not.
"""

import http.client
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256

from django.conf import settings

from livlina.core import parameters
from livlina.registers.journal.log import store
from livlina.registers.journal.log.tables import Log, LogCosignature, LogWitness
from livlina.witness import notes

PATIENCE = 2.0
"""Seconds a witness has to answer: the jobs that let alarms go further run in the same loop."""
PAUSE = timedelta(seconds=30)
"""How long a silent witness is left alone."""
SLOW = 0.5
"""Seconds of silence after which this process leaves a witness alone for every municipality: there may be 290."""
_hung: dict[str, float] = {}
"""Until when (monotonic seconds) the witness at an address is not asked."""
REFUSALS = {
    "shorter": "Vittnet har sett en längre logg än den som nu finns här. Poster saknas.",
    "other_root": "Vittnet har sett en annan logg av samma längd. Något är ändrat i efterhand.",
    "rewritten": "Loggen börjar inte längre med det som vittnet har sett. Något är ändrat i efterhand.",
}
"""What a refusal is called, and what it means in words."""


@dataclass(frozen=True)
class Witness:
    """One witness, as the setting LIVLINA_WITNESSES names it."""

    name: str
    url: str
    key: notes.Key


@dataclass(frozen=True)
class Task:
    """What is to be said to one witness, and what it answered."""

    witness: Witness
    log_id: object
    origin: str
    checkpoint_id: object
    size: int
    note: str
    old: int
    body: bytes
    status: int = 0
    answer: str = ""


def configured() -> list[Witness]:
    """Return the witnesses of this installation. Raises notes.NotANote when a key is no key."""
    return [Witness(one["name"], one["url"].rstrip("/"), _key(one["key"])) for one in settings.WITNESSES]


@cache
def _key(text: str) -> notes.Key:
    return notes.Key.read(text)


def silence(municipality_id: int) -> timedelta:
    """How long a witness may be silent before it is told."""
    return timedelta(minutes=parameters.value(municipality_id, "witness_silence_minutes"))


def due(municipality_id: int, now: datetime) -> list[Task]:
    """Return what is to be said to whom: the newest checkpoint; the same again now and then, so that it stays known."""
    found = configured()
    log = store.current(municipality_id) if found else None
    newest = log.checkpoints.order_by("-size").first() if log else None
    if log is None or newest is None:
        return []
    states = {row.witness: row for row in LogWitness.objects.filter(municipality_id=municipality_id, log=log)}
    cosigned = set(newest.cosignatures.values_list("witness", flat=True))
    again = silence(municipality_id) / 3
    tasks = []
    for witness in found:
        state = states.get(witness.key.name)
        if state and _rests(state, witness.key.name in cosigned, again, now):
            continue
        old = min(state.size if state else 0, newest.size)
        body = notes.submission(old, store.consistency(log, old, newest.size), newest.note)
        tasks.append(Task(witness, log.pk, log.origin, newest.pk, newest.size, newest.note, old, body))
    return tasks


def _rests(state: LogWitness, cosigned: bool, again: timedelta, now: datetime) -> bool:
    """Whether a witness has seen the newest, and lately; or was just asked, and refused or was silent."""
    if state.seen_at is None or state.seen_at != state.asked_at:
        return now - state.asked_at < PAUSE
    return cosigned and now - state.seen_at < again


def send(tasks: Sequence[Task]) -> list[Task]:
    """Say each to its witness, all at once, and return them with the answers that came in time. Touches no database."""
    answers: dict[int, Task] = {}

    def one(number: int, task: Task) -> None:
        status, answer = ask(f"{task.witness.url}/add-checkpoint", task.body)
        answers[number] = replace(task, status=status, answer=answer)

    began = time.monotonic()
    threads = {
        number: threading.Thread(target=one, args=(number, task), daemon=True)
        for number, task in enumerate(tasks)
        if _hung.get(task.witness.url, began - 1) < began
    }
    for thread in threads.values():
        thread.start()
    for number, thread in threads.items():
        thread.join(max(0.0, PATIENCE + 0.5 - (time.monotonic() - began)))
        if time.monotonic() - began > SLOW and not answers.get(number, tasks[number]).status:
            _hung[tasks[number].witness.url] = time.monotonic() + PAUSE.total_seconds()
    return [answers.get(number, task) for number, task in enumerate(tasks)]


def ask(url: str, body: bytes | None = None) -> tuple[int, str]:
    """Return what a witness answers (status, text); status 0 when it does not."""
    try:
        request = urllib.request.Request(url, body)  # noqa: S310 - an address of settings
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
            return answer.status, answer.read(notes.LONGEST).decode(errors="replace")
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read(200).decode(errors="replace")
    except (OSError, ValueError, http.client.HTTPException):
        return 0, ""


def newest_seen(log: Log) -> dict[str, notes.Checkpoint | None]:
    """Ask every witness for the newest checkpoint it cosigned; None where none is shown. By the witness's key's name."""
    found: dict[str, notes.Checkpoint | None] = {}
    for witness in configured():
        status, text = ask(f"{witness.url}/checkpoint/{sha256(log.origin.encode()).hexdigest()}")
        found[witness.key.name] = seen(text, log.origin, witness.key) if status == 200 else None
    return found


def seen(text: str, origin: str, key: notes.Key) -> notes.Checkpoint | None:
    """Return the checkpoint of a note if it is this log's and the witness's key cosigned it."""
    try:
        note = notes.Note.read(text)
        checkpoint = notes.Checkpoint.read(note.text)
    except notes.NotANote:
        return None
    return checkpoint if checkpoint.origin == origin and note.signed_by(key) is not None else None


def record(municipality_id: int, done: Sequence[Task], now: datetime) -> list[LogWitness]:
    """Write down what the witnesses answered. Return those of whom something is now to be told, for the first time."""
    alarms = []
    for task in done:
        state, _ = LogWitness.objects.get_or_create(
            municipality_id=municipality_id, log_id=task.log_id, witness=task.witness.key.name,
            defaults={"asked_at": now},
        )  # fmt: skip
        since, state.asked_at = state.seen_at or state.log.begun_at, now
        _answered(state, task, now)
        silent = state.told_at is None and not state.refused_at and now - since > silence(municipality_id)
        if state.seen_at == now:
            state.told_at = None
        elif silent or state.refused_at == now:  # that it refuses is told also after its silence was
            state.told_at = now
            alarms.append(state)
        state.save()
    return alarms


def _answered(state: LogWitness, task: Task, now: datetime) -> None:
    if task.status == 200:
        _cosigned(state, task, now)
    elif task.status == 409 and task.answer.strip().isdigit():
        seen_size = int(task.answer.strip())
        if seen_size > task.size:
            _refused(state, "shorter", now)
        elif seen_size == task.old:
            _refused(state, "other_root", now)
        else:
            state.size, state.asked_at = (
                seen_size,
                now - PAUSE,
            )  # our memory was behind: asked again from there
    elif task.status == 422:
        _refused(state, "rewritten", now)


def _refused(state: LogWitness, why: str, now: datetime) -> None:
    state.refused_at, state.refused_why = state.refused_at or now, why


def _cosigned(state: LogWitness, task: Task, now: datetime) -> None:
    """Keep the cosignature if it is the witness's own over this checkpoint; else it is as if it had not answered."""
    text = notes.Note.read(task.note).text
    for line in task.answer.splitlines(keepends=True):
        signature = notes.signature_of(line, task.witness.key)
        if signature is not None and task.witness.key.signed(text, signature) is not None:
            LogCosignature.objects.create(
                municipality_id=state.municipality_id, checkpoint_id=task.checkpoint_id,
                witness=task.witness.key.name, line=line, at=now,
            )  # fmt: skip
            state.size, state.seen_at = task.size, now
            state.refused_at, state.refused_why = None, ""
            return

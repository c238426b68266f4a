"""``livlina bench records``: attacks on the journal and who notices, appends, the sequencer, proofs at ten million."""

from __future__ import annotations

import json
import os
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from livlina.cli.bench import records_attacks as attacks

TENANT, WRITERS, PERSONS = 1, 4, 200
TRIALS, FULL = 5, 60
SECONDS, LONG = 15.0, 60.0
TEXT = "Hembesök. Hon orkar inte längre duscha själv och vill ha hjälp två gånger i veckan. " * 7  # 600 bytes


def table(rows: list[dict[str, Any]]) -> str:
    """The rows as a table of Markdown."""
    lines = ["| records | aim | found | |", "|---|---|---|---|"]
    marks = {True: "met", False: "**missed**", None: ""}
    return "\n".join(
        [*lines, *(f"| {r['what']} | {r['aim']} | {r['found']} | {marks[r['met']]} |" for r in rows)]
    )


def row(what: str, aim: str, found: str, met: bool | None = None) -> dict[str, Any]:
    """One line of the table."""
    return {"what": what, "aim": aim, "found": found, "met": met}


def attacked(folder: Path, trials: int) -> list[dict[str, Any]]:
    """Play every attack so many times, and count who noticed."""
    now = datetime.now(UTC)
    stage = attacks.prepare(TENANT, folder / "witness", now)
    rows = []
    with attacks.as_owner():
        quiet = attacks.noticed(stage)
        rows.append(row("untouched", "nobody cries", str(sum(quiet.values())), not any(quiet.values())))
        for name, attack in attacks.ATTACKS.items():
            found = [attacks.trial(stage, attack, seed) for seed in range(trials)]
            count = {look: sum(one[look] for one in found) for look in attacks.LOOKS}
            missed = all(count[look] == 0 for look in attacks.MISSED.get(name, ()))
            told = (
                f"chain alone {count['chain']}, + signed tree {count['signed']}, + witness {count['witness']}"
            )
            rows.append(
                row(name, f"witness {trials} of {trials}", told, count["witness"] == trials and missed)
            )
    return rows


def appended(seconds: float) -> list[dict[str, Any]]:
    """Write notes from four processes at once, the sequencer at work beside them as in earnest."""
    from django.db import connection

    from livlina.core.tenancy import acting
    from livlina.registers.journal.models import Note

    with acting(TENANT, attacks.ALL):
        places = [file.pk for file in attacks.files(TENANT, PERSONS, datetime.now(UTC))]
    connection.close()
    ends = [_writer(places[number::WRITERS], seconds) for number in range(WRITERS)]
    turns = _sequence_for(seconds)
    took: list[float] = []
    for pid, end in ends:
        with os.fdopen(end) as pipe:
            took += json.loads(pipe.read())
        os.waitpid(pid, 0)
    with acting(TENANT, attacks.ALL):
        waiting = Note.objects.filter(log_index=None).count()
    rate, p99 = len(took) / seconds, statistics.quantiles(took, n=100)[98] * 1000
    return [
        row(
            "chained append, 4 writers, 600 bytes, sequencer beside", "≥ 200/s", f"{rate:.0f}/s", rate >= 200
        ),
        row(
            "the same, p50 / p99",
            "p99 ≤ 50 ms",
            f"{statistics.median(took) * 1000:.1f} / {p99:.1f} ms",
            p99 <= 50,
        ),
        row(
            "a turn of the sequencer meanwhile, longest",
            "",
            f"{max(turns) * 1000:.0f} ms, {waiting} waiting at the end",
        ),
    ]


def _sequence_for(seconds: float) -> list[float]:
    """Give places every two seconds, as config/schedule.py has it; return how long each turn took."""
    from livlina.core.tenancy import acting
    from livlina.registers.journal.log import sequencer

    until, turns = time.monotonic() + seconds, []
    while (began := time.monotonic()) < until:
        with acting(TENANT, attacks.ALL):
            sequencer.sequence(TENANT, datetime.now(UTC))
        turns.append(time.monotonic() - began)
        time.sleep(2)
    return turns


def _writer(places: list[Any], seconds: float) -> tuple[int, int]:
    """Begin a process that writes notes and tells how long each took; return its id and where it tells it."""
    read, write = os.pipe()
    if pid := os.fork():
        os.close(write)
        return pid, read
    os.close(read)
    code = 1
    try:
        from livlina.core.tenancy import acting

        took, until, number = [], time.monotonic() + seconds, 0
        while (began := time.monotonic()) < until:
            with acting(TENANT, attacks.ALL):
                attacks.note(places[number % len(places)], f"{number} {TEXT}", datetime.now(UTC), TENANT)
            took.append(time.monotonic() - began)
            number += 1
        with os.fdopen(write, "w") as pipe:
            json.dump(took, pipe)
        code = 0
    finally:
        os._exit(code)


def sequenced() -> list[dict[str, Any]]:
    """Give places to a backlog, and verify the log that comes of it."""
    from livlina.core.tenancy import acting
    from livlina.registers.journal.log import sequencer, verify

    with acting(TENANT, attacks.ALL):
        begun = sequencer.renew(TENANT, "Mätning", datetime.now(UTC))  # every entry waits anew
    count, began = 0, time.monotonic()
    while True:
        with acting(TENANT, attacks.ALL):
            done = sequencer.sequence(TENANT, datetime.now(UTC))
        count += done
        if not done:
            break
    seconds = time.monotonic() - began
    began = time.monotonic()
    with acting(TENANT, attacks.ALL):
        report = verify.verify_log(begun, {}, datetime.now(UTC))
    checking = time.monotonic() - began
    return [
        row("sequencer, a backlog", "", f"{count / seconds:.0f} entries/s ({count})"),
        row(
            "the log verified against every row",
            "whole",
            f"{report.leaves / checking:.0f} entries/s",
            report.whole,
        ),
    ]


def main() -> int:
    """Measure on the database of the environment; the rows go to the file the caller named."""
    import django

    django.setup()
    given = json.loads(os.environ["_LIVLINA_BENCH"])
    from livlina.cli.bench import records_proof

    full, rows = given["full"], []
    with tempfile.TemporaryDirectory() as folder:
        parts = {
            "attacks": lambda: attacked(Path(folder), FULL if full else TRIALS),
            "append": lambda: appended(LONG if full else SECONDS),
            "sequencer": sequenced,
            "proof": lambda: records_proof.measure(10_000_000 if full else 1_000_000),
        }
        for name, part in parts.items():
            if given["only"] in name:
                rows += part()
    Path(given["result"]).write_text(json.dumps(rows), encoding="utf-8")
    return 0

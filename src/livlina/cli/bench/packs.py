"""``livlina bench packs``: what it costs to make the packs of a municipality with so many persons, as a table."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

from livlina.cli.bench.packs_stock import ALL, TENANT, fill


def table(rows: list[dict[str, Any]]) -> str:
    """The rows as a table of Markdown."""
    lines = ["| packs | aim | found | |", "|---|---|---|---|"]
    marks = {True: "met", False: "**missed**", None: ""}
    return "\n".join(
        [*lines, *(f"| {r['what']} | {r['aim']} | {r['found']} | {marks[r['met']]} |" for r in rows)]
    )


def measure(state: Path, given: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the rows. Django must be set up on an empty migrated database, as the application's role."""
    from django.conf import settings
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from livlina.across.continuity.packs import making, places
    from livlina.core import clock

    settings.PACK_PLACES = [str(state / "packs-one"), str(state / "packs-two")]
    persons, now = given["persons"], clock.now()
    fill(persons, now)
    times, size, made = [], 0, making.Made()
    for _ in range(3):
        began = time.monotonic()
        made = making.make(TENANT, clock.now(), clock_now=clock.now)
        times.append(time.monotonic() - began)
    with CaptureQueriesContext(connection) as sent:
        making.make(TENANT, clock.now(), clock_now=clock.now)
    size = sum(row.size for row in made.packs)
    told = sum(len(row.persons) for row in made.packs)
    longest = max(times)
    faults = [fault for place in places.places() for fault in places.faults(place, "asvalla", _known())]
    return [
        _row(f"{told} persons in {len(made.packs)} units: made, sealed and written twice, the slowest of 3", "≤ 10 s",
             f"{longest:.1f} s (the quickest {min(times):.1f} s, {len(sent)} statements)", longest <= 10),
        _row("the same: all files", "", f"{size / 1e6:.1f} MB in each place", None),
        _row("whole and signed in both places", "0 faults", f"{len(faults)} faults", not faults),
    ]  # fmt: skip


def _known() -> set[bytes]:
    from livlina.across.continuity.packs import places
    from livlina.core import tenancy
    from livlina.core.models.keypair import KeyPair

    with tenancy.acting(TENANT, ALL):
        return set(
            map(bytes, KeyPair.objects.filter(purpose=places.PURPOSE).values_list("public", flat=True))
        )


def _row(what: str, aim: str, found: str, met: bool | None) -> dict[str, Any]:
    return {"what": what, "aim": aim, "found": found, "met": met}


def main() -> int:
    """Measure as the environment says and write the rows: run by the verb, in a program of its own."""
    import django

    django.setup()
    given = json.loads(os.environ["_LIVLINA_BENCH"])
    Path(given["result"]).write_text(json.dumps(measure(Path(given["state"]), given)), encoding="utf-8")
    return 0

"""``livlina bench sign_in``: what the others notice while the municipality's identity provider hangs.

The real web server, one process of four threads; eight who work, and meanwhile twenty a second who try to come in through a
provider that takes the call and never answers. Quiet and hanging rounds take turns in one run, so that the machine's other
work falls on both. Then the same with the provider measured down, as the worker would have it within ten seconds.
"""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from livlina.cli.bench.client import Answers, Asked, Client, at_once
from livlina.cli.bench.one import _cookie, _web, session_of

TENANT, CLIENTS, ROUNDS = 1, 8, 6
TRIES = 20.0
"""Attempts to sign in through the provider, a second."""
PAGE, TRY = "/officer/", "/account/with/staff/"


@dataclass(frozen=True)
class Row:
    """One state of the provider. Times in milliseconds; `tries_*` is what those who tried to come in met."""

    name: str
    requests: int
    p50: float
    p95: float
    wrong: int
    tries: int
    tries_p95: float
    tries_longest: float


def table(rows: list[dict[str, Any]]) -> str:
    """Return the rows for a person to read."""
    head = "| provider | pages | p50 ms | p95 ms | wrong | attempts | attempts p95 ms | longest ms |"
    lines = [
        f"| {row['name']} | {row['requests']} | {row['p50']:.1f} | {row['p95']:.1f} | {row['wrong']} | {row['tries']} |"
        f" {row['tries_p95']:.0f} | {row['tries_longest']:.0f} |"
        for row in rows
    ]
    return "\n".join([head, "|---" + "|--:" * 7 + "|", *lines])


def measure(requests: int, state: Path) -> list[Row]:
    """Return a row for each state. Django must be set up on an empty database with one municipality."""
    session = _session()
    with _hanging() as port:
        os.environ |= {
            "LIVLINA_STAFF_IDP_SERVER_URL": f"http://127.0.0.1:{port}", "LIVLINA_STAFF_IDP_CLIENT_ID": "livlina",
            "LIVLINA_STAFF_IDP_CLIENT_SECRET": "s3cret", "LIVLINA_DEMO": "1",
        }  # fmt: skip
        with _web(state) as (_, web):
            clients = [Client(web, session, _cookie()) for _ in range(CLIENTS)]
            at_once(clients, [Asked("GET", PAGE)] * (CLIENTS * 10))
            found: dict[str, tuple[list[Answers], list[Answers]]] = {}
            for _ in range(ROUNDS):
                for name, trying in (("quiet", False), ("hangs", True)):
                    _round(found.setdefault(name, ([], [])), clients, web, requests, trying)
            _measured_down()
            for _ in range(ROUNDS):
                _round(found.setdefault("hangs, measured down", ([], [])), clients, web, requests, True)
    return [_row(name, *parts) for name, parts in found.items()]


def _round(
    into: tuple[list[Answers], list[Answers]], clients: list[Client], web: int, requests: int, trying: bool
) -> None:
    over, tried = threading.Event(), Answers()
    threads = [threading.Thread(target=_try, args=(web, over, tried)) for _ in range(8 if trying else 0)]
    for one in threads:
        one.start()
    into[0].append(at_once(clients, [Asked("GET", PAGE)] * (requests // ROUNDS)))
    over.set()
    for one in threads:
        one.join()
    into[1].append(tried)


def _try(web: int, over: threading.Event, into: Answers) -> None:
    """One of eight who try, so that together they are TRIES a second."""
    while not over.wait(8 / TRIES):
        Client(web, "nobody", _cookie()).send(Asked("GET", TRY, expected=(503,)), into)


def _row(name: str, pages: list[Answers], tries: list[Answers]) -> Row:
    whole, tried = Answers(), Answers()
    for into, parts in ((whole, pages), (tried, tries)):
        for part in parts:
            into.times += part.times
            into.wrong += part.wrong
    longest = max(tried.times, default=0.0)
    wrong = len(whole.wrong) + len(tried.wrong)
    return Row(
        name, len(whole.times), whole.percentile(0.5), whole.percentile(0.95), wrong, len(tried.times),
        tried.percentile(0.95), longest,
    )  # fmt: skip


@contextmanager
def _hanging() -> Iterator[int]:
    """A provider that takes calls and never answers: give its port."""
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listening:
        yield listening.getsockname()[1]


def _measured_down() -> None:
    """Write down what the worker's probe would have found, twice."""
    from livlina.across.portal.models import ProviderHealth

    now = datetime.now(UTC)
    ProviderHealth.objects.update_or_create(
        pk="staff", defaults={"since": now, "measured_at": now, "works": False, "why": "silent"}
    )


def _session() -> str:
    """Sign a case worker in, as the sign-in page would have."""
    from livlina.core.models import Assignment, Unit, User
    from livlina.core.tenancy import EVERYTHING, acting

    with acting(TENANT, EVERYTHING):
        unit = Unit.objects.create(municipality_id=TENANT, name="Biståndsenheten", side="authority")
        user = User.objects.create_user("karin@bench.livlina.example", "Karin Ekdal")
        held = Assignment.objects.create(
            municipality_id=TENANT, user=user, unit=unit, role="case_worker", title="Biståndshandläggare",
            compartments=[1], valid_from=datetime(2024, 1, 1, tzinfo=UTC).date(),
        )  # fmt: skip
    return session_of(user, TENANT, held.pk)


def main() -> int:
    """Measure as the environment says and write the rows as JSON: run by the verb."""
    import django

    django.setup()
    given = json.loads(os.environ["_LIVLINA_BENCH"])
    began = time.monotonic()
    rows = [vars(row) for row in measure(given["requests"], Path(given["state"]))]
    Path(given["result"]).write_text(json.dumps(rows), encoding="utf-8")
    print(f"measured in {time.monotonic() - began:.0f} s")
    return 0

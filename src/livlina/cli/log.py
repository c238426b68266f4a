"""``livlina log``: how the journals' logs stand, the key a witness is to trust, and a new log after a restore."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator

from livlina.cli.surroundings import Problem, say


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("what", choices=["show", "key", "renew"])
    parser.add_argument(
        "municipality", nargs="?", default="", help="its short name: asvalla (show and key: all, if left out)"
    )
    parser.add_argument(
        "--why", default="", help="renew: why the old log cannot go on, for those who look later"
    )


def run(options: argparse.Namespace) -> int:
    """Show the logs, their keys, or end one and begin the next. Raises Problem."""
    if options.what == "renew" and not (options.municipality and len(options.why) >= 10):
        raise Problem("Say which municipality's log is ended, and why (--why, ten letters or more).")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "livlina.config.settings")
    import django

    django.setup()
    act = {"show": _show, "key": _key, "renew": lambda number, slug: _renew(number, slug, options.why)}[
        options.what
    ]
    found = False
    for number, slug in _municipalities(options.municipality):
        found = True
        act(number, slug)
    if not found:
        raise Problem(f"There is no municipality called {options.municipality or 'anything'} here.")
    return 0


def _municipalities(slug: str) -> Iterator[tuple[int, str]]:
    from livlina.core.models import Municipality

    rows = Municipality.objects.order_by("pk").values_list("pk", "slug")
    yield from rows.filter(slug=slug) if slug else rows


def _show(number: int, slug: str) -> None:
    from livlina.core import clock, tenancy
    from livlina.registers.journal import queries

    with tenancy.acting(number):
        state = queries.log_state(number, clock.now())
    if state is None:
        return say(f"{slug}: no log yet")
    say(f"{slug}: {state.size} entries, {state.signed} signed, {state.cosigned} cosigned outside")
    for one in state.witnesses:
        say(f"  {one.name}: {one.size}, {one.at or 'never'} {one.wrong}")


def _key(number: int, slug: str) -> None:
    from livlina.core import clock, tenancy
    from livlina.registers.journal.log import keys, sequencer, store

    with tenancy.acting(number):
        log = store.current(number) or sequencer.begin(number, clock.now())
        print(keys.signer(log, clock.now()).key)


def _renew(number: int, slug: str, why: str) -> None:
    from livlina.core import clock, tenancy
    from livlina.registers.journal.log import sequencer

    with tenancy.acting(number, tenancy.EVERYTHING):
        begun = sequencer.renew(number, why, clock.now())
    say(f"{slug}: {begun.origin} has begun. Its witnesses must be given its key: livlina log key {slug}")

"""``livlina packs``: makes the packs for an outage now, from cron too, and without the worker; checks them; opens one.

It needs the database and the places (LIVLINA_PACK_PLACES), and exits with 1 when a pack could not be made or written.
"""

from __future__ import annotations

import argparse
import base64
import getpass
import json
import os
import time
from pathlib import Path
from typing import Any

from livlina.cli.surroundings import Problem, say


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--check", action="store_true", help="say what is there, how old, and whether it is whole"
    )
    parser.add_argument(
        "--open", type=Path, metavar="FILE", help="open a sealed pack and write what it holds"
    )
    parser.add_argument("--to", type=Path, default=Path(), help="the folder that --open writes to")
    parser.add_argument(
        "--as-operator",
        action="store_true",
        help="open with SECRET_KEY and the database instead of the unit's code",
    )


def run(options: argparse.Namespace) -> int:
    """Make, check or open packs."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "livlina.config.settings")
    import django

    django.setup()
    if options.open:
        return _open(options.open, options.to, as_operator=options.as_operator)
    return _check() if options.check else _make()


def _make() -> int:
    from livlina.across.continuity.packs import making
    from livlina.core import clock
    from livlina.core.models import Municipality

    good = True
    for pk, name in Municipality.objects.order_by("pk").values_list("pk", "name"):
        begun = time.monotonic()
        made = making.make(pk, clock.now(), clock_now=clock.now)
        took, people = time.monotonic() - begun, sum(len(row.persons) for row in made.packs)
        say(f"{name}: {len(made.packs)} packs, {people} persons, {took:.1f} s.")
        for unit in made.failed:
            say(f"  No pack could be made for {unit}; the log says why.")
        for place in made.unwritten:
            say(f"  {place} could not be written.")
        good = good and not made.failed and not made.unwritten
    making.report(clock.now())
    return 0 if good else 1


def _check() -> int:
    from livlina.across.continuity.packs import making, places
    from livlina.core import clock
    from livlina.core.jobs import part
    from livlina.core.models import Municipality
    from livlina.core.models.keypair import KeyPair

    now, wrong = clock.now(), 0
    for municipality in Municipality.objects.order_by("pk"):
        with part(municipality.pk, making.LIMIT):
            known = set(
                map(bytes, KeyPair.objects.filter(purpose=places.PURPOSE).values_list("public", flat=True))
            )
            ages = making.ages(municipality.pk, now)
        for one in ages:
            wrong += one.beyond(making.OLD)
            say(
                f"{municipality.name}, {one.unit.name}: {'none' if one.age is None else f'{one.age.seconds // 60} min old'}"
            )
        for place in places.places() if ages else ():
            faults = places.faults(place, municipality.slug, known)
            wrong += len(faults)
            for sentence in faults:
                say(f"  {sentence}")
    making.report(now)
    return 1 if wrong else 0


def _open(file: Path, folder: Path, *, as_operator: bool) -> int:
    from livlina.across.continuity.packs import screen, sealing

    try:
        sealed = screen.sealed_in(file.read_text(encoding="utf-8"))
        if as_operator:
            content = _as_operator(sealed)
        else:
            content = sealing.open_with_code(sealed, getpass.getpass("The unit's code: "))
    except (OSError, ValueError, sealing.WrongCode) as fault:
        raise Problem(str(fault)) from fault
    told = json.loads(content)
    paper = folder / f"{file.stem}.pdf"
    descriptor = os.open(paper, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(base64.b64decode(told["pdf"]))
    say(f"{told['unit']}, {told['made']}: {paper}")
    return 0


def _as_operator(sealed: dict[str, Any]) -> bytes:
    """Open a pack with the key that lies in the database, and say so in the log, to be looked at."""
    from livlina.across.continuity.packs import making, sealing
    from livlina.core import audit, clock
    from livlina.core.access import system
    from livlina.core.jobs import part
    from livlina.core.models import Municipality, Unit

    for pk in Municipality.objects.order_by("pk").values_list("pk", flat=True):
        with part(pk, making.LIMIT):
            unit = Unit.objects.filter(pk=sealed["unit"]).first()
            if unit is not None:
                content = sealing.open_as_operator(sealed, pk)
                detail = {"key": sealed["key"], "at": sealed["at"]}
                audit.read(
                    system(pk),
                    "continuity.pack",
                    now=clock.now(),
                    obj=unit,
                    review="emergency",
                    detail=detail,
                )
                return content
    raise Problem("No municipality here has that pack's unit.")

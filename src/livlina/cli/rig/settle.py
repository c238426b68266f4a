"""What the rig asks of the application's own code, in a program of its own, since Django has one database for life."""

from __future__ import annotations

import json
import os
from datetime import date, timedelta
from pathlib import Path
from typing import Any

TENANT = 1
ALL = tuple(range(1, 17))
OFFICERS = ("Karin Ekdal", "Johan Brink", "Nils Dahl", "Siv Malm")


def main() -> int:
    """Do what is asked of us, on the database our environment names; the answer is a list of rows."""
    import django

    django.setup()
    given = json.loads(os.environ["_LIVLINA_BENCH"])
    rows = settle() if given["what"] == "settle" else [verify(one) for one in given["persons"]]
    Path(given["result"]).write_text(json.dumps(rows), encoding="utf-8")
    return 0


def settle() -> list[dict[str, Any]]:
    """Let four officers and four persons move in, each officer with a file of their own to write in."""
    from livlina.cli.bench.field_run import session
    from livlina.core import tenancy

    rows = []
    for number, name in enumerate(OFFICERS):
        with tenancy.acting(TENANT, ALL):
            actor, person, file = _officer(number, name)
        rows.append({"name": name, "file": str(file), "person": str(person), "headers": session(actor)})
    return rows


def _officer(number: int, name: str) -> tuple[Any, Any, Any]:
    from livlina.core import clock
    from livlina.core.access import Actor, system
    from livlina.core.ids import test_number
    from livlina.core.models import Assignment, Unit, User
    from livlina.registers.journal import actions as journal
    from livlina.registers.people import actions as people

    now, by = clock.now(), system(TENANT, ALL)
    unit, _ = Unit.objects.get_or_create(
        municipality_id=TENANT, name="Biståndsenheten", defaults={"side": "authority"}
    )
    user = User.objects.create_user(f"officer{number}@rig.livlina.example", name)
    row = Assignment.objects.create(
        municipality_id=TENANT, user=user, unit=unit, role="case_worker", title="Biståndshandläggare", compartments=[1],
        valid_from=date(2024, 1, 1),
    )  # fmt: skip
    actor = Actor(
        "staff", TENANT, "case_worker", name, user_id=user.pk, assignment_id=row.pk, unit_id=unit.pk,
        unit_name=unit.name, title=row.title, compartments=(1,),
    )  # fmt: skip
    person = people.register_person(
        given_names="Astrid", family_name=f"Lindqvist {number}", number=test_number(date(1938, 4, 12 + number), "female", 0),
        by=by, now=now,
    )  # fmt: skip
    people.grant_reach(person, unit.pk, source=f"rig:{number}", reason="test", by=by, now=now)
    file = journal.open_file(person, by=actor, now=now - timedelta(days=60))
    return actor, person.pk, file.pk


def verify(person: str) -> dict[str, Any]:
    """Compute a person's chains anew."""
    from uuid import UUID

    from livlina.core import tenancy
    from livlina.registers.journal.chain import verify_chain

    with tenancy.acting(TENANT, ALL):
        report = verify_chain(UUID(person))
    return {"notes": report.notes, "breaks": [f"{one.seq}: {one.words}" for one in report.breaks]}

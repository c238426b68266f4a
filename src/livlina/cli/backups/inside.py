"""What is done with Django on restored data: every chain verified, and an account that only this copy has."""

from __future__ import annotations

import secrets
from typing import Any

from livlina.cli.backups.bring import MARK
from livlina.cli.surroundings import Problem


def chains() -> dict[str, Any]:
    """Verify every chain of every municipality. Returns how many held, and how many did not with the first words."""
    from livlina.core.models import Municipality
    from livlina.core.tenancy import EVERYTHING, acting
    from livlina.registers.journal.chain import verify_chain
    from livlina.registers.journal.models import ChainHead, Note

    whole, broken, words = 0, 0, ""
    for municipality_id in Municipality.objects.order_by("id").values_list("id", flat=True):
        with acting(municipality_id, EVERYTHING):
            people = set(ChainHead.objects.values_list("person_id", flat=True).distinct())
            people |= set(Note.objects.values_list("person_id", flat=True).distinct())
        for person_id in sorted(people):
            with acting(municipality_id, EVERYTHING):
                report = verify_chain(person_id)
            whole += report.whole
            broken += not report.whole
            words = words or "".join(found.words for found in report.breaks[:1])
    return {"whole": whole, "broken": broken, "words": words}


def everything() -> dict[str, Any]:
    """Both, in one process: chains first, so that what the account writes is not among them."""
    return {"chains": chains(), "probe": probe()}


def probe() -> dict[str, Any]:
    """Make an account with an assignment where there is a journal to read; return its password and what to read.

    Raises Problem anywhere but on a restored copy.
    """
    from django.db import connection

    from livlina.core.clock import today
    from livlina.core.models import Assignment, Municipality, User
    from livlina.core.tenancy import EVERYTHING, acting

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('cluster_name')")
        if cursor.fetchone() != (MARK,):
            raise Problem("This is no restored copy, and no account is made in it.")
    password, address = secrets.token_urlsafe(24), f"restored.{secrets.token_hex(6)}@livlina.invalid"
    for municipality_id in Municipality.objects.order_by("id").values_list("id", flat=True):
        with acting(municipality_id, EVERYTHING):
            place = _place()
            if place is None:
                continue
            user = User.objects.create_user(address, "Återläsningsprovet", password)
            Assignment.objects.create(
                municipality_id=municipality_id, user=user, unit_id=place["unit"], role=place["role"],
                title="Återläsningsprov", compartments=place["compartments"], valid_from=today(),
            )  # fmt: skip
            return {"address": address, "password": password, "read": place["read"], "shows": place["shows"]}
    raise Problem("The restored data has no unit in which anybody could sign in.")


def _place() -> dict[str, Any] | None:
    """A unit, and what can be read there: a journal if the unit has one, else its start page."""
    from django.db.models import Exists, OuterRef
    from django.urls import reverse

    from livlina.core.clock import today
    from livlina.core.models import Unit
    from livlina.registers.journal.codes import AUTHORITY
    from livlina.registers.journal.models import Note
    from livlina.registers.people.models import Person, Reach

    reach = Reach.objects.running(today()).filter(
        person_id=OuterRef("person_id"), unit_id=OuterRef("file__unit_id")
    )
    note = (
        Note.objects.filter(Exists(reach), compartment=AUTHORITY, person__protection=Person.Protection.NONE)
        .filter(struck_at=None, sealed_at=None, file__closed_at=None)
        .select_related("file")
        .order_by("-authored_at")
        .first()
    )
    if note:
        read = reverse("journal:file", args=[note.file_id])
        facts = {"unit": note.file.unit_id, "role": "case_worker", "compartments": [AUTHORITY]}
        return facts | {"read": read, "shows": note.author_name}
    unit = Unit.objects.filter(ended_on=None, side="operations").first()
    if unit is None:
        return None
    facts = {"unit": unit.pk, "role": "support", "compartments": []}
    return facts | {"read": reverse("portal_operations:start"), "shows": ""}

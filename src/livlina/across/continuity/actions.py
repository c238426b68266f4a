"""What is filed about reserves: drills, restore tests, and that somebody responsible has read them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from livlina.across.continuity.models import Drill, DrillSignature, RestoreTest
from livlina.core import audit
from livlina.core.access import Actor, demand


class AlreadySigned(Exception):
    """Du har redan skrivit under övningen."""


def file_drill(record: Mapping[str, Any]) -> Drill:
    """File what `livlina drill` found; the same record again is the same drill."""
    drill, _ = Drill.objects.get_or_create(id=record["id"], defaults=_values(Drill, record))
    return drill


def file_restore_test(record: Mapping[str, Any]) -> RestoreTest:
    """File what `livlina restore-test` found; the same record again is the same test."""
    test, _ = RestoreTest.objects.get_or_create(id=record["id"], defaults=_values(RestoreTest, record))
    return test


@transaction.atomic
def sign(drill: Drill, words: str, *, by: Actor, now: datetime) -> DrillSignature:
    """Say that one has read what the drill showed. Raises Refused, AlreadySigned."""
    demand(by, "continuity.sign")
    signature, new = DrillSignature.objects.get_or_create(
        drill=drill,
        user_id=by.user_id,
        defaults={"at": now, "name": by.name, "title": by.title, "words": words.strip()},
    )
    if not new:
        raise AlreadySigned(AlreadySigned.__doc__)
    audit.wrote(by, "continuity.sign", now=now, obj=drill, detail={"story": drill.story})
    return signature


def _values(model: type[Drill] | type[RestoreTest], record: Mapping[str, Any]) -> dict[str, Any]:
    known = {field.name for field in model._meta.concrete_fields} - {"id"}
    return {name: value for name, value in record.items() if name in known}

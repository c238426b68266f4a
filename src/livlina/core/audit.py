"""Say what happened, in the transaction where it happens."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Model

from livlina.core import bulk, readings
from livlina.core.access import Actor
from livlina.core.models.audit import AuditEvent


def read(
    by: Actor,
    verb: str,
    *,
    now: datetime,
    person_id: UUID | None = None,
    obj: Model | None = None,
    review: str = "",
    reason: str = "",
    detail: dict[str, Any] | None = None,
) -> None:
    """Record that `by` read something about a person. One statement."""
    _record(by, verb, "read", now, person_id, obj, review, reason, detail)


def wrote(
    by: Actor,
    verb: str,
    *,
    now: datetime,
    person_id: UUID | None = None,
    obj: Model | None = None,
    review: str = "",
    reason: str = "",
    detail: dict[str, Any] | None = None,
) -> None:
    """Record that `by` wrote something. One statement."""
    _record(by, verb, "wrote", now, person_id, obj, review, reason, detail)


def wrote_many(
    by: Actor,
    verb: str,
    model: type[Model],
    rows: Sequence[tuple[UUID, UUID | None, dict[str, Any]]],
    *,
    now: datetime,
) -> None:
    """Record that `by` wrote many rows of a model: (id, person's id, detail) of each. One statement."""
    bulk.insert(
        AuditEvent,
        ("object_id", "person_id", "detail"),
        [(str(key), person_id, detail) for key, person_id, detail in rows],
        **_actor(by),
        at=now,
        verb=verb,
        outcome="wrote",
        object_type=model._meta.label_lower,
    )


def refused(by: Actor, verb: str, *, now: datetime, person_id: UUID | None = None, obj: str = "") -> None:
    """Record that `by` was refused; `obj` is `label:id`. Called by the middleware after the rollback."""
    label, _, key = obj.partition(":")
    _keep(
        AuditEvent(
            **_actor(by),
            at=now,
            verb=verb,
            outcome="refused",
            person_id=person_id,
            object_type=label,
            object_id=key[:64],
        )
    )


def _record(
    by: Actor,
    verb: str,
    outcome: str,
    now: datetime,
    person_id: UUID | None,
    obj: Model | None,
    review: str,
    reason: str,
    detail: dict[str, Any] | None,
) -> None:
    _keep(
        AuditEvent(
            **_actor(by),
            at=now,
            verb=verb,
            outcome=outcome,
            person_id=person_id or getattr(obj, "person_id", None),
            object_type=obj._meta.label_lower if obj else "",
            object_id=str(obj.pk) if obj else "",
            review=review,
            reason=reason,
            detail=detail or {},
        )
    )


def _keep(event: AuditEvent) -> None:
    """Write the row; on the shadow, whose database takes nothing, to its own disk."""
    if settings.SHADOW:
        readings.keep([event])
    else:
        event.save(force_insert=True)


def _actor(by: Actor) -> dict[str, Any]:
    return {
        "municipality_id": by.municipality_id,
        "user_id": by.user_id,
        "assignment_id": by.assignment_id,
        "actor_name": by.name,
        "role": by.role,
        "unit_id": by.unit_id,
        "unit_name": by.unit_name,
    }

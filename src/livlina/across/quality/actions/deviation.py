"""Every write of the room: report, judge, note a measure, close."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from livlina.across.quality.models import Deviation, DeviationStep
from livlina.core import audit, outbox
from livlina.core.access import Actor, demand


class DeviationRefused(Exception):
    """The step does not fit the deviation as it stands. The sentence is for a person, in Swedish."""


def report_deviation(
    *,
    client_id: UUID,
    what: str,
    track: str,
    happened_at: datetime,
    measure: str = "",
    person_id: UUID | None = None,
    order_id: UUID | None = None,
    by: Actor,
    now: datetime,
) -> Deviation:
    """Take in a report (SoL 27 kap. 2 §: at once) and return it; the same `client_id` again is the same report.

    Raises Refused for whoever is not staff, and DeviationRefused when it has not happened yet or says nothing.
    """
    demand(by, "deviation.report")
    if not what.strip():
        raise DeviationRefused("Skriv vad som hände.")
    if happened_at > now:
        raise DeviationRefused("Tidpunkten ligger i framtiden. Skriv när det hände.")
    told = {
        "person_id": person_id,
        "order_id": order_id,
        "happened_at": happened_at,
        "track": track,
        "what": what.strip(),
        "measure": measure.strip(),
    }
    deviation, made = Deviation.objects.get_or_create(
        municipality_id=by.municipality_id, client_id=client_id, defaults=told | _reporter(by, now)
    )
    if made:
        audit.wrote(by, "deviation.report", now=now, person_id=person_id, obj=deviation)
        outbox.announce("deviation.reported", deviation, now=now)
    return deviation


def judge_deviation(
    deviation: Deviation, judgement: str, text: str, *, by: Actor, now: datetime
) -> DeviationStep:
    """Say what the event is; a judgement may be made again when more is known. Raises Refused, DeviationRefused."""
    _open(deviation, by)
    step = _step(deviation, "judged", text, by, now, judgement)
    audit.wrote(by, "deviation.judge", now=now, person_id=deviation.person_id, obj=deviation)
    outbox.announce("deviation.judged", deviation, now=now)
    return step


def note_measure(deviation: Deviation, text: str, *, by: Actor, now: datetime) -> DeviationStep:
    """Write down what was done about it. Raises Refused, DeviationRefused."""
    _open(deviation, by)
    step = _step(deviation, "measure", text, by, now)
    audit.wrote(by, "deviation.judge", now=now, person_id=deviation.person_id, obj=deviation)
    return step


def close_deviation(deviation: Deviation, text: str, *, by: Actor, now: datetime) -> DeviationStep:
    """End the matter, with what was learnt. Raises DeviationRefused while it has not been judged."""
    _open(deviation, by)
    if not deviation.steps.filter(kind="judged").exists():
        raise DeviationRefused("Bedöm avvikelsen innan den avslutas.")
    step = _step(deviation, "closed", text, by, now)
    audit.wrote(by, "deviation.judge", now=now, person_id=deviation.person_id, obj=deviation)
    return step


def _reporter(by: Actor, now: datetime) -> dict[str, Any]:
    """Who tells, from where and when, as it was then."""
    return {
        "unit_id": by.unit_id,
        "reported_at": now,
        "reporter_id": by.user_id,
        "reporter_name": by.name,
        "reporter_title": by.title,
    }


def _open(deviation: Deviation, by: Actor) -> None:
    """Refuse whoever may not, and what is already closed; lock the report so that two managers take turns."""
    demand(by, "deviation.judge", deviation)
    with connection.cursor() as cursor:  # a permanent row cannot be locked: that takes the right to change it
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(deviation.pk)])
    if deviation.steps.filter(kind="closed").exists():
        raise DeviationRefused("Avvikelsen är redan avslutad.")


def _step(
    deviation: Deviation, kind: str, text: str, by: Actor, now: datetime, judgement: str = ""
) -> DeviationStep:
    if not text.strip():
        raise DeviationRefused("Skriv en motivering.")
    return DeviationStep.objects.create(
        municipality_id=by.municipality_id,
        deviation=deviation,
        at=now,
        user_id=by.user_id,
        user_name=by.name,
        kind=kind,
        judgement=judgement,
        text=text.strip(),
    )

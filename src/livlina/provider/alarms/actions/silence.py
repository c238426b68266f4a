"""Silence of many at once: what receivers tell of it is one thing here, and it opens the crisis plan by itself."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from livlina.core import bulk
from livlina.core.access import Actor, demand
from livlina.provider.alarms.actions.rounds import add_people, hold, open_round
from livlina.provider.alarms.models import (
    AlarmUnit,
    CallEntry,
    CallRound,
    Receipt,
    Receiver,
    Silence,
    UnitEvent,
)
from livlina.registers.watches import actions as watches
from livlina.registers.watches.models import Watch

KINDS = ("mass_silence", "mass_silence_over")
COUNTS_FOR = timedelta(minutes=10)
"""A receiver that has been away longer than this is not waited for with saying that a silence is over."""


@transaction.atomic
def told(receipt: Receipt, record: Mapping[str, Any], *, by: Actor, now: datetime) -> bool:
    """Take in a mass silence, its end, or what a receiver tells of itself; return whether that is all there is to it.

    Both receivers may tell of the same silence: it is one, it opens one call round, and it is over when both say so.
    """
    demand(by, "alarms.told")
    if record["kind"] == "mass_silence":
        _fell_silent(record, by, now)
    elif record["kind"] == "mass_silence_over":
        _heard_again(receipt, record, by, now)
    return record["kind"] in (*KINDS, "receiver")


def _fell_silent(record: Mapping[str, Any], by: Actor, now: datetime) -> None:
    facts, at = record["facts"], _moment(record["at"])
    numbers = [str(number)[:16] for number in facts["units"]]
    silence, _ = Silence.objects.get_or_create(
        **_named(facts, by),
        over_at=None,
        defaults={
            "began_at": at,
            "noticed_at": at,
            "silent": 0,
            "known": 0,
            "cause": str(facts["cause"])[:300],
        },
    )
    silence = Silence.objects.select_for_update(of=("self",)).get(pk=silence.pk)
    units = AlarmUnit.objects.filter(
        municipality_id=by.municipality_id, number__in=numbers, state="active", person__isnull=False
    )
    _last_heard(units, dict(zip(numbers, facts.get("last", ()), strict=False)))
    _widen(silence, numbers, units, facts, at)
    _mark(units.filter(silent_since=None), "silent", at, by)
    units.filter(silent_since=None).update(silent_since=at)
    _plan(silence, units, by, now)
    told_alone = Watch.objects.filter(type="alarms.silent", closed_at=None, object_id__in=units.values("pk"))
    for key in list(told_alone.values_list("object_id", flat=True)):
        watches.close_for(
            ("alarms.unit", key), types=["alarms.silent"], why="Ingår i en ringrunda.", by=by, now=now
        )


def _widen(
    silence: Silence, numbers: list[str], units: QuerySet[AlarmUnit], facts: Mapping[str, Any], at: datetime
) -> None:
    """Take in what this record tells beside what was known, and since when they are silent."""
    first = units.exclude(heard_at=None).order_by("heard_at").values_list("heard_at", flat=True).first()
    began = _moment(facts["began"]) if "began" in facts else first
    silence.units = sorted({*silence.units, *numbers})
    silence.silent = max(silence.silent, int(facts["silent"]), len(silence.units))
    silence.known = max(silence.known, int(facts["known"]), silence.silent)
    silence.began_at = min(moment for moment in (silence.began_at, began, at) if moment)
    silence.cause = str(facts["cause"])[:300]
    silence.save(update_fields=["units", "silent", "known", "began_at", "cause"])


def _plan(silence: Silence, units: QuerySet[AlarmUnit], by: Actor, now: datetime) -> None:
    """Open the round by itself, or add whoever is missing to one that is open for any of them already."""
    open_rounds = CallRound.objects.filter(municipality_id=by.municipality_id, closed_at=None)
    concerned = open_rounds.filter(silence=silence) | open_rounds.filter(
        pk__in=CallEntry.objects.filter(unit__in=units).values("round_id")
    )
    going_on = concerned.order_by("opened_at").first()
    if going_on is not None:
        add_people(hold(going_on.pk), units, by=by, now=now)
    elif units.exists():
        open_round(units, silence.cause, by=by, now=now, silence=silence)


def _heard_again(receipt: Receipt, record: Mapping[str, Any], by: Actor, now: datetime) -> None:
    """A silence is over when every receiver that told of it says so. Its round stays open: somebody may have pressed.

    Whoever the record still names is silent still, and told of one by one.
    """
    facts, at = record["facts"], _moment(record["at"])
    silence = (
        Silence.objects.select_for_update(of=("self",)).filter(**_named(facts, by), over_at=None).first()
    )
    if silence is None or _goes_on_elsewhere(silence, receipt, facts, now):
        return
    silence.over_at = max(at, silence.began_at)
    silence.save(update_fields=["over_at"])
    others = Silence.objects.filter(municipality_id=by.municipality_id, over_at=None).values_list(
        "units", flat=True
    )
    still = {*map(str, facts.get("units", ()))}.union(*others)
    units = AlarmUnit.objects.filter(
        municipality_id=by.municipality_id,
        number__in=[number for number in silence.units if number not in still],
        silent_since__isnull=False,
    ).exclude(state="returned")
    if not facts.get("instead"):  # else another, wider one takes its place at once
        _mark(units, "heard", at, by)
        units.update(silent_since=None, heard_at=at)


def _goes_on_elsewhere(silence: Silence, receipt: Receipt, facts: Mapping[str, Any], now: datetime) -> bool:
    """Whether another receiver that is heard has told of the same silence and not said that it is over."""
    others = Receiver.objects.filter(ended_at=None, last_at__gt=now - COUNTS_FOR).exclude(
        pk=receipt.receiver_id
    )
    for other in others:
        said = Receipt.objects.filter(receiver=other, kind__in=KINDS, received_at__gte=silence.noticed_at)
        same = said.filter(said__facts__group=facts["group"], said__facts__value=facts["value"])
        last = same.order_by("-number").first()
        if last is not None and last.kind == "mass_silence":
            return True
    return False


def _last_heard(units: QuerySet[AlarmUnit], last: Mapping[str, Any]) -> None:
    """Move each unit's last sign of life to what the receiver says. Two statements."""
    known = units.values_list("pk", "number", "heard_at")
    said = {pk: (_moment(last[number]), heard) for pk, number, heard in known if last.get(number)}
    later: dict[UUID, datetime] = {pk: at for pk, (at, heard) in said.items() if heard is None or heard < at}
    bulk.put(AlarmUnit, "heard_at", later)


def _mark(units: QuerySet[AlarmUnit], what: str, at: datetime, by: Actor) -> None:
    """Write down the same thing about many units. Two statements."""
    bulk.insert(
        UnitEvent,
        ("unit_id",),
        [(key,) for key in units.values_list("pk", flat=True)],
        municipality_id=by.municipality_id,
        what=what,
        at=at,
        by_name=by.name,
    )


def _named(facts: Mapping[str, Any], by: Actor) -> dict[str, Any]:
    return {"municipality_id": by.municipality_id, "group": facts["group"], "value": str(facts["value"])[:80]}


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(float(seconds), UTC)

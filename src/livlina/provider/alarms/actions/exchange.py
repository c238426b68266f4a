"""What receivers hand over, and what they are told: at least once from them, once here.

A record is known by its receiver and number. A press that both receivers saw is one alarm with two receipts. A fault
in one record never stops the ones behind it: what asks for help is shown whatever else went wrong.
"""

import hmac
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

import structlog
from django.db import connection, transaction

from livlina.core import audit, tenancy
from livlina.core.access import Actor, demand, system
from livlina.core.models import Municipality
from livlina.provider.alarms.actions import crisis, deeds_there, raising, units
from livlina.provider.alarms.actions.holding import turn
from livlina.provider.alarms.actions.raising import moment
from livlina.provider.alarms.actions.receivers import digest
from livlina.provider.alarms.models import Alarm, Receipt, Receiver
from livlina.provider.alarms.queries import news
from livlina.provider.alarms.queries.pack import pack_of

log = structlog.get_logger(__name__)

AT_ONCE = 200
LONG_ENOUGH = 0.5
"""Seconds for what asks for no help, in one exchange."""
URGENT = ("alarm", "unreadable")
ADDS = {"reset": "withdrawn", "cancel": "withdrawn", "update": "more"}
OF_MANY = ("mass_silence", "mass_silence_over", "receiver")

_PULSE = f"""
UPDATE alarms_receiver SET last_at = %s, boot = %s, health = %s::jsonb, told_to = greatest(told_to, %s)
WHERE key_hash = %s AND ended_at IS NULL
RETURNING id, key_hash, confirmed, last_at, ({news.SQL})
"""  # noqa: S608  (a text of this house)


class NotTrusted(Exception):
    """This key opens nothing."""


@dataclass(frozen=True)
class Said:
    """What a receiver says in one exchange."""

    boot: str = ""
    records: Sequence[Mapping[str, Any]] = ()
    news_after: int = 0
    units_version: str = ""
    health: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What it is told."""

    confirmed: int
    news: list[dict[str, Any]]
    version: str
    pack: dict[str, Any] | None


def exchange(token: str, said: Said, *, now: datetime, by: Actor | None = None) -> Answer:
    """Take in what a receiver tells and return what it must know. Three statements when there is nothing new.

    Enters the municipality its key names, as the system. Raises NotTrusted.
    """
    by = by or admit(token)
    demand(by, "alarms.exchange")
    receiver, told = _pulse(token, said, now)
    if said.records:
        turn(by.municipality_id)
        receiver.refresh_from_db()
        receiver = take(receiver, said.records[:AT_ONCE], by=by, now=now)
        told = news.after(said.news_after)
    version = news.version(by.municipality_id, said.units_version)
    pack = None if version == said.units_version else pack_of(by.municipality_id, now)
    return Answer(receiver.confirmed, told, version, pack)


def admit(token: str) -> Actor:
    """Enter the municipality that a key names, and return the system as it acts there. Raises NotTrusted."""
    slug = token.partition(".")[0]
    found = Municipality.objects.filter(slug=slug[:40]).values_list("pk", flat=True).first()
    if found is None:
        raise NotTrusted
    tenancy.enter(found, tenancy.EVERYTHING)
    return system(found, tenancy.EVERYTHING)


def take(receiver: Receiver, records: Sequence[Mapping[str, Any]], *, by: Actor, now: datetime) -> Receiver:
    """Take in records of a receiver's log and return the receiver. Called under the turn.

    Calls for help first, then the rest in their order and for half a second at most: nobody who wants to take an alarm
    waits for two hundred faults, and no alarm behind them does. What there was no time for comes again at once.
    """
    demand(by, "alarms.exchange")
    ordered = sorted(records, key=lambda record: int(record["number"]))
    receiver, kept = _same_log(receiver, ordered, by, now)
    new = [record for record in ordered if int(record["number"]) not in kept]
    for record in new:
        if record.get("kind") in URGENT:
            _take_one(receiver, record, by, now)
    end, last = time.monotonic() + LONG_ENOUGH, int(ordered[-1]["number"])
    rest = [record for record in new if record.get("kind") not in URGENT]
    for record in rest:
        if time.monotonic() > end and record is not rest[0]:
            last = int(record["number"]) - 1
            break
        _take_one(receiver, record, by, now)
    receiver.confirmed = max(receiver.confirmed, last)
    Receiver.objects.filter(pk=receiver.pk).update(confirmed=receiver.confirmed)
    return receiver


def _pulse(token: str, said: Said, now: datetime) -> tuple[Receiver, list[dict[str, Any]]]:
    """Write down the receiver's pulse, and read what it has not been told. One statement. Raises NotTrusted."""
    kept, health = digest(token), json.dumps(dict(said.health))
    values: list[Any] = [now, said.boot[:40], health, said.news_after, kept, said.news_after]
    with connection.cursor() as cursor:
        cursor.execute(_PULSE, values)
        row = cursor.fetchone()
    if row is None or not hmac.compare_digest(row[1], kept):
        raise NotTrusted
    receiver = Receiver(pk=row[0], key_hash=row[1], confirmed=row[2], last_at=row[3])
    receiver._state.adding, receiver._state.db = False, "default"
    return receiver, json.loads(row[4]) if isinstance(row[4], str) else row[4]


def _same_log(
    receiver: Receiver, records: Sequence[Mapping[str, Any]], by: Actor, now: datetime
) -> tuple[Receiver, set[int]]:
    """Return the receiver and which of the numbers are here already.

    A number that is here with another record: its log was lost, and counts from the beginning in a new row.
    """
    said = {int(one["number"]): _id(receiver, one) for one in records}
    kept = dict(receiver.receipts.filter(number__in=said).values_list("number", "record"))
    if all(said[number] == record for number, record in kept.items()):
        return receiver, set(kept) | {number for number in said if number <= receiver.confirmed}
    log.warning("alarm_receiver_lost_its_log", receiver=receiver.code, confirmed=receiver.confirmed)
    Receiver.objects.filter(pk=receiver.pk).update(ended_at=now)
    anew = {
        name: getattr(receiver, name) for name in ("code", "name", "key_hash", "last_at", "boot", "health")
    }
    made = Receiver.objects.create(municipality_id=by.municipality_id, added_at=now, **anew)
    audit.wrote(by, "alarms.keep_receivers", now=now, obj=made, reason="lost log")
    return made, set()


def _take_one(receiver: Receiver, record: Mapping[str, Any], by: Actor, now: datetime) -> None:
    """Keep one record and do what it asks for; whatever fails, a call for help is shown."""
    key = _id(receiver, record)
    seen = Receipt.objects.filter(municipality_id=by.municipality_id, record=key).exists()
    receipt = Receipt.objects.create(
        municipality_id=by.municipality_id,
        receiver=receiver,
        number=int(record["number"]),
        record=key,
        kind=str(record.get("kind", ""))[:20],
        at=min(moment(record), now) if record.get("at") else now,
        received_at=now,
        said=dict(record),
    )
    if seen:
        return
    try:
        with transaction.atomic():
            _do(receipt, record, by, now)
    except Exception:
        log.exception("alarm_record_failed", receiver=receiver.code, number=receipt.number, kind=receipt.kind)
        if receipt.kind in URGENT:
            _show_all_the_same(receipt, record, by, now)


def _do(receipt: Receipt, record: Mapping[str, Any], by: Actor, now: datetime) -> None:
    kind = receipt.kind
    if kind in URGENT:
        if not _is_test(receipt, record, by, now):
            alarm = raising.raise_alarm(receipt, record, by=by, now=now)
            deeds_there.catch_up(alarm, receipt.record, by=by, now=now)
    elif kind in ADDS:
        raising.add_to_alarm(receipt, record, ADDS[kind], by=by, now=now)
    elif kind == "deed":
        deeds_there.merge(receipt, record, by=by, now=now)
    elif kind in OF_MANY:
        crisis.told(receipt, record, by=by, now=now)
    else:
        units.told(receipt, record, by=by, now=now)


def _is_test(receipt: Receipt, record: Mapping[str, Any], by: Actor, now: datetime) -> bool:
    """Ask whether the press only shows that a button works. A fault in the asking is no yes."""
    try:
        with transaction.atomic():
            return bool(units.told(receipt, record, by=by, now=now))
    except Exception:
        log.exception("alarm_test_press_failed", number=receipt.number)
        return False


def _show_all_the_same(receipt: Receipt, record: Mapping[str, Any], by: Actor, now: datetime) -> None:
    """Show an alarm that could not be taken in as it should: with what is certain, and nothing else."""
    if Alarm.objects.filter(pk=receipt.record).exists():
        return
    bare = {"kind": "unreadable", "unit": str(record.get("unit", "")), "at": now.timestamp()}
    with transaction.atomic():
        raising.raise_alarm(receipt, bare, by=by, now=now)


def _id(receiver: Receiver, record: Mapping[str, Any]) -> UUID:
    """Return the record's id; one that is none gets one that is the same each time it is sent."""
    try:
        return UUID(str(record["id"]))
    except (KeyError, ValueError):
        return uuid5(NAMESPACE_OID, f"{receiver.pk}:{record['number']}")

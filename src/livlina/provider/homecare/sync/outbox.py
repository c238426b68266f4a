"""Taking in what phones send: each event once, each with a receipt, whatever was lost on the way.

One request is one transaction, answered after it is committed (`core.middleware`). The phone's row is locked first, so
that two tabs and two workers take turns; each event then has a savepoint of its own, so that a bad one holds up none
behind it. An event's row is its receipt: the same event again gets the same receipt, signed anew.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Any, cast
from uuid import NAMESPACE_OID, UUID, uuid5

import structlog
from django.db import InterfaceError, OperationalError, connection, transaction

from livlina.core import keys, tenancy
from livlina.core.access import Actor, Refused
from livlina.core.clock import day_of
from livlina.core.keys import Pair
from livlina.core.models import Municipality
from livlina.provider.homecare.models import FieldEvent, Phone
from livlina.provider.homecare.sync import doors, notes, nursing, paper, takes, visits, wire
from livlina.provider.homecare.sync.wire import Event, Receipt, Unfit

log = structlog.get_logger(__name__)

TAKING = (doors, notes, nursing, paper, visits)
"""Modules that take events in: each registers its kinds when it is read."""
AT_ONCE = 200
UNPROVED = 500
"""How many events that no known phone has signed lie in a municipality's quarantine at most: more are not receipted, so
their phones keep them."""
AHEAD, BEHIND = timedelta(hours=24), timedelta(days=30)
"""How wrong a phone's clock may be before a person looks at what it says."""


class NoSuch(Exception):
    """Det finns ingen sådan kommun här."""


class Flood(Exception):
    """För många händelser som ingen känd telefon har undertecknat. Inget är mottaget: telefonen behåller dem."""


@dataclass(frozen=True)
class Said:
    """What a phone says in one request. `newest`: the number of the newest receipt it holds, and that event's hash."""

    municipality: int
    phone: UUID
    newest: int = 0
    newest_hash: str = ""
    waiting: int = 0
    wiped: datetime | None = None
    events: Sequence[Any] = ()


@dataclass(frozen=True)
class Answer:
    """What it is told."""

    kid: str
    receipts: list[dict[str, str]]
    resend_after: int | None
    revoked: bool
    phone: Phone | None = None
    acks: list[bytes] = field(default_factory=list)


@dataclass
class _Run:
    """One request at work."""

    phone: Phone | None
    by: Actor | None
    municipality_id: int
    now: datetime
    find: Callable[[str], Pair | None]
    known: dict[tuple[UUID, str], FieldEvent]
    own: set[UUID]
    unproved: int = -1
    acks: list[bytes] = field(default_factory=list)
    rows: list[FieldEvent] = field(default_factory=list)


@dataclass
class _Came:
    """One event as it came: whether its phone signed it, what it says, or why that cannot be told."""

    sealed: Any
    event_id: UUID
    told: str
    proved: bool
    event: Event | None = None
    fault: Unfit | None = None


def receive(said: Said, *, now: datetime) -> Answer:
    """Take in what a phone sends and return its receipts; enters the municipality the phone names.

    A phone that holds receipts this server has not given is told so and nothing is taken in before it has marked its
    events as unsent: a request whose answer is lost must not hide what is missing. Raises NoSuch and Flood.
    """
    if not Municipality.objects.filter(pk=said.municipality).exists():
        raise NoSuch(NoSuch.__doc__)
    tenancy.enter(said.municipality, (2, 3))
    phone = _locked(said.phone)
    sign = keys.current(said.municipality, wire.SIGN, now)
    if phone is not None and (after := _missing(phone, said)) is not None:
        return Answer(sign.name, [], after, phone.revoked_at is not None, phone)
    run = _begin(said, phone, now)
    came = [_open(run, one) for one in said.events[:AT_ONCE]]
    receipts = _all(run, came)
    if said.events and not receipts:
        raise Flood(Flood.__doc__)
    if phone is not None:
        _heard(phone, said, now)
    signed = [receipt.signed(sign) for receipt in receipts]
    return Answer(sign.name, signed, None, bool(phone and phone.revoked_at), phone, run.acks)


def _locked(phone_id: UUID) -> Phone | None:
    phones = Phone.objects.select_for_update(of=("self",)).select_related("carer__user", "carer__unit")
    return phones.filter(pk=phone_id).first()


def _missing(phone: Phone, said: Said) -> int | None:
    """Return after which receipt the phone must send again, or None: a server restored from a backup says this.

    A number this server has given to another event tells of two histories: then everything comes again.
    """
    if said.newest > phone.receipts:
        return phone.receipts
    if said.newest and said.newest_hash:
        held = FieldEvent.objects.filter(phone=phone, number=said.newest)
        if not held.filter(content_hash=said.newest_hash).exists():
            return 0
    return None


def _begin(said: Said, phone: Phone | None, now: datetime) -> _Run:
    """Set up the request: the carer's own compartments, what is here already, and everybody's turn."""
    by = takes.carer_of(phone.carer) if phone else None
    if by:
        tenancy.enter(said.municipality, by.compartments, by.user_id)
    ids = [_id_of(one) for one in said.events[:AT_ONCE]]
    rows = list(FieldEvent.objects.filter(event_id__in=ids)) if ids else []
    known = {(row.event_id, row.content_hash): row for row in rows}
    own = {row.event_id for row in rows if phone and row.phone_id == phone.pk}
    find = cache(lambda name: keys.find(said.municipality, name))
    return _Run(phone, by, said.municipality, now, find, known, own)


def _id_of(sealed: Any) -> UUID:
    """Return an event's id; one that is none gets one that is the same each time it is sent."""
    try:
        found = wire.as_uuid(sealed.get("id"))
    except (AttributeError, Unfit):
        found = None
    return found or uuid5(NAMESPACE_OID, _digest(sealed))


def _digest(sealed: Any) -> str:
    """Return what names the sealed bytes, also of what has no canonical form."""
    try:
        return wire.digest(sealed)
    except Unfit:
        return sha256(repr(sealed).encode("utf-8", "backslashreplace")).hexdigest()


def _bytes(sealed: Any) -> bytes:
    """Return what is kept of an event in quarantine: as it came."""
    try:
        return wire.canonical(sealed)[: wire.LARGEST_BODY]
    except Unfit:
        return repr(sealed).encode("utf-8", "backslashreplace")[: wire.LARGEST_BODY]


def _open(run: _Run, sealed: Any) -> _Came:
    """See whether an event is the phone's own, and open it if it is not here already."""
    proved = run.phone is not None and _is_its(run.phone, sealed)
    came = _Came(sealed, _id_of(sealed), str(sealed["hash"]) if proved else _digest(sealed), proved)
    if proved and (came.event_id, came.told) not in run.known:
        try:
            if len(wire.canonical(sealed)) > wire.LARGEST_EVENT:
                raise Unfit("too_large", "Händelsen är för stor för att tas emot direkt.")
            came.event = wire.unseal(sealed, run.find)
        except Unfit as fault:
            came.fault = fault
    return came


def _all(run: _Run, came: Sequence[_Came]) -> list[Receipt]:
    """Take in every event in its order, and write their rows at once."""
    events = [one.event for one in came if one.event]
    if events:
        in_turn(run.municipality_id, events)
    with takes.at_hand(events, cast(Actor, run.by)):
        receipts = [receipt for one in came if (receipt := _one(run, one)) is not None]
    FieldEvent.objects.bulk_create(run.rows)
    return receipts


def _one(run: _Run, came: _Came) -> Receipt | None:
    """Take in one event and return its receipt, or None when there is no room for what nobody proves to be theirs."""
    row = run.known.get((came.event_id, came.told))
    if row is not None:
        return _receipt(row, again=True)
    if not came.proved:
        return _unproved(run, came)
    row = run.known[(came.event_id, came.told)] = _taken(run, came)
    run.own.add(came.event_id)
    return _receipt(row)


def _is_its(phone: Phone, sealed: Any) -> bool:
    """Whether this event is one that the phone has signed, with all that an envelope must say."""
    if (
        not isinstance(sealed, dict)
        or type(sealed.get("seq")) is not int
        or sealed["seq"] not in range(2**31)
    ):
        return False
    try:
        whole = wire.is_hash(sealed.get("hash")) and wire.as_uuid(sealed.get("id")) is not None
    except Unfit:
        return False
    return whole and sealed.get("phone") == str(phone.pk) and wire.is_signed(sealed, bytes(phone.public))


def _taken(run: _Run, came: _Came) -> FieldEvent:
    """Judge and carry out one event that is the phone's own; whatever is wrong with it, it is kept."""
    phone, by = cast(Phone, run.phone), cast(Actor, run.by)
    try:
        if came.fault or came.event is None:
            raise came.fault or Unfit("unreadable", "Händelsen gick inte att läsa.")
        judge(came.event, phone, run.now)
        if came.event_id in run.own:
            return _variant(run, came.event, came.sealed)
        with transaction.atomic():
            taken = takes.take(came.event, phone, by, run.now)
            said: dict[str, Any] = {
                "fault": taken.fault[:24],
                "words": taken.words,
                "result_id": taken.result_id,
            }
            row = _write(run, came.event, "accepted", **said)
        run.acks += taken.carries
        return row
    except (OperationalError, InterfaceError):
        raise  # the database is away, or two stood in each other's way: the phone sends it all again
    except Exception as fault:  # one bad event must not hold up the others
        why, words = why_not(fault, came.event_id)
    return _quarantine(run, came, why, words)


def why_not(fault: Exception, event_id: UUID) -> tuple[str, str]:
    """Return code and words of what an event met: a room's own sentence, or that the fault was ours."""
    if isinstance(fault, Unfit):
        return fault.fault, fault.words
    if isinstance(fault, Refused):
        return "not_permitted", "Du fick inte göra detta när händelsen kom in. Chefen tittar på den."
    if said := takes.sentence_of(fault):
        return "refused", said
    log.exception("field_event_failed", event_id=str(event_id), fault=type(fault).__name__)
    return (
        "ours",
        "Ett fel hos kommunen gjorde att händelsen inte kunde tas in. Den är sparad och tas om hand.",
    )


def judge(event: Event, phone: Phone, now: datetime) -> None:
    """Refuse what was written without permission, or by a clock that cannot be right. By signed time. Raises Unfit."""
    carer = phone.carer
    if event.at > now + AHEAD or event.at < now - BEHIND:
        raise Unfit("clock", "Telefonens klocka kan inte ha varit rätt ställd. Händelsen granskas.")
    if phone.revoked_at is not None and event.at >= phone.revoked_at:
        raise Unfit("revoked", "Telefonen var spärrad när händelsen skrevs. Den granskas.")
    day = day_of(min(event.at, now))
    if day < carer.valid_from or (carer.valid_to is not None and day > carer.valid_to):
        raise Unfit("withdrawn", "Ditt uppdrag hade upphört när händelsen skrevs. Den granskas.")


def _variant(run: _Run, event: Event, sealed: Mapping[str, Any]) -> FieldEvent:
    """Keep another content under the same id: beside the first, and told to its author. A note is a note all the same."""
    phone, by = cast(Phone, run.phone), cast(Actor, run.by)
    words = "Samma händelse har kommit in med två olika innehåll. Båda är sparade: läs igenom dem."
    taken = takes.Taken()
    with transaction.atomic():
        if event.kind == "note":
            taken = takes.take(event, phone, by, run.now)
        more = {"result_id": taken.result_id, "sealed": None if taken.result_id else _bytes(sealed)}
        return _write(run, event, "variant", fault="variant", words=words, **more)


def _write(run: _Run, event: Event, verdict: str, **more: Any) -> FieldEvent:
    """Make an event's row, which is its receipt, with the phone's next number; it is written with its request's."""
    phone = cast(Phone, run.phone)
    row = FieldEvent(
        municipality_id=run.municipality_id,
        phone=phone,
        event_id=event.id,
        seq=event.seq,
        number=phone.receipts + 1,
        version=event.version,
        kind=event.kind[:24],
        person_id=event.person,
        visit_id=event.visit,
        at=event.at,
        received_at=run.now,
        content_hash=event.hash,
        verdict=verdict,
        **(more | {"words": more["words"][:300]}),
    )
    run.rows.append(row)
    phone.receipts += 1
    return row


def _quarantine(run: _Run, came: _Came, why: str, words: str) -> FieldEvent:
    """Keep a phone's own event that could not be taken in, as it came."""
    phone = cast(Phone, run.phone)
    version = came.sealed.get("v")
    version = version if type(version) is int and 0 <= version < 2**15 else 0
    shown = came.event or Event(
        came.event_id, phone.pk, came.sealed["seq"], "", None, None, run.now, came.told, version
    )
    return _write(run, shown, "quarantined", fault=why, words=words, sealed=_bytes(came.sealed))


def _unproved(run: _Run, came: _Came) -> Receipt | None:
    """Keep what no known phone has signed, within bounds; its receipt names the sealed bytes, not the hash it claims."""
    waiting = FieldEvent.objects.filter(phone=None, verdict="quarantined", settled_at=None)
    run.unproved = waiting.count() if run.unproved < 0 else run.unproved
    if run.unproved >= UNPROVED:
        return None
    if run.phone is None:
        why, words = (
            "unknown_phone",
            "Telefonen är inte känd här. Logga in på nytt, så skickas händelsen igen.",
        )
    else:
        why, words = "forged", "Händelsens underskrift stämmer inte med telefonen. Den granskas."
    row = FieldEvent(
        municipality_id=run.municipality_id, phone=None, event_id=came.event_id, seq=0, number=0, version=0, kind="",
        received_at=run.now, content_hash=came.told, verdict="quarantined", fault=why, words=words,
        sealed=_bytes(came.sealed),
    )  # fmt: skip
    with transaction.atomic():
        row.save(force_insert=True)
    run.unproved += 1
    run.known[(came.event_id, came.told)] = row
    return _receipt(row, claimed=came.sealed.get("phone") if isinstance(came.sealed, dict) else None)


def _receipt(row: FieldEvent, *, again: bool = False, claimed: Any = None) -> Receipt:
    verdict = "had" if again and row.verdict == "accepted" else row.verdict
    phone = row.phone_id or _claimed(claimed)
    return Receipt(
        phone, row.number, str(row.event_id), row.content_hash, verdict, row.words, row.received_at
    )


def _claimed(text: Any) -> UUID:
    try:
        return wire.as_uuid(text) or UUID(int=0)
    except Unfit:
        return UUID(int=0)


def _heard(phone: Phone, said: Said, now: datetime) -> None:
    """Note when the phone was heard, and what it says it still carries."""
    values: dict[str, Any] = {
        "receipts": phone.receipts,
        "heard_at": now,
        "waiting": max(0, said.waiting - len(said.events)),
    }
    if said.wiped is not None:
        values["wiped_at"] = said.wiped
    Phone.objects.filter(pk=phone.pk).update(**values)


def in_turn(municipality_id: int, events: Sequence[Event]) -> None:
    """Let everyone who is about to write about these persons stand in line, in one order: nobody waits in a ring."""
    for kind in sorted({event.kind for event in events} & set(takes.TURNS)):
        takes.TURNS[kind](municipality_id)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('field ' || p, 0))"
            " FROM (SELECT unnest(%s::text[]) AS p ORDER BY 1) asked",
            [sorted({str(event.person or event.visit) for event in events})],
        )

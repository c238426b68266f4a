"""What locks wrote, taken in once and in order whoever carries it home; what it shows that somebody must look at."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from django.db.models import Min

from livlina.core import audit, keys, outbox
from livlina.core.access import Actor, demand
from livlina.provider.doors.access import KINDS
from livlina.provider.doors.faults import DoorRefused
from livlina.provider.doors.models import Grant, Lock, Opening
from livlina.provider.doors.protocol import cose
from livlina.provider.doors.protocol.faults import REASONS, Fault
from livlina.provider.doors.protocol.log import FIRST, Entry, acknowledge
from livlina.provider.doors.queries import errands
from livlina.provider.doors.queries.lists import PURPOSE
from livlina.registers.watches import actions as watches

log = structlog.get_logger(__name__)
REVIEW_WITHIN = timedelta(hours=24)
LOOK_WITHIN = timedelta(days=1)
NEAR = timedelta(minutes=90)
"""So near a planned visit an opening belongs to it."""
IN = ("opened", "locked")
BROKEN = ("battery", "stuck")
"""Faults at the door that somebody must mend."""


@dataclass
class Found:
    """The keys that entries name: by token, and the newest of each phone."""

    by_name: dict[str, Grant]
    by_phone: dict[str, Grant]


def take_openings(raw: Sequence[bytes], *, carried_by: str, by: Actor, now: datetime) -> list[bytes]:
    """Take in entries of locks' logs, and return signed acknowledgements for the locks, one each.

    `carried_by` is the thumbprint of the phone that brought them. The same entry twice is one row. What cannot be read,
    or comes from a lock nobody knows, is counted in the log and not acknowledged. Raises Refused.
    """
    demand(by, "doors.take_openings")
    entries = _read(raw)
    numbers = sorted({entry.door for entry in entries})
    mine = Lock.objects.filter(municipality_id=by.municipality_id, number__in=numbers)
    locks = {lock.number: lock for lock in mine.select_for_update().order_by("number")}
    unknown = [entry for entry in entries if entry.door not in locks]
    if unknown or len(entries) < len(raw):
        log.warning("doors.unreadable", unread=len(raw) - len(entries), unknown_locks=len(unknown))
    found = _grants(entries)
    acknowledged = []
    for number, lock in locks.items():
        own = sorted((one for one in entries if one.door == number), key=lambda one: one.number)
        _take(lock, own, found, carried_by, by, now)
        if (head := _head(lock)) is not None:
            acknowledged.append(_acknowledgement(by.municipality_id, head, now))
    return acknowledged


def report_emergency(row: Grant, reason: str, *, at: datetime, by: Actor, now: datetime) -> Grant:
    """Note that an emergency key has been used, and let the manager know at once. The first telling holds."""
    demand(by, "doors.ask_review")
    if row.kind != "emergency":
        raise DoorRefused("Det är ingen nödnyckel.")
    if row.used_at is None:
        row.used_at, row.used_reason = at, reason.strip()[:200]
        row.save(update_fields=["used_at", "used_reason"])
        owner = watches.Owner("provider_manager", row.unit_id)
        watches.raise_watch(
            "doors.emergency", ("doors.grant", row.pk), owner=owner, due_at=at + REVIEW_WITHIN, by=by, now=now
        )
        audit.wrote(by, "doors.emergency", now=now, obj=row)
        outbox.announce("door.emergency", row, now=now)
    return row


def review_emergency(row: Grant, text: str, *, by: Actor, now: datetime) -> Grant:
    """Say what came of looking into an emergency opening. Raises Refused, DoorRefused."""
    demand(by, "doors.review", row)
    row = Grant.objects.get(pk=row.pk)
    if row.used_at is None:
        raise DoorRefused("Nyckeln har inte använts.")
    if row.holder_id == by.assignment_id:
        raise DoorRefused("Den som öppnade granskar inte sin egen öppning.")
    if not text.strip():
        raise DoorRefused("Skriv vad granskningen visade.")
    if row.reviewed_at is None:
        row.reviewed_at, row.reviewed_by, row.review = now, by.name, text.strip()[:400]
        row.save(update_fields=["reviewed_at", "reviewed_by", "review"])
        watches.close_for(("doors.grant", row.pk), types=["doors.emergency"], why="Granskad.", by=by, now=now)
        audit.wrote(by, "doors.review", now=now, obj=row)
    return row


def ask_review(opening: Opening, *, by: Actor, now: datetime) -> None:
    """Ask the manager to look at an opening that belongs to no visit. Raises Refused."""
    demand(by, "doors.ask_review")
    owner = watches.Owner("provider_manager", opening.lock.unit_id)
    watches.raise_watch(
        "doors.unplanned", ("doors.opening", opening.pk), owner=owner, due_at=now + LOOK_WITHIN,
        person_id=opening.person_id, by=by, now=now,
    )  # fmt: skip


def explain_opening(opening: Opening, text: str, *, by: Actor, now: datetime) -> None:
    """Say why a door was opened outside a visit. Raises Refused, DoorRefused."""
    demand(by, "doors.keep", opening.lock)
    if not text.strip():
        raise DoorRefused("Skriv varför dörren öppnades.")
    watches.close_for(
        ("doors.opening", opening.pk), types=["doors.unplanned"], why=text.strip()[:200], by=by, now=now
    )
    audit.wrote(by, "doors.explain", now=now, person_id=opening.person_id, obj=opening)


def _read(raw: Iterable[bytes]) -> list[Entry]:
    """Return those that can be read, each once."""
    entries: dict[tuple[int, int, bytes], Entry] = {}
    for one in raw:
        try:
            entry = Entry.parse(one)
        except Fault:
            continue
        entries[entry.door, entry.number, entry.digest] = entry
    return list(entries.values())


def _grants(entries: Collection[Entry]) -> Found:
    """Return the keys that entries name. Two statements."""
    names = {entry.token.hex() for entry in entries if entry.token}
    phones = {entry.phone.hex() for entry in entries if entry.phone}
    by_name = {row.name: row for row in Grant.objects.filter(name__in=names).select_related("holder")}
    newest = Grant.objects.filter(thumbprint__in=phones).select_related("holder").order_by("made_at")
    return Found(by_name, {row.thumbprint: row for row in newest})


def _take(lock: Lock, entries: list[Entry], found: Found, carried_by: str, by: Actor, now: datetime) -> None:
    """Write the entries of one lock that are not here already, in order, and tell what they show."""
    if not entries:
        return
    first, last = entries[0].number, entries[-1].number
    around = Opening.objects.filter(lock=lock, number__range=(max(first - 1, 0), last + 1))
    kept = {(row.number, row.digest): row for row in around}
    fresh = [entry for entry in entries if (entry.number, entry.digest.hex()) not in kept]
    known = set(kept) | {(entry.number, entry.digest.hex()) for entry in fresh}
    made = [_write(lock, entry, found, known, carried_by, now) for entry in fresh]
    for row in kept.values():  # what lay beyond a hole may follow now
        if not row.follows and (row.number - 1, row.previous) in known:
            row.follows = True
            row.save(update_fields=["follows"])
    lock.heard_at = now
    lock.save(update_fields=["heard_at"])
    _tell_of_holes(lock, by, now)
    for entry, row in zip(fresh, made, strict=True):
        _look(entry, row, by, now)
    if made:
        audit.wrote(by, "doors.take_openings", now=now, obj=lock, detail={"entries": len(made)})
        opened = [row.pk for row in made if row.outcome == "opened"]
        outbox.announce_many("door.opened", by.municipality_id, opened, now=now)


def _write(
    lock: Lock, entry: Entry, found: Found, known: set[tuple[int, str]], carried_by: str, now: datetime
) -> Opening:
    phone = entry.phone.hex()
    row = found.by_name.get(entry.token.hex())
    whose = row if row is not None and not entry.lent else found.by_phone.get(phone)
    first = entry.number == 1 and entry.previous == FIRST
    return Opening.objects.create(
        municipality_id=lock.municipality_id, lock=lock, person_id=lock.person_id, number=entry.number,
        previous=entry.previous.hex(), digest=entry.digest.hex(), raw=entry.raw,
        at=datetime.fromtimestamp(entry.at, UTC), outcome=entry.outcome, fault=entry.fault, reason=entry.reason,
        thumbprint=phone, grant=row, holder_name=whose.holder_name if whose else "", carried_by=carried_by[:64],
        received_at=now, follows=first or (entry.number - 1, entry.previous.hex()) in known,
    )  # fmt: skip


def _tell_of_holes(lock: Lock, by: Actor, now: datetime) -> None:
    """Raise a watch while anything in the log does not follow; close it when all does."""
    if Opening.objects.filter(lock=lock, follows=False).exists():
        owner = watches.Owner("provider_manager", lock.unit_id)
        watches.raise_watch(
            "doors.hole", ("doors.lock", lock.pk), owner=owner, due_at=now + LOOK_WITHIN, person_id=lock.person_id,
            by=by, now=now,
        )  # fmt: skip
        return
    watches.close_for(("doors.lock", lock.pk), types=["doors.hole"], why="Loggen är hel.", by=by, now=now)


def _look(entry: Entry, row: Opening, by: Actor, now: datetime) -> None:
    """Tell of a lock that does not move, an unknown phone, an emergency, and an opening that belongs to no visit."""
    if entry.fault in BROKEN:
        owner = watches.Owner("provider_manager", row.lock.unit_id)
        watches.raise_watch(
            "doors.faulty", ("doors.lock", row.lock_id), owner=owner, due_at=now + timedelta(hours=4),
            person_id=row.person_id, by=by, now=now,
        )  # fmt: skip
    if row.outcome not in IN:
        return
    known = row.grant
    stranger = known is None or (row.thumbprint != known.thumbprint and not entry.lent)
    if stranger or not row.holder_name:
        owner = watches.Owner("provider_manager", row.lock.unit_id)
        watches.raise_watch(
            "doors.stranger", ("doors.lock", row.lock_id), owner=owner, due_at=now + timedelta(hours=4),
            person_id=row.person_id, by=by, now=now,
        )  # fmt: skip
    elif known is not None and known.kind == "emergency":
        report_emergency(known, REASONS.get(entry.reason, ""), at=row.at, by=by, now=now)
    elif known is not None and row.outcome == "opened" and not _planned(known, row, entry):
        ask_review(row, by=by, now=now)


def _planned(known: Grant, row: Opening, entry: Entry) -> bool:
    """Whether an opening belongs to a visit, to nursing, or to a kind of key that asks for its reason at the door."""
    doors = KINDS[known.kind].doors
    if doors in ("area", "one") or entry.lent or known.holder_id is None:
        return True
    start, end = row.at - NEAR, row.at + NEAR
    if doors == "nursed":
        return row.person_id in errands.nursed(known.unit_id, start, end)
    return row.person_id in errands.visited(known.holder_id, start, end)


def _head(lock: Lock) -> Opening | None:
    """Return the last entry before the first hole: up to there everything is here."""
    rows = Opening.objects.filter(lock=lock)
    hole = rows.filter(follows=False).aggregate(first=Min("number"))["first"]
    whole = rows.filter(number__lt=hole) if hole is not None else rows
    return whole.order_by("-number", "received_at").first()


def _acknowledgement(municipality_id: int, head: Opening, now: datetime) -> bytes:
    pair = keys.current(municipality_id, PURPOSE, now)
    return acknowledge(pair.sign, cose.kid_of(pair.public), Entry.parse(bytes(head.raw)))

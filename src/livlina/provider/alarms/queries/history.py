"""What has happened to an alarm, line by line: also what was done on a receiver's own page, where, and when it came here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from livlina.provider.alarms.models import AlarmEvent, Receipt

LATE = timedelta(minutes=1)
"""What came here later than this after it was done is told with both moments."""
BY_ITSELF = "told"
"""What a receiver does without anyone at its page: it calls somebody."""


@dataclass(frozen=True)
class Line:
    """One thing that happened. `where`: at which receiver, if it was there; `came_at`: when it came here, if much later."""

    at: datetime
    did: str
    by: str = ""
    to: str = ""
    text: str = ""
    where: str = ""
    came_at: datetime | None = None


def history(events: Iterable[AlarmEvent]) -> list[Line]:
    """Return an alarm's story, newest first. One statement for each person who did something on a receiver's page."""
    rows = list(events)
    lines = [_line(event) for event in rows] + _signed_in(rows)
    return sorted(lines, key=lambda line: line.at, reverse=True)


def _line(event: AlarmEvent) -> Line:
    there = _there(event)
    where = _where(there, by_itself=event.did == BY_ITSELF) if there else ""
    return Line(
        event.at, event.get_did_display(), event.by_name, event.to_name, event.text, where,
        _came(there, event.at) if there else None,
    )  # fmt: skip


def _there(event: AlarmEvent) -> Receipt | None:
    """What came from a receiver about this, if it was done there."""
    return event.receipt if event.receipt is not None and event.receipt.kind == "deed" else None


def _where(receipt: Receipt, *, by_itself: bool) -> str:
    name = receipt.receiver.name
    return f"Av larmmottagaren själv: {name}" if by_itself else f"På larmmottagarens egen sida: {name}"


def _came(receipt: Receipt, at: datetime) -> datetime | None:
    return receipt.received_at if receipt.received_at - at > LATE else None


def _signed_in(events: list[AlarmEvent]) -> list[Line]:
    """When each of those who did something on a receiver's page had signed in there, the last time before it."""
    first: dict[tuple[object, str], Receipt] = {}
    for event in events:
        there = _there(event)
        if there is not None and event.did != BY_ITSELF:
            first.setdefault((there.receiver_id, event.by_name), there)
    found = []
    for (_, name), deed in first.items():
        before = Receipt.objects.filter(receiver_id=deed.receiver_id, number__lt=deed.number, kind="deed")
        entries = before.filter(said__facts__did="signed_in", said__facts__by=name)
        entry = entries.select_related("receiver").order_by("-number").first()
        if entry is not None:
            where = _where(entry, by_itself=False)
            found.append(Line(entry.at, "Loggade in", name, where=where, came_at=_came(entry, entry.at)))
    return found

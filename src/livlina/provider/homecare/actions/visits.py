"""What happens at a visit: came, left, nobody home, not done, gone wrong, approved. Told by whoever was there.

At the desk what cannot be is refused in words. What a phone says has already happened: it is written as it was told, and
where it does not agree with the plan a deviation says so. The same event (`event_id`) is one row, however often it comes.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from livlina.core.access import Actor
from livlina.core.models import Assignment
from livlina.provider.homecare.actions.moving import (
    cancel_visit,
    extra_visit,
    give_visit,
    move_visit,
    swap_visit,
    take_visit,
)
from livlina.provider.homecare.actions.telling import (
    Telling,
    VisitRefused,
    already,
    call_manager,
    carer_of,
    hold,
    latest,
    note_deviation,
    outcome_of,
    write,
)
from livlina.provider.homecare.folding import ANNULLED
from livlina.provider.homecare.models import Visit, VisitEvent
from livlina.provider.homecare.wording import DEVIATIONS, split
from livlina.registers.people.models import Person

__all__ = [
    "VisitRefused",
    "approve_visit",
    "cancel_visit",
    "check_in",
    "check_out",
    "correct_event",
    "extra_visit",
    "give_visit",
    "missed",
    "move_visit",
    "not_home",
    "report_deviation",
    "swap_visit",
    "take_visit",
]

AHEAD = timedelta(minutes=10)
"""How far ahead a clock may be before the desk is asked to look again."""
NEAR = timedelta(days=14)
LONGEST = 720


@transaction.atomic
def check_in(
    visit: Visit,
    *,
    at: datetime,
    by: Actor,
    now: datetime,
    source: str = "desk",
    device_at: datetime | None = None,
    lock_at: datetime | None = None,
    event_id: UUID | None = None,
    carer: Assignment | UUID | None = None,
) -> VisitEvent:
    """Write that a carer came. Pressed twice is once. Raises Refused, and at the desk VisitRefused.

    A visit that was cancelled and made all the same stays made; the deviation says so.
    """
    telling = Telling(by, now, source, device_at, lock_at, event_id)
    visit = hold(visit, "homecare.visit", by)
    if had := already(visit, "in", telling):
        return had
    who = carer_of(visit, by, carer)
    inside = any(stay.end is None and stay.carer == who for stay in outcome_of(visit).stays)
    if inside and not telling.happened and (had := latest(visit, "in", carer=who)):
        return had
    _sound(visit, at, telling)
    was = visit.state
    event = write(visit, "in", telling, at=at, carer=who)
    _done_all_the_same(visit, was, telling, who)
    return event


@transaction.atomic
def check_out(
    visit: Visit,
    *,
    at: datetime,
    by: Actor,
    now: datetime,
    done_ids: Sequence[UUID] = (),
    text: str = "",
    source: str = "desk",
    device_at: datetime | None = None,
    lock_at: datetime | None = None,
    event_id: UUID | None = None,
    carer: Assignment | UUID | None = None,
) -> VisitEvent:
    """Write that a carer left, and which tasks were done. Raises Refused, and at the desk VisitRefused."""
    telling = Telling(by, now, source, device_at, lock_at, event_id)
    visit = hold(visit, "homecare.visit", by)
    if had := already(visit, "out", telling):
        return had
    who = carer_of(visit, by, carer)
    came = next((s for s in outcome_of(visit).stays if s.end is None and s.carer == who), None)
    if not telling.happened:
        if came is None and visit.state == "done" and (had := latest(visit, "out", carer=who)):
            return had
        if came is None:
            raise VisitRefused("Skriv först när besöket började.")
        if at < came.start:
            raise VisitRefused("Besöket kan inte sluta innan det började.")
    _sound(visit, at, telling)
    was = visit.state
    event = write(visit, "out", telling, at=at, carer=who, done_ids=list(done_ids), text=text.strip()[:400])
    _done_all_the_same(visit, was, telling, who)
    return event


@transaction.atomic
def not_home(
    visit: Visit,
    *,
    reason: str,
    follow_up: str,
    at: datetime,
    by: Actor,
    now: datetime,
    source: str = "desk",
    device_at: datetime | None = None,
    lock_at: datetime | None = None,
    event_id: UUID | None = None,
) -> VisitEvent:
    """Write that nobody was home, and what is done about it. The manager is told. Raises Refused, VisitRefused."""
    telling = Telling(by, now, source, device_at, lock_at, event_id)
    return _came_to_nothing(visit, "not_home", telling, at, reason, follow_up)


@transaction.atomic
def missed(
    visit: Visit,
    *,
    reason: str,
    follow_up: str,
    by: Actor,
    now: datetime,
    at: datetime | None = None,
    source: str = "desk",
    device_at: datetime | None = None,
    lock_at: datetime | None = None,
    event_id: UUID | None = None,
) -> VisitEvent:
    """Write that a visit was not made, why, and what is done instead. The manager is told. Raises Refused, VisitRefused."""
    telling = Telling(by, now, source, device_at, lock_at, event_id)
    return _came_to_nothing(visit, "missed", telling, at or visit.starts_at, reason, follow_up)


@transaction.atomic
def report_deviation(
    about: Visit | Person,
    kind: str,
    text: str = "",
    *,
    by: Actor,
    now: datetime,
    at: datetime | None = None,
    source: str = "desk",
    device_at: datetime | None = None,
    event_id: UUID | None = None,
) -> VisitEvent:
    """Report that something went wrong: two taps are enough. About a person it is put at their nearest visit.

    Raises Refused, and VisitRefused when the unit has had no visit at the person's for two weeks.
    """
    visit = about if isinstance(about, Visit) else _nearest(about, by, at or now)
    telling = Telling(by, now, source, device_at or at, None, event_id)
    visit = hold(visit, "homecare.visit", by)
    kind, text = (kind, text) if kind in DEVIATIONS else ("other", f"{kind} {text}".strip())
    if event_id is None:  # a double click within the minute is one
        same = VisitEvent.objects.filter(visit=visit, kind="deviation", reason=kind, text=text.strip()[:400])
        had = same.filter(by_id=by.user_id, heard_at__gt=now - timedelta(minutes=1)).first()
        if had is not None:
            return had
    return note_deviation(visit, kind, text, telling, by.assignment_id)


@transaction.atomic
def approve_visit(visit: Visit, minutes: int, *, by: Actor, now: datetime) -> VisitEvent:
    """Approve a visit's minutes, for pay and fee. The last approval is the one that counts, once. Raises VisitRefused."""
    visit = hold(visit, "homecare.approve", by)
    said = outcome_of(visit)
    if visit.state not in ("done", "not_home"):
        raise VisitRefused("Bara ett besök som är gjort kan godkännas.")
    if not 0 <= minutes <= LONGEST * 4:
        raise VisitRefused("Så lång tid kan inte godkännas.")
    if said.approved == minutes and (had := latest(visit, "approved")):
        return had
    return write(visit, "approved", Telling(by, now), minutes=minutes)


@transaction.atomic
def correct_event(
    event: VisitEvent, *, reason: str, by: Actor, now: datetime, at: datetime | None = None
) -> VisitEvent:
    """Correct when something happened, or with no `at` say that it never did. What was told first stays to be read.

    Raises VisitRefused for what is no event of time, or is corrected already.
    """
    visit = hold(event.visit, "homecare.correct", by)
    if event.kind not in ("in", "out", "not_home", "missed"):
        raise VisitRefused("Det här går inte att rätta.")
    if event.corrected_by.exists():
        raise VisitRefused("Det är redan rättat.")
    if not reason.strip():
        raise VisitRefused("Skriv varför det rättas.")
    if at is not None:
        _sound(visit, at, Telling(by, now), any_state=True)
    said: dict[str, Any] = {"reason": "time" if at else ANNULLED, "text": reason.strip()[:400]}
    return write(
        visit, "corrected", Telling(by, now), at=at or event.at, carer=event.carer_id, corrects=event, **said
    )


def _came_to_nothing(
    visit: Visit, kind: str, telling: Telling, at: datetime, reason: str, follow_up: str
) -> VisitEvent:
    """Write that a visit was not made. Why and what is done instead belong to it."""
    visit = hold(visit, "homecare.visit", telling.by)
    if had := already(visit, kind, telling):
        return had
    if not telling.happened:
        if visit.state == kind and (had := latest(visit, kind)):
            return had
        if not reason.strip():
            raise VisitRefused("Skriv varför.")
        if not follow_up.strip():
            raise VisitRefused("Skriv vad som görs i stället.")
        if visit.state in ("done", "cancelled", "missed"):
            raise VisitRefused(_is_words(visit))
        if kind == "missed" and visit.state == "begun":
            raise VisitRefused("Besöket är påbörjat. Skriv när det slutade.")
    code, text = split(reason)
    who = carer_of(visit, telling.by, None)
    event = write(
        visit, kind, telling, at=at, carer=who, reason=code, text=text, follow_up=follow_up.strip()[:400]
    )
    call_manager(f"homecare.{kind}", visit, telling)
    return event


def _sound(visit: Visit, at: datetime, telling: Telling, *, any_state: bool = False) -> None:
    """Refuse at the desk what cannot be. Raises VisitRefused."""
    if telling.happened:
        return
    if at > telling.now + AHEAD:
        raise VisitRefused("Tiden ligger framåt. Skriv när det hände.")
    if not any_state and visit.state in ("cancelled", "missed"):
        raise VisitRefused(_is_words(visit))
    if abs(at - visit.starts_at) > timedelta(days=2):
        raise VisitRefused("Tiden ligger för långt från besöket.")


def _is_words(visit: Visit) -> str:
    words = {"done": "gjort", "cancelled": "inställt", "missed": "antecknat som uteblivet"}
    return f"Besöket är {words[visit.state]}."


def _done_all_the_same(visit: Visit, was: str, telling: Telling, carer: UUID | None) -> None:
    """Say that a cancelled visit was made all the same: whoever made it had not heard."""
    if was == "cancelled":
        note_deviation(visit, "cancelled", "", telling, carer)


def _nearest(person: Person, by: Actor, at: datetime) -> Visit:
    """The unit's visit at the person's that lies nearest in time. Raises VisitRefused."""
    rows = Visit.objects.filter(municipality_id=by.municipality_id, unit_id=by.unit_id, person=person)
    near = list(rows.filter(starts_at__gt=at - NEAR, starts_at__lt=at + NEAR))
    if not near:
        raise VisitRefused("Enheten har inga besök hos personen de här dagarna.")
    return min(near, key=lambda one: (abs(one.starts_at - at), str(one.pk)))

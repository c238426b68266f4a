"""What is written at sign-in, about sessions, and when a manager looks at the log."""

from datetime import datetime

import structlog

from livlina.across.portal.models import LogReview, SignInEvent
from livlina.across.portal.queries import session_handle
from livlina.core import audit
from livlina.core.access import Actor, demand
from livlina.core.models import AuditEvent, Session, User
from livlina.registers.people.models import Person

log = structlog.get_logger(__name__)


class ReviewNeedsWords(ValueError):
    """Skriv varför läsningen behöver följas upp eller är obefogad."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


def note_sign_in(kind: str, *, by: User | None, now: datetime, device: str, why: str = "") -> SignInEvent:
    """Record an attempt to sign in; `why` (a code) says that it failed. A failure is also said aloud in the log."""
    event = SignInEvent.objects.create(
        at=now, kind=kind, ok=not why, why=why, user_id=by.pk if by else None, device=device
    )
    if why:
        log.warning("sign_in_failed", kind=kind, why=why, user_id=event.user_id)
    else:
        log.info("signed_in", kind=kind, user_id=event.user_id)
    return event


def citizen_user(person: Person, *, by: Actor, now: datetime) -> User:
    """Return the user under which a person signs in, made the first time. It has no password and no real address."""
    address = f"{person.pk}@enskild.invalid"
    user, made = User.objects.get_or_create(
        email=address, defaults={"name": person.name, "kind": "citizen", "password": "!"}
    )
    if made:
        audit.wrote(by, "portal.citizen_user", now=now, person_id=person.pk)
    elif user.name != person.name:
        user.name = person.name
        user.save(update_fields=["name"])
    return user


def end_session(handle: str, *, by: User, now: datetime) -> bool:
    """End one of one's own sessions, named by its handle; the browser is out with its next request."""
    for session in Session.objects.filter(user=by, expire_date__gt=now):
        if session_handle(session.session_key) == handle:
            session.delete()
            return True
    return False


def end_sessions(*, by: User, now: datetime, keep: str | None = None) -> int:
    """End every session of a user but the one with the key `keep`. Returns how many."""
    ended, _ = Session.objects.filter(user=by).exclude(session_key=keep or "").delete()
    log.info("sessions_ended", user_id=by.pk, count=ended, at=now.isoformat())
    return ended


def review_reading(event: AuditEvent, result: str, note: str = "", *, by: Actor, now: datetime) -> LogReview:
    """Record what a manager found when looking at a reading. Raises Refused, ReviewNeedsWords."""
    demand(by, "portal.review", event)
    if result != LogReview.Result.JUSTIFIED and not note.strip():
        raise ReviewNeedsWords
    review = LogReview.objects.create(
        municipality_id=by.municipality_id,
        event=event,
        at=now,
        by_user_id=by.user_id,
        by_name=by.name,
        result=result,
        note=note.strip(),
    )
    audit.wrote(by, "portal.review", now=now, obj=review, detail={"event": str(event.pk), "result": result})
    return review

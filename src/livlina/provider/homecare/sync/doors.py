"""What locks wrote, carried home by phones, and emergency keys that were used."""

from datetime import datetime

from livlina.core.access import Actor
from livlina.provider.doors import actions as doors
from livlina.provider.doors.models import Grant
from livlina.provider.homecare.models import Phone
from livlina.provider.homecare.sync.takes import SENTENCES, Taken, carried, clock_words, heard, takes
from livlina.provider.homecare.sync.wire import Event, Unfit, unb64u

SENTENCES.append(doors.DoorRefused)
MOST = 500


@takes("opened")
def take_opened(event: Event, phone: Phone, by: Actor, now: datetime) -> Taken:
    """Take in entries of a lock's log. Any phone may carry them home; each entry is one row."""
    entries = event.body.get("entries") or []
    if not isinstance(entries, list) or len(entries) > MOST:
        raise Unfit("unreadable", "Dörrens logg gick inte att läsa.")
    raw = [unb64u(entry) for entry in entries]
    acks = doors.take_openings(raw, carried_by=phone.thumbprint, by=by, now=now)
    return Taken(None, clock_words(event, now), carries=tuple(acks))


@takes("emergency")
def take_emergency(event: Event, phone: Phone, by: Actor, now: datetime) -> Taken:
    """An emergency key was used: the reason is kept, and the manager looks into it within a day."""
    row = Grant.objects.filter(name=event.text("token", 32), thumbprint=phone.thumbprint).first()
    if row is None:
        raise Unfit("unknown_key", "Nödnyckeln är inte känd hos kommunen.")
    doors.report_emergency(row, event.text("reason", 200), at=heard(event, now), by=carried(by), now=now)
    return Taken(row.pk, clock_words(event, now))

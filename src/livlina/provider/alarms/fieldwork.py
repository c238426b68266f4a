"""What carers do about alarms on their phones with no net: told afterwards, and whoever signed first has the alarm."""

from datetime import datetime

from livlina.core.access import Actor
from livlina.core.clock import local
from livlina.provider.alarms.actions.holding import happened, hold, turn
from livlina.provider.alarms.models import Alarm
from livlina.provider.homecare.models import Phone
from livlina.provider.homecare.sync.takes import Taken, clock_words, heard, takes
from livlina.provider.homecare.sync.wire import Event, Unfit


@takes("alarm_accepted", turn=turn)
def take_accepted(event: Event, phone: Phone, by: Actor, now: datetime) -> Taken:
    """Let a carer have the alarm they took on the phone. First signed wins; both are written down, and the other is told."""
    pk = event.key("alarm")
    if pk is None:
        raise Unfit("unreadable", "Händelsen säger inte vilket larm den gäller.")
    alarm, at = hold(pk, "alarms.answer", by), heard(event, now)
    if alarm.holder_id == by.user_id and alarm.state != "waiting":
        return Taken(alarm.pk, clock_words(event, now))
    if alarm.state == "closed" or (alarm.accepted_at is not None and alarm.accepted_at <= at):
        when = f"{local(alarm.accepted_at):%H:%M}" if alarm.accepted_at else "före dig"
        text = f"Tog emot i telefonen {local(at):%H:%M}, efter {alarm.holder_name}."
        happened(alarm, "noted", by=by, now=now, at=at, text=text)
        return Taken(alarm.pk, f"{alarm.holder_name} tog emot larmet {when}. Du behöver inte åka.", "second")
    before = alarm.holder_name if alarm.state != "waiting" else ""
    _give(alarm, by, at)
    happened(
        alarm, "handed_over" if before else "accepted", by=by, now=now, at=at, by_name=by.name,
        to_name=by.name if before else "", text=f"Tog emot i telefonen, före {before}." if before else "",
    )  # fmt: skip
    return Taken(alarm.pk, clock_words(event, now))


def _give(alarm: Alarm, by: Actor, at: datetime) -> None:
    alarm.holder_id, alarm.holder_name = by.user_id, by.name[:160]
    alarm.accepted_at, alarm.next_at = max(at, alarm.pressed_at), None
    if alarm.state == "waiting":
        alarm.state = "accepted"
    alarm.save(update_fields=["state", "accepted_at", "next_at", "holder_id", "holder_name"])

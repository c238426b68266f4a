"""The telephone exchange tells that a call has come: nobody has to press that it did."""

from datetime import datetime, timedelta

from livlina.core.access import Actor, demand
from livlina.provider.alarms.actions.exchange import NotTrusted, admit
from livlina.provider.alarms.actions.holding import happened, turn
from livlina.provider.alarms.actions.receivers import digest
from livlina.provider.alarms.models import Alarm, AlarmEvent, Switchboard
from livlina.provider.alarms.wording import readable

ONE_CALL = timedelta(seconds=30)
"""What an exchange says of the same number again within this time is the same call: it rings at several places."""


def arrived(token: str, number: str, *, now: datetime) -> Alarm | None:
    """Tie a call that has come to the open alarm whose unit calls from that number, the latest pressed; return it.

    Enters the municipality the key names, as the system. A number that no open alarm has is kept nowhere. Raises
    NotTrusted.
    """
    by = admit(token)
    demand(by, "alarms.call_came")
    switchboard = Switchboard.objects.filter(key_hash=digest(token), ended_at=None).first()
    if switchboard is None:
        raise NotTrusted
    Switchboard.objects.filter(pk=switchboard.pk).update(last_at=now)
    line = same_line(number)
    if not line:
        return None
    turn(by.municipality_id)
    rows = Alarm.objects.exclude(state="closed").exclude(call_back="").order_by("-pressed_at")
    alarm = next((row for row in rows if same_line(row.call_back) == line), None)
    if alarm is not None:
        _came(alarm, switchboard, by, now)
    return alarm


def same_line(number: str) -> str:
    """Return a number as it is the same however it is written: 46701740611. A SIP address is itself, in small letters."""
    said = number.strip().lower()
    if said.startswith(("sip:", "sips:", "sip-pp:")):
        return said.partition(":")[2].partition(";")[0]
    digits = "".join(letter for letter in said if letter in "0123456789")
    if digits.startswith("00"):
        return digits[2:]
    return f"46{digits[1:]}" if digits.startswith("0") else digits


def _came(alarm: Alarm, switchboard: Switchboard, by: Actor, now: datetime) -> None:
    calls = AlarmEvent.objects.filter(alarm=alarm, did="call_came", by_name=switchboard.name)
    if not calls.filter(at__gt=now - ONE_CALL).exists():
        text = f"Från {readable(alarm.call_back)}."
        happened(alarm, "call_came", by=by, now=now, by_name=switchboard.name, text=text)

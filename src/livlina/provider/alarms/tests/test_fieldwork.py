"""What carers do about alarms on their phones with no net: the tenth of the thirteen conflicts of phones and office."""

from collections.abc import Callable
from datetime import datetime, timedelta

from livlina.core.access import Actor
from livlina.provider.alarms.models import Alarm, AlarmEvent
from livlina.provider.homecare.tests.fixtures_sync import Telephone

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
Telephones = Callable[..., Telephone]


def test_an_alarm_two_took_is_his_who_signed_first_and_the_other_is_told(
    telephone: Telephones, ali: Actor, noor: Actor, astrids_alarm: Alarm, now: datetime
) -> None:
    first, second = telephone(ali), telephone(noor)
    first.keep("alarm_accepted", now + MINUTE, alarm=str(astrids_alarm.pk))
    second.keep("alarm_accepted", now + 3 * MINUTE, alarm=str(astrids_alarm.pk))
    assert second.send(now + 4 * MINUTE)[0]["words"] == ""
    assert first.send(now + HOUR)[0]["verdict"] == "accepted"
    astrids_alarm.refresh_from_db()
    assert astrids_alarm.holder_name == "Ali Hassan"
    again = second.one(now + 2 * HOUR, "alarm_accepted", now + 5 * MINUTE, alarm=str(astrids_alarm.pk))
    assert "Ali Hassan tog emot larmet" in again["words"]
    deeds = AlarmEvent.objects.filter(alarm=astrids_alarm, by_id__isnull=False).order_by("number")
    assert [(deed.did, deed.by_name) for deed in deeds] == [
        ("accepted", "Noor Aziz"), ("handed_over", "Ali Hassan"), ("noted", "Noor Aziz"),
    ]  # fmt: skip

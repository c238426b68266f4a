"""A metal key that is gone reports itself."""

from datetime import datetime
from typing import Any

from livlina.across.quality.models import Deviation
from livlina.core import outbox
from livlina.core.access import Actor
from livlina.provider.doors import actions as doors
from livlina.registers.people.models import Person


def test_a_lost_key_is_one_deviation_by_its_number_and_nobodys_name(
    astrids_door: Any, astrid: Person, petra: Actor, ali: Actor, now: datetime
) -> None:
    key = doors.add_key("N112", astrid, "Skåp 1", by=petra, now=now)
    for _ in range(2):
        doors.report_lost(key, "Borta efter rundan", by=ali, now=now)
        outbox.deliver_waiting()
    told = Deviation.objects.get()
    assert (told.what, told.reporter_name) == (
        "Metallnyckel N112 är förlorad. Borta efter rundan",
        "Ali Hassan",
    )
    assert told.unit_id == petra.unit_id

"""S1, its beginning: storage filled up at one o'clock on a weekday, and everything stopped for nearly a day.

Here a real volume fills. Those who run the house are told in time, what can wait waits and says so, and care goes on: notes,
alarms and phones are taken in on a volume where nothing else may write, and the page for everyone tells it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from livlina.core import clock, shedding
from livlina.core.ids7 import uuid7
from livlina.registers.journal.models import Note
from livlina.status import levels, page
from livlina.status.ballast import Ballast
from livlina.status.levels import Judge, Level
from livlina.status.measure import Volume
from livlina.status.monitor import Monitor
from livlina.status.probes import PROBED, Looker, Seen, Targets
from tests.faults.test_shedding import note, words
from tests.faults.volumes import fill, volume

__all__ = ["volume"]
pytestmark = pytest.mark.django_db


class Afternoon:
    """The status process over the volume that the house writes its level to, a minute of it at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.called, self.minute = folder, list[tuple[int, str]](), 0
        self.monitor = Monitor(
            folder, Looker(Targets()), [Volume("data", folder)], ballast=Ballast(folder, 4 << 20),
            judge=Judge(calm=30), call=self._called,
        )  # fmt: skip

    def _called(self, level: Level, text: str) -> None:
        self.called.append((level.level, text))

    def goes_on(self, taken: float, minutes: int = 1) -> int:
        """Let so much of the volume be taken, and time pass; return the level."""
        fill(self.folder, taken)
        self.monitor.volumes[0].readings.clear()
        for _ in range(minutes):
            self.minute += 1
            self.monitor.measure(self.minute * 60.0)
        return shedding.level().level

    def told(self) -> str:
        """What anyone reads meanwhile."""
        self.monitor.state.seen = {name: Seen(True) for name in PROBED}
        self.monitor.state.at = datetime.now(UTC)
        return page.html(self.monitor, datetime.now(UTC))


@pytest.fixture
def afternoon(volume: Path, settings: Any) -> Iterator[Afternoon]:
    settings.STATE_DIR = volume
    shedding.reader.cache_clear()
    yield Afternoon(volume)
    shedding.reader.cache_clear()


def test_s1_storage_that_fills_is_met_before_it_is_full_and_care_goes_on(
    afternoon: Afternoon, karin, maria, ola, astrid, astrids_file, client_of, client
) -> None:
    officer, manager = client_of(karin), client_of(maria)
    write, begin = (
        reverse("journal:write", args=[astrids_file.pk]), reverse("cases:begin", args=[astrid.pk])
    )  # fmt: skip
    assert afternoon.goes_on(0.5) == levels.NORMAL
    assert "Allt fungerar." in afternoon.told()

    assert afternoon.goes_on(0.72) == levels.CALL
    assert afternoon.called == [(1, "Lagringsutrymmet håller på att ta slut")]
    assert "gör plats nu" in words(client_of(ola).get("/operations/"))

    assert afternoon.goes_on(0.82) == levels.BULK_WAITS
    assert manager.get(reverse("watches:statistics")).status_code == 503
    assert officer.post(begin, {"reason": "Ny ansökan."}).status_code != 503

    assert afternoon.goes_on(0.92) == levels.CARE_ONLY
    refused = officer.post(begin, {"reason": "Hon har svårt att gå. Dottern ringde i dag."})
    assert "Hon har svårt att gå. Dottern ringde i dag." in words(refused)
    text = f"Skrivet när lagringen var nästan full, {clock.today()}."
    assert officer.post(write, note(text=text, submission_key=str(uuid7()))).status_code == 302
    assert Note.objects.get(file=astrids_file).text == text
    assert text in words(officer.get(reverse("journal:file", args=[astrids_file.pk])))
    for care in ("alarms/exchange", "field/outbox"):
        assert client.post(f"/api/v1/{care}", {}, content_type="application/json").status_code != 503
    assert "Larm, dörrar, besök och journal fungerar." in afternoon.told()

    assert afternoon.monitor.ballast is not None
    afternoon.goes_on(0.98)
    assert not afternoon.monitor.ballast.held
    assert afternoon.goes_on(0.4, minutes=2) == levels.NORMAL
    assert afternoon.monitor.ballast.held
    assert officer.post(begin, {"reason": "Ny ansökan."}).status_code != 503
    assert [level for level, _ in afternoon.called] == [1, 2, 3]

"""How old the shadow measures that it is, and whom it tells."""

from datetime import datetime, timedelta
from pathlib import Path

from livlina.across.continuity.shadow import age
from livlina.cli.shadow import Watch
from livlina.core.standby import Fresh
from livlina.status import parts


class Copy:
    """A copy that says what it is told to."""

    def __init__(self, *said: Fresh) -> None:
        self.said = list(said)

    def fresh(self) -> Fresh:
        return self.said.pop(0)


def watch(tmp_path: Path, *said: Fresh) -> Watch:
    """The shadow's watch over such a copy, having asked it as often as it has something to say."""
    made = Watch(tmp_path, tmp_path / "main", Copy(*said))  # type: ignore[arg-type]
    for _ in said:
        made.next = 0
        made.tick()
    return made


def test_a_quiet_night_is_not_old_and_a_dead_main_system_grows_old(tmp_path: Path, now: datetime) -> None:
    watch(
        tmp_path, Fresh(now - timedelta(hours=3), True), Fresh(now, True)
    )  # heard from, though nobody has written
    quiet = age.read(tmp_path)
    assert quiet is not None
    assert age.large(age.Age(quiet.fresh_at, True, now), now) == "Läskopia: uppgifterna är nya"

    watch(tmp_path, Fresh(now - timedelta(hours=3), False))  # what was known before a restart still holds
    dead = age.read(tmp_path)
    assert dead is not None
    assert dead.fresh_at == now
    later = now + timedelta(hours=2, minutes=5)
    assert age.large(dead, later) == "Läskopia: uppgifterna är 2 timmar och 5 minuter gamla"
    assert age.large(None, now) == "Det är inte känt hur gamla uppgifterna är"


def test_the_status_page_is_told_of_a_copy_that_follows_and_of_one_that_does_not(
    tmp_path: Path, now: datetime
) -> None:
    follows = watch(tmp_path)
    follows.fresh_at = now
    follows.write(True, True, now + timedelta(seconds=5))
    assert parts.read(tmp_path / "main")["shadow"].words == "Läskopian följer med och går att läsa i."
    follows.write(False, False, now + timedelta(hours=1))
    told = parts.read(tmp_path / "main")["shadow"]
    assert (told.works, told.words) == (False, "Läskopian svarar inte.")

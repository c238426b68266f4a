"""What the manager's page asks: what has been proved, when, and what is due."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from livlina.across.continuity.models import Drill, RestoreTest
from livlina.across.continuity.stories import STORIES, Story
from livlina.core.access import Actor, Refused, demand
from livlina.status import parts

TEST_EVERY = timedelta(hours=26)
"""The reserve is tried each night; two hours over is late."""
SHOWN = 12


@dataclass(frozen=True)
class Due:
    """One story in the calendar."""

    story: Story
    last: Drill | None
    """The newest that was played through, held or not."""
    due_at: datetime | None
    """Empty: never played, so now."""
    overdue: bool

    @property
    def words(self) -> str:
        """How it stands."""
        if self.last is None:
            return "aldrig övad"
        if self.last.outcome == Drill.Outcome.FAILS:
            return "höll inte, ska övas igen"
        return "försenad" if self.overdue else "övad"


def calendar(now: datetime) -> list[Due]:
    """Every story with its last playing and when the next is due. What could not be played whole does not count."""
    played = Drill.objects.exclude(outcome=Drill.Outcome.PARTLY).order_by("story", "-started_at")
    last = {drill.story: drill for drill in played.distinct("story")}
    return [_due(story, last.get(story.name), now) for story in STORIES.values()]


def _due(story: Story, last: Drill | None, now: datetime) -> Due:
    if last is None:
        return Due(story, None, None, True)
    if last.outcome == Drill.Outcome.FAILS:
        return Due(story, last, last.started_at, True)
    due = last.started_at + story.every
    return Due(story, last, due, due <= now)


def newest_restore_test() -> RestoreTest | None:
    """The last time the reserve was tried."""
    return RestoreTest.objects.order_by("-started_at").first()


def restore_tests() -> QuerySet[RestoreTest]:
    """The newest tests, newest first."""
    return RestoreTest.objects.order_by("-started_at")[:SHOWN]


def drills(actor: Actor) -> QuerySet[Drill]:
    """Every drill, newest first: they are of the whole installation. Raises Refused."""
    demand(actor, "continuity.drill")
    return Drill.objects.prefetch_related("signatures").order_by("-started_at")


def drill(actor: Actor, pk: UUID) -> Drill:
    """One drill. Raises Refused, also when there is none."""
    found = drills(actor).filter(pk=pk).first()
    if found is None:
        raise Refused("continuity.drill")
    return found


def told() -> Mapping[str, parts.Part]:
    """What the parts of the house said last of themselves."""
    return parts.read(Path(settings.STATE_DIR))


def storage() -> list[dict[str, Any]]:
    """The volumes as the status process last measured them."""
    return _volumes(_status())


def _status() -> dict[str, Any]:
    import json

    try:
        found = json.loads((Path(settings.STATE_DIR) / "status" / "status.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _volumes(status: dict[str, Any]) -> list[dict[str, Any]]:
    volumes = status.get("storage", [])
    return [one for one in volumes if isinstance(one, dict) and one.get("total")]

"""What is late: told to the status page each hour, and as a watch on the desk of those who run the house."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid5

from django.conf import settings

from livlina.across.continuity import queries
from livlina.across.continuity.stories import STORIES
from livlina.core.access import Actor, demand, system
from livlina.core.clock import day_of
from livlina.core.models import Municipality
from livlina.registers.watches import actions as watches
from livlina.registers.watches.queries import desk_of_the_house
from livlina.status import parts

LATE = "continuity.drill_late"
"""The watch of one story that nobody has played in time; declared in jobs.py."""
SOURCE = "continuity.story"
TIME_TO_PLAY = timedelta(days=7)
_STORIES = UUID("8b0e6a5c-7d0a-4f0b-8a43-5a7f2c0d9e11")


def watch_drills(municipality_id: int, now: datetime) -> int:
    """Tell the status page which drills are late, and lay each on a desk until it has been held; return how many are late.

    Drills are of the whole installation: the municipality that was entered first tells.
    """
    if municipality_id != Municipality.objects.order_by("id").values_list("id", flat=True).first():
        return 0
    by = system(municipality_id)
    demand(by, "continuity.tell_of_drills")
    late = [due for due in queries.calendar(now) if due.overdue]
    words = ", ".join(f"{due.story.title} ({due.words})" for due in late)
    told = f"Försenat: {words}." if late else "Alla övningar är gjorda i tid."
    parts.write(
        Path(settings.STATE_DIR), "drills", not late, told, at=now, late=[due.story.name for due in late]
    )
    _lay_on_a_desk(late, by=by, now=now)
    return len(late)


def _lay_on_a_desk(late: Sequence[queries.Due], *, by: Actor, now: datetime) -> None:
    """One watch for each story that is late, however often one looks, and none for one that has been held."""
    waiting = {due.story.name: due for due in late}
    for name in STORIES:
        if name not in waiting:
            source = (SOURCE, uuid5(_STORIES, name))
            watches.close_for(source, types=(LATE,), why="Övningen är hållen.", by=by, now=now)
    with suppress(
        LookupError
    ):  # nobody works here yet: the status page and the page of reserves say it all the same
        owner = desk_of_the_house(day_of(now))
        for due in late:
            watches.raise_watch(
                LATE, (SOURCE, uuid5(_STORIES, due.story.name)), owner=owner, due_at=now + TIME_TO_PLAY, by=by, now=now,
                about=f"Öva: {due.story.title} ({due.words})",
            )  # fmt: skip

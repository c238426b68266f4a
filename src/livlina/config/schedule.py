"""Every recurring job in one table. `docs/schedule.md` is made from it."""

from livlina.core.jobs import Recurring

SCHEDULE: tuple[Recurring, ...] = ()

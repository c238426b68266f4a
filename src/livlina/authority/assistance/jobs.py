"""What the room does by the clock, and the watch it raises."""

from datetime import datetime, timedelta

from livlina.authority.assistance.actions import remind_of_months
from livlina.core.access import system
from livlina.core.tenancy import EVERYTHING
from livlina.registers.watches.models.kinds import declare

declare(
    "assistance.month_to_account",
    "Assistansmånad att redovisa till Försäkringskassan",
    "Räkning och tidredovisning ska vara hos Försäkringskassan senast den 5 i andra månaden efter.",
    "Försäkringskassan betalar inte för tid som redovisas för sent.",
    ladder=((timedelta(), "unit_manager"),),
    link="assistance:month",
)


def tell_of_months(municipality_id: int, now: datetime) -> int:
    """Open last month and watch every month that is not accounted for. Return how many are watched."""
    return remind_of_months(by=system(municipality_id, EVERYTHING), now=now)

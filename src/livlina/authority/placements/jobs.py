"""What the room does by the clock, and the watches it raises."""

from datetime import datetime, timedelta

from livlina.authority.placements.actions import open_yearly_list
from livlina.core.access import system
from livlina.core.clock import day_of
from livlina.core.tenancy import EVERYTHING
from livlina.registers.watches.models.kinds import declare

DAY = timedelta(days=1)

declare(
    "placements.more_than_three",
    "Fler än tre barn är placerade i samma hem",
    "Beslutet innebär att fler än tre är placerade i hemmet. IVO ska underrättas (16 kap. 2 § socialtjänstförordningen).",
    "Tillsynsmyndigheten vet inte om att hemmet har många barn.",
    ladder=((2 * DAY, "unit_manager"), (7 * DAY, "committee_secretary")),
    link="placements:placement",
)
declare(
    "placements.yearly_list",
    "Förteckningen över placerade barn ska skickas till IVO",
    "En kopia av årets förteckning ska lämnas senast den 31 januari (3 kap. 4 § socialtjänstförordningen).",
    "Kommunen bryter mot förordningen.",
    ladder=((DAY, "committee_secretary"),),
    link="placements:list_of",
)


def remind_of_yearly_list(municipality_id: int, now: datetime) -> int:
    """In January, open the list of the year that has ended, once. Return how many were opened."""
    today = day_of(now)
    if today.month != 1:
        return 0
    open_yearly_list(today.year - 1, by=system(municipality_id, EVERYTHING), now=now)
    return 1

"""What the room does by the clock."""

from datetime import datetime, timedelta

from livlina.authority.unexecuted import actions, queries
from livlina.authority.unexecuted.quarter import Quarter
from livlina.core.access import system
from livlina.core.clock import day_of
from livlina.core.tenancy import EVERYTHING
from livlina.registers.watches.models.kinds import declare

declare(
    "unexecuted.to_report",
    "Ej verkställda beslut ska rapporteras",
    "Ett kvartal är slut och beslut som inte är verkställda ska rapporteras till IVO och revisorerna.",
    "Kommunen bryter mot 34 kap. socialtjänstlagen och kan få betala en särskild avgift.",
    ladder=((timedelta(days=14), "unit_manager"),),
    link="unexecuted:due",
)


def remind(municipality_id: int, now: datetime) -> int:
    """Tell the secretary of the quarter that ended last, if it holds anything and is not settled. Return how many."""
    by = system(municipality_id, EVERYTHING)
    quarter = Quarter.of(day_of(now)).before
    return actions.remind(quarter, by=by, now=now) if queries.anything(quarter) else 0

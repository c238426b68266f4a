"""The room's watches, and what it does by the clock."""

from datetime import datetime, timedelta

from livlina.authority.court import actions
from livlina.core.access import system
from livlina.core.tenancy import EVERYTHING
from livlina.registers.watches.models import declare

declare(
    "court.lapsed",
    "Lagens frist har gått ut utan bevis",
    "Beslutet har upphört om inte rätten fick handlingarna i tid. Lägg in beviset, eller anteckna att det har upphört.",
    "Den enskilde hålls kvar utan stöd i lag, eller står utan skydd.",
    danger=True,
    firm=True,
    ladder=((timedelta(), "unit_manager"),),
    link="court:clock",
)
declare(
    "court.decision_asked",
    "Ett beslut som inte kan vänta",
    "Handläggaren ber nämndens ordförande att ta ställning nu.",
    "Den som behöver skydd får vänta.",
    danger=True,
    ladder=((timedelta(hours=1), "unit_manager"), (timedelta(hours=2), "duty_officer")),
    link="court:decide",
)
declare(
    "court.to_report",
    "Beslut att anmäla till nämnden",
    "Ordföranden eller en ledamot har beslutat i nämndens ställe. Det ska anmälas vid nästa sammanträde.",
    "Nämnden vet inte vad som har beslutats i dess namn.",
    link="court:reported",
)
declare(
    "court.hearing",
    "Förhandling i rätten",
    "Rätten har kallat till förhandling.",
    "Nämndens talan förs inte.",
    ladder=((timedelta(), "unit_manager"),),
    link="",
)


def tell_of_lapsed(municipality_id: int, now: datetime) -> int:
    """Raise a red watch for each clock whose legal date has passed with no proof. Return how many new ones."""
    return actions.tell_of_lapsed(by=system(municipality_id, EVERYTHING), now=now)

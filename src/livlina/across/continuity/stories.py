"""The stories that are drilled, and how often. What happened at each stands in the incidents they are named after."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

MONTH, QUARTER = timedelta(days=31), timedelta(days=92)


@dataclass(frozen=True)
class Story:
    """One drill: its name at the terminal, its title, what it proves, and how long it may be until the next."""

    name: str
    title: str
    proves: str
    every: timedelta


STORIES: Mapping[str, Story] = {
    one.name: one
    for one in (
        Story(
            "s1",
            "Systemet står still",
            "Skuggan, reservpaketen och dörrnycklarna går att nå när huvudsystemet är borta.",
            MONTH,
        ),
        Story(
            "s16",
            "Kommunens inloggning är borta",
            "Personalen kommer in med passkey, och kommer inte åt mer än vården behöver.",
            MONTH,
        ),
        Story(
            "restore",
            "Reserven startas",
            "Säkerhetskopian startas, loggas in i och läses, och det nyaste är nytt.",
            MONTH,
        ),
        Story(
            "s3",
            "Larmen når inte fram",
            "Ringlistan går att nå utan servern, och mottagarna svarar var för sig.",
            QUARTER,
        ),
        Story(
            "storage",
            "Lagringen tar slut",
            "Det syns i tid, det viktigaste går först, och användarna får veta det i ord.",
            QUARTER,
        ),
    )
}

"""How old what the shadow shows is: said in large type on every page. `livlina shadow run` measures it."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest

from livlina.core import clock

FILE = "age.json"
MEASURED = timedelta(seconds=30)
"""A measurement older than this says nothing any more."""
NEW = timedelta(seconds=20)


@dataclass(frozen=True)
class Age:
    """The moment up to which everything is there; whether the main system still sends, and when that was measured."""

    fresh_at: datetime | None
    streaming: bool
    measured_at: datetime


def read(folder: Path) -> Age | None:
    """Return the last measurement, or None when there is none that can be read."""
    try:
        told = json.loads((folder / FILE).read_text(encoding="utf-8"))
        fresh = datetime.fromisoformat(told["fresh_at"]) if told["fresh_at"] else None
        return Age(fresh, told["streaming"] is True, datetime.fromisoformat(told["measured_at"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def large(age: Age | None, now: datetime) -> str:
    """Return how old it is, in few words."""
    if age is None or age.fresh_at is None:
        return "Det är inte känt hur gamla uppgifterna är"
    old = now - age.fresh_at
    if age.streaming and old <= NEW and now - age.measured_at <= MEASURED:
        return "Läskopia: uppgifterna är nya"
    return f"Läskopia: uppgifterna är {spoken(old)} gamla"


def spoken(length: timedelta) -> str:
    """Return a length of time as it is said: 2 timmar och 5 minuter."""
    minutes = max(0, int(length.total_seconds() // 60))
    if minutes == 0:
        return f"{max(1, int(length.total_seconds()))} sekunder"
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [
        f"{days} dygn" if days else "",
        f"{hours} {'timme' if hours == 1 else 'timmar'}" if hours else "",
        f"{rest} {'minut' if rest == 1 else 'minuter'}" if rest and not days else "",
    ]
    return " och ".join(part for part in parts if part)


def words(request: HttpRequest) -> dict[str, str]:
    """What every page of the shadow says above everything else."""
    age = read(Path(settings.STATE_DIR))
    at = f"De gällde {clock.local(age.fresh_at):%Y-%m-%d kl. %H.%M}. " if age and age.fresh_at else ""
    return {
        "downtime_large": large(age, request.now),  # type: ignore[attr-defined]
        "downtime": f"{at}Här går det bara att läsa. Skriv på papper, och skriv in det när systemet är igång igen.",
    }

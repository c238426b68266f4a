"""The support's working hours: when a clock runs, and when a ticket is due."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from livlina.core.calendar import is_working_day
from livlina.core.clock import SWEDEN, local

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Hours:
    """From when to when the support works on working days; `always` for what runs day and night."""

    opens: time
    closes: time
    always: bool = False

    @classmethod
    def of(cls, rules: dict[str, Any], priority: str) -> "Hours":
        """The hours a priority is counted in, by the municipality's rules."""
        opens, closes = (time.fromisoformat(text) for text in rules["hours"])
        return cls(opens, closes, priority in rules["around_the_clock"])

    def minutes(self, first: datetime, last: datetime) -> int:
        """Return the working minutes between two moments; 0 if the second is not later."""
        if last <= first:
            return 0
        if self.always:
            return int((last - first).total_seconds() // 60)
        day, end, seconds = local(first).date(), local(last).date(), 0.0
        while day <= end:
            opens, closes = self._span(day)
            if opens is not None and closes is not None:
                seconds += max(0.0, (min(last, closes) - max(first, opens)).total_seconds())
            day += DAY
        return int(seconds // 60)

    def after(self, moment: datetime, minutes: int) -> datetime:
        """Return the moment at which so many working minutes have passed."""
        left = timedelta(minutes=minutes)
        if self.always:
            return moment + left
        day = local(moment).date()
        while True:
            opens, closes = self._span(day)
            if opens is not None and closes is not None and moment < closes:
                begins = max(moment, opens)
                if begins + left <= closes:
                    return begins + left
                left -= closes - begins
            day += DAY

    def _span(self, day: date) -> tuple[datetime | None, datetime | None]:
        if not is_working_day(day):
            return None, None
        opens, closes = (
            datetime.combine(day, at, SWEDEN).astimezone(UTC) for at in (self.opens, self.closes)
        )
        return opens, closes


def rules_of(given: dict[str, Any], default: dict[str, Any]) -> dict[str, Any]:
    """Return the municipality's rules, each that it has not set as the house has it."""
    return default | given


def in_words(minutes: int | None) -> str:
    """`25 minuter`, `3 tim 20 min`: working time for people to read."""
    if minutes is None:
        return "–"
    if minutes < 60:
        return f"{minutes} minut" if minutes == 1 else f"{minutes} minuter"
    hours, rest = divmod(minutes, 60)
    return f"{hours} tim {rest} min" if rest else f"{hours} tim"

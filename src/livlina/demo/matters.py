"""What becomes of people's applications: one path through the process for each, from its end backwards.

A path is a list of steps with days between; which steps there are, and what they are called, the process says. Here
stands only how often each fate is met with, so that a fresh demo has cases in every state.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from livlina.core.calendar import is_working_day
from livlina.demo.organisation import Worker
from livlina.demo.people import Resident
from livlina.demo.plan import Days

PROCESSES = (("home_care", 0.56), ("social_alarm", 0.32), ("short_term_housing", 0.12))
FATES = (  # (fate, share of the newest case of each chain, the last step was taken so many days ago)
    ("received", 0.035, 1, 3), ("assigned", 0.05, 1, 7), ("investigating", 0.13, 1, 60), ("waiting", 0.03, 1, 16),
    ("communicated", 0.025, 1, 16), ("ready_to_decide", 0.03, 1, 8), ("decided", 0.03, 1, 8),
    ("to_be_executed", 0.035, 1, 10), ("running", 0.165, 6, 330), ("interrupted", 0.012, 2, 60),
    ("follow_up", 0.012, 1, 9), ("ending", 0.012, 1, 14), ("closed", 0.24, 10, 420), ("refused", 0.08, 1, 420),
    ("written_off", 0.114, 1, 420),
)  # fmt: skip
OPEN = frozenset(("received", "assigned", "investigating", "waiting", "communicated", "ready_to_decide", "decided",
                  "to_be_executed", "running", "interrupted", "follow_up", "ending"))  # fmt: skip
HAS_SERVICE = frozenset(("running", "interrupted", "follow_up", "ending"))

_BEGIN = (("assign", 1, 3), ("open_investigation", 1, 6))
_DONE = (("finish_investigation", 9, 45),)
_HEARD = (("communicate", 9, 40), ("receive_answer", 3, 16))
_CARRIED = (("place_orders", 1, 3), ("begin_service", 2, 10))
_TAILS: dict[str, Sequence[tuple[str, int, int]]] = {
    "received": (),
    "assigned": _BEGIN[:1],
    "investigating": _BEGIN,
    "waiting": (*_BEGIN, ("suspend", 2, 20)),
    "communicated": (*_BEGIN, _HEARD[0]),
    "ready_to_decide": (*_BEGIN, *_DONE),
    "decided": (*_BEGIN, *_DONE, ("decide", 1, 6)),
    "to_be_executed": (*_BEGIN, *_DONE, ("decide", 1, 6), _CARRIED[0]),
    "running": (*_BEGIN, *_DONE, ("decide", 1, 6), *_CARRIED),
    "interrupted": (*_BEGIN, *_DONE, ("decide", 1, 6), *_CARRIED, ("interrupt_service", 10, 200)),
    "follow_up": (*_BEGIN, *_DONE, ("decide", 1, 6), *_CARRIED, ("follow_up_service", 60, 180)),
    "ending": (*_BEGIN, *_DONE, ("decide", 1, 6), *_CARRIED, ("end_service", 20, 220)),
    "closed": (*_BEGIN, *_DONE, ("decide", 1, 6), *_CARRIED, ("end_service", 14, 160), ("close", 8, 20)),
    "refused": (*_BEGIN, *_HEARD, ("decide", 1, 6), ("close_ungranted", 25, 40)),
    "written_off": (_BEGIN[0], ("write_off", 3, 40)),
}
CHANNELS = (("e_service", 0.46), ("phone", 0.22), ("post", 0.14), ("visit", 0.1), ("email", 0.08))


@dataclass(slots=True)
class Done:
    """One step that was taken."""

    name: str
    at: datetime


@dataclass(slots=True)
class Matter:
    """One case to be: whose, which process, who has it, and what was done when."""

    person: Resident
    process: str
    fate: str
    outcome: str
    worker: Worker
    manager: Worker
    channel: str
    received_on: date
    registered: datetime
    steps: list[Done]
    id: str = ""
    number: str = ""
    follows: str = ""
    appeal: str = ""
    closing: str = ""
    services: list[tuple[str, int, bool]] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Whether it is still worked on."""
        return self.fate in OPEN

    def when(self, step: str) -> datetime | None:
        """When a step was (last) taken, if it was."""
        return next((done.at for done in reversed(self.steps) if done.name == step), None)


def draw_fate(rng: Random) -> str:
    """Return the fate of the newest case of a chain."""
    return rng.choices([fate for fate, *_ in FATES], [share for _, share, *_ in FATES])[0]


def draw_outcome(fate: str, rng: Random) -> str:
    """Return the outcome that a fate lets a decision have; empty where none is taken."""
    if fate == "refused":
        return rng.choices(("rejected", "closed_no_action", "dismissed"), (0.72, 0.22, 0.06))[0]
    if fate == "decided":
        return rng.choices(("granted", "partly_granted", "rejected"), (0.6, 0.15, 0.25))[0]
    if fate == "written_off":
        return "written_off"
    decided = fate in HAS_SERVICE or fate in ("to_be_executed", "closed")
    return rng.choices(("granted", "partly_granted"), (0.86, 0.14))[0] if decided else ""


def path(
    fate: str, process: str, outcome: str, days: Days, rng: Random, latest: date | None = None
) -> list[tuple[str, date]]:
    """Return (step, day) from the application on; the last lies as long ago as the fate says, or on `latest`.

    Nothing lies before the first day of the demo; what does not fit is pressed together there.
    """
    steps = list(_TAILS[fate])
    if outcome in ("partly_granted", "rejected", "dismissed") and _DONE[0] in steps:
        place = steps.index(_DONE[0])
        steps[place : place + 1] = _HEARD  # what may go against the party is communicated first (FL 25 §)
    if fate not in ("received", "assigned", "written_off", "waiting") and rng.random() < 0.12:
        steps[2:2] = [("suspend", 2, 8), ("resume_investigation", 6, 20)]
    _, _, least, most = next(row for row in FATES if row[0] == fate)
    span = (days.today - days.first).days
    most = min(12 if process == "short_term_housing" and fate in HAS_SERVICE else most, max(least, span // 2))
    day = latest or days.today - timedelta(days=rng.randint(min(least, most), most))
    found: list[tuple[str, date]] = []
    for name, short, long in reversed(steps):
        day = _working(max(day, days.first))
        found.append((name, day))
        if process == "short_term_housing" and name in (
            "end_service",
            "follow_up_service",
            "interrupt_service",
        ):
            short, long = 6, 21
        day -= timedelta(days=rng.randint(short, long))
    found.append(("register", _working(max(day, days.first))))
    found.reverse()
    return _follow_ups(found, days, rng) if fate == "running" else found


def moments(taken: Sequence[tuple[str, date]], days: Days, rng: Random) -> list[Done]:
    """Return the steps at office hours, each after the one before, none after midnight."""
    done: list[Done] = []
    for name, day in taken:
        at = days.at(day, rng.randrange(8, 16), rng.randrange(60)) + timedelta(seconds=rng.randrange(60))
        if done and at <= done[-1].at:
            at = done[-1].at + timedelta(minutes=rng.randrange(2, 30))
        done.append(Done(name, at))
    return done


def _follow_ups(taken: list[tuple[str, date]], days: Days, rng: Random) -> list[tuple[str, date]]:
    """Add the follow-ups that a long service has had: every half year, or a little late."""
    day = taken[-1][1] + timedelta(days=rng.randint(165, 195))
    while day < days.today - timedelta(days=2):
        taken += [("follow_up_service", _working(day)), ("continue_service", _working(day))]
        day += timedelta(days=rng.randint(170, 200))
    return taken


def _working(day: date) -> date:
    """The day, or the last working day before it. Before the first day of the demo nothing is moved."""
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day

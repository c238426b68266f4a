"""One town, from an empty register to two years of history. Knows nothing of databases: rows go to a sink."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from itertools import groupby
from typing import Protocol

from livlina.authority.cases import engine
from livlina.demo.alarms import Alarming
from livlina.demo.caring import Caring
from livlina.demo.casetables import CaseTables, Clock
from livlina.demo.casework import Telling
from livlina.demo.copy import Sink, Tables
from livlina.demo.delegation import Delegated
from livlina.demo.deviating import Deviating
from livlina.demo.history import History
from livlina.demo.ids import stream
from livlina.demo.journalling import Journalling
from livlina.demo.matters import Matter
from livlina.demo.network import Network
from livlina.demo.ordering import Ordering
from livlina.demo.organisation import Organisation, Staffing
from livlina.demo.people import Register
from livlina.demo.plan import Days, Town
from livlina.demo.readings import Readings
from livlina.demo.watching import Watching

AWAITED = {
    "waiting": "cases.information_awaited",
    "to_be_executed": "cases.order_to_confirm",
    "interrupted": "cases.back_from_interruption",
    "ending": "cases.to_wind_up",
}
"""State of a case → the watch that the step into it raised."""
Tell = Callable[[str, int, int], None]


class Group(Protocol):
    """What fills tables of its own."""

    tables: Tables


def close(groups: Iterable[Group]) -> None:
    """Send what all of them have, in their order: rows of one hang on rows of those before it."""
    for group in groups:
        group.tables.close()


class Filling:
    """Fills one town. `taken` are numbers that belong to the told people."""

    def __init__(
        self,
        town: Town,
        days: Days,
        sink: Sink,
        tell: Tell,
        *,
        password: str,
        first_user: int,
        taken: frozenset[str],
    ) -> None:
        self.town, self.days, self.sink, self.tell = town, days, sink, tell
        self.made: Organisation = Staffing(town, days, sink, password, first_user).write()
        self.register = Register(town, days, sink, self._told("Inhabitants"), taken=taken)

    def fill(self) -> None:
        """Make everyone and everything."""
        residents = self.register.write()
        Network(self.town, self.days, self.sink, self.made).tell(residents)
        delegated = Delegated(self.town, self.days, self.sink, self.made)
        delegated.write()
        history = History(self.town, self.days, residents, self.made)
        self._cases(history, delegated)
        delegated.numbers(history.last)

    def _cases(self, history: History, delegated: Delegated) -> None:
        """Tell every case with what hangs on it, person by person."""
        by_day = history.count()
        town, days, sink = self.town, self.days, self.sink
        rng = stream("history", town.code)
        rows = CaseTables(town, days, sink)
        watching = Watching(town, days, sink, rng)
        ordering = Ordering(town, days, sink, self.made.providers, watching, rng)
        journal = Journalling(town, days, sink, rng)
        readings = Readings(town, days, sink, self.made, rng)
        deviating = Deviating(town, days, sink, rng)
        caring = Caring(town, days, sink, rng)
        alarming = Alarming(town, days, sink, self.made, watching)
        groups = (rows, ordering, journal, watching, readings, deviating, caring, alarming)
        tell, done = self._told("Cases", sum(by_day.values())), 0
        for _, one in groupby(history.tell(by_day), key=lambda matter: matter.person.id):
            matters = list(one)
            for matter in matters:
                process = engine.load().current(matter.process, on=max(matter.received_on, days.first))
                Telling(matter, process, rows, delegated, days, rng).tell()
                readings.case(matter)
                if (order := ordering.tell(matter)) is not None:
                    journal.provider(order)
                    readings.order(order)
                    deviating.tell(order)
                    caring.tell(order)
                    alarming.tell(order)
            journal.authority(matters)
            self._watch(watching, rows.late)
            self._waits(watching, matters, rows)
            rows.late.clear()
            rows.appeals.clear()
            if any(group.tables.full for group in groups):
                close(groups)
            done += len(matters)
            tell(done)
        alarming.rest()
        close(groups)

    def _watch(self, watching: Watching, late: list[tuple[Matter, Clock, str]]) -> None:
        """Raise what the morning's job would have raised for clocks whose day of telling has come."""
        for matter, clock, role in late:
            told = max(day for day, _ in clock.told if day <= self.days.today)
            opened = min(self.days.at(told, 5), self.days.midnight - timedelta(minutes=1))
            homes = self.made.held(role)
            unit = (
                matter.worker.unit_id
                if role in ("case_worker", "unit_manager") or not homes
                else homes[0].unit_id
            )
            mine = role == "case_worker" and matter.fate != "received"
            watching.raised(
                "cases.deadline", ("cases.deadline", clock.id), matter.person.id, role, unit, opened,
                self.days.at(clock.strict, 16), user=(matter.worker.user_id, matter.worker.name) if mine else None,
            )  # fmt: skip

    def _waits(self, watching: Watching, matters: list[Matter], rows: CaseTables) -> None:
        """Raise what the steps themselves raise, where the case still stands at that step."""
        waiting = [(AWAITED[one.fate], ("cases.case", one.id), one) for one in matters if one.fate in AWAITED]
        waiting += [("cases.appeal_to_handle", ("cases.appeal", key), one) for key, one in rows.appeals]
        for what, source, matter in waiting:
            opened = matter.steps[-1].at
            due = self.days.at(opened.date() + timedelta(days=7), 16)
            mine = (matter.worker.user_id, matter.worker.name)
            watching.raised(
                what, source, matter.person.id, "case_worker", matter.worker.unit_id, opened, due, user=mine
            )

    def _told(self, what: str, total: int | None = None) -> Callable[[int], None]:
        words = f"{self.town.name}: {what.lower()}"
        return lambda done: self.tell(words, done, total if total is not None else self.town.inhabitants)

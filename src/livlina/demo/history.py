"""All the cases of a town, one after the other, numbered in the order they came in.

They are told twice from the same chance: first only counted by day, so that the series of case numbers has no gaps,
then told in full. No list of them is ever held.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from livlina.core.calendar import is_working_day
from livlina.demo import answers, matters
from livlina.demo.ids import stream, uuid_at
from livlina.demo.matters import Matter
from livlina.demo.organisation import Organisation, Worker
from livlina.demo.people import Resident
from livlina.demo.plan import Days, Town

SECOND_SERVICE, EARLIER_CASE = 0.25, 0.68
ROOM_FOR_EARLIER = timedelta(days=120)
ADULT = timedelta(days=18 * 365.25)


@dataclass
class Team:
    """A unit that takes cases, and who sits there."""

    workers: list[Worker]
    manager: Worker


class History:
    """The cases of one town."""

    def __init__(self, town: Town, days: Days, residents: list[Resident], made: Organisation) -> None:
        self.town, self.days, self.residents = town, days, residents
        managers = {one.unit_id: one for one in made.held("unit_manager")}
        self.teams = [
            Team(workers, managers[unit]) for unit, workers in made.teams().items() if unit in managers
        ]
        self.districts = [one.name for one in town.districts]
        self.last: Counter[int] = Counter()
        self._begun = 0

    def count(self) -> Counter[date]:
        """Return how many cases were registered each day."""
        return Counter(matter.registered.date() for matter in self._told())

    def tell(self, by_day: Counter[date]) -> Iterator[Matter]:
        """Yield every case with its number, given how many there are each day."""
        following: dict[date, int] = {}
        for day in sorted(by_day):
            following[day] = self.last[day.year]
            self.last[day.year] += by_day[day]
        for matter in self._told():
            day = matter.registered.date()
            following[day] += 1
            matter.number = f"{day.year}-{following[day]:06d}"
            yield matter

    def _told(self) -> Iterator[Matter]:
        rng, self._begun = stream("cases", self.town.code), 0
        for person in self.residents:
            if self.days.today - person.born < ADULT:
                continue
            first = rng.choices(
                [code for code, _ in matters.PROCESSES], [share for _, share in matters.PROCESSES]
            )[0]
            chains = [first]
            if rng.random() < SECOND_SERVICE:
                chains.append("home_care" if first != "home_care" else "social_alarm")
            for process in chains:
                yield from self._chain(person, process, rng)

    def _chain(self, person: Resident, process: str, rng: Random) -> Iterator[Matter]:
        """One service through the years: the newest case first, then those it followed upon."""
        team = self.teams[self.districts.index(person.district) % len(self.teams)]
        fate, latest = self._fate(rng), None
        if person.died_on is not None:
            fate = rng.choice(("closed", "written_off"))
            latest = min(
                person.died_on + timedelta(days=rng.randrange(1, 20)), self.days.today - timedelta(days=1)
            )
            if latest < self.days.first:
                return
        newest = self._matter(person, process, fate, team, rng, latest)
        if newest is None:
            return
        yield newest
        later = newest
        while rng.random() < EARLIER_CASE and later.received_on - self.days.first > ROOM_FOR_EARLIER:
            before = later.received_on - timedelta(days=rng.randrange(1, 90))
            fate = rng.choices(("closed", "refused", "written_off"), (0.72, 0.18, 0.1))[0]
            earlier = self._matter(person, process, fate, team, rng, before)
            if earlier is None or earlier.received_on >= later.received_on:
                return
            earlier.closing = "replaced_by_new_decision" if fate == "closed" and rng.random() < 0.6 else ""
            later.follows = earlier.id
            yield earlier
            later = earlier

    def _fate(self, rng: Random) -> str:
        """Each fate in turn for the first, so that the smallest town has them all; then as chance will have it."""
        self._begun += 1
        if self._begun <= 2 * len(matters.FATES):
            return matters.FATES[self._begun % len(matters.FATES)][0]
        return matters.draw_fate(rng)

    def _matter(
        self, person: Resident, process: str, fate: str, team: Team, rng: Random, latest: date | None
    ) -> Matter | None:
        """One case on its path; None when there is no room for it after the first day."""
        outcome = matters.draw_outcome(fate, rng)
        taken = matters.path(fate, process, outcome, self.days, rng, latest)
        if taken[-1][1] < self.days.first:
            return None
        steps = matters.moments(taken, self.days, rng)
        channel = rng.choices(
            [code for code, _ in matters.CHANNELS], [share for _, share in matters.CHANNELS]
        )[0]
        received = steps[0].at.date()
        if channel == "post":  # FL 22 §: what lies in the post came in the working day before
            received -= timedelta(days=1)
            while not is_working_day(received):
                received -= timedelta(days=1)
        return Matter(
            person, process, fate, outcome, rng.choice(team.workers), team.manager, channel, received,
            steps[0].at, steps[1:], id=uuid_at(rng, steps[0].at),
            services=answers.services(process, outcome, rng),
            closing=_closing(person, fate, outcome, rng), appeal=_appeal(outcome, rng),
        )  # fmt: skip


def _closing(person: Resident, fate: str, outcome: str, rng: Random) -> str:
    if person.died_on is not None:
        return "died"
    if fate == "written_off":
        return rng.choice(("withdrawn", "moved"))
    if outcome in ("rejected", "dismissed", "closed_no_action"):
        return "rejected"
    return rng.choice(("goal_met", "client_request", "moved", "other")) if fate == "closed" else ""


def _appeal(outcome: str, rng: Random) -> str:
    """How far an appeal has come, if the party appealed."""
    if outcome not in ("rejected", "partly_granted") or rng.random() > 0.14:
        return ""
    return rng.choice(
        ("appeal_received", "appeal_review", "appeal_forwarded", "appeal_judged", "appeal_done")
    )

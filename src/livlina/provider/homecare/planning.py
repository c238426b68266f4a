"""Who can make which visit, and what stands in the way: plain values in, words and proposals out.

`propose` is the seam for an optimiser: it takes a day and gives back who might go where. This one is greedy: the earliest
visit first, to whoever fits best. It proposes; a person decides.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

from livlina.core.clock import local
from livlina.provider.homecare.queries.competence import Competence

TRAVEL = {"foot": (10, 25), "bicycle": (6, 15), "car": (5, 10)}
"""Minutes between two homes by how one travels: within an area, and between areas. An estimate, said to be one."""
REST = timedelta(hours=11)
"""Daily rest (ATL 13 §)."""
TOGETHER = timedelta(minutes=5)
"""Two who are to be there at the same minute have come together if so little lies between them."""
HEAVY = {
    "delegation": 8,
    "outside": 6,
    "absent": 6,
    "skill": 4,
    "overlap": 3,
    "minute": 3,
    "travel": 1,
    "break": 1,
}
"""How much each obstacle speaks against a stand-in: a break can be moved, a delegation cannot be had today."""
Met = Mapping[tuple[UUID, UUID], int]
"""How many times (person, carer) have met lately."""


@dataclass(frozen=True)
class Job:
    """A visit as planning sees it. `name` is what the person may be called on the page it is shown on."""

    key: UUID
    person: UUID
    name: str
    starts_at: datetime
    minutes: int
    goers: tuple[UUID, ...] = ()
    needed: int = 1
    area: str = ""
    skills: tuple[str, ...] = ()
    delegations: tuple[str, ...] = ()
    preferred: tuple[UUID, ...] = ()
    state: str = "planned"
    came: tuple[tuple[UUID, datetime], ...] = ()

    @property
    def ends_at(self) -> datetime:
        """When it is planned to end."""
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def counts(self) -> bool:
        """Whether it takes anybody's time."""
        return self.state not in ("cancelled", "missed", "not_home")


@dataclass(frozen=True)
class Hand:
    """A carer's shift as planning sees it."""

    carer: UUID
    name: str
    starts_at: datetime
    ends_at: datetime
    break_from: datetime | None = None
    break_to: datetime | None = None
    area: str = ""
    travel: str = "bicycle"
    present: bool = True
    can: Competence = field(default_factory=Competence)


@dataclass(frozen=True)
class Conflict:
    """Something in the plan that cannot be, or ought not: which visits, which carer, and the words for it."""

    code: str
    words: str
    visits: tuple[UUID, ...] = ()
    carer: UUID | None = None


@dataclass(frozen=True)
class Proposal:
    """Who might go where, and the visits nobody fits, each with why."""

    given: tuple[tuple[UUID, UUID], ...]
    left: tuple[tuple[UUID, str], ...]


@dataclass(frozen=True)
class StandIn:
    """Somebody who could make a visit instead, with what speaks against it in words."""

    carer: UUID
    name: str
    against: tuple[str, ...]
    met: int
    free_minutes: int

    @property
    def fits(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.against


def travel_minutes(travel: str, start: str, end: str) -> int:
    """Return about how many minutes it takes from one area to another. An unknown area is taken to be near."""
    within, between = TRAVEL.get(travel, TRAVEL["bicycle"])
    return between if start and end and start != end else within


def conflicts(jobs: Sequence[Job], hands: Sequence[Hand]) -> list[Conflict]:
    """Return everything that does not add up, by time. Plain values: nothing is read or written."""
    by_carer = _by_carer(jobs)
    shifts = _shifts(hands)
    found: list[tuple[datetime, Conflict]] = []
    for job in jobs:
        if not job.counts:
            continue
        for conflict in (*_manning(job), *_not_together(job, hands)):
            found.append((job.starts_at, conflict))
    for carer, walk in by_carer.items():
        name = shifts[carer][0].name if shifts[carer] else "Någon utan pass"
        longest: Job | None = None
        for job in walk:
            if job.state == "planned":
                for code, words in obstacles(job, name, shifts[carer], [longest] if longest else []):
                    pair = longest is not None and code in ("overlap", "travel", "minute")
                    keys = (longest.key, job.key) if longest and pair else (job.key,)
                    found.append((job.starts_at, Conflict(code, words, keys, carer)))
            longest = job if longest is None or job.ends_at > longest.ends_at else longest
    for rows in shifts.values():
        found += [(late.starts_at, _tired(early, late)) for early, late in _too_close(rows)]
    return [conflict for _, conflict in sorted(found, key=lambda one: (one[0], one[1].code, one[1].words))]


def obstacles(job: Job, name: str, shifts: Sequence[Hand], beside: Sequence[Job]) -> list[tuple[str, str]]:
    """Return why a carer cannot make a visit, as (code, words); `beside` are the visits the carer has besides."""
    found = _hours(job, name, shifts)
    can = shifts[0].can if shifts else Competence()
    if missing := can.lacks(job.delegations, job.person):
        found.append(("delegation", f"{name} saknar delegering: {', '.join(missing)}."))
    if missing := can.lacks_skills(job.skills):
        found.append(("skill", f"{name} saknar kompetens: {', '.join(missing)}."))
    travel = shifts[0].travel if shifts else "bicycle"
    for other in beside:
        first, then = sorted((other, job), key=_start)
        found += _between(first, then, name, travel)
    return found


def propose(visits: Sequence[Job], shifts: Sequence[Hand], *, met: Met | None = None) -> Proposal:
    """Propose who makes the visits that lack somebody. Greedy: the earliest first, to whoever fits best.

    Best is: preferred, has met the person, works in the area, has the least to do. The same day gives the same proposal.
    """
    met, rows, walks = met or {}, _shifts(shifts), _by_carer(visits)
    given: list[tuple[UUID, UUID]] = []
    left: list[tuple[UUID, str]] = []
    for job in sorted(visits, key=lambda job: (job.starts_at, -job.needed, str(job.key))):
        goers = set(job.goers)
        while job.state == "planned" and len(goers) < job.needed:
            ranked = [one for one in _ranked(job, rows, walks, met) if one.carer not in goers and one.fits]
            if not ranked:
                left.append((job.key, _why_left(job, rows, walks, met)))
                break
            carer = ranked[0].carer
            goers.add(carer)
            walks[carer] = sorted([*walks[carer], job], key=_start)
            given.append((job.key, carer))
    return Proposal(tuple(given), tuple(left))


def stand_ins(
    job: Job, visits: Sequence[Job], shifts: Sequence[Hand], *, met: Met | None = None
) -> list[StandIn]:
    """Return who could make a visit instead of whoever has it, the best first: free, with delegation, has met the person."""
    rest = [replace(one, goers=()) if one.key == job.key else one for one in visits]
    ranked = _ranked(job, _shifts(shifts), _by_carer(rest), met or {})
    return [one for one in ranked if one.carer not in job.goers]


def _ranked(
    job: Job, shifts: Mapping[UUID, list[Hand]], walks: Mapping[UUID, list[Job]], met: Met
) -> list[StandIn]:
    """Everybody with a shift that day whom nothing keeps away, the best first."""
    found = []
    for carer, rows in shifts.items():
        here = [row for row in rows if row.present]
        if not here:
            continue
        walk = [one for one in walks.get(carer, []) if one.key != job.key]
        stands = obstacles(job, here[0].name, here, walk)
        against, heavy = tuple(words for _, words in stands), sum(HEAVY[code] for code, _ in stands)
        worked = sum(int((row.ends_at - row.starts_at).total_seconds()) // 60 for row in here)
        free = worked - sum(one.minutes for one in walk)
        one = StandIn(carer, here[0].name, against, met.get((job.person, carer), 0), free)
        same_area = not job.area or here[0].area in ("", job.area)
        rank = (
            heavy,
            carer not in job.preferred,
            -one.met,
            not same_area,
            -free,
            one.name,
            str(carer),
        )
        found.append((rank, one))
    return [one for _, one in sorted(found, key=lambda pair: pair[0])]


def _why_left(job: Job, shifts: Mapping[UUID, list[Hand]], walks: Mapping[UUID, list[Job]], met: Met) -> str:
    ranked = [one for one in _ranked(job, shifts, walks, met) if one.carer not in job.goers]
    return f"Närmast: {' '.join(ranked[0].against)}" if ranked and ranked[0].against else "Ingen har pass då."


def _manning(job: Job) -> list[Conflict]:
    lacks = job.needed - len(job.goers)
    if job.state != "planned" or lacks <= 0:
        return []
    if not job.goers:
        return [Conflict("nobody", f"{_at(job)} {job.name}: ingen är given.", (job.key,))]
    return [Conflict("fewer", f"{_at(job)} {job.name}: {lacks} till behövs.", (job.key,))]


def _not_together(job: Job, hands: Sequence[Hand]) -> list[Conflict]:
    """Two were to be there at the same minute, and did not come so."""
    times = sorted(at for _, at in job.came)
    if job.needed < 2 or len(times) < 2 or times[-1] - times[0] <= TOGETHER:
        return []
    names = {hand.carer: hand.name for hand in hands}
    told = ", ".join(
        f"{names.get(who, 'någon')} {_clock(at)}" for who, at in sorted(job.came, key=lambda c: c[1])
    )
    return [Conflict("apart", f"{job.name}: kom inte samtidigt ({told}).", (job.key,))]


def _hours(job: Job, name: str, shifts: Sequence[Hand]) -> list[tuple[str, str]]:
    """Whether the visit lies within a shift of the carer's, and not in the break."""
    around = [row for row in shifts if row.starts_at <= job.starts_at and job.ends_at <= row.ends_at]
    if not any(row.present for row in around):
        away = any(not row.present for row in around)
        words = "är frånvarande" if away else "har inget pass"
        return [("absent" if away else "outside", f"{name} {words} {_at(job)} ({job.name}).")]
    for row in around:
        if row.break_from and row.break_to and row.break_from < job.ends_at and job.starts_at < row.break_to:
            return [
                ("break", f"{name} har rast {_clock(row.break_from)}–{_clock(row.break_to)} ({job.name}).")
            ]
    return []


def _between(first: Job, then: Job, name: str, travel: str) -> list[tuple[str, str]]:
    """Whether one carer gets from one visit to the next."""
    gap = int((then.starts_at - first.ends_at).total_seconds() // 60)
    same = first.person == then.person
    needs = 0 if same else travel_minutes(travel, first.area, then.area)
    if gap >= needs:
        return []
    if then.needed > 1:
        late = first.ends_at + timedelta(minutes=needs)
        return [
            ("minute", f"{name} hinner inte till {then.name} samtidigt som de andra: kommer {_clock(late)}.")
        ]
    pair = f"{first.name} {_at(first)} och {then.name} {_at(then)}"
    if gap < 0:
        return [("overlap", f"{name} har två besök på en gång: {pair}.")]
    return [("travel", f"{name} har {gap} minuter mellan {pair}. Vägen tar omkring {needs}.")]


def _too_close(rows: Iterable[Hand]) -> list[tuple[Hand, Hand]]:
    worked = sorted((row for row in rows if row.present), key=lambda row: row.starts_at)
    pairs = pairwise(worked)
    return [
        (early, late)
        for early, late in pairs
        if late.starts_at - early.ends_at < REST
        and local(early.starts_at).date() != local(late.starts_at).date()
    ]


def _tired(early: Hand, late: Hand) -> Conflict:
    hours = (late.starts_at - early.ends_at).total_seconds() / 3600
    words = f"{late.name} har {hours:.1f}".replace(".", ",")
    return Conflict("rest", f"{words} timmars dygnsvila. Elva ska det vara.", (), late.carer)


def _by_carer(jobs: Iterable[Job]) -> dict[UUID, list[Job]]:
    walks: dict[UUID, list[Job]] = defaultdict(list)
    for job in sorted((job for job in jobs if job.counts), key=_start):
        for carer in job.goers:
            walks[carer].append(job)
    return walks


def _shifts(hands: Iterable[Hand]) -> dict[UUID, list[Hand]]:
    rows: dict[UUID, list[Hand]] = defaultdict(list)
    for hand in sorted(hands, key=lambda hand: (hand.starts_at, str(hand.carer))):
        rows[hand.carer].append(hand)
    return rows


def _start(job: Job) -> tuple[datetime, str]:
    return job.starts_at, str(job.key)


def _at(job: Job) -> str:
    return _clock(job.starts_at)


def _clock(moment: datetime) -> str:
    return f"{local(moment):%H:%M}"

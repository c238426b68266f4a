"""``livlina bench scale``: all of Sweden on paper. 290 municipalities on clusters, and what a fault or an upgrade costs.

Pure arithmetic from measured figures (docs/figures.md): no database, the same answer each time. How large municipalities
are is *not* the real list but a distribution like it (log-normal, the median about 16 000 inhabitants, the largest near
a million, in all about 10.6 million), drawn once with a fixed seed.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, exp
from random import Random
from typing import Any

MUNICIPALITIES, INHABITANTS = 290, 10_600_000
MEDIAN, SPREAD, LARGEST = 16_000, 0.98, 990_000
STAFF_SHARE, PEAK_SHARE, PAGES_EACH = 0.02, 0.30, 2 / 60
"""Of the inhabitants work in care and case work and sign in; of them sign on at the busiest hour; pages a second each."""
PERSONS_SHARE = 0.06
"""Of the inhabitants have or have had something in the system: journals are kept for years."""
PAGES_PER_CORE = 125.0
"""Pages a second one core serves (stack.md 3: 250 on two cores)."""
BYTES_EACH = 70_000
"""On disk for a person with case, orders and a year of notes and visits (docs/figures.md, the large database)."""
MOVE_PER_PERSON, MOVE_LEAST = 0.0053, 3.0
"""Seconds read-only to move a municipality: for each person (38 µs a row measured by `bench move`, 140 rows of 500 bytes
each), and at the least."""
FULL = 0.5
"""How much of a cluster's cores the busiest hour may take: the other half is for the loss of a machine and for growth."""
CORES = 3 * 16
"""Of one cluster: three machines of sixteen."""
UPGRADE_MINUTES = 12
"""To upgrade one cluster in turn, its machines one after the other."""


@dataclass(frozen=True)
class Row:
    """So many clusters. Shares are of the country's inhabitants; `worst` is the fullest cluster at its busiest hour."""

    clusters: int
    municipalities: int
    worst: float
    disk_tb: float
    hit_share: float
    hit_municipalities: int
    upgrade_hours: float
    move_median: float
    move_largest: float
    fits: bool


def sizes(seed: int = 2026) -> list[int]:
    """Return plausible numbers of inhabitants, the largest first; the same for the same seed."""
    chance = Random(seed)  # noqa: S311 - a simulation
    drawn = [min(LARGEST, MEDIAN * exp(chance.gauss(0, SPREAD))) for _ in range(MUNICIPALITIES - 1)]
    scale = (INHABITANTS - LARGEST) / sum(drawn)
    return sorted([LARGEST, *(max(2_400, round(size * scale)) for size in drawn)], reverse=True)


def place(wanted: list[int], clusters: int) -> list[list[int]]:
    """Put each municipality, the largest first, whole in the cluster with least in it."""
    found: list[list[int]] = [[] for _ in range(clusters)]
    for size in wanted:
        min(found, key=sum).append(size)
    return found


def load(inhabitants: int) -> float:
    """Return the share of a cluster's cores that its inhabitants' staff take at the busiest hour."""
    return inhabitants * STAFF_SHARE * PEAK_SHARE * PAGES_EACH / (CORES * PAGES_PER_CORE)


def read_only(inhabitants: int) -> float:
    """Return how many seconds a municipality is read-only while it is moved."""
    return MOVE_LEAST + inhabitants * PERSONS_SHARE * MOVE_PER_PERSON


def simulate(counts: tuple[int, ...] = (1, 2, 4, 7, 14, 21)) -> list[Row]:
    """Return a row for each number of clusters."""
    wanted = sizes()
    rows = []
    for clusters in counts:
        placed = place(wanted, clusters)
        fullest = max(placed, key=sum)
        worst = load(sum(fullest))
        rows.append(
            Row(
                clusters,
                ceil(len(wanted) / clusters),
                worst,
                sum(fullest) * PERSONS_SHARE * BYTES_EACH / 1e12,
                sum(fullest) / sum(wanted),
                max(map(len, placed)),
                clusters * UPGRADE_MINUTES / 60,
                read_only(wanted[len(wanted) // 2]),
                read_only(wanted[0]),
                worst <= FULL,
            )
        )
    return rows


def table(rows: list[Any]) -> str:
    """Return the rows for a person to read."""
    head = (
        "| clusters | municipalities in one | busiest hour, fullest | disk, TB | a lost cluster stops | upgrade of all |"
        " read-only to move: median, largest | fits |\n|--:|--:|--:|--:|--:|--:|--:|---|"
    )
    lines = [
        f"| {row.clusters} | {row.municipalities} | {row.worst:.0%} | {row.disk_tb:.2f} | {row.hit_share:.0%}"
        f" ({row.hit_municipalities} municipalities) | {row.upgrade_hours:.1f} h | {row.move_median:.0f} s,"
        f" {row.move_largest / 60:.0f} min | {'yes' if row.fits else 'no'} |"
        for row in rows
    ]
    return "\n".join([head, *lines])

"""Two receivers behind Kamailio, with Record-Route: alarms come through, answers find their way back, and one may die.

The configuration of the proxy is part of what can fail: without one line of it nothing goes over to the other receiver,
and only a line in a log tells. That mistake is made here too, to see that it would be noticed.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from livlina.cli import system
from livlina.cli.bench.alarms_receiver import references
from livlina.cli.simulate import town
from livlina.cli.simulate.figures import Figures
from livlina.cli.simulate.fleet import Fleet
from livlina.cli.simulate.script import Happening
from livlina.cli.simulate.wires import Address, Wires
from tests.interop.peers import needed, proxy, two_receivers

ALARMS = 80


def pressed(address: str, at_half: Callable[[], object], patience: float = 8.0) -> tuple[Figures, set[str]]:
    """Eighty alarms in two seconds through one address; something happens half-way. What came of it."""
    units = town.made_up(ALARMS, "orderly,hexed,terse,automatic", [address], seed=3, interval=0)
    lines = [Happening("press", at=0.1 + n / 40, unit=unit.number) for n, unit in enumerate(units)]
    fleet = Fleet(units, lines, seed=3, start=time.monotonic())
    refs: set[str] = set()

    async def live() -> None:
        ending, loop = asyncio.Event(), asyncio.get_running_loop()
        loop.call_later(1.0, at_half)
        loop.call_later(patience, ending.set)

        def each() -> None:
            refs.update(ref for unit in units for ref in unit.talks)
            if fleet.figures.count("answered") >= ALARMS:
                ending.set()

        await Wires(fleet, [Address.read(address)]).run(ending, each)

    asyncio.run(live())
    return fleet.figures, refs


def test_behind_a_proxy_one_receiver_is_killed_and_no_alarm_fails(tmp_path: Path) -> None:
    needed(system.KAMAILIO, "kamailio")
    with two_receivers(tmp_path) as (one, other):
        with proxy(tmp_path / "front", (one.site, other.site)) as address:
            figures, refs = pressed(address, one.kill)
        other.kill()
        assert figures.count("acknowledged", "alarm") == ALARMS
        assert figures.count("answered", "alarm") == ALARMS, "their answers came back through the proxy"
        assert figures.count("refused") == 0
        assert figures.share("acknowledged", "alarm", 1.0) < 4.0, "before any unit lost patience"
        kept = references(one.site.folder) | references(other.site.folder)
        assert refs <= kept


def test_the_line_whose_lack_stops_alarms_is_noticed(tmp_path: Path) -> None:
    needed(system.KAMAILIO, "kamailio")
    with (
        two_receivers(tmp_path) as (one, other),
        proxy(tmp_path / "front", (one.site, other.site), "# no flags") as address,
    ):
        one.kill()
        figures, _ = pressed(address, lambda: None, patience=2.5)
    assert figures.count("acknowledged", "alarm") < ALARMS

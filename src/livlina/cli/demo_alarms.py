"""The demo's alarms: two receivers, the process that tells the desks at once, and a fleet of units that live a calm day.

The units are those of the demo municipality, at the people who have them; somebody presses every few minutes. A button
in the demo, and any script, tells the fleet what is to happen: see `simulate/commands.py`.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg

from livlina.cli import children, receivers
from livlina.cli.receivers import HERE, Site
from livlina.cli.simulate.commands import FOLDER
from livlina.core import processes
from livlina.demo.keys import SWITCHBOARD, receiver_key

MUNICIPALITY = "asvalla"
SIP = (5060, 5070)
"""The ports units send to, where they are free."""
PRESS_EVERY, AMONG = 150.0, 12
"""Seconds between presses, and among how many units: a demo that nobody looks at must not drown in alarms."""
NUMBER = "gsm:+46846500400"
"""Whom units are told to call: a number of the series that belongs to nobody."""
PHONES = tuple(
    f"{first}{number}"
    for first, numbers in (
        ("467017406", range(11, 100)), ("46313900", range(600, 700)), ("46406280", range(400, 500)),
        ("46980319", range(200, 300)),
    )
    for number in numbers
)  # fmt: skip
"""What units are called at: numbers of series that belong to nobody. Where they end, units have none, as some have."""
UNITS = """
SELECT u.number, u.profile, u.operator, u.second_operator, u.model, u.area, u.interval,
       coalesce((SELECT array_agg(p.device ORDER BY p.added_at, p.device) FROM alarms_pendant p
                 WHERE p.municipality_id = u.municipality_id AND p.unit_id = u.id AND p.removed_at IS NULL), '{}')
FROM alarms_alarmunit u WHERE u.state = 'active'
ORDER BY EXISTS (SELECT FROM alarms_oncall o JOIN core_assignment a ON a.id = o.assignment_id
                 JOIN core_user w ON w.id = a.user_id WHERE o.team_id = u.team_id AND w.email = %s) DESC, u.number
"""
SEEN_BY = "ali.hassan@asvalla.example"
"""Who is named among the log-ins: the units that press now and then are of a team he is on call for."""


@dataclass
class Alarms:
    """The alarm side of one start of the demo."""

    state: Path
    sites: tuple[Site, Site]
    live: int
    panels: tuple[int, int]
    units: int = 0

    @property
    def environment(self) -> dict[str, str]:
        """What the web server must know."""
        return {"LIVLINA_LIVE_ORIGIN": f"http://{HERE}:{self.live}"}

    def write(self, main: str, secret: str, database: str) -> None:
        """Write the receivers' configurations and the fleet's units."""
        sites = [
            replace(site, extra={**self._extra(site, main, secret), "dc09": {"host": HERE, "port": port}})
            for site, port in zip(self.sites, self.panels, strict=True)
        ]
        for site, other in (sites, sites[::-1]):
            site.write(other)
        folder = self.state / FOLDER
        processes.make_folder(folder)
        for old in folder.glob("*.json"):
            old.unlink()  # what was asked of the last start is over
        found = units(database)
        self.units = len(found)
        processes.write_private(folder / "units", json.dumps(found))
        key = receiver_key(secret, MUNICIPALITY, SWITCHBOARD)
        told = {"url": f"{main}/api/v1/alarms/calls", "key": key}
        processes.write_private(folder / "exchange", json.dumps(told))

    def add(self, family: children.Family) -> None:
        """Let them run beside web and worker."""
        family.add("live", "-m", "livlina", "live", "--port", str(self.live))
        for site in self.sites:
            family.add(f"rec-{site.code}", "-m", "livlina", "alarmd", "--config", str(site.file))
        if self.units:
            folder = self.state / FOLDER
            family.add(
                *("fleet", "-m", "livlina", "simulate", "alarms", "--units-from", str(folder / "units")),
                *(
                    "--commands",
                    str(folder),
                    "--exchange",
                    str(folder / "exchange"),
                    "--to",
                    *(site.address for site in self.sites),
                ),
                *("--dc09", *(f"{HERE}:{port}" for port in self.panels)),
                *("--press-every", str(PRESS_EVERY), "--among", str(AMONG), "--every", "300", "--split"),
            )

    def lines(self) -> list[str]:
        """What a person is told at the start."""
        told = [
            f"Alarm receiver {site.code}: SIP on {site.address}, its own page {site.page}"
            for site in self.sites
        ]
        if not self.units:
            return [*told, "The demo's data has no alarm units. To have them: livlina demo --reset"]
        return [*told, f"{self.units} alarm units send to both; somebody presses every few minutes."]

    def _extra(self, site: Site, main: str, secret: str) -> dict[str, Mapping[str, Any]]:
        sent = {"name": "Demo", "kind": "sms", "url": f"file:{self.state / FOLDER / 'sms.txt'}"}
        return {
            "voice": {"number": NUMBER},
            "exchange": {"url": main, "token": receiver_key(secret, MUNICIPALITY, site.code)},
            "dispatch": {"suppliers": [sent], "page": site.page},
        }


def plan(state: Path, *, reset: bool = False) -> Alarms:
    """Choose free ports. With `reset` what receivers have kept is thrown away, as the database is."""
    sites = receivers.pair(state, wanted=SIP)
    for site in sites:
        if reset:
            shutil.rmtree(site.folder, ignore_errors=True)
    if reset:
        shutil.rmtree(state / FOLDER, ignore_errors=True)
    live, *panels = receivers.free_ports(3)
    return Alarms(state, sites, live, (panels[0], panels[1]))


def units(database: str) -> list[dict[str, Any]]:
    """The units in use, read as the owner with the municipality's rows in view. Raises psycopg.Error."""
    names = ("number", "profile", "operator", "second_operator", "model", "area", "interval", "pendants")
    with psycopg.connect(database) as connection:
        here = connection.execute(
            "SELECT id FROM core_municipality WHERE slug = %s", [MUNICIPALITY]
        ).fetchone()
        if not here:
            return []
        connection.execute(
            "SELECT set_config('livlina.municipality', %s, true), set_config('livlina.compartments', '1,2,3', true)",
            [str(here[0])],
        )
        rows = connection.execute(UNITS, [SEEN_BY]).fetchall()
    found = [dict(zip(names, row, strict=True)) for row in rows]
    for unit, phone in zip(found, PHONES, strict=False):
        unit["phone"] = phone
    return found

"""The units of a fleet: made up from a seed, or read from a file that names those a municipality has."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any
from zlib import crc32

from livlina.cli.simulate.shapes import MIXED, PROFILES, SCAIP, Profile
from livlina.cli.simulate.unit import Unit
from livlina.cli.surroundings import Problem

OPERATORS = (("Telia", 55), ("Tele2", 25), ("Telenor", 20))
AREAS = ("Norr", "Söder", "Centrum", "Öster")
MODELS = ("Trygg 4", "Trygg 5", "Hemlarm X", "Omtanke 2")
FIRST = 1_000_001
DUAL = 0.2
"""How many have two SIM cards, of different operators."""
FROM_REGISTER = {"scaip_inline": "rooted", "nowip": "british", "dc09": "panel"}
"""What the register calls a protocol, where that alone decides the shape."""


def made_up(
    count: int, profile: str, receivers: Sequence[str], *, seed: int, interval: float, panels: bool = False
) -> list[Unit]:
    """Units of nobody: numbers from 1000001, spread over operators, areas and models. Raises Problem.

    `panels`: whether there is somewhere to send SIA DC-09; without it the mixed ones are without panels.
    """
    shares = MIXED if profile == "mixed" else dict.fromkeys(profile.split(","), 1)
    if strange := [name for name in shares if name not in PROFILES]:
        raise Problem(f"There is no profile {', '.join(strange)}; there are mixed, {', '.join(PROFILES)}.")
    if profile == "mixed" and not panels:
        shares = {name: share for name, share in shares.items() if PROFILES[name].protocol != "dc09"}
    rng = Random(seed)  # noqa: S311
    return [_nobodys(FIRST + place, shares, receivers, rng, seed, interval) for place in range(count)]


def _nobodys(
    number: int, shares: Mapping[str, int], receivers: Sequence[str], rng: Random, seed: int, interval: float
) -> Unit:
    names, weights = [name for name, _ in OPERATORS], [share for _, share in OPERATORS]
    first = rng.choices(names, weights)[0]
    second = rng.choice([name for name in names if name != first])
    profile = PROFILES[rng.choices(list(shares), list(shares.values()))[0]]
    said = {
        "number": f"{number:08}" if profile.protocol == "nowip" else str(number),
        "operator": first,
        "second_operator": second if rng.random() < DUAL else "",
        "area": rng.choice(AREAS),
        "model": rng.choice(MODELS),
        "pendants": [str(1 + n) for n in range(rng.choice((1, 1, 1, 2)))],
        "interval": interval,
        "phone": f"467017406{rng.randrange(5, 100):02}",
    }
    return _unit(said, profile, receivers, seed)


def known(path: Path, receivers: Sequence[str], *, seed: int, panels: bool = False) -> list[Unit]:
    """The units that a file names, as `livlina demo` writes it; without `panels` none that speaks DC-09. Raises Problem."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        found = [(unit, _shape(unit)) for unit in said]
        return [
            _unit(unit, shape, receivers, seed) for unit, shape in found if panels or shape.protocol != "dc09"
        ]
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise Problem(f"The units in {path} cannot be read: {error!r}") from None


def _shape(said: dict[str, Any]) -> Profile:
    """The shape of a unit of the register: the same for all units of a model, as in the field."""
    name = str(said.get("profile", "scaip"))
    if name in PROFILES:
        return PROFILES[name]
    if name in FROM_REGISTER:
        return PROFILES[FROM_REGISTER[name]]
    return PROFILES[SCAIP[crc32(str(said.get("model", "")).encode()) % len(SCAIP)]]


def _unit(said: dict[str, Any], profile: Profile, receivers: Sequence[str], seed: int) -> Unit:
    number = str(said["number"])
    interval = float(said.get("interval", profile.interval))
    return Unit(
        number=number,
        profile=replace(profile, interval=interval),
        rng=Random(f"{seed}:{number}"),  # noqa: S311
        receivers=tuple(receivers),
        operator=str(said.get("operator", "")),
        second_operator=str(said.get("second_operator", "")),
        model=str(said.get("model", "")),
        area=str(said.get("area", "")),
        pendants=tuple(map(str, said.get("pendants") or ["1"])),
        phone=str(said.get("phone", "")),
        secret=str(said.get("secret", "")),
        interval=interval,
    )

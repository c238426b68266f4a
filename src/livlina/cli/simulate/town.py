"""The units of a fleet: made up from a seed, or read from a file that names those a municipality has."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any
from zlib import crc32

from livlina.cli.simulate.shapes import MIXED, PROFILES, Profile
from livlina.cli.simulate.unit import Unit
from livlina.cli.surroundings import Problem

OPERATORS = (("Telia", 55), ("Tele2", 25), ("Telenor", 20))
AREAS = ("Norr", "Söder", "Centrum", "Öster")
MODELS = ("Trygg 4", "Trygg 5", "Hemlarm X", "Omtanke 2")
FIRST = 1_000_001
FROM_REGISTER = {"scaip_inline": "rooted"}
"""What the register calls a protocol, where that alone decides the shape. NOWIP and DC-09 units are left out."""


def made_up(count: int, profile: str, receivers: Sequence[str], *, seed: int, interval: float) -> list[Unit]:
    """Units of nobody: numbers from 1000001, spread over operators, areas and models. Raises Problem."""
    names = MIXED if profile == "mixed" else tuple(profile.split(","))
    if strange := [name for name in names if name not in PROFILES]:
        raise Problem(f"There is no profile {', '.join(strange)}; there are mixed, {', '.join(PROFILES)}.")
    rng, weights = Random(seed), [share for _, share in OPERATORS]  # noqa: S311
    return [
        _unit(
            {
                "number": str(FIRST + place),
                "operator": rng.choices([name for name, _ in OPERATORS], weights)[0],
                "area": rng.choice(AREAS),
                "model": rng.choice(MODELS),
                "pendants": [str(1 + n) for n in range(rng.choice((1, 1, 1, 2)))],
                "interval": interval,
                "phone": f"467017400{rng.randrange(5, 100):02}",
            },
            PROFILES[rng.choice(names)],
            receivers,
            seed,
        )
        for place in range(count)
    ]


def known(path: Path, receivers: Sequence[str], *, seed: int) -> list[Unit]:
    """The units that a file names, as `livlina demo` writes it. Raises Problem."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        found = [
            (unit, _shape(unit))
            for unit in said
            if unit.get("profile", "scaip") in ("scaip", "scaip_inline", *PROFILES)
        ]
        return [_unit(unit, shape, receivers, seed) for unit, shape in found]
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise Problem(f"The units in {path} cannot be read: {error!r}") from None


def _shape(said: dict[str, Any]) -> Profile:
    """The shape of a unit of the register: the same for all units of a model, as in the field."""
    name = str(said.get("profile", "scaip"))
    if name in PROFILES:
        return PROFILES[name]
    if name in FROM_REGISTER:
        return PROFILES[FROM_REGISTER[name]]
    return PROFILES[MIXED[crc32(str(said.get("model", "")).encode()) % len(MIXED)]]


def _unit(said: dict[str, Any], profile: Profile, receivers: Sequence[str], seed: int) -> Unit:
    number = str(said["number"])
    interval = float(said.get("interval", profile.interval))
    return Unit(
        number=number,
        profile=replace(profile, interval=interval),
        rng=Random(f"{seed}:{number}"),  # noqa: S311
        receivers=tuple(receivers),
        operator=str(said.get("operator", "")),
        model=str(said.get("model", "")),
        area=str(said.get("area", "")),
        pendants=tuple(map(str, said.get("pendants") or ["1"])),
        phone=str(said.get("phone", "")),
        secret=str(said.get("secret", "")),
        interval=interval,
    )

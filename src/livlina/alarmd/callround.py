"""The call-round list: everyone with an alarm, by risk and last sign of life, on paper before it is needed.

Written every 15 minutes as plain, self-contained HTML to a folder (a team's printer or shared disk may fetch it), and
served on the receiver's own page: it exists when all else is dead. No list without units ever replaces one with.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from livlina.alarmd import words
from livlina.alarmd.markup import Html, html, joined, static
from livlina.alarmd.record import Unit

if TYPE_CHECKING:
    from livlina.alarmd.server import Server

EVERY = 900.0
RISKS = ("låg", "viss", "hög", "mycket hög")
STYLE = "callround.css"


@dataclass(frozen=True)
class Listed:
    """One line: a unit and when it was last heard, in wall seconds; 0 = never here."""

    unit: Unit
    heard: float

    def silent(self, now: float) -> bool:
        """Has it missed two signs of life and a minute?"""
        return bool(self.unit.interval) and now - self.heard > 2 * self.unit.interval + 60


def listed(units: Mapping[str, Unit], seen: Mapping[str, float], now: float) -> dict[str, list[Listed]]:
    """Return every team's list: the silent before the heard, then the highest risk, then the longest silent."""
    teams: dict[str, list[Listed]] = defaultdict(list)
    for unit in units.values():
        if unit.name or unit.address:
            teams[unit.team or "Utan team"].append(Listed(unit, seen.get(unit.id, 0.0)))
    for lines in teams.values():
        lines.sort(key=lambda line: (not line.silent(now), -line.unit.risk, line.heard, line.unit.name))
    return dict(sorted(teams.items()))


def whole_page(teams: Mapping[str, list[Listed]], now: float, receiver: str) -> bytes:
    """Return a page of one or several teams, each beginning on a sheet of its own."""
    titles = ", ".join(teams) if len(teams) == 1 else "alla team"
    return html(
        '<!doctype html>\n<html lang="sv">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>Ringlista – {title}</title>\n'
        "<style>{style}</style>\n</head>\n<body>\n<main>\n{teams}\n</main>\n</body>\n</html>\n",
        title=titles,
        style=Html(static(STYLE).decode()),
        teams=joined(_team(team, lines, now, receiver) for team, lines in teams.items()),
    ).encode()


def _team(team: str, lines: list[Listed], now: float, receiver: str) -> Html:
    silent = sum(1 for line in lines if line.silent(now))
    when, count = words.moment(now), "1 person" if len(lines) == 1 else f"{len(lines)} personer"
    return html(
        '<section>\n<header>\n<h1>Ringlista: {team}</h1>\n<p class="when">Skriven <strong>{day}/{month} kl. {clock}'
        "</strong></p>\n<p>{count}, {silent} med tyst larm. Ring uppifrån. Svarar ingen: åk dit. Skriv vad "
        "som hände och när, och sätt dina initialer.</p>\n</header>\n<ol>\n{lines}\n</ol>\n"
        '<p class="foot">Från larmmottagaren {receiver}. Listan innehåller uppgifter om personer: lås in den, och '
        "förstör den när den är inskriven.</p>\n</section>",
        team=team, day=when.day, month=when.month, clock=words.clock(now), count=count, silent=silent,
        receiver=receiver, lines=joined(_line(line, now) for line in lines),
    )  # fmt: skip


def _line(line: Listed, now: float) -> Html:
    unit = line.unit
    heard = f"Senast hörd {words.day_and_clock(line.heard, now)}" if line.heard else "Aldrig hörd här"
    told = (
        ("Nycklar", unit.keys),
        ("Risker", unit.risks),
        ("Anhöriga", "; ".join(unit.contacts)),
        ("Larmenhet", unit.id),
    )
    return html(
        '<li class="{state}">\n<div class="who"><h2>{name}</h2><p class="phone">{phone}</p><p>{address}</p></div>\n'
        '<div class="how"><p class="sign">{sign}</p><p>{heard}</p><p>Risk: {risk}</p></div>\n<dl>{told}</dl>\n'
        '<ul class="boxes">{boxes}<li class="wide">Kl. ______</li><li class="wide">Initialer ______</li></ul>\n</li>',
        state="silent" if line.silent(now) else "heard",
        name=unit.name or "Okänd person",
        phone=_phone(unit.phone),
        address=unit.address,
        sign="✕ TYST" if line.silent(now) else "● Hörs",
        heard=heard,
        risk=RISKS[max(0, min(unit.risk, len(RISKS) - 1))],
        told=joined(html("<div><dt>{name}</dt><dd>{text}</dd></div>", name=n, text=t) for n, t in told if t),
        boxes=joined(
            html("<li>☐ {box}</li>", box=box) for box in ("Svarar inte", "Mår bra", "Besökt", "112")
        ),
    )


def _phone(number: str) -> Html:
    """The number, large; on a telephone it can be pressed."""
    dial = "".join(letter for letter in number if letter.isdigit() or letter == "+")
    return (
        html('<a href="tel:{dial}">{number}</a>', dial=dial, number=number) if dial else html("Inget nummer")
    )


def file_of(team: str, number: int) -> str:
    """Return the name of a team's file: a number keeps teams apart whose names differ by signs only."""
    return f"ringlista-{number:02}-{re.sub('[^a-z0-9åäö]+', '-', team.lower()).strip('-')[:60]}.html"


def write(folder: Path, teams: Mapping[str, list[Listed]], now: float, receiver: str) -> list[Path]:
    """Write the lists, each whole or not at all, and take away those of teams that are gone. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    pages = {file_of(team, number): {team: lines} for number, (team, lines) in enumerate(teams.items(), 1)}
    written = []
    for name, shown in (("ringlista.html", teams), *pages.items()):
        part = folder / f".{name}.part"
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(whole_page(shown, now, receiver))
            file.flush()
            os.fsync(file.fileno())
        part.rename(folder / name)
        written.append(folder / name)
    for old in folder.glob("ringlista-*.html"):
        if old not in written:
            old.unlink(missing_ok=True)
    return written


async def run(server: Server) -> None:
    """Write every 15 minutes until cancelled, first as soon as there are units; nothing to do without a folder."""
    settings = server.config.desk
    if settings is None or not settings.lists:
        return
    while True:
        units = dict(server.spool.units())
        if units:
            try:
                await asyncio.to_thread(_all, server, Path(settings.lists), units, dict(server.spool.seen()))
            except OSError as error:
                await server.tell("list_not_written", type(error).__name__)
        await asyncio.sleep(EVERY if units else 5.0)


def _all(server: Server, folder: Path, units: Mapping[str, Unit], seen: Mapping[str, float]) -> None:
    """In a thread of its own: twenty thousand lines take a second, and no alarm waits for paper."""
    now = server.wall()
    if teams := listed(units, seen, now):
        write(folder, teams, now, server.config.receiver)

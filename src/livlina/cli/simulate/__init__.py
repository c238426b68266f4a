"""``livlina simulate alarms``: a fleet of alarm units, real SIP on the wire, against any receiver; ``locks``: doors."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import resource
import signal
import time
from collections.abc import Callable
from pathlib import Path

from livlina.cli.children import tether
from livlina.cli.simulate import commands, locks, script, town
from livlina.cli.simulate.calls import Exchange
from livlina.cli.simulate.fleet import Fleet
from livlina.cli.simulate.shapes import PROFILES
from livlina.cli.simulate.wires import Address, Wires
from livlina.cli.surroundings import Problem, say

MOST = 200_000
STATUS_EVERY = 2.0  # seconds


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    profiles = "; ".join(f"{profile.name}: {profile.about}" for profile in PROFILES.values())
    parser.add_argument("what", choices=["alarms", "locks"])
    parser.add_argument("--to", nargs="+", default=["127.0.0.1:5060"], metavar="ADDRESS",
                        help="the receivers in every unit, the preferred first: host:port, or tls:host:port")  # fmt: skip
    parser.add_argument("--dc09", nargs="+", default=[], metavar="ADDRESS",
                        help="where the same receivers take SIA DC-09; without it no unit speaks it")  # fmt: skip
    parser.add_argument("--units", type=int, default=300, help="how many (default: 300)")
    parser.add_argument("--units-from", type=Path, metavar="FILE", help="the units in this file instead")
    parser.add_argument("--profile", default="mixed", help=f"mixed, or names with commas between. {profiles}")
    parser.add_argument("--split", action="store_true", help="let every other unit prefer the next receiver")
    parser.add_argument("--interval", type=float, default=60.0, help="seconds between signs of life; 0: none")
    parser.add_argument("--script", type=Path, metavar="FILE", help="YAML: what happens when")
    parser.add_argument("--press-every", type=float, default=0.0, metavar="SECONDS",
                        help="besides the script, somebody presses now and then")  # fmt: skip
    parser.add_argument("--among", type=int, default=0, metavar="N", help="… of the first N units")
    parser.add_argument("--seconds", type=float, default=0.0, help="end after this (default: at Ctrl-C)")
    parser.add_argument(
        "--seed", type=int, default=1, help="the same seed sends the same at the same moments"
    )
    parser.add_argument("--commands", type=Path, metavar="FOLDER", help="take commands from files there")
    parser.add_argument("--ledger", type=Path, metavar="FILE", help="a line for each message acknowledged")
    parser.add_argument("--exchange", type=Path, metavar="FILE",
                        help="JSON with url and key: where to tell that a unit's call has come")  # fmt: skip
    parser.add_argument("--trust", type=Path, metavar="FILE", help="the certificate to trust, for tls:")
    parser.add_argument("--every", type=float, default=60.0, metavar="SECONDS", help="between printed lines")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON at the end")
    parser.add_argument("--parent", type=int, help=argparse.SUPPRESS)
    locks.arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Send until told to end. The exit code is 1 when an alarm is still without an acknowledgement."""
    if options.what == "locks":
        return locks.run(options)
    tether(options.parent)
    receivers, panels = ([Address.read(text) for text in said] for said in (options.to, options.dc09))
    fleet = _fleet(options, [str(one) for one in receivers])
    spoken = any(unit.profile.protocol == "dc09" for unit in fleet.units)
    if (panels or spoken) and len(panels) != len(receivers):
        raise Problem("--dc09 has one address for each receiver in --to.")
    _many_files()
    with contextlib.ExitStack() as stack:
        if options.ledger:
            fleet.figures.ledger = stack.enter_context(options.ledger.open("a", encoding="utf-8"))
        with contextlib.suppress(KeyboardInterrupt):
            wires = Wires(fleet, receivers, panels=panels, trust=options.trust)
            asyncio.run(_live(fleet, wires, options))
    left = [talk for unit in fleet.units for talk in unit.talks.values() if not talk.acknowledged]
    waiting = sum(talk.said.kind == "alarm" for talk in left)
    say(json.dumps(fleet.figures.summary()) if options.json else fleet.figures.line())
    if waiting:
        say(f"{waiting} alarms had not been acknowledged at the end.")
    return 1 if waiting else 0


def _fleet(options: argparse.Namespace, receivers: list[str]) -> Fleet:
    if options.units_from:
        units = town.known(options.units_from, receivers, seed=options.seed, panels=bool(options.dc09))
    else:
        if not 1 <= options.units <= MOST:
            raise Problem(f"--units is a number from 1 to {MOST:,}.")
        units = town.made_up(
            options.units, options.profile, receivers,
            seed=options.seed, interval=options.interval, panels=bool(options.dc09),
        )  # fmt: skip
    for place, unit in enumerate(units):
        unit.prefers = place % len(receivers) if options.split else 0
    lines = script.read(options.script) if options.script else []
    if options.press_every:
        lines.append(script.one({"every": options.press_every, "what": "press", "among": options.among}))
    return Fleet(units, lines, seed=options.seed, start=time.monotonic())


async def _live(fleet: Fleet, wires: Wires, options: argparse.Namespace) -> None:
    exchange = Exchange.read(options.exchange) if options.exchange else None
    if exchange:
        fleet.on_call = exchange.called
    ending, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ending.set)
    if options.seconds:
        loop.call_later(options.seconds, ending.set)
    if options.commands:
        options.commands.mkdir(parents=True, exist_ok=True)
    say(f"{len(fleet.units)} alarm units send to {', '.join(map(str, wires.receivers))}.")
    await wires.run(ending, _each(fleet, wires, options))
    if exchange:
        await exchange.close()


def _each(fleet: Fleet, wires: Wires, options: argparse.Namespace) -> Callable[[], None]:
    """What is done between messages: commands are taken, and how it goes is told."""
    moments = {"line": time.monotonic() + options.every, "status": 0.0, "look": 0.0}

    def each() -> None:
        now = time.monotonic()
        if now >= moments["line"]:
            moments["line"] = now + options.every
            say(fleet.figures.line())
        if options.commands and now >= moments["look"]:
            moments["look"] = now + 0.4
            for line in commands.waiting(options.commands):
                wires.send(fleet.happen(line, now))
        if options.commands and now >= moments["status"]:
            moments["status"] = now + STATUS_EVERY
            commands.show(options.commands, fleet, now)

    return each


def _many_files() -> None:
    """Let a large fleet have a connection for each unit, as far as the system allows."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))

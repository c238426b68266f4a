"""One receiver, run: `python -m livlina.alarmd --config a.toml`, or `livlina alarmd --config a.toml`."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import fcntl
import gc
import logging
import signal
import sys
from collections.abc import Awaitable, Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from livlina.alarmd.config import Config, Wrong, read
from livlina.alarmd.server import Server
from livlina.alarmd.tasks import ended
from livlina.alarmd.watchdog import Watchdog

PARTS = ("supervise", "exchange", "dispatch", "desk", "health")
"""Modules with `async def run(server)`: they follow the server, each in its own task."""
AGAIN = 1.0
"""Seconds until a part that failed is begun anew."""
log = logging.getLogger(__name__)


async def receive(config: Config, ready: Callable[[Server], None] = lambda server: None) -> None:
    """Run until SIGTERM or SIGINT. `ready` is told when the doors are open. Raises OSError, Wrong."""
    config.folder.mkdir(parents=True, exist_ok=True)
    sys.setswitchinterval(0.0005)  # the thread that writes the log must not wait for a storm of heartbeats
    gc.freeze()  # what is loaded stays; and what comes and goes with each message is no garbage to search for
    gc.set_threshold(20_000, 20, 20)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    with _alone(config.folder):
        server = Server(config)
        server.watchdog = Watchdog(server)
        try:
            await server.start()
            parts = [asyncio.ensure_future(_part(name, server)) for name in PARTS]
            parts.append(asyncio.ensure_future(server.watchdog.run()))
            ready(server)
            await stop.wait()
            await ended(parts)
        finally:
            await server.stop()


async def _part(name: str, server: Server) -> None:
    """A part that fails is begun anew: alarms are received all the while."""
    if find_spec(f"livlina.alarmd.{name}") is None:
        return
    run: Callable[[Server], Awaitable[None]] | None = getattr(
        import_module(f"livlina.alarmd.{name}"), "run", None
    )
    while run:
        try:
            await run(server)
            return
        except Exception:
            log.exception("%s failed, and is begun anew", name)
            await server.tell("part_failed", name)
            await asyncio.sleep(AGAIN)


@contextlib.contextmanager
def _alone(folder: Path):  # type: ignore[no-untyped-def]
    """Two receivers on one log would be none. The kernel lets go of the lock however we end."""
    with open(folder / "lock", "a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Wrong(f"Another receiver already runs with {folder}.") from error
        yield


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options, the same by either name."""
    parser.add_argument("--config", type=Path, required=True, metavar="FILE", help="the receiver's TOML file")
    parser.add_argument("--check", action="store_true", help="only say whether the file is right")


def run(options: argparse.Namespace) -> int:
    """Read the file, then check or receive. The answer is the exit code."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        config = read(options.config)
        if options.check:
            print(f"{options.config}: right, for receiver {config.receiver}.")
            return 0
        asyncio.run(receive(config, _say))
    except (Wrong, OSError) as error:
        print(f"livlina alarmd: {error}", file=sys.stderr)
        return 1
    return 0


def _say(server: Server) -> None:
    doors = ", ".join(f"{name} {port}" for name, port in server.doors.ports.items())
    print(f"Receiver {server.config.receiver} receives: {doors}", flush=True)


def main() -> int:
    """By its own name, without anything else of Livlina."""
    parser = argparse.ArgumentParser("livlina alarmd")
    arguments(parser)
    return run(parser.parse_args())


if __name__ == "__main__":
    sys.exit(main())

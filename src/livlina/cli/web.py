"""``livlina web``: the web server, in its own process tree."""

from __future__ import annotations

import argparse
import os

from livlina.cli.children import tether

THREADS = 4  # per process; the database pool is larger, so no thread waits for a connection


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--host", default="127.0.0.1", help="the address to listen on (default: this machine only)"
    )
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--processes", type=int, default=2, help="each with four threads (default: 2)")
    parser.add_argument("--parent", type=int, help=argparse.SUPPRESS)


def run(options: argparse.Namespace) -> int:
    """Serve until told to stop."""
    tether(options.parent)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "livlina.config.settings")
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    Server(
        "livlina.config.wsgi:application",
        address=options.host,
        port=options.port,
        interface=Interfaces.WSGI,
        workers=options.processes,
        blocking_threads=THREADS,
        workers_kill_timeout=20,
        respawn_failed_workers=True,
        websockets=False,
        log_level=LogLevels.warning,
    ).serve()
    return 0

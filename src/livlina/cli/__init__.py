"""One command, ``livlina``, with a verb per file. A verb is loaded only when it is called for."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Protocol, cast

import psycopg

from livlina.cli.surroundings import Problem
from livlina.core.databases import PurposeError
from livlina.core.postgres import PostgresError

VERBS = {
    "demo": "start a demo municipality on this machine",
    "test": "run the tests; what follows is given to pytest",
    "check": "format, lint, types, import contracts, migrations, sizes, licences",
    "doctor": "say in words what is wrong here, and what to do",
    "up": "start web and worker on the PostgreSQL that LIVLINA_DATABASE_URL names",
    "municipality": "begin a municipality, with its first administrator",
    "tenant": "which cluster each municipality is in; move one to another cluster, and back",
    "migrate": "bring the tables of that database up to this version",
    "web": "run only the web server",
    "worker": "run only the worker",
    "live": "run only what tells the alarm desks at once",
    "alarmd": "receive alarms: stands alone, without database or web",
    "log": "how the journals' logs stand, their keys for witnesses, a new log after a restore",
    "witness": "cosign other municipalities' checkpoints, so that no journal is rewritten unseen: stands alone",
    "status": "tell everyone what works right now, and put off what can wait when room runs short",
    "backup": "take base copies and the log after them, encrypted, to other storage",
    "restore": "bring the data back to a point in time, into a folder of its own",
    "restore-test": "bring the newest backup back beside the system, sign in to it, and file whether it held",
    "drill": "play a story against the running system or its shadow, and file how it went",
    "cluster": "several machines with PostgreSQL: write their settings, see, hand over, guard their disks",
    "bench": "measure what the everyday requests cost",
    "packs": "make the packs for an outage, check them, or open one as the operator",
    "shadow": "a copy for reading on other storage with another way in: make it, run it, take its log home",
    "support-mail": "take letters to the support in, from stdin or a maildir",
    "rig": "let power, processes, storage, clocks and lines fail under load, and see whether anything is lost",
    "simulate": "send alarms from a fleet of simulated units to a receiver, or let simulated locks answer phones",
}
HIDDEN = ("demo_data", "docs", "upgrade")


class Verb(Protocol):
    """What a verb's module offers."""

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the options."""

    def run(self, options: argparse.Namespace) -> int:
        """Do it; the answer is the exit code."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb. A problem that a person can mend is told in a sentence, with exit code 1."""
    words = list(sys.argv[1:] if argv is None else argv)
    name = words[0] if words else ""
    if name not in VERBS and name not in HIDDEN:
        return _help(name)
    verb = cast(Verb, import_module(f"livlina.cli.{name.replace('-', '_')}"))
    parser = argparse.ArgumentParser(f"livlina {name}", description=VERBS.get(name), allow_abbrev=False)
    verb.arguments(parser)
    options, rest = parser.parse_known_args(words[1:])
    if rest and name != "test":
        parser.error(f"unknown: {' '.join(rest)}")
    options.rest = rest
    try:
        return verb.run(options)
    except (Problem, PostgresError, PurposeError) as error:
        print(f"livlina {name}: {error}", file=sys.stderr)
    except psycopg.OperationalError as error:
        print(f"livlina {name}: The database does not answer. {str(error).strip()}", file=sys.stderr)
    except KeyboardInterrupt:
        return 130
    return 1


def _help(name: str) -> int:
    asked = name in ("", "help", "-h", "--help")
    out = sys.stdout if asked else sys.stderr
    if not asked:
        print(f"livlina: there is no verb “{name}”.", file=out)
    print("Usage: livlina VERB [options]\n", file=out)
    for verb, words in VERBS.items():
        print(f"  {verb:12} {words}", file=out)
    print("\nlivlina VERB --help tells the options.", file=out)
    return 0 if asked else 2

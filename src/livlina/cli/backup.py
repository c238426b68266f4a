"""``livlina backup``: base copies and the log after them, encrypted, to other storage."""

from __future__ import annotations

import argparse
import os
import signal
from datetime import UTC, datetime
from pathlib import Path

from livlina.cli.backups.follow import Follower
from livlina.cli.backups.source import Source, from_settings
from livlina.cli.backups.store import Store, age, new_key, same_device
from livlina.cli.children import tether
from livlina.cli.surroundings import Problem, say, state_dir

ON = ("1", "true", "yes", "on")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--follow", action="store_true", help="run all the time: the log as it is written, a base copy a day"
    )
    what.add_argument("--base", action="store_true", help="take a base copy now")
    what.add_argument("--list", action="store_true", help="say what there is, and how old it is")
    what.add_argument(
        "--new-key", metavar="FILE", type=Path,
        help="make a private key in FILE and print its public key, for LIVLINA_BACKUP_RECIPIENT",
    )  # fmt: skip
    parser.add_argument("--parent", type=int, help=argparse.SUPPRESS)


def run(options: argparse.Namespace) -> int:
    """Do one of them."""
    if options.new_key:
        return _new_key(options.new_key)
    if options.list:
        return _list(store_of_settings())
    age()
    store = store_of_settings(writing=True)
    source = from_settings(os.environ)
    refuse_same_storage(store, source)
    if options.base:
        now = datetime.now(UTC)
        source.note(store, now)
        base = source.base(store, now)
        say(f"Took the base copy {base.label}: {base.size / 1e6:.0f} MB, from {base.start} to {base.end}.")
        return 0
    tether(options.parent)
    state = state_dir()
    follower = Follower(source, store, state / "backup-spool", state)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: follower.ending.set())
    say(f"Following the log into {store.folder}.")
    follower.run()
    return 0


def store_of_settings(*, writing: bool = False, reading: bool = False) -> Store:
    """The store that LIVLINA_BACKUP_DIR names. Raises Problem: without a key nothing is written, nor brought back."""
    folder = os.environ.get("LIVLINA_BACKUP_DIR", "")
    if not folder:
        raise Problem("Set LIVLINA_BACKUP_DIR to a folder on other storage than the data.")
    recipient = os.environ.get("LIVLINA_BACKUP_RECIPIENT", "")
    identity = os.environ.get("LIVLINA_BACKUP_IDENTITY", "")
    if writing and not recipient.startswith("age1"):
        raise Problem(
            "Set LIVLINA_BACKUP_RECIPIENT to a public key (age1…). Make one: livlina backup --new-key FILE"
        )
    if reading and not identity:
        raise Problem("Set LIVLINA_BACKUP_IDENTITY to the file of the private key.")
    path = Path(folder).absolute()
    key = Path(identity).absolute() if identity else None
    if key and key.is_relative_to(path):
        raise Problem(
            f"The private key {key} lies among the backups: whoever takes them can read them. Move it."
        )
    return Store(path, recipient, key)


def refuse_same_storage(store: Store, source: Source) -> None:
    """Raise Problem where the backups would lie on the data's own storage, except for a demo or a test."""
    if any(os.environ.get(name, "").lower() in ON for name in ("LIVLINA_DEMO", "LIVLINA_TEST")):
        return
    others = [folder for folder in (source.data_folder(),) if folder]
    for other in same_device(store.folder, others):
        raise Problem(
            f"LIVLINA_BACKUP_DIR ({store.folder}) lies on the same storage as the data ({other}): what takes one takes "
            "both. Name a folder on other storage."
        )


def _new_key(file: Path) -> int:
    public = new_key(file)
    say(
        f"The private key is in {file}. Keep it away from the backups, and a copy sealed on paper at another site."
    )
    say(f"LIVLINA_BACKUP_RECIPIENT={public}")
    return 0


def _list(store: Store) -> int:
    now, bases = datetime.now(UTC), store.bases()
    for base in bases:
        say(f"{base.label}  {base.size / 1e6:8.0f} MB  PostgreSQL {base.version}  from {base.first}")
    newest = store.newest_log_at()
    if newest:
        say(
            f"{len(store.segments())} pieces of the log; the newest came {(now - newest).total_seconds():.0f} s ago."
        )
    if bases:
        store.log_after(bases[-1])
        say("The log is whole from the newest base copy on.")
    else:
        say("There is no base copy yet: livlina backup --base")
    return 0 if bases else 1

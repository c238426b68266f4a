"""``livlina witness``: cosign other municipalities' checkpoints. Stands alone: its own folder, no database, no web."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

from livlina.cli.children import tether
from livlina.cli.surroundings import Problem, say, state_dir
from livlina.witness.book import Book, BookFault
from livlina.witness.notes import Key, NotANote
from livlina.witness.server import serve


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("what", choices=["run", "key", "add-log"])
    parser.add_argument(
        "value", nargs="?", default="", help="key: the witness's name; add-log: the log's key"
    )
    parser.add_argument(
        "--folder", type=Path, default=None, help="where it remembers (default: below the state)"
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8470)
    parser.add_argument("--parent", type=int, default=None, help=argparse.SUPPRESS)


def run(options: argparse.Namespace) -> int:
    """Make or show the key, trust a log, or answer until told to end."""
    book = Book(options.folder or state_dir() / "witness")
    try:
        if options.what == "key":
            print(book.begin(options.value) if options.value else book.signer().key)
        elif options.what == "add-log":
            key = Key.read(options.value)
            book.know(key)
            say(f"Trusts {key.name}.")
        else:
            _run(book, options)
    except (BookFault, NotANote) as fault:
        raise Problem(str(fault)) from fault
    return 0


def _run(book: Book, options: argparse.Namespace) -> None:
    tether(options.parent)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with book.held(), serve(book, options.host, options.port) as server:
        say(f"{book.signer().key.name} listens on http://{options.host}:{server.server_address[1]}/")
        server.serve_forever(0.2)

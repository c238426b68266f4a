"""The demo's two witnesses, as if Sjöhaga and Norrby ran them: each a process with a folder and a key of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from livlina.cli.children import Family
from livlina.cli.receivers import free_ports
from livlina.cli.surroundings import python_path
from livlina.witness.book import Book
from livlina.witness.notes import Key

NAMES = {"sjohaga": "Sjöhaga kommun", "norrby": "Norrby kommun"}
PORTS = (8470, 8471)


class Witnesses:
    """Where they stand and answer."""

    def __init__(self, state: Path) -> None:
        self.books = {slug: Book(state / "witnesses" / slug) for slug in NAMES}
        for slug, book in self.books.items():
            book.begin(f"{slug}.example/witness")
        self.ports = dict(zip(NAMES, free_ports(len(NAMES), PORTS), strict=True))

    @property
    def environment(self) -> dict[str, str]:
        """What the main system must know of them."""
        told = [
            {
                "name": NAMES[slug],
                "url": f"http://127.0.0.1:{self.ports[slug]}",
                "key": str(book.signer().key),
            }
            for slug, book in self.books.items()
        ]
        return {"LIVLINA_WITNESSES": json.dumps(told)}

    def trust(self, environment: Mapping[str, str]) -> None:
        """Give them the keys of the demo's logs."""
        said = subprocess.run(
            [sys.executable, "-m", "livlina", "log", "key"],
            env={**os.environ, "PYTHONPATH": python_path(), **environment},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        ).stdout
        for line in said.split():
            key = Key.read(line)
            for book in self.books.values():
                if str(key) not in book.trusted().get(key.name, [str(key)]):
                    shutil.rmtree(book.folder)  # the demo was loaded anew: another log under the same name
                    book.begin(f"{book.folder.name}.example/witness")
                book.know(key)

    def add(self, family: Family) -> None:
        """Let the family mind them."""
        for slug, book in self.books.items():
            words = ["--folder", str(book.folder), "--port", str(self.ports[slug])]
            family.add(f"witness-{slug}", "-m", "livlina", "witness", "run", *words)

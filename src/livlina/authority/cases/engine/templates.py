"""Which facts a letter tells: read from its template and from every template it stands on."""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from livlina.core.marked import Place

TAG = re.compile(r"{%.*?%}|{{.*?}}")
NAMED = re.compile(r"\bfacts\.(\w+)")
STANDS_ON = re.compile(r"{%\s*(?:extends|include)\s+[\"']([^\"']+)[\"']")
WHOLE = "*"
"""What is told by a template that takes the facts as a whole, so that nobody can say which."""


def facts_told(root: Path, template: str) -> Iterator[tuple[str, Place]]:
    """Yield each fact a letter's template names and where, also in what it extends and includes."""
    seen, waiting = set[str](), [template]
    while waiting:
        if (name := waiting.pop()) in seen or not (root / name).is_file():
            continue
        seen.add(name)
        others, told = _read((root / name).read_text(encoding="utf-8"))
        waiting += others
        yield from ((fact, Place(name, number)) for fact, number in told)


@lru_cache(maxsize=100)
def _read(text: str) -> tuple[list[str], list[tuple[str, int]]]:
    """Return what a template stands on, and the facts it names with their lines. Bases come hundreds of times."""
    others, told = [], []
    for number, line in enumerate(text.splitlines(), start=1):
        others += STANDS_ON.findall(line)
        for tag in TAG.findall(line):
            told += [(fact, number) for fact in NAMED.findall(tag)]
            if re.search(r"\bfacts\b(?!\.\w)", re.sub(r"\"[^\"]*\"|'[^']*'", "", tag)):
                told.append((WHOLE, number))
    return others, told

"""Which facts a letter tells: read from its template and from every template it stands on."""

import re
from collections.abc import Iterator
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
        lines = (root / name).read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines, start=1):
            waiting += STANDS_ON.findall(line)
            for tag in TAG.findall(line):
                place = Place(name, number)
                yield from ((fact, place) for fact in NAMED.findall(tag))
                if re.search(r"\bfacts\b(?!\.\w)", re.sub(r"\"[^\"]*\"|'[^']*'", "", tag)):
                    yield WHOLE, place

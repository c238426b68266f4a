"""How the tests of the house read its code: rooms, their files, and what they import."""

import ast
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src" / "livlina"
WINGS = ("registers", "authority", "provider", "across")
OFFERED = {"models", "actions", "queries"}
"""What a room offers other rooms; everything else in it is its own business."""
LANGUAGE = (
    "livlina.authority.cases.engine",
    "livlina.authority.cases.engine.words",
    "livlina.provider.doors.protocol",
    "livlina.provider.doors.protocol.messages",
    "livlina.provider.doors.protocol.token",
    "livlina.provider.homecare.sync.takes",
    "livlina.provider.homecare.sync.wire",
)
"""Languages that stand in a room only because every user of them does: plain Python that knows no row. The process
language, to which rooms above add words; what is said to locks; what phones say, where rooms above take in kinds of
their own. Their named modules are open to other rooms."""


def rooms() -> list[Path]:
    """Return the folder of every room."""
    return [
        folder
        for wing in WINGS
        for folder in sorted((SOURCE / wing).iterdir())
        if (folder / "apps.py").exists()
    ]


def sources(folder: Path) -> Iterator[Path]:
    """Yield the Python files of a folder that are neither tests nor migrations."""
    for path in sorted(folder.rglob("*.py")):
        if not {"tests", "migrations"} & set(path.parts):
            yield path


def tree(path: Path) -> ast.Module:
    """Return the file, parsed."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Yield (line, dotted name) for everything the file imports, wherever in it the import stands."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def place(path: Path, line: int) -> str:
    """Return where something stands, as an editor wants it."""
    return f"{path.relative_to(SOURCE.parent.parent)}:{line}"

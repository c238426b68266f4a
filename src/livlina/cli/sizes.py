"""The size budgets: how long a function, a file, a template may be, and how large ``core`` and the tests are.

Measured on codebases that good engineers hold up: what differs between them is never the typical file but the longest.
Exceptions stand by name and with a reason in pyproject.toml, under ``[tool.livlina.sizes]``.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

from livlina.cli.surroundings import ROOT

FUNCTION, FILE, TEMPLATE = 40, 400, 180  # lines
ENGINE = 1500  # lines of the process engine together
FIELD = 4000  # lines of the phone application together, without its words in each language
CORE_SHARE = 0.15  # of the source, once there is a house on the ground
TESTS_PER_SOURCE = 1.3
DEPENDENCIES = 25
GROWN = 30_000  # lines of source from which shares say something


def offenders(root: Path = ROOT) -> list[str]:
    """A sentence for each budget that is broken without a reason, and for each reason that is no longer needed."""
    project = tomllib.loads((root / "pyproject.toml").read_text())
    excused = dict(project.get("tool", {}).get("livlina", {}).get("sizes", {}))
    broken = dict(_too_long(root))
    found = [f"{name}: {what}" for name, what in sorted(broken.items()) if name not in excused]
    found += [
        f"{name}: excused in pyproject.toml, but within its budget" for name in excused if name not in broken
    ]
    direct = len(project["project"]["dependencies"])
    if direct > DEPENDENCIES:
        found.append(f"pyproject.toml: {direct} direct dependencies (budget {DEPENDENCIES})")
    return found


def figures(root: Path = ROOT) -> tuple[int, int, float]:
    """Lines of source without tests, lines of tests, and the share of ``core`` in the source."""
    source = [path for path in (root / "src").rglob("*.py") if not _is_test(path) and not _is_made(path)]
    tests = [path for path in _python(root) if _is_test(path)]
    core = sum(_lines(path) for path in source if "core" in path.relative_to(root / "src").parts[1:2])
    total = sum(map(_lines, source))
    return total, sum(map(_lines, tests)), core / (total or 1)


def _too_long(root: Path) -> Iterator[tuple[str, str]]:
    for path in _python(root):
        name = path.relative_to(root).as_posix()
        if _is_made(path):
            continue
        if (length := _lines(path)) > FILE:
            yield name, f"{length} lines (budget {FILE})"
        yield from _long_functions(path, name)
    for path in (root / "src").rglob("templates/**/*.*"):
        if path.is_file() and (length := _lines(path)) > TEMPLATE:
            yield path.relative_to(root).as_posix(), f"{length} lines (budget {TEMPLATE})"
    yield from _sums(root)


def _long_functions(path: Path, name: str) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION:
                yield f"{name}:{node.name}", f"{length} lines (budget {FUNCTION})"


def _sums(root: Path) -> Iterator[tuple[str, str]]:
    package = root / "src" / "livlina"
    engine = sum(
        _lines(path) for path in (package / "authority/cases/engine").rglob("*.py") if not _is_test(path)
    )
    if engine > ENGINE:
        yield "src/livlina/authority/cases/engine", f"{engine} lines together (budget {ENGINE})"
    field = sum(_lines(path) for path in (package / "field").rglob("*.js") if path.parent.name != "words")
    if field > FIELD:
        yield "src/livlina/field", f"{field} lines together (budget {FIELD})"
    source, tests, core = figures(root)
    if source >= GROWN:
        if core > CORE_SHARE:
            yield "src/livlina/core", f"{core:.0%} of the source (budget {CORE_SHARE:.0%})"
        if tests < source * TESTS_PER_SOURCE:
            yield "tests", f"{tests / source:.2f} lines per line of source (at least {TESTS_PER_SOURCE})"


def _python(root: Path) -> list[Path]:
    return [path for folder in ("src", "tests", "bench") for path in sorted((root / folder).rglob("*.py"))]


def _is_test(path: Path) -> bool:
    return "tests" in path.parts


def _is_made(path: Path) -> bool:
    return "migrations" in path.parts


def _lines(path: Path) -> int:
    return path.read_bytes().count(b"\n")

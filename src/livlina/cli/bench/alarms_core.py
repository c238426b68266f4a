"""How large the receiver's core is, from byte to acknowledgement, and whether its tests take every branch of it."""

from __future__ import annotations

import ast
import io
import json
import os
import subprocess
import sys
import tokenize
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from livlina import alarmd
from livlina.cli.surroundings import Problem, python_path

CORE = ("record", "wire", "sip", "scaip", "endpoint", "writer", "spool", "server")
PATH = (*CORE, "codes", "nowip", "dc09", "doors", "peer", "guard")
"""With the other protocols, the sockets, the other site and the room on the disk."""
MOST = 1500  # lines of code
FOLDER = Path(str(alarmd.__file__)).parent
_NOTHING = {
    tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING,
    tokenize.ENDMARKER,
}  # fmt: skip


def lines(text: str) -> int:
    """Lines of a program that are code: neither blank nor comment nor docstring."""
    found: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in _NOTHING:
            found.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(text)):
        if (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        ):
            found.difference_update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return len(found)


def size() -> int:
    """Lines of code of the whole core."""
    return sum(lines((FOLDER / f"{name}.py").read_text(encoding="utf-8")) for name in CORE)


@dataclass
class Branches:
    """How many there are, and those no test took: file, from line, to line."""

    all: int
    missed: list[str]


def branches(folder: Path) -> Branches | None:
    """Run the receiver's own tests and see which branches they take; None without the package `coverage`.

    Raises Problem when the tests fail: of failing tests nothing is to be said.
    """
    if find_spec("coverage") is None:
        return None
    data, report = folder / "branches", folder / "branches.json"
    path = ",".join(str(FOLDER / f"{name}.py") for name in PATH)
    alone = [
        "-c",
        os.devnull,
        "--rootdir",
        str(FOLDER),
        "--noconftest",
        "-p",
        "no:django",
        "-p",
        "no:cacheprovider",
    ]
    tests = ["-m", "pytest", *alone, "-n0", "-q", "-p", "no:randomly", str(FOLDER / "tests")]
    _run("run", "--branch", f"--data-file={data}", f"--include={path}", *tests)
    _run("json", f"--data-file={data}", f"--include={path}", "-o", str(report))
    found = json.loads(report.read_text(encoding="utf-8"))
    missed = [
        f"{Path(name).name}:{begin}→{end}"
        for name, file in sorted(found["files"].items())
        for begin, end in file["missing_branches"]
    ]
    return Branches(found["totals"]["num_branches"], missed)


def _run(*words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "coverage", *words], env={**os.environ, "PYTHONPATH": python_path()},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise Problem(
            f"The tests of the receiver's core did not pass: {done.stdout[-500:]}{done.stderr[-500:]}"
        )

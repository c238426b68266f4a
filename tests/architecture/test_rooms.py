"""Rooms keep to themselves: what the import contracts cannot see."""

import ast
import re
from pathlib import Path

from tests.architecture.house import LANGUAGE, OFFERED, SOURCE, imports, place, rooms, sources, tree

WRITES = {
    "save",
    "create",
    "bulk_create",
    "update",
    "delete",
    "get_or_create",
    "update_or_create",
    "bulk_update",
}
READERS = {"views", "queries", "forms", "access", "urls"}
DOMAIN_WORDS = re.compile(r"\b(case|order|journal|visit|alarm|decision|caseworker)s?\b", re.I)


def test_a_room_is_used_only_through_its_models_actions_and_queries() -> None:
    found = []
    for room in rooms():
        own = ".".join(room.relative_to(SOURCE.parent).parts)
        for path in sources(room):
            for line, name in imports(path):
                parts = name.split(".")
                if (
                    parts[0] != "livlina"
                    or len(parts) < 4
                    or parts[1] in ("core", "config", "status")
                    or name.startswith(own)
                ):
                    continue
                if parts[3] not in OFFERED and name.rpartition(".")[0] not in LANGUAGE:
                    found.append(f"{place(path, line)} imports {name}")
    assert found == []


def test_only_actions_and_jobs_write() -> None:
    found = []
    for room in rooms():
        for path in sources(room):
            parts = set(path.relative_to(room).with_suffix("").parts)
            if not parts & READERS:
                continue
            for node in ast.walk(tree(path)):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Attribute)
                    and node.func.attr in WRITES
                    and "objects" in ast.unparse(node.func.value)
                ):
                    found.append(f"{place(path, node.lineno)} writes: {ast.unparse(node.func)}")
    assert found == []


WITHOUT_ACTOR = {
    "file_drill": "filed by a command, with who began it and when in the record",
    "file_restore_test": "filed by a command at night, with its moments in the record",
    "open_seal": "nobody is signed in yet: whoever it becomes is named by the seal",
}
"""Verbs without `by` or `now`, each with its reason."""


def test_every_verb_says_by_whom_and_when() -> None:
    """The verbs of a room are what `actions` offers: the functions of actions.py, or those its package names."""
    found = []
    for room in rooms():
        offered = _offered(room)
        for path in sources(room):
            if path.relative_to(room).parts[0] not in ("actions", "actions.py"):
                continue
            for node in tree(path).body:
                if (
                    isinstance(node, ast.FunctionDef)
                    and not node.name.startswith("_")
                    and node.name not in WITHOUT_ACTOR
                ):
                    names = {argument.arg for argument in node.args.kwonlyargs + node.args.args}
                    if (offered is None or node.name in offered) and not {"by", "now"} <= names:
                        found.append(f"{place(path, node.lineno)} {node.name} lacks by or now")
    assert found == []


def _offered(room: Path) -> set[str] | None:
    """Return the names an actions package hands on, or None where actions is one file."""
    package = room / "actions" / "__init__.py"
    if not package.exists():
        return None
    return {name.rpartition(".")[2] for _, name in imports(package)}


def test_only_views_and_jobs_read_the_clock() -> None:
    found = []
    for room in rooms():
        for path in sources(room):
            relative = path.relative_to(room).with_suffix("").parts
            if relative[0] in ("views", "jobs") or relative[-1] == "middleware":
                continue
            for node in ast.walk(tree(path)):
                if isinstance(node, ast.Call) and ast.unparse(node.func) in (
                    "clock.now",
                    "clock.today",
                    "timezone.now",
                    "datetime.now",
                    "date.today",
                ):
                    found.append(f"{place(path, node.lineno)} reads the clock")
    assert found == []


def test_no_template_includes_another_rooms_template() -> None:
    found = []
    for room in rooms():
        for path in sorted((room / "templates").rglob("*.html")):
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                for name in re.findall(r"{%\s*(?:include|extends)\s+[\"']([^\"']+)[\"']", line):
                    if name.split("/")[0] not in (room.name, "ui"):
                        found.append(f"{place(path, number)} takes in {name}")
    assert found == []


def test_no_page_carries_inline_script_or_style() -> None:
    found = []
    for path in sorted(SOURCE.rglob("templates/**/*.html")):
        if "letters" in path.parts or "print" in path.name:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", line):
                found.append(place(path, number))
    assert found == []


def test_the_ground_knows_no_room() -> None:
    found = []
    for path in sources(SOURCE / "core"):
        found += [
            f"{place(path, line)} imports {name}"
            for line, name in imports(path)
            if name.startswith("livlina.") and not name.startswith(("livlina.core", "livlina.status"))
        ]
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ClassDef | ast.FunctionDef) and DOMAIN_WORDS.search(
                node.name.replace("_", " ")
            ):
                found.append(f"{place(path, node.lineno)} is called {node.name}")
    assert found == []


def test_every_room_says_what_it_is_on_thirty_lines() -> None:
    found = []
    for room in rooms():
        readme = room / "README.md"
        if not readme.exists():
            found.append(f"{room.name} has no README.md")
        elif len(readme.read_text(encoding="utf-8").splitlines()) > 30:
            found.append(f"{room.name}/README.md is longer than 30 lines: it is two rooms")
    assert found == []


def test_no_two_rooms_fixtures_have_one_name() -> None:
    """They are all plugins of one suite: the second of a name would silently take the place of the first everywhere."""
    homes: dict[str, list[str]] = {}
    tests = SOURCE.parents[1] / "tests"
    for path in [tests / "people.py", *tests.rglob("fixtures.py"), *SOURCE.rglob("tests/fixtures.py")]:
        for node in tree(path).body:
            if isinstance(node, ast.FunctionDef) and any(
                "pytest.fixture" in ast.unparse(one) for one in node.decorator_list
            ):
                homes.setdefault(node.name, []).append(place(path, node.lineno))
    assert {name: where for name, where in homes.items() if len(where) > 1} == {}

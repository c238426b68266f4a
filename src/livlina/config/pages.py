"""Pages of documentation that are made from the code: the access matrix, the schedule, the law and the catalogue.

`livlina docs` writes them; a test compares them with what is committed.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import yaml
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver
from ninja.operation import PathView

from livlina.config.catalogue import catalogue
from livlina.config.schedule import SCHEDULE
from livlina.core.access import RULES
from livlina.core.views import Permission

LIBRARY_ROUTES = re.compile(r"^(account/|i18n/|api/v1/(openapi\.json)?$)")
"""Routes of libraries, which cannot carry our declaration: sign-in, the API's own description, the language switch."""


@dataclass(frozen=True)
class Route:
    """One address, with what its view declares (None for a library's)."""

    pattern: str
    name: str
    permission: Permission | None


def routes() -> Iterator[Route]:
    """Yield every route of the house, ninja's operations as routes of their own."""
    yield from _walk(get_resolver(), "", "")


def _walk(resolver: URLResolver, prefix: str, space: str) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from _walk(entry, pattern, inner)
        else:
            yield from _declared(entry, pattern, space)


def _declared(entry: URLPattern, pattern: str, space: str) -> Iterator[Route]:
    name = f"{space}{entry.name}" if entry.name else pattern
    view = _ninja_view(entry.callback)
    if view is None:
        yield Route(pattern, name, getattr(entry.callback, "permission", None))
        return
    for operation in view.operations:
        for method in operation.methods:
            yield Route(f"{method} {pattern}", name, getattr(operation.view_func, "permission", None))


def _ninja_view(callback: Callable[..., object]) -> PathView | None:
    """Return the API view behind a callback: the library keeps it only in the callback's closure."""
    held = [cell.cell_contents for cell in getattr(callback, "__closure__", None) or ()]
    return next((one for one in held if isinstance(one, PathView)), None)


def roles_of(permission: Permission) -> list[str]:
    """Return the roles that may ask for a page with this declaration; what rows they see is the rule's affair."""
    everyone = [*settings.ROLES, "citizen"]
    if permission.audience == "public":
        return ["*"]
    if permission.audience == "citizen":
        fitting = {"citizen"}
    elif permission.audience == "staff":
        fitting = set(settings.ROLES)
    else:
        fitting = set(settings.AUDIENCES[permission.audience])
    if permission.verb is not None:
        fitting &= set(RULES[permission.verb].roles)
    return [role for role in everyone if role in fitting]


def access_matrix() -> str:
    """Return `docs/access-matrix.md`."""
    roles = [*settings.ROLES, "citizen"]
    lines = [
        "# Who may do what",
        "",
        "Made by `livlina docs` from the code; a test fails when it is out of date. A mark says that the role may ask;",
        "*which rows* it then sees is narrowed by the rule (relation to the person, unit, protected identity), and never",
        "crosses the municipality. What is not marked answers as a page that does not exist.",
        "",
        "## Verbs",
        "",
        "| verb | on | narrowed | " + " | ".join(roles) + " | law |",
        "|---|---|---|" + "---|" * len(roles) + "---|",
    ]
    for verb, rule in sorted(RULES.items()):
        marks = " | ".join("●" if role in rule.roles else "" for role in roles)
        on = rule.model.__name__ if rule.model else ""
        lines.append(f"| `{verb}` | {on} | {'yes' if rule.where else ''} | {marks} | {rule.law} |")
    lines += [
        "",
        "## Routes",
        "",
        "| route | verb | " + " | ".join(roles) + " |",
        "|---|---|" + "---|" * len(roles),
    ]
    for route in sorted(routes(), key=lambda route: route.pattern):
        if route.permission is None:
            continue
        fitting = roles_of(route.permission)
        marks = " | ".join("●" if fitting == ["*"] or role in fitting else "" for role in roles)
        verb = f"`{route.permission.verb}`" if route.permission.verb else route.permission.audience
        lines.append(f"| `{route.pattern}` | {verb} | {marks} |")
    return "\n".join(lines) + "\n"


def schedule() -> str:
    """Return `docs/schedule.md`."""
    lines = [
        "# What runs by itself",
        "",
        "Made by `livlina docs` from `src/livlina/config/schedule.py`; a test fails when it is out of date.",
        "",
        "| job | verb | every | time limit | told when it fails |",
        "|---|---|---|---|---|",
    ]
    lines += [f"| {job.name} | `{job.verb}` | {job.every} | {job.limit} | {job.tells} |" for job in SCHEDULE]
    return "\n".join(lines) + "\n"


def law() -> str:
    """Return `docs/law.md`: every citation and every dated length, with what must be confirmed before use."""
    lines = [
        "# Law and lengths",
        "",
        "Made by `livlina docs` from `src/livlina/processes/`; a test fails when it is out of date. The text of",
        "socialtjänstlagen (2025:400) could not be read when this was written: its section numbers are taken from acts that",
        "were amended for it, and **every one of them must be confirmed** before a municipality relies on it. So must every",
        "row marked *yes*.",
        "",
        "| key | provision | in force from | to | stands in | to be confirmed |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| `{key}` | {row['label']} | {row['valid_from']} | {row.get('valid_to') or ''} | {where} |"
        f" {_yes(row.get('verify'))} |"
        for where, key, row in _shelf("law.yaml", "laws")
    ]
    lines += [
        "",
        "## Lengths that are settings",
        "",
        "| name | length | from | source | stands in | to be confirmed | a statute fixes it |",
        "|---|---|---|---|---|---|---|",
    ]
    for where, name, row in _shelf("settings.yaml", "settings"):
        lines += [
            f"| {row['label']} (`{name}`) | {value['length']} | {value['valid_from']} | {value.get('source', '')} |"
            f" {where} | {_yes(value.get('verify'))} | {_yes(row.get('statute'))} |"
            for value in row["values"]
        ]
    return "\n".join(lines) + "\n"


def _shelf(file: str, key: str) -> Iterator[tuple[str, str, Any]]:
    """Every row of the house's own file of this name, then of each area's: where it stands, its name, and the row."""
    folder = settings.PACKAGE / "processes"
    for path in [folder / file, *sorted(folder.glob(f"*/{file}"))]:
        where = "the house" if path.parent == folder else path.parent.name
        rows = yaml.safe_load(path.read_text(encoding="utf-8"))[key]
        yield from ((where, name, row) for name, row in rows.items())


def _yes(marked: object) -> str:
    return "yes" if marked else ""


PAGES = {"access-matrix.md": access_matrix, "schedule.md": schedule, "law.md": law, "catalogue.md": catalogue}

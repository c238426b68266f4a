"""What is measured: the everyday requests of a case worker, with what each may cost."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from livlina.cli.bench.client import Asked
from livlina.core.ids import IdentityNumber
from livlina.core.ids7 import uuid7

FORM, JSON = "application/x-www-form-urlencoded", "application/json"


@dataclass(frozen=True)
class Stock:
    """Some of what lies in the database, to ask for by chance."""

    people: list[tuple[str, str, str]]  # given names, family name, number
    cases: list[tuple[UUID, UUID, UUID]]  # case, person, journal file


@dataclass(frozen=True)
class Operation:
    """One kind of request. `cpu` in milliseconds of web and database together; None: no aim was set."""

    name: str
    route: str
    make: Callable[[Stock, Random], Asked]
    cpu: float | None = None
    statements: int | None = None
    growth: float | None = 1.3


def _name(stock: Stock, chance: Random) -> str:
    """The beginnings of a given name and of the family name, as one types them."""
    given, family, _ = chance.choice(stock.people)
    return f"{given[: chance.randint(3, 6)].strip()} {family[: chance.randint(4, 8)]}"


def _number(stock: Stock, chance: Random) -> str:
    return IdentityNumber.stored(chance.choice(stock.people)[2]).display()


def _search(text: Callable[[Stock, Random], str]) -> Callable[[Stock, Random], Asked]:
    def make(stock: Stock, chance: Random) -> Asked:
        return Asked("POST", "/api/v1/persons/search", _json({"text": text(stock, chance)}), JSON)

    return make


def _search_page(stock: Stock, chance: Random) -> Asked:
    return Asked("POST", "/officer/people/search", urlencode({"q": _name(stock, chance)}).encode(), FORM)


def _case(stock: Stock, chance: Random) -> Asked:
    from django.urls import reverse

    return Asked("GET", reverse("cases:case", args=[chance.choice(stock.cases)[0]]))


def _note(stock: Stock, chance: Random) -> Asked:
    file = chance.choice(stock.cases)[2]
    key = uuid7()
    note = {
        "client_id": str(key),
        "event_at": (datetime.now(UTC) - timedelta(hours=1)).isoformat(),
        "kind": "phone",
        "text": f"Samtal med den enskilde, som mår bättre och vill börja promenera igen. {key}",
    }
    return Asked("POST", f"/api/v1/files/{file}/notes", _json(note), JSON, expected=(201,))


def _notes(stock: Stock, chance: Random) -> Asked:
    return Asked("GET", f"/api/v1/files/{chance.choice(stock.cases)[2]}/notes")


def _route(name: str) -> Callable[[Stock, Random], Asked]:
    def make(stock: Stock, chance: Random) -> Asked:
        from django.urls import reverse

        return Asked("GET", reverse(name))

    return make


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


OPERATIONS = (
    Operation("search by name, API", "people:search", _search(_name), cpu=5, statements=3),
    Operation("search by name, page", "people:search", _search_page, cpu=5, statements=3),
    Operation("exact number, API", "people:search", _search(_number), cpu=4, statements=3),
    Operation("case with notes, plan, warnings; page", "cases:case", _case, cpu=8, statements=6),
    Operation("read the newest notes, API", "journal:file", _notes, statements=6),
    Operation("write a note, API", "journal:file", _note, cpu=6, statements=6),
    Operation("watches, 100,000 open; page", "watches:list", _route("watches:list"), statements=5),
    Operation("work list of cases; page", "cases:list", _route("cases:list"), statements=5),
)

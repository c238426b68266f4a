"""Every route, asked by every role of its own and of another municipality: the table of S14, in full.

A role the route's declaration leaves out sees a missing page, whatever the method. A role it lets in never sees
a fault. And nobody from Sjöhaga gets anything but a missing page for what belongs to Åsvalla.
"""

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from livlina.authority.cases.engine import load
from livlina.config.pages import Route, roles_of, routes
from livlina.config.roles import ROLES
from livlina.core import tenancy
from livlina.core.access import Actor
from livlina.core.models import Municipality
from livlina.registers.orders.tests.fixtures import provider
from livlina.registers.people.models import Person
from tests.architecture.addresses import address_of, args_of
from tests.architecture.marked import Around, Marks, fill, plain_letters
from tests.people import ALL, staff

PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")
DECLARED = [route for route in routes() if route.permission and route.permission.audience != "public"]


@pytest.fixture
def objects(request: pytest.FixtureRequest) -> dict[str, Any]:
    """What the addresses may name: rows of Åsvalla, by the name of the parameter."""
    found = {"person_id": "astrid", "file_id": "astrids_file", "order_id": "sent", "case_id": "astrids_case"}
    known = {}
    for name, fixture in found.items():
        try:
            known[name] = request.getfixturevalue(fixture).pk
        except pytest.FixtureLookupError:
            continue
    return known


def address(route: Route, objects: dict[str, Any]) -> str:
    """Return an address of the route that names rows of Åsvalla where it can."""

    def value(match: re.Match[str]) -> str:
        kind, name = match.groups()
        if kind == "slug" or kind == "str":
            return "okand"
        if kind == "int":
            return "1"
        return str(objects.get(name) or uuid.uuid4())

    return "/" + PARAMETER.sub(value, route.pattern.split(" ")[-1])


def ask(browser: Any, route: Route, url: str) -> list[Any]:
    """Ask by every method the route has, and return the answers."""
    method = route.pattern.split(" ")[0] if " " in route.pattern else ""
    if method:
        return [browser.generic(method, url, "{}", content_type="application/json")]
    return [browser.get(url), browser.post(url, {})]


def once(browser: Any, route: Route, url: str) -> list[Any]:
    """Ask for the page; by POST only what is no page."""
    if " " in route.pattern:
        return ask(browser, route, url)
    answer = browser.get(url)
    return [browser.post(url, {}) if answer.status_code == 405 else answer]


def codes(answers: list[Any]) -> list[int]:
    """Return the status codes of answers."""
    return [answer.status_code for answer in answers]


@pytest.mark.parametrize("role", ROLES)
def test_a_role_reaches_what_it_may_and_nothing_else(
    role: str, asvalla: Municipality, objects: dict[str, Any], client_of: Callable
) -> None:
    browser = client_of(staff(asvalla, "Rut Rollsson", role, "Provenheten"))
    wrong = []
    for route in DECLARED:
        for status in codes(ask(browser, route, address(route, objects))):
            let_in = role in roles_of(route.permission)  # type: ignore[arg-type]
            shut = (404, 405, 422) if " " in route.pattern else (404, 405)  # the API reads the body first
            if status >= 500 or (not let_in and status not in shut):
                wrong.append(f"{route.pattern}: {status}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("role", ROLES)
def test_the_neighbours_role_finds_nothing_of_ours(
    role: str, sjohaga: Municipality, objects: dict[str, Any], client_of: Callable
) -> None:
    """What is Åsvalla's answers exactly as what does not exist at all."""
    with tenancy.acting(sjohaga.pk, ALL):
        stranger = staff(sjohaga, "Sture Strand", role, "Sjöhagas enhet")
    browser, wrong = client_of(stranger), []
    for route in DECLARED:
        if not any(name in objects for _, name in PARAMETER.findall(route.pattern)):
            continue
        ours, nothing = (ask(browser, route, address(route, named)) for named in (objects, {}))
        if [answer.status_code for answer in ours] != [answer.status_code for answer in nothing]:
            wrong.append(f"{route.pattern}: {ours} but {nothing} for what does not exist")
        if any("Lindqvist" in answer.content.decode(errors="replace") for answer in ours):
            wrong.append(f"{route.pattern} names Astrid")
    assert not wrong, "\n".join(wrong)


def test_a_citizen_reaches_no_page_of_the_staff(
    anna_actor: Actor, objects: dict[str, Any], client_of: Callable
) -> None:
    browser = client_of(anna_actor)
    wrong = [
        f"{route.pattern}: {status}"
        for route in DECLARED
        if route.permission and route.permission.audience != "citizen"
        for status in codes(ask(browser, route, address(route, objects)))
        if status not in (401, 404, 405, 422)
    ]
    assert not wrong, "\n".join(wrong)


def test_nobody_reaches_anything_without_signing_in(
    objects: dict[str, Any], asvalla: Municipality, client: Any
) -> None:
    wrong = [
        f"{route.pattern}: {status}"
        for route in DECLARED
        for status in codes(ask(client, route, address(route, objects)))
        if status not in (302, 401, 405)
    ]
    assert not wrong, "\n".join(wrong)


BRANCHES = {
    "karin": "home_care",
    "fatima": "child_placement",
    "sven": "livelihood_support",
    "mona": "partner_violence",
    "nils": "court_statement",
    "tove": "caregiver_home",
}
"""A worker of each branch of the authority, with a process of that branch."""

MANAGERS = {
    "maria": "karin",
    "gunnar": "fatima",
    "rut": "sven",
    "bengt": "mona",
    "vera": "nils",
    "ulf": "tove",
}
"""The manager of each branch, with a worker of it."""

OF_PERSONS = {
    "person_id",
    "user_id",
    "code",
    "version",
    "slug",
    "quarter",
    "reader",
    "name",
    "number",
    "branch",
}
"""Parameters that name nothing of a case: persons are of the register, which has rules of its own."""


@pytest.fixture
def matters(
    request: pytest.FixtureRequest,
    astrid: Person,
    anna: Person,
    bertil: Person,
    citizen: Callable[..., Actor],
    now: Any,
) -> tuple[Around, dict[str, Any]]:
    """A case about Astrid in each branch, with decision, letters, appeal, order and watches."""
    workers = {name: request.getfixturevalue(name) for name in BRANCHES}
    petra = request.getfixturevalue("petra")
    around = Around(
        astrid, {"person": citizen(astrid), "mandate": citizen(anna)}, bertil,
        {actor.compartments[0]: actor for actor in workers.values()},
        provider(petra, "Norra hemtjänsten AB", now, services=list(BRANCHES.values())), petra, now,
    )  # fmt: skip
    processes = [load().current(code, on=now.date()) for code in BRANCHES.values()]
    plain_letters(request.getfixturevalue("monkeypatch"))
    filled = fill(around, processes, Marks(load().facts))
    return around, dict(zip(BRANCHES, filled, strict=True))


@pytest.fixture
def places(matters: tuple[Around, dict[str, Any]]) -> dict[str, list[tuple[Route, str]]]:
    """The addresses of each case, by its worker: every route that names something of a case."""
    around, cases = matters
    found: dict[str, list[tuple[Route, str]]] = {}
    for name, filled in cases.items():
        for route in DECLARED:
            named = {parameter for _, parameter in PARAMETER.findall(route.pattern)} - OF_PERSONS
            args = next(iter(args_of(route, filled, around))) if named else None
            if args is not None:
                found.setdefault(name, []).append((route, address_of(route, args)))
    return found


def told_of(
    name: str, actor: Actor, others: dict[str, Any], places: dict[str, list[tuple[Route, str]]], browser: Any
) -> list[str]:
    """Ask each of these cases' addresses as someone of another branch; return what was found of them."""
    wrong = []
    for other, filled in others.items():
        marks = {filled.case.number, f"zq{filled.number:02d}x"}
        for route, url in places[other]:
            if actor.role not in roles_of(route.permission):  # type: ignore[arg-type]
                continue
            for answer in once(browser, route, url):
                told = answer.content.decode(errors="replace")
                found = answer.status_code not in (200, 404, 405, 422)
                if found or any(mark in told for mark in marks):
                    wrong.append(f"{route.pattern} as {name} on {other}: {answer.status_code}")
    return wrong


def test_no_branch_finds_anything_of_anothers_case(
    matters: tuple[Around, dict[str, Any]], places: dict[str, list[tuple[Route, str]]], client_of: Callable
) -> None:
    """The table of routes once more, branch by branch (OSL 8:2): what lies in another branch is as if it were not."""
    around, cases = matters
    wrong: list[str] = []
    for name, worker in zip(BRANCHES, around.workers.values(), strict=True):
        browser = client_of(worker)
        assert browser.get(f"/officer/cases/{cases[name].case.pk}").status_code == 200
        others = {other: filled for other, filled in cases.items() if other != name}
        wrong += told_of(name, worker, others, places, browser)
    assert not wrong, "\n".join(sorted(set(wrong)))


def test_no_manager_finds_anything_of_another_branchs_case(
    request: pytest.FixtureRequest,
    matters: tuple[Around, dict[str, Any]],
    places: dict[str, list[tuple[Route, str]]],
    client_of: Callable,
) -> None:
    """A manager opens the cases of the own branch, and none of the next one's; the rules are the same for every pair."""
    _, cases = matters
    wrong: list[str] = []
    names = list(MANAGERS)
    for place, (name, worker) in enumerate(MANAGERS.items()):
        manager = request.getfixturevalue(name)
        browser = client_of(manager)
        other = MANAGERS[names[(place + 1) % len(names)]]
        assert browser.get(f"/officer/cases/{cases[worker].case.pk}").status_code == 200
        wrong += told_of(name, manager, {other: cases[other]}, places, browser)
    assert not wrong, "\n".join(sorted(set(wrong)))

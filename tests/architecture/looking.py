"""Everyone asks every route, and what comes is read once for the marks that may not stand there.

What tells nothing more is not asked: a route that takes only a form (405) is one, for everyone; a page of a draft that was
refused refuses its other pages; a page that shows the same facts of every case is asked about the fullest of each branch.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest

from livlina.authority.cases.engine import load
from livlina.authority.cases.models import Document
from livlina.authority.cases.secrecy import may_show
from livlina.config.pages import Route, roles_of, routes
from livlina.core.access import Actor
from tests.architecture.addresses import PARAMETER, ROOMS, address_of, args_of
from tests.architecture.marked import Around, Filled, Marks, marks_in
from tests.architecture.may import CASE_ROUTES, DAYS, REGISTERS, may_show_row
from tests.architecture.rooms import RoomMarks

WORKERS = ("karin", "fatima", "sven", "mona", "nils", "tove")
MANAGERS = ("maria", "gunnar", "rut", "bengt", "vera", "ulf")
"""Those of each branch: elder care and disability, children, financial aid, adults, family law, contractors."""

OTHERS = ("sofia", "eva", "duty", "kerstin", "petra", "ali", "lena", "anders", "ola", "sara")
OF_EVERY_CASE = re.compile(
    r"cases:case$|cases_citizen:(case|letter|page|check|draft|receipt|pdf)|(orders|homecare)_provider:"
)
"""Pages whose facts are those of the process: asked about every case. What shows a decision, an appeal or a watch alike
whatever the process is asked about the fullest cases of each branch."""

SAME_FOR_ALL = re.compile(r"mfa_|openid_|ui/|cases_public:|portal_public:|account_|quality:")
"""Pages about oneself, of the public or about staff: asked as one of each side."""

ONE_OF_EACH_SIDE = ("fatima", "petra", "ola", "astrid")

SAME_FOR_STAFF = ("ali", "lena")
"""Those who are asked about the fullest cases: Petra, at the same provider, is asked about all."""


class Search:
    """Asks the routes and keeps what stood where it may not."""

    def __init__(
        self, marks: Marks, cases: list[Filled], around: Around, client_of: Callable[[Actor], Any]
    ) -> None:
        self.marks, self.around, self.rooms = marks, around, RoomMarks()
        self.cases = {filled.number: filled for filled in cases}
        self.client_of, self.browsers = client_of, dict[str, Any]()
        self.wrong: list[str] = []
        self.done = set[tuple[str, str]]()
        self.forms_only, self.refused = set[str](), set[tuple[str, str]]()
        self.seen = set[str]()
        """The fields of the rooms' rows that somebody was shown."""

    def ask(self, who: str, actor: Actor, route: Route, address: str, data: Any = None) -> str:
        """Ask one address as someone, once, judge what comes, and return it."""
        whole = (who, re.sub(r"(?<=/begun/)(.{36})/.*$", r"\1", address))
        if (who, address + str(data)) in self.done or route.name in self.forms_only or whole in self.refused:
            return ""
        self.done.add((who, address + str(data)))
        browser = self.browsers.get(who) or self.browsers.setdefault(who, self.client_of(actor))
        answer = browser.post(address, data) if data else browser.get(address)
        if answer.status_code == 405:
            self.forms_only.add(route.name)
        if answer.status_code == 404 and route.name == "cases_citizen:draft":
            self.refused.add(whole)
        text = b"".join(answer.streaming_content) if answer.streaming else answer.content
        if answer.status_code >= 500:
            self.wrong.append(f"{route.name} as {who}: {answer.exc_info[1]!r}")
        said = text.decode(errors="replace")
        self.judge(who, actor, route.name, address, said)
        return said

    def judge(self, who: str, actor: Actor, name: str, address: str, said: str) -> None:
        """Keep each mark that may not stand here."""
        for number, fact in self.marks.found(said):
            if not self.allowed(actor, name, address, number, fact):
                where = self.cases[number].process.code if number is not None else "some case"
                self.wrong.append(f"{name} shows {who} {fact} ({load().fact(fact).secrecy}) of {where}")
        for column in self.rooms.found(said):
            self.seen.add(column)
            if not may_show_row(actor, name, column, self.around):
                self.wrong.append(f"{name} shows {who} {column}")

    def allowed(self, actor: Actor, name: str, address: str, number: int | None, fact: str) -> bool:
        spec = load().fact(fact)
        if actor.kind == "citizen":
            return any(
                self.citizen_may(actor, each, fact, name)
                for each in ([self.cases[number]] if number is not None else self.cases.values())
            )
        if name.startswith("orders_provider:"):
            return may_show("provider", spec.secrecy, spec.given_by)
        known = name in CASE_ROUTES and may_show("officer", spec.secrecy)
        listed = {*REGISTERS.get(name, ()), *DAYS.get(name, ())}
        return known or fact in listed or may_show("list", spec.secrecy)

    def citizen_may(self, actor: Actor, filled: Filled, fact: str, name: str) -> bool:
        """What the table gives the one who gave it, the person, the one who acts for the person, and all others."""
        sent, secrecy = filled.application, load().fact(fact).secrecy
        if sent and sent.applicant_id == actor.person_id and fact in sent.answers:
            return may_show("giver", secrecy)
        if filled.case.person_id == actor.person_id:
            disclosed = {key for letter in filled.process.letters.values() for key in letter.discloses}
            return may_show("person", secrecy) or (name.endswith(":letter") and fact in disclosed)
        if actor.person_id == self.around.online["mandate"].person_id:
            return may_show("mandate", secrecy)
        return may_show("opposing_party", secrecy)


def everyone(request: pytest.FixtureRequest, around: Around) -> dict[str, Actor]:
    """Each fixed person of each role, and the three citizens."""
    citizen = request.getfixturevalue("citizen")
    online = {
        "astrid": around.online["person"],
        "anna": around.online["mandate"],
        "bertil": citizen(around.other),
    }
    return {name: request.getfixturevalue(name) for name in (*WORKERS, *MANAGERS, *OTHERS)} | online


def let_in(route: Route, people: dict[str, Actor]) -> dict[str, Actor]:
    """Those of the people whose role the route lets in; whom it does not, test_access_table.py asks."""
    roles = roles_of(route.permission) if route.permission else []
    found = {who: actor for who, actor in people.items() if actor.role in roles or roles == ["*"]}
    if SAME_FOR_ALL.match(route.name):
        return {who: found[who] for who in ONE_OF_EACH_SIDE if who in found}
    return found


def ask_every_list(search: Search, people: dict[str, Actor]) -> None:
    """Every route without a parameter, as everyone it lets in; and the searches, for the person the cases are about."""
    for route in routes():
        if route.permission and not PARAMETER.search(route.pattern) and " " not in route.pattern:
            for who, actor in let_in(route, people).items():
                search.ask(who, actor, route, "/" + route.pattern)
                if route.name in ("portal:palette", "people:search"):
                    for asked in ("Lindqvist", search.cases[0].case.number):
                        search.ask(who, actor, route, f"/{route.pattern}", {"q": asked})


def fullest_of(search: Search) -> dict[tuple[int, bool], Filled]:
    """The case with most facts in each branch, and of those applied for by a mandate."""
    fullest: dict[tuple[int, bool], Filled] = {}
    for filled in sorted(search.cases.values(), key=lambda one: -len(one.names)):
        sent = filled.application
        by_mandate = bool(sent and sent.applicant_id == search.around.online["mandate"].person_id)
        fullest.setdefault((filled.case.compartment, by_mandate), filled)
    return fullest


def ask_about_every_case(search: Search, people: dict[str, Actor]) -> set[str]:
    """Every route with a parameter, about every case that has a row for it. Return those that no case has a row for.

    Citizens and the provider are asked about every case; the authority's own pages, which show one case to the one who
    may open it, about the fullest case of each branch, and each at least once.
    """
    fullest = fullest_of(search)
    asked, without, letters_asked = set[str](), set[str](), set[tuple[Any, ...]]()
    one_letter = set[tuple[str, int]]()
    first = {filled.case.compartment: filled for filled in reversed(fullest.values())}
    named = [
        route for route in routes()
        if PARAMETER.search(route.pattern) and route.permission and not route.pattern.startswith("POST")
    ]  # fmt: skip
    named.sort(key=lambda route: route.name != "cases_citizen:draft")  # refused, it refuses its pages
    for filled in search.cases.values():
        for route in named:
            if not worth_asking(route, filled, asked, fullest, first):
                continue
            for args in args_of(route, filled, search.around):
                letter = letter_of(args)
                if letter is not None and (route.name, filled.number) in one_letter:
                    break  # only the letter itself differs from letter to letter
                if args is None or not new_letter(letter, letters_asked):
                    without |= {route.name} if args is None else set()
                    continue
                asked.add(route.name)
                address = address_of(route, args)
                if letter is not None and not route.name.endswith(":letter"):
                    one_letter.add((route.name, filled.number))
                for who, actor in let_in(route, people).items():
                    if about(who, actor, route, filled, first, letter):
                        said = search.ask(who, actor, route, address)
                        if route.name == "cases:case" and actor is filled.worker:
                            unseen = [mark for mark in marks_in(filled, search.marks) if mark not in said]
                            assert not unseen, (
                                f"{filled.process.code} has no such marks on its page: {unseen}"
                            )
    return without - asked


def worth_asking(
    route: Route,
    filled: Filled,
    asked: set[str],
    fullest: dict[tuple[int, bool], Filled],
    first: dict[int, Filled],
) -> bool:
    """Whether a route is asked about a case: see the module's own words."""
    if room_of(route) in ROOMS or OF_EVERY_CASE.match(route.name):
        return True  # of the rooms' own routes, only the cases with rows have addresses
    if route.permission is not None and route.permission.audience == "citizen":
        return filled in fullest.values() or route.name not in asked
    return filled in first.values() or route.name not in asked


def room_of(route: Route) -> str:
    """The room a route belongs to."""
    return route.name.partition(":")[0].split("_")[0]


def letter_of(args: dict[str, str] | None) -> Document | None:
    """The letter an address names."""
    if not args or "document_id" not in args:
        return None
    return Document.objects.filter(pk=args["document_id"]).select_related("case").defer("pdf", "data").first()


def new_letter(found: Document | None, known: set[tuple[Any, ...]]) -> bool:
    """Whether a letter is the first of its template and reader: the others tell the same facts."""
    if found is None:
        return True
    key = (found.template, found.recipient_id == found.case.person_id)
    new = (found.case.number, *key) in known or key not in known
    known |= {key, (found.case.number, *key)}
    return new


def strangers(filled: Filled) -> tuple[str, str]:
    """A worker and a manager of another branch than the case's: the others are as they."""
    return ("karin", "maria") if filled.case.compartment != 1 else ("fatima", "gunnar")


def about(
    who: str,
    actor: Actor,
    route: Route,
    filled: Filled,
    first: dict[int, Filled],
    letter: Document | None,
) -> bool:
    """Whether to ask this one about this case: strangers from other branches are asked in test_access_table.py."""
    if actor.kind == "citizen":
        to_me = letter is not None and letter.recipient_id == actor.person_id
        mine = to_me or (who != "bertil" if letter is None or to_me else who == "anna")
        return mine or filled in first.values()
    if who == "sara":
        return False
    if room_of(route) in ROOMS and who in (*WORKERS, *MANAGERS):
        return filled.case.compartment in actor.compartments or who in strangers(filled)
    if who in WORKERS:
        return actor is filled.worker
    if route.permission and route.permission.audience == "provider":
        return who not in SAME_FOR_STAFF or filled in first.values()
    here = filled is first[filled.case.compartment]
    if who in MANAGERS:
        workers_too = route.name != "cases:case" and "case_worker" in roles_of(route.permission)  # type: ignore[arg-type]
        return here and filled.case.compartment in actor.compartments and not workers_too
    return here and filled.case.compartment in (1, 4)

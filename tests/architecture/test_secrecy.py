"""No field of any process is shown where its class of secrecy may not be: proved from the process data itself.

Every fact of every form of every process is filled with a mark in a real case (marked.py). Then every route of the house
is asked by everyone it lets in, and every table, log line and letter is read. A mark may stand only where the table of
`authority/cases/secrecy.py` says: a new route shows nothing of a case until it is written here what it is.
"""

import logging
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from livlina.authority.cases import queries
from livlina.authority.cases.engine import load
from livlina.authority.cases.jobs import mark_deadlines
from livlina.authority.cases.models import Document
from livlina.authority.cases.secrecy import may_show
from livlina.config.pages import Route, roles_of, routes
from livlina.core import audit
from livlina.core.access import Actor
from livlina.core.clock import now as this_moment
from livlina.core.models import Municipality
from livlina.registers.orders.tests.fixtures import provider as enter_provider
from livlina.registers.people.models import Person, PersonNumber
from tests.architecture.addresses import PARAMETER, address_of, args_of
from tests.architecture.marked import Around, Filled, Marks, dye, fill, marks_in, plain_letters

WORKERS = ("karin", "fatima", "sven", "mona", "nils", "tove")
EVERYONE = (
    *WORKERS,
    "sofia",
    "eva",
    "duty",
    "kerstin",
    "maria",
    "petra",
    "ali",
    "lena",
    "anders",
    "ola",
    "sara",
)

CASE_ROUTES = {
    "cases:case": "the page of the case",
    "cases:investigation": "where the facts are written",
    "cases:step": "the form of a step, with what is known",
    "cases:decide": "the decision, beside what it rests on",
    "cases:appeal": "what was written in the appeal",
    "cases:letter": "a letter of the case",
    "placements:placement": "the placement of a case, with its plans and talks",
    "orders:order": "the order as its provider reads it",
}
"""Pages of one case, for those who may open it in its branch: all its facts may stand there."""

REGISTERS = {
    "placements:list": {"home_name"},
    "placements:csv": {"home_name", "home_number"},
}
"""Lists that a statute says must name it: the register of placed children with their homes, sent to IVO (SoF 3:4)."""

WITHOUT_ROWS = {
    r"aid:|aid_citizen:month": "months and payments are the room's own rows: aid/tests",
    r"assistance:": "months of time reports are the room's own rows: assistance/tests",
    r"contractors:": "homes are entered in the register of contractors by hand: contractors/tests",
    r"court:(cancel_hearing|proof|prove|send|submission|take)": "what is sent and proved is entered by hand: court/tests",
    r"cases:end_delegation_rule": "a rule is nobody's case: cases/tests/test_board.py",
    r"placements:told": "a letter to whoever reported: placements/tests",
    r"offers:": "services without assessment are nobody's case: offers/tests",
    r"journal|api:(notes|write)|records:add_to_file": "notes are no facts of a form: journal/tests",
    r"orders:delivery": "what the provider reports back: orders/tests",
    r"people": "contacts and relations are of the register: people/tests",
    r"placements:list_of": "a list that was sent, byte for byte the one of placements:csv",
    r"watches:end_substitute|cases:(report|end_party)$": "POST, or a report from the public",
    r"quality|portal_public:review": "deviations and log reviews are about staff",
    r"records": "what is handed out is tried sentence by sentence: records/tests",
    r"mfa_|openid_": "signing in",
}
"""Routes for which the case of a process has no row, with where they are tried instead."""

TABLES = {
    "cases_casefact": "the facts themselves",
    "cases_application": "the application as it was sent",
    "cases_applicationdraft": "the application as it is being written",
    "cases_document": "the letter and what it was made of",
    "cases_communication": "what was communicated",
    "cases_decision": "what was written when a month or a matter was decided by a form",
    "orders_orderversion": "the order's own form",
    "placements_placement": "the register of placed children",
    "placements_planversion": "the plan of a placed child",
    "placements_consideration": "the six-month consideration",
    "placements_childtalk": "the talk with a placed child",
    "court_courtanswer": "what the court answered",
    "assistance_assistancedecision": "the hours that were granted",
}
"""Tables in which what was written in a form may lie: none that lists, watches, events, audit, jobs or sessions read."""


@pytest.fixture
def marks() -> Marks:
    return Marks(load().facts)


@pytest.fixture
def around(
    request: pytest.FixtureRequest, astrid: Person, anna: Person, bertil: Person, citizen: Any, now: Any
) -> Around:
    """Astrid, whose cases they are; Anna, who acts for her; Bertil, against her; a worker in each branch; a provider."""
    petra = request.getfixturevalue("petra")
    known = [process.code for process in load().all()]
    provider = enter_provider(petra, "Norra hemtjänsten AB", now, services=known)
    workers = [request.getfixturevalue(name) for name in WORKERS]
    return Around(
        astrid, {"person": citizen(astrid), "mandate": citizen(anna)}, bertil,
        {worker.compartments[0]: worker for worker in workers}, provider, petra, now,
    )  # fmt: skip


class Search:
    """Asks the routes and keeps what stood where it may not."""

    def __init__(
        self, marks: Marks, cases: list[Filled], around: Around, client_of: Callable[[Actor], Any]
    ) -> None:
        self.marks, self.around = marks, around
        self.cases = {filled.number: filled for filled in cases}
        self.client_of, self.browsers = client_of, dict[str, Any]()
        self.wrong: list[str] = []
        self.done = set[tuple[str, str]]()

    def ask(self, who: str, actor: Actor, route: Route, address: str, data: Any = None) -> str:
        """Ask one address as someone, once, judge what comes, and return it."""
        if (who, address + str(data)) in self.done:
            return ""
        self.done.add((who, address + str(data)))
        browser = self.browsers.get(who) or self.browsers.setdefault(who, self.client_of(actor))
        answer = browser.post(address, data) if data else browser.get(address)
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
        return known or fact in REGISTERS.get(name, ()) or may_show("list", spec.secrecy)

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
    return {name: request.getfixturevalue(name) for name in EVERYONE} | online


def let_in(route: Route, people: dict[str, Actor]) -> dict[str, Actor]:
    """Those of the people whose role the route lets in; whom it does not, test_access_table.py asks."""
    roles = roles_of(route.permission) if route.permission else []
    return {who: actor for who, actor in people.items() if actor.role in roles or roles == ["*"]}


def ask_every_list(search: Search, people: dict[str, Actor]) -> None:
    """Every route without a parameter, as everyone it lets in; and the searches, for the person the cases are about."""
    for route in routes():
        if route.permission and not PARAMETER.search(route.pattern) and " " not in route.pattern:
            for who, actor in let_in(route, people).items():
                search.ask(who, actor, route, "/" + route.pattern)
                if route.name in ("portal:palette", "people:search"):
                    for asked in ("Lindqvist", search.cases[0].case.number):
                        search.ask(who, actor, route, f"/{route.pattern}", {"q": asked})


def ask_about_every_case(search: Search, people: dict[str, Actor]) -> set[str]:
    """Every route with a parameter, about every case that has a row for it. Return those that no case has a row for.

    Citizens and the provider are asked about every case; the authority's own pages, which show one case to the one who
    may open it, about the fullest case of each branch, and each at least once.
    """
    fullest: dict[int, Filled] = {}
    for filled in sorted(search.cases.values(), key=lambda one: -len(one.names)):
        fullest.setdefault(filled.case.compartment, filled)
    asked, without, letters_asked = set[str](), set[str](), set[tuple[str, bool]]()
    for filled in search.cases.values():
        for route in routes():
            if (
                not PARAMETER.search(route.pattern)
                or route.permission is None
                or route.pattern.startswith("POST")
            ):
                continue
            outside = route.permission.audience in ("citizen", "provider")
            if not (
                outside or filled in fullest.values() or route.name == "cases:case" or route.name not in asked
            ):
                continue
            for args in args_of(route, filled, search.around):
                if args is None or not new_letter(args, letters_asked):
                    without |= {route.name} if args is None else set()
                    continue
                asked.add(route.name)
                address = address_of(route, args)
                for who, actor in let_in(route, people).items():
                    if about(who, actor, route, filled, fullest):
                        said = search.ask(who, actor, route, address)
                        if route.name == "cases:case" and actor is filled.worker:
                            unseen = [mark for mark in marks_in(filled, search.marks) if mark not in said]
                            assert not unseen, (
                                f"{filled.process.code} has no such marks on its page: {unseen}"
                            )
    return without - asked


def new_letter(args: dict[str, str], known: set[tuple[str, bool]]) -> bool:
    """Whether a letter is the first of its template and reader: the others tell the same facts."""
    if "document_id" not in args:
        return True
    found = Document.objects.filter(pk=args["document_id"]).select_related("case").first()
    if found is None:
        return True
    key = (found.template, found.recipient_id == found.case.person_id)
    new = (found.case.number, *key) in known or key not in known
    known |= {key, (found.case.number, *key)}  # type: ignore[arg-type]
    return new


def about(who: str, actor: Actor, route: Route, filled: Filled, fullest: dict[int, Filled]) -> bool:
    """Whether to ask this one about this case: strangers from other branches are asked in test_access_table.py."""
    if actor.kind == "citizen":
        return who != "bertil" or filled in fullest.values() or route.name == "cases_citizen:letter"
    if who in WORKERS:
        return actor is filled.worker
    if route.permission and route.permission.audience == "provider":
        return True
    return filled is fullest[filled.case.compartment] and filled.case.compartment in (1, 4) and who != "sara"


def strays_in_tables() -> list[str]:
    """The tables, but those of TABLES, in which a mark lies; and those of the core in which a person number does."""
    numbers = "|".join(
        f"{one.value.value[:8]}-?{one.value.value[8:]}|{one.value.value[2:8]}[-+]{one.value.value[8:]}"
        for one in PersonNumber.objects.all()
    )
    found = []
    for table in sorted({model._meta.db_table for model in apps.get_models(include_auto_created=True)}):
        wrong = {"a mark": r"zq(\d\d|xx)x\d{4}z"} if table not in TABLES else {}
        if table.startswith(("core_", "procrastinate_")):
            wrong["a person number"] = numbers
        for what, pattern in wrong.items():
            with connection.cursor() as cursor:
                cursor.execute(f'SELECT 1 FROM "{table}" t WHERE t::text ~ %s LIMIT 1', [pattern])
                found += [f"{table} holds {what}"] if cursor.fetchone() else []
    return found


def strays_in_log(caplog: pytest.LogCaptureFixture, marks: Marks) -> list[str]:
    """The lines that carry a mark or a person number, also those the log would mask before writing."""
    numbers = {number.value.value for number in PersonNumber.objects.all()}
    found = []
    for line in caplog.records:
        said = f"{line.getMessage()} {line.exc_info or ''} {line.exc_text or ''}"
        if marks.found(said) or any(number in said.replace("-", "") for number in numbers):
            found.append(f"{line.name}: {line.levelname} tells what it may not")
    return found


def test_no_field_is_shown_where_its_class_of_secrecy_may_not_be(
    request: pytest.FixtureRequest,
    asvalla: Municipality,
    around: Around,
    marks: Marks,
    client_of: Any,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level(logging.INFO)
    dye(monkeypatch, marks)
    plain_letters(monkeypatch)
    search = Search(marks, fill(around, load().all(), marks), around, client_of)
    mark_deadlines(asvalla.pk, this_moment())
    people = everyone(request, around)
    ask_every_list(search, people)
    without = ask_about_every_case(search, people)
    assert not search.wrong, "\n".join(sorted(set(search.wrong)))
    assert strays_in_tables() == []
    assert strays_in_log(caplog, marks) == []
    unknown = {name for name in without if not any(re.match(pattern, name) for pattern in WITHOUT_ROWS)}
    assert not unknown, f"say here how these are tried, or give the case a row for them: {sorted(unknown)}"


@pytest.fixture
def one_case(around: Around, marks: Marks, client_of: Any, monkeypatch: pytest.MonkeyPatch) -> Search:
    """Home care alone, which Anna has applied for: for the faults that must be found."""
    dye(monkeypatch, marks)
    plain_letters(monkeypatch)
    process = load().current("home_care", on=around.now.date())
    return Search(marks, fill(around, [process], marks), around, client_of)


def route_of(name: str) -> Route:
    """The route of this name."""
    return next(route for route in routes() if route.name == name)


def test_a_view_that_shows_a_citizen_all_of_anothers_application_is_caught(
    one_case: Search, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "readable_answers", lambda actor, sent: sent.answers)
    person, sent = one_case.around.online["person"], one_case.cases[0].application
    one_case.ask(
        "astrid", person, route_of("cases_citizen:receipt"), f"/citizen/apply/begun/{sent.pk}/receipt/"
    )  # type: ignore[union-attr]
    assert "cases_citizen:receipt shows astrid contact_phone (third_party) of home_care" in one_case.wrong
    assert not any("door_entry" in wrong for wrong in one_case.wrong)  # her own door


def test_a_letter_that_tells_the_door_code_is_caught(one_case: Search) -> None:
    filled = one_case.cases[0]
    letter = Document.objects.filter(case=filled.case, recipient=one_case.around.person).first()
    assert letter is not None
    Document(
        **{
            field.attname: getattr(letter, field.attname)
            for field in Document._meta.fields
            if field.name != "id"
        }
        | {"pdf": one_case.marks.of("door_entry", 0).encode()}
    ).save(force_insert=True)
    leaking = Document.objects.filter(case=filled.case).order_by("-id").first()
    assert leaking is not None
    mandate = one_case.around.online["mandate"]
    filled.application = None  # she is not the one who told it
    one_case.ask("anna", mandate, route_of("cases_citizen:letter"), f"/citizen/letters/{leaking.pk}/")
    assert one_case.wrong == ["cases_citizen:letter shows anna door_entry (security) of home_care"]


def test_a_list_a_log_line_and_a_job_that_tell_a_fact_are_caught(
    one_case: Search, caplog: pytest.LogCaptureFixture, karin: Actor, now: Any
) -> None:
    mark = one_case.marks.of("diet", 0)
    Person.objects.filter(pk=one_case.around.person.pk).update(family_name=mark)
    one_case.ask("karin", karin, route_of("cases:list"), "/officer/cases")
    assert one_case.wrong == ["cases:list shows karin diet (health) of home_care"]
    logging.getLogger("livlina").warning("The diet is %s.", mark)
    assert strays_in_log(caplog, one_case.marks) == ["livlina: WARNING tells what it may not"]
    audit.wrote(karin, "cases.record_facts", now=now, detail={"diet": mark})
    assert "core_auditevent holds a mark" in strays_in_tables()

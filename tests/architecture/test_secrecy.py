"""No field of any process is shown where its class of secrecy may not be: proved from the process data itself.

Every fact of every form of every process is filled with a mark in a real case (marked.py). Then every route of the house
is asked by everyone it lets in, and every table, log line and letter is read. A mark may stand only where the table of
`authority/cases/secrecy.py` says: a new route shows nothing of a case until it is written here what it is.
"""

import logging
import re
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from livlina.authority.cases import queries
from livlina.authority.cases.engine import load
from livlina.authority.cases.jobs import mark_deadlines
from livlina.authority.cases.models import Document
from livlina.config.pages import Route, routes
from livlina.core import audit
from livlina.core.access import Actor
from livlina.core.clock import now as this_moment
from livlina.core.models import Municipality
from livlina.registers.orders.tests.fixtures import provider as enter_provider
from livlina.registers.people.models import Person, PersonNumber
from tests.architecture.addresses import ROOMS
from tests.architecture.looking import WORKERS, Search, ask_about_every_case, ask_every_list, everyone
from tests.architecture.marked import Around, Marks, dye, fill, plain_letters
from tests.architecture.rooms import fill_rooms

WITHOUT_ROWS = {
    r"court:(cancel_hearing|proof|prove|send|submission|take)": "what is sent and proved is entered by hand: court/tests",
    r"cases:end_delegation_rule": "a rule is nobody's case: cases/tests/test_board.py",
    r"placements:told": "a letter to whoever reported: placements/tests",
    r"journal|api:(notes|write)|records:add_to_file": "notes are no facts of a form: journal/tests",
    r"orders:delivery": "what the provider reports back: orders/tests",
    r"people": "contacts and relations are of the register: people/tests",
    r"placements:list_of": "a list that was sent, byte for byte the one of placements:csv",
    r"watches:end_substitute|cases:(report|end_party)$": "POST, or a report from the public",
    r"quality|portal_public:review": "deviations and log reviews are about staff",
    r"support": "a question to the support has nothing of a case: across/support/tests",
    r"mfa_|openid_|portal_(operations:remove_passkey|public:first_password)": "signing in",
    r"portal_(operations:(make_|withdraw_)?seal|public:opened_seal)$": "envelopes are about staff: portal/tests",
    r"alarms": "alarms are nobody's case: provider/alarms/tests",
    r"homecare_provider:tell": "told of a visit by POST, and visits are nobody's case: provider/homecare/tests",
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


def strays_in_tables() -> list[str]:
    """The tables, but those of TABLES, in which a mark lies; and those of the core in which a person number does."""
    numbers = "|".join(
        f"{one.value.value[:8]}-?{one.value.value[8:]}|{one.value.value[2:8]}[-+]{one.value.value[8:]}"
        for one in PersonNumber.objects.all()
    )
    found = []
    for table in sorted({model._meta.db_table for model in apps.get_models(include_auto_created=True)}):
        wrong = {"a mark": r"zq(\d\d|xx)x\d{4}z"} if table not in TABLES else {}
        if table.split("_")[0] not in ROOMS:
            wrong["a mark of a room's row"] = r"zr\d{4}z"
        if table.startswith(("core_", "procrastinate_")):
            wrong |= {"a person number": numbers, "a date of a form": r"\m21\d\d-\d\d-\d\d\M"}
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
        if marks.found(said) or "zr0" in said or any(number in said.replace("-", "") for number in numbers):
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
    filled = fill(around, load().all(), marks)
    search = Search(marks, filled, around, client_of)
    fill_rooms(around, filled, search.rooms)
    assert search.rooms.unmarked() == []
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
    assert sent is not None
    one_case.ask(
        "astrid", person, route_of("cases_citizen:receipt"), f"/citizen/apply/begun/{sent.pk}/receipt/"
    )
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


def test_what_somebody_wrote_in_an_application_for_a_month_is_caught_outside_its_branch(
    one_case: Search, karin: Actor, sven: Actor
) -> None:
    """Sven, who works with financial aid, may read it in the room; Karin may not, and nobody in a list of another room."""
    told = one_case.rooms.of(apps.get_model("aid.MonthApplication"), "told")
    sum_of = one_case.rooms.sum(apps.get_model("aid.Payment"), "amount")
    for who, actor, name in (
        ("sven", sven, "aid:month"),
        ("karin", karin, "aid:month"),
        ("sven", sven, "cases:list"),
    ):
        one_case.judge(who, actor, name, "", f"<p>{told}</p><td>{sum_of:,}</td>".replace(",", "\u00a0"))
    assert sorted(one_case.wrong) == [
        "aid:month shows karin aid.MonthApplication.told",
        "aid:month shows karin aid.Payment.amount",
        "cases:list shows sven aid.MonthApplication.told",
        "cases:list shows sven aid.Payment.amount",
    ]

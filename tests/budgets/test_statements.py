"""What the everyday requests may cost in statements: few, and as few for two hundred rows as for five.

The whole request is counted, session, access and the record of who read what included; only what begins and
ends transactions is not. CPU is measured by `livlina bench web` (docs/figures.md).
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from livlina.authority.cases.actions.deadlines import raise_due
from livlina.authority.cases.models import Case, CaseEvent, Deadline
from livlina.authority.cases.models.base import signature
from livlina.core import clock
from livlina.core.access import Actor, system
from livlina.core.ids7 import uuid7
from livlina.core.models import Municipality
from livlina.core.tenancy import EVERYTHING
from livlina.registers.journal.models import File
from livlina.registers.people.models import NameToken, Person
from tests.people import SignedIn

pytestmark = pytest.mark.django_db

FEW, MANY = 5, 200
API = "/api/v1"
OWN = ("SAVEPOINT", "RELEASE", "ROLLBACK", "SELECT current_setting", "SELECT set_config")
"""Transaction control, and what the test's own browser sends to keep the test's row-level context."""

Cost = Callable[..., int]


@pytest.fixture
def cost(statements: Any) -> Cost:
    """Return how many statements a request sends, the second time: the first may ask for what is then remembered."""

    def count(
        browser: SignedIn,
        method: str,
        url: str,
        *args: Any,
        wanted: int = 200,
        times: int = 2,
        **options: Any,
    ) -> int:
        for _ in range(times):
            with statements() as sent:
                answer = getattr(browser, method)(url, *args, **options)
            assert answer.status_code == wanted, answer.content
        return sum(not query["sql"].startswith(OWN) for query in sent.captured_queries)

    return count


@pytest.fixture
def crowd(asvalla: Municipality) -> Callable[[int], list[Person]]:
    """Return a function that registers persons called Birgitta Bergvall, and gives them."""

    def register(count: int) -> list[Person]:
        people = Person.objects.bulk_create(
            Person(municipality=asvalla, given_names="Birgitta", family_name="Bergvall") for _ in range(count)
        )
        NameToken.objects.bulk_create(row for person in people for row in NameToken.rows_of(person))
        return people

    return register


@pytest.fixture
def cases_of(karin: Actor, now: datetime) -> Callable[[list[Person]], list[Case]]:
    """Return a function that gives each person an open case of Karin's, due one day after the other."""

    def open_cases(people: list[Person]) -> list[Case]:
        return Case.objects.bulk_create(
            Case(
                municipality_id=karin.municipality_id,
                compartment=1,
                number=f"2026-{uuid7().hex[-9:]}",
                process_code="home_care",
                process_version="2025-07-01",
                person=person,
                unit_id=karin.unit_id,
                responsible_id=karin.user_id,
                state="investigating",
                state_since=now,
                received_on=date(2026, 2, 1),
                received_how="e_service",
                registered_on=date(2026, 2, 1),
                next_due=date(2026, 3, 1) + timedelta(days=place),
            )
            for place, person in enumerate(people)
        )

    return open_cases


def test_a_name_is_found_in_three_statements_however_many_bear_it(karin, client_of, crowd, cost):
    crowd(FEW)
    browser, asked = client_of(karin), {"text": "berg birg"}
    few = cost(browser, "post", f"{API}/persons/search", asked, content_type="application/json")
    crowd(MANY)
    many = cost(browser, "post", f"{API}/persons/search", asked, content_type="application/json")
    page = cost(browser, "post", reverse("people:search"), {"q": "berg birg"})
    assert few == many == page == 3


def test_an_exact_number_is_found_in_three_statements(karin, astrid, client_of, cost):
    asked = {"text": astrid.numbers.get().value.display()}
    assert (
        cost(client_of(karin), "post", f"{API}/persons/search", asked, content_type="application/json") == 3
    )


def test_a_case_opens_in_four_statements_however_much_has_happened_in_it(
    karin, astrids_file, write, cases_of, client_of, cost, now
):
    (case,) = cases_of([astrids_file.person])
    browser, address = client_of(karin), reverse("cases:case", args=[case.pk])

    def happens(count: int) -> None:
        for place in range(count // 10):
            write(karin, astrids_file, f"Samtal {place} av {count}.")
        CaseEvent.objects.bulk_create(
            CaseEvent(
                **signature(karin, now),
                compartment=1,
                case=case,
                step="assign",
                label=f"Steg {place}",
                flow="main",
            )
            for place in range(count)
        )

    happens(FEW)
    few = cost(browser, "get", address)
    happens(MANY)
    assert few == cost(browser, "get", address) == 4


def test_notes_are_read_in_four_statements_however_many_there_are(
    karin, astrids_file, write, client_of, cost
):
    browser, address = client_of(karin), f"{API}/files/{astrids_file.pk}/notes"
    write(karin, astrids_file)
    few = cost(browser, "get", address)
    for place in range(40):
        write(karin, astrids_file, f"Samtal {place}.", hours=place)
    assert few == cost(browser, "get", address) == 4


def test_a_note_is_written_in_six_statements_at_most_however_long_the_journal(
    karin, astrids_file: File, write, client_of, cost
):
    browser, address = client_of(karin), f"{API}/files/{astrids_file.pk}/notes"

    def written() -> int:
        note = {
            "client_id": str(uuid7()),
            "event_at": clock.now().isoformat(),
            "kind": "phone",
            "text": f"{uuid7()}",
        }
        return cost(browser, "post", address, note, content_type="application/json", wanted=201, times=1)

    written()
    few = written()
    for place in range(40):
        write(karin, astrids_file, f"Samtal {place}.", hours=place)
    assert few == written() <= 6


def test_the_watches_of_the_day_cost_five_statements_at_most_however_many_wait(
    karin, client_of, watch_for, cost, now
):
    browser, address = client_of(karin), reverse("watches:list")
    for _ in range(FEW):
        watch_for(karin, due=now)
    few = cost(browser, "get", address)
    for _ in range(MANY):
        watch_for(karin, due=now)
    assert few == cost(browser, "get", address) <= 5


def test_the_work_list_costs_five_statements_at_most_however_many_cases_are_open(
    karin, client_of, crowd, cases_of, cost
):
    browser, address = client_of(karin), reverse("cases:list")
    cases_of(crowd(FEW))
    few = cost(browser, "get", address)
    cases_of(crowd(MANY))
    assert few == cost(browser, "get", address) <= 5


def test_due_clocks_are_told_in_as_many_statements_for_two_hundred_as_for_five(
    karin, asvalla, crowd, cases_of, statements, now
):
    sent = []
    for count in (FEW, MANY):
        begin_clocks(cases_of(crowd(count)), clock.day_of(now))
        for day in (0, 1):  # raised, and the next morning handed on
            with statements() as seen:
                told = raise_due(by=system(asvalla.pk, EVERYTHING), now=now + timedelta(days=day))
            assert told == count
            sent.append(sum(not query["sql"].startswith(OWN) for query in seen.captured_queries))
        Deadline.objects.update(next_escalation=None)
    assert sent[:2] == sent[2:]
    assert max(sent) <= 18


def begin_clocks(cases: list[Case], today: date) -> None:
    """Let a clock run in each case: one day for the worker, the next for the manager."""
    ladder = [[str(today), "case_worker"], [str(today + timedelta(days=1)), "unit_manager"]]
    Deadline.objects.bulk_create(
        Deadline(
            municipality_id=case.municipality_id, compartment=1, case=case, name="decide_in_time", label="Beslut",
            anchor="register", anchor_date=today, strict_date=today + timedelta(days=2),
            legal_date=today + timedelta(days=2), escalations=ladder, next_escalation=today,
        )
        for case in cases
    )  # fmt: skip

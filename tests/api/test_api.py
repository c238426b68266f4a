"""The API keeps the promises of the pages: same rights, same record, same note once; and no input breaks it."""

import json
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode

from livlina.config.wsgi import application
from livlina.core import clock
from livlina.core.access import Actor
from livlina.core.models import AuditEvent
from livlina.registers.journal.models import File, Note
from livlina.registers.people.models import Person


def send(browser: Any, url: str, body: dict[str, Any]) -> Any:
    return browser.post(url, json.dumps(body), content_type="application/json")


def note(**said: Any) -> dict[str, Any]:
    an_hour_ago = (clock.now() - timedelta(hours=1)).isoformat()
    words = {"client_id": str(uuid.uuid4()), "event_at": an_hour_ago, "kind": "phone", "text": "Ringde."}
    return words | said


def test_karin_finds_astrid_by_name_and_by_number(karin: Actor, astrid: Person, client_of: Callable) -> None:
    browser = client_of(karin)
    for text in ("astr lind", astrid.numbers.get().value.display()):
        found = send(browser, "/api/v1/persons/search", {"text": text}).json()
        assert [person["id"] for person in found["persons"]] == [str(astrid.pk)]


def test_a_name_search_costs_three_statements(
    karin: Actor, astrid: Person, client_of: Callable, statements: Callable
) -> None:
    browser = client_of(karin)
    with statements() as sent:
        send(browser, "/api/v1/persons/search", {"text": "astrid lindqvist"})
    assert len(real(sent)) <= 3


def test_writing_a_note_costs_six_statements(
    karin: Actor, astrids_file: File, client_of: Callable, statements: Callable
) -> None:
    browser = client_of(karin)
    with statements() as sent:
        answer = send(browser, f"/api/v1/files/{astrids_file.pk}/notes", note())
    assert answer.status_code == 201
    assert len(real(sent)) <= 6


def real(sent: Any) -> list[str]:
    """The statements the request cost: without the test's own savepoints and context."""
    own = ("SAVEPOINT", "RELEASE", "SELECT current_setting", "SELECT set_config")
    return [query["sql"] for query in sent.captured_queries if not query["sql"].startswith(own)]


def test_the_same_note_sent_twice_is_one(karin: Actor, astrids_file: File, client_of: Callable) -> None:
    browser, said = client_of(karin), note()
    url = f"/api/v1/files/{astrids_file.pk}/notes"
    first, second = send(browser, url, said), send(browser, url, said)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"]
    assert Note.objects.filter(file=astrids_file).count() == 1


def test_the_stranger_from_sjohaga_gets_the_answer_of_what_does_not_exist(
    sara: Actor, astrids_file: File, astrid: Person, client_of: Callable
) -> None:
    browser = client_of(sara)
    nothing = browser.get(f"/api/v1/persons/{uuid.uuid4()}")
    assert nothing.status_code == 404
    assert nothing["Content-Type"] == "application/problem+json"
    for url in (f"/api/v1/persons/{astrid.pk}", f"/api/v1/files/{astrids_file.pk}/notes"):
        answer = browser.get(url)
        assert (answer.status_code, answer.content) == (404, nothing.content)


def test_a_refusal_over_the_api_is_remembered(petra: Actor, astrid: Person, client_of: Callable) -> None:
    assert client_of(petra).get(f"/api/v1/persons/{astrid.pk}").status_code == 404
    assert AuditEvent.objects.get(outcome="refused").verb == "people.read"


def test_without_a_session_there_is_no_answer_but_why(client: Any, asvalla: Any) -> None:
    answer = send(client, "/api/v1/persons/search", {"text": "astrid"})
    assert answer.status_code == 401
    assert answer.json()["title"] == "Unauthorized"


def test_writing_needs_the_csrf_token(karin: Actor, client_of: Callable) -> None:
    browser = client_of(karin)
    browser.handler.enforce_csrf_checks = True
    assert send(browser, "/api/v1/persons/search", {"text": "astrid"}).status_code == 403


def test_what_was_wrong_is_named_without_repeating_it(
    karin: Actor, astrids_file: File, client_of: Callable
) -> None:
    answer = send(client_of(karin), f"/api/v1/files/{astrids_file.pk}/notes", {"kind": "19121212-1212"})
    assert answer.status_code == 422
    names = {fault["name"] for fault in answer.json()["invalid-parameters"]}
    assert any("client_id" in name for name in names)
    assert "1212" not in answer.content.decode()


def test_an_event_in_the_future_is_told_in_words(
    karin: Actor, astrids_file: File, client_of: Callable
) -> None:
    answer = send(
        client_of(karin), f"/api/v1/files/{astrids_file.pk}/notes", note(event_at="2199-01-01T10:00:00Z")
    )
    assert answer.status_code == 422
    assert "happened" in answer.json()["detail"]


@pytest.fixture
def kept_connection() -> Iterator[None]:
    """The connection stays the test's own between requests."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


def test_no_input_breaks_the_api(
    karin: Actor, astrids_file: File, client_of: Callable, kept_connection: None, subtests: Any
) -> None:
    """Every described operation, asked by Karin with whatever the description allows and what it does not."""
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    browser = client_of(karin)
    token = "a" * 32
    cookies = {name: morsel.value for name, morsel in browser.cookies.items()} | {"csrftoken": token}
    seen = set()
    for result in described.get_all_operations():
        operation = result.ok()
        # What takes nothing can be sent nothing wrong.
        takes = any(operation.iter_parameters()) or operation.body
        for mode in GenerationMode if takes else (GenerationMode.POSITIVE,):
            strategy = operation.as_strategy(generation_mode=mode)

            @given(strategy)
            @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), database=None)
            def ask(case: Any) -> None:
                answer = case.call(cookies=cookies, headers={"X-CSRFToken": token})
                seen.add(answer.status_code)
                assert answer.status_code < 500, answer.status_code

            with subtests.test(f"{operation.label} {mode.value}"):
                ask()
    assert 403 not in seen  # or nothing was tried at all
    assert {200, 422} <= seen

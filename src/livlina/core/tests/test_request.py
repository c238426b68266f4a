"""One request, one transaction: what a fault, a refusal and a double click leave behind."""

import threading
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection

from livlina.core import clock, tenancy
from livlina.core.access import Actor
from livlina.core.models import Assignment, AuditEvent, Session, Unit, User

pytestmark = pytest.mark.urls("livlina.core.tests.urls")


def test_a_request_begins_with_one_statement(karin: Actor, client_of: Callable, statements: Callable) -> None:
    browser = client_of(karin)
    with statements() as sent:
        answer = browser.get("/whoami")
    assert answer.content.decode() == "Karin Ekdal, Biståndsenheten"
    asked = [query["sql"] for query in sent.captured_queries if "livlina_enter" in query["sql"]]
    others = [q["sql"] for q in sent.captured_queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(asked) == 1
    assert [
        sql
        for sql in others
        if "livlina_enter" not in sql and "set_config" not in sql and "current_setting" not in sql
    ] == []


def test_what_a_broken_view_wrote_is_gone(karin: Actor, client_of: Callable) -> None:
    browser = client_of(karin)
    assert browser.get("/break").status_code == 500
    assert not Unit.objects.filter(name="Halvfärdig").exists()


def test_a_refusal_undoes_the_write_looks_like_a_missing_page_and_is_remembered(
    karin: Actor, client_of: Callable
) -> None:
    assert client_of(karin).get("/refuse").status_code == 404
    assert not Unit.objects.filter(name="Nekad").exists()
    refused = AuditEvent.objects.get(outcome="refused")
    assert (refused.verb, refused.actor_name) == ("unit.make", "Karin Ekdal")


def test_the_same_form_sent_twice_is_done_once(karin: Actor, client_of: Callable) -> None:
    browser, key = client_of(karin), str(uuid.uuid4())
    first = browser.post("/unit", {"name": "Nya enheten", "submission_key": key})
    second = browser.post("/unit", {"name": "Nya enheten", "submission_key": key})
    assert first["Location"] == second["Location"]
    assert Unit.objects.filter(name="Nya enheten").count() == 1


def test_a_form_with_a_fault_can_be_mended_and_sent_again(karin: Actor, client_of: Callable) -> None:
    browser, key = client_of(karin), str(uuid.uuid4())
    assert browser.post("/unit", {"name": "", "submission_key": key}).status_code == 422
    assert browser.post("/unit", {"name": "Rättad", "submission_key": key}).status_code == 302


def test_nobody_signed_in_is_asked_to_sign_in(asvalla, client) -> None:
    answer = client.get("/whoami")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("end", ["assignment", "user", "session", "password"])
def test_rights_end_at_once(karin: Actor, client_of: Callable, end: str) -> None:
    browser = client_of(karin)
    yesterday = clock.today() - timedelta(days=1)
    if end == "assignment":
        Assignment.objects.filter(pk=karin.assignment_id).update(valid_to=yesterday)
    elif end == "user":
        User.objects.filter(pk=karin.user_id).update(is_active=False)
    elif end == "session":
        Session.objects.all().delete()
    else:
        User.objects.filter(pk=karin.user_id).update(password="another")
    assert browser.get("/whoami").status_code == 302


def test_two_presses_at_the_same_instant_are_one(own_database, karin: Actor, client_of: Callable) -> None:
    """Two connections, one key: the second waits for the first and gets its answer."""
    key, answers, ready = str(uuid.uuid4()), [], threading.Barrier(2)
    browsers = [client_of(karin), client_of(karin)]

    def press(browser) -> None:
        try:
            ready.wait(10)
            answers.append(browser.post("/unit", {"name": "Samtidig", "submission_key": key})["Location"])
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(answers) == 2
    assert len(set(answers)) == 1
    with tenancy.acting(karin.municipality_id):
        assert Unit.objects.filter(name="Samtidig").count() == 1

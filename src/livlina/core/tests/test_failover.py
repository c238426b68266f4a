"""A request whose database is lost on the way is done again, once, as it came; or told in words when that is unsafe."""

import uuid
from collections.abc import Callable
from types import SimpleNamespace

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, OperationalError
from django.test import Client, RequestFactory

from livlina.core import failover, health, tenancy
from livlina.core.access import Actor
from livlina.core.models import Unit
from livlina.core.tests import urls

pytestmark = pytest.mark.urls("livlina.core.tests.urls")


def units(karin: Actor, name: str) -> int:
    with tenancy.acting(karin.municipality_id):
        return Unit.objects.filter(name=name).count()


@pytest.fixture(autouse=True)
def cuts() -> None:
    urls.CUTS.clear()
    urls.READ.clear()


def test_a_form_whose_connection_is_lost_is_done_again_and_once(
    own_database: str, karin: Actor, client_of: Callable
) -> None:
    urls.CUTS.extend(["before", "after"])
    letter = SimpleUploadedFile("brev.txt", b"Hela brevet.")
    answer = client_of(karin).post(
        "/cut", {"name": "Avbruten", "submission_key": str(uuid.uuid4()), "letter": letter}
    )
    assert answer.status_code == 302
    assert units(karin, "Avbruten") == 1
    assert urls.READ == [b"Hela brevet."] * 3  # the file was whole for each attempt
    assert (
        answer.wsgi_request.session.get("seen") == 1
    )  # and what the lost attempts did to the session is gone


def test_a_commit_in_doubt_is_repeated_only_for_a_deed_that_names_itself(
    own_database: str, karin: Actor, client_of: Callable
) -> None:
    urls.CUTS.append("commit")
    keyed = client_of(karin).post("/cut", {"name": "Nyckel", "submission_key": str(uuid.uuid4())})
    assert (keyed.status_code, units(karin, "Nyckel")) == (302, 1)
    urls.CUTS.append("commit")
    bare = client_of(karin).post("/cut", {"name": "Utan nyckel"})
    assert (bare.status_code, "kanske inte sparats" in bare.content.decode()) == (503, True)


def test_after_half_a_minute_without_a_database_nobody_waits_any_more(
    own_database: str, karin: Actor, client_of: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = client_of(karin)
    monkeypatch.setattr(failover.OUTAGES["away"], "since", -failover.BUDGET)
    urls.CUTS.append("before")
    assert browser.post("/cut", {"name": "Sen"}).status_code == 503
    assert browser.post("/cut", {"name": "Sen"}).status_code == 302  # it is back, and the outage is over
    assert failover.OUTAGES["away"].since is None


@pytest.mark.parametrize(
    ("fault", "what"),
    [
        (psycopg.errors.ReadOnlySqlTransaction(), "away"),
        (psycopg.errors.AdminShutdown(), "away"),
        (psycopg.errors.CannotConnectNow(), "away"),
        (psycopg.OperationalError("server closed the connection unexpectedly"), "away"),
        (psycopg.errors.DiskFull(), "full"),
        (psycopg.errors.DeadlockDetected(), ""),
        (psycopg.errors.QueryCanceled(), ""),
        (psycopg.errors.UniqueViolation(), ""),
        (OperationalError(), "away"),
        (DatabaseError(), ""),
        (ValueError(), ""),
    ],
)
def test_only_what_passes_is_tried_again(fault: Exception, what: str) -> None:
    assert failover.kind(fault) == what


def test_the_shadow_only_reads_and_waits_for_nothing_else(settings: object) -> None:
    settings.SHADOW = True  # type: ignore[attr-defined]
    assert failover.kind(psycopg.errors.ReadOnlySqlTransaction()) == ""
    assert failover.kind(psycopg.errors.AdminShutdown()) == "away"


def test_a_body_that_was_read_and_not_kept_is_not_sent_on_empty() -> None:
    request = RequestFactory().post("/cut", b"{}", content_type="application/json")
    assert failover._body_is_kept(request)
    request.read()
    assert not failover._body_is_kept(request)


def test_the_deep_health_of_a_process_says_whether_it_can_write_and_nothing_else(
    own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "_asked", None)
    answer = Client().get("/health/deep")
    assert (answer.status_code, set(answer.json())) == (200, {"writable", "why", "ms"})
    monkeypatch.setattr(health, "_asked", None)
    monkeypatch.setattr(health, "connections", {"default": SimpleNamespace(get_connection_params=nowhere)})
    answer = Client().get("/health/deep")
    assert (answer.status_code, answer.json()["why"]) == (503, "away")


def nowhere() -> dict[str, object]:
    return {"host": "127.0.0.1", "port": 1, "dbname": "x", "user": "x"}

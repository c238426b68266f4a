"""Sessions: seen, ended one by one or all at once, and ended by a new password."""

from datetime import UTC, datetime, timedelta

import pytest

from livlina.across.portal.jobs import forget_old_sign_ins
from livlina.across.portal.tests.fixtures import PASSWORD
from livlina.across.portal.tests.test_staff_sign_in import come_in
from livlina.core import clock
from livlina.core.models import Session
from tests.people import SignedIn

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 Version/19 Mobile Safari/604"


@pytest.fixture
def two_browsers(nobody, karin, with_password) -> tuple[SignedIn, SignedIn]:
    """Karin at her desk and Karin's phone."""
    with_password(karin)
    phone = SignedIn(HTTP_HOST="localhost", HTTP_USER_AGENT=PHONE)
    come_in(nobody)
    come_in(phone)
    return nobody, phone


def signed_in(browser: SignedIn) -> bool:
    return browser.get("/officer/").status_code == 200


def test_she_sees_both_and_which_one_she_sits_at(two_browsers) -> None:
    desk, _ = two_browsers
    page = desk.get("/sessions/").content.decode()
    assert "Firefox på Windows" in page
    assert "Safari på iPhone" in page
    assert page.count(">Den här<") == 1
    assert not any(key in page for key in Session.objects.values_list("session_key", flat=True))


def test_she_ends_the_one_on_the_phone_and_it_is_out_at_once(two_browsers) -> None:
    desk, phone = two_browsers
    assert signed_in(phone)
    page = desk.get("/sessions/").content.decode()
    handle = page.split('name="handle" value="')[1].split('"')[0]
    desk.post("/sessions/end", {"handle": handle})
    assert not signed_in(phone)
    assert signed_in(desk)


def test_she_cannot_end_a_session_of_someone_else(two_browsers, client_of, petra) -> None:
    desk, _ = two_browsers
    other = client_of(petra)
    handle = desk.get("/sessions/").content.decode().split('name="handle" value="')[1].split('"')[0]
    other.post("/sessions/end", {"handle": handle})
    assert Session.objects.filter(user_id=desk.session["_auth_user_id"]).count() == 2


def test_she_signs_out_everywhere(two_browsers, karin) -> None:
    desk, phone = two_browsers
    desk.post("/sessions/end-all")
    assert not signed_in(desk)
    assert not signed_in(phone)
    assert not Session.objects.filter(user_id=karin.user_id).exists()


def test_signing_out_ends_the_session_for_good_even_for_whoever_copied_it(two_browsers) -> None:
    desk, _ = two_browsers
    stolen = SignedIn(HTTP_HOST="localhost")
    stolen.cookies["livlina_session"] = desk.cookies["livlina_session"].value
    assert signed_in(stolen)
    desk.post("/account/sign-out/")
    assert not signed_in(stolen)


def test_an_invented_session_key_opens_nothing(nobody) -> None:
    nobody.cookies["livlina_session"] = "a" * 32
    assert not signed_in(nobody)


def test_a_new_password_ends_the_others_and_keeps_this_one(two_browsers, karin) -> None:
    desk, phone = two_browsers
    new = "fem helt andra ord i rad"
    answer = desk.post(
        "/account/new-password/", {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )
    assert answer.headers["Location"] == "/sessions/"
    assert signed_in(desk)
    assert not signed_in(phone)
    assert Session.objects.filter(user_id=karin.user_id).count() == 1


def test_a_new_password_needs_the_old_one_and_a_length(two_browsers) -> None:
    desk, phone = two_browsers
    for old, new in (("fel", "fem helt andra ord i rad"), (PASSWORD, "kort")):
        answer = desk.post("/account/new-password/", {"oldpassword": old, "password1": new, "password2": new})
        assert answer.status_code == 422
    assert signed_in(phone)


def test_whoever_has_no_password_has_none_to_change(client_of, karin) -> None:
    browser = client_of(karin)
    assert browser.get("/account/new-password/").headers["Location"] == "/sessions/"
    assert "inget lösenord att byta" in browser.get("/sessions/").content.decode()


def test_the_session_lasts_the_day_but_not_the_next(two_browsers, karin, monkeypatch) -> None:
    desk, _ = two_browsers
    began = datetime.now(UTC)
    monkeypatch.setattr(clock, "now", lambda: began + timedelta(hours=11))
    assert signed_in(desk)
    monkeypatch.setattr(clock, "now", lambda: began + timedelta(hours=13))
    assert not signed_in(desk)


def test_use_is_noted_now_and_then_and_does_not_prolong_it(two_browsers, monkeypatch) -> None:
    desk, _ = two_browsers
    row = Session.objects.get(session_key=desk.cookies["livlina_session"].value)
    later = datetime.now(UTC) + timedelta(hours=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert signed_in(desk)
    after = Session.objects.get(pk=row.pk)
    assert abs(after.expire_date - row.expire_date) < timedelta(seconds=5)
    assert desk.session["seen_at"] == later.isoformat()


def test_an_ordinary_request_costs_no_extra_statement(client_of, karin, statements) -> None:
    browser = client_of(karin)
    browser.get("/officer/")
    with statements() as sent:
        browser.get("/officer/")
    ours = [one["sql"] for one in sent.captured_queries if "SAVEPOINT" not in one["sql"]]
    assert len([sql for sql in ours if "set_config" not in sql and "current_setting" not in sql]) <= 1, ours


def test_sessions_that_have_run_out_are_cleared_away_and_living_ones_stay(two_browsers) -> None:
    soon, later = datetime.now(UTC) + timedelta(hours=1), datetime.now(UTC) + timedelta(hours=13)
    assert forget_old_sign_ins(1, soon) == 0
    assert forget_old_sign_ins(1, later) == 2
    assert forget_old_sign_ins(1, later + timedelta(days=366)) == 2  # the two attempts

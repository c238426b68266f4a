"""Incident S16: the house measures the municipality's own sign-in itself, and says in words what to do instead."""

import json
from datetime import timedelta

import pytest

from livlina.across.portal import health, probe
from livlina.across.portal.models import ProviderHealth, SignInEvent
from livlina.across.portal.policy import admitting
from livlina.across.portal.tests.oidc_provider import Provider
from livlina.across.portal.tests.test_identity_provider import walk
from livlina.across.portal.tests.test_provider_away import WAYS, Broken
from livlina.across.portal.tests.test_staff_sign_in import come_in

SECOND = timedelta(seconds=1)


@pytest.fixture
def well(asvalla, provider_at):
    """An identity provider that does as it should."""
    one = Provider()
    provider_at(one.url)
    yield one
    one.close()


def measured(now, times: int = 1) -> health.State:
    """Measure so many times, five seconds apart, the last at `now`."""
    for ago in reversed(range(times)):
        found = probe.once(now - ago * health.EVERY)
    return found


def part(settings) -> dict:
    return json.loads((settings.STATE_DIR / "status" / "parts" / "staff_idp.json").read_text())


@pytest.fixture(autouse=True)
def own_state(settings, tmp_path) -> None:
    settings.STATE_DIR = tmp_path


def test_one_that_works_is_measured_to_work_and_the_status_page_is_told(now, well, settings) -> None:
    assert measured(now).why == ""
    assert {"/.well-known/openid-configuration", "/jwks"} == set(well.asked)
    assert (part(settings)["works"], part(settings)["words"]) == (True, "Kommunens inloggning fungerar.")


@pytest.mark.parametrize("way", ["hangs", "closes", "error 500", "an empty object"])
def test_one_that_does_not_answer_is_away_within_two_seconds(
    now, asvalla, provider_at, settings, way
) -> None:
    broken = Broken(WAYS[way])
    provider_at(broken.url)
    assert measured(now).why == "silent"
    broken.close()
    assert (part(settings)["works"], part(settings)["words"]) == (False, "Kommunens inloggning svarar inte.")


@pytest.mark.parametrize("lie", ["discovery", "no keys", "private keys", "shared secret"])
def test_one_that_lies_about_who_it_is_or_by_which_keys_is_not_used(now, well, monkeypatch, lie) -> None:
    keys = {
        "no keys": [],
        "private keys": [{**well.jwks()["keys"][0], "d": "AQ"}],
        "shared secret": [{"kty": "oct", "k": "c2VjcmV0", "alg": "HS256"}],
    }
    if lie == "discovery":
        well.lie("discovery")
    else:
        monkeypatch.setattr(well, "jwks", lambda: {"keys": keys[lie]})
    assert measured(now).why == "lies"


def test_one_lost_answer_turns_nothing_and_two_do_and_back_again(now, well, monkeypatch) -> None:
    measured(now)
    answers = iter(["silent", "", "silent", "silent", "", ""])
    monkeypatch.setattr(probe, "ask", lambda provider: next(answers))
    seen = [probe.once(now + step * health.EVERY).why for step in range(1, 7)]
    assert seen == ["", "", "", "silent", "silent", ""]


def test_two_workers_ask_once_between_them(now, well) -> None:
    measured(now)
    measured(now + SECOND)
    assert len(well.asked) == 2


def test_a_measurement_older_than_a_minute_is_none(now, well) -> None:
    measured(now)
    assert health.state(now + 59 * SECOND).why == ""
    assert health.state(now + 61 * SECOND).why == "unmeasured"


def test_a_signature_of_somebody_elses_shuts_it_until_it_signs_right(nobody, karin, well, now, at) -> None:
    measured(now)
    well.is_person(email="karin.ekdal@test.livlina.example", email_verified=True)
    well.lie("signature")
    assert walk(nobody).status_code == 401
    assert health.state(now).why == "lies"
    assert nobody.get("/account/with/staff/").status_code == 503
    assert health.state(now + timedelta(minutes=6)).why != "lies"


@pytest.mark.parametrize("lie", ["nonce", "aud", "exp", "iss"])
def test_what_a_visitor_can_bring_about_says_nothing_of_the_provider(
    nobody, karin, well, now, at, lie
) -> None:
    measured(now)
    well.is_person(email="karin.ekdal@test.livlina.example", email_verified=True)
    well.lie(lie)
    assert walk(nobody).status_code == 401
    assert health.state(now).why == ""


def test_the_page_says_it_in_words_with_the_passkey_first(nobody, now, at, well) -> None:
    measured(now)
    page = nobody.get("/sign-in/").content.decode()
    assert page.index("Kommunens inloggning") < page.index("Logga in med passkey")
    ProviderHealth.objects.update(works=False, why="silent")
    page = nobody.get("/sign-in/").content.decode()
    assert "Kommunens inloggning svarar inte. Logga in med passkey." in page
    assert page.index("Logga in med passkey") < page.index("För dig som söker")
    assert "/account/with/staff/" not in page


def test_measured_down_nobody_waits_to_learn_it_anew(nobody, now, at, asvalla, provider_at) -> None:
    broken = Broken(WAYS["hangs"])
    provider_at(broken.url)
    measured(now)
    before = broken.visits
    assert nobody.get("/account/with/staff/").status_code == 503
    assert broken.visits == before
    broken.close()


def test_where_no_provider_is_nothing_is_away(nobody, now) -> None:
    found = probe.once(now)
    assert (found.why, found.away) == ("none", False)
    assert not ProviderHealth.objects.exists()


def test_a_municipality_may_keep_passkeys_for_when_its_own_sign_in_is_away(asvalla, settings) -> None:
    settings.PARAMETERS = settings.PARAMETERS | {"passkey_sign_in": "outage", "password_sign_in": "never"}
    here, states = asvalla.pk, (health.State(""), health.State("silent"), health.State("none"))
    assert [admitting("passkey", [here], one) for one in states] == [set(), {here}, {here}]
    assert [admitting("password", [here], one) for one in states] == [set(), set(), {here}]
    assert admitting("staff", [here], states[0]) == {here}


def test_a_password_that_the_municipality_does_not_take_is_told_where_to_go(
    nobody, karin, with_password, now, at, well, settings
) -> None:
    settings.PARAMETERS = settings.PARAMETERS | {"password_sign_in": "never"}
    with_password(karin)
    measured(now)
    answer = come_in(nobody)
    assert answer.status_code == 403
    assert "Logga in genom kommunens inloggning" in answer.content.decode()
    assert nobody.get("/officer/").status_code == 302
    assert SignInEvent.objects.get().why == "policy"

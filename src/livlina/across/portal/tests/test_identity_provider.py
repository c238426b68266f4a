"""The municipality's identity provider and the e-ID broker: a real one on this machine, honest and lying."""

import re
from collections.abc import Iterator
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from livlina.across.portal.models import SignInEvent
from livlina.across.portal.tests.oidc_provider import NUMBER, Provider
from livlina.core.ids import test_number
from livlina.core.models import Municipality, User
from livlina.registers.people.models import Person

ADDRESS = "karin.ekdal@test.livlina.example"
NEVER_MET = test_number(date(1944, 1, 12), "male", 3).value


@pytest.fixture
def provider(provider_at) -> Iterator[Provider]:
    found = Provider()
    provider_at(found.url)
    yield found
    found.close()


def walk(browser, name: str = "staff", **query: str):
    """Go to the provider, prove oneself there, and come back."""
    begun = browser.get(f"/account/with/{name}/", query)
    assert begun.status_code == 302
    with requests.Session() as outside:
        outside.trust_env = False
        back = outside.get(begun.headers["Location"], allow_redirects=False, timeout=5).headers["Location"]
    return browser.get(back.removeprefix("http://localhost"))


def test_karin_comes_in_by_the_municipalitys_own_sign_in(nobody, karin, provider) -> None:
    provider.is_person(email=ADDRESS.upper(), email_verified=True)
    assert walk(nobody, next="/own-reads/").headers["Location"] == "/own-reads/"
    assert "Karin Ekdal" in nobody.get("/officer/").content.decode()
    assert SignInEvent.objects.get().kind == "staff"


def test_the_question_carries_state_nonce_and_code_proof(nobody, provider) -> None:
    first, second = (nobody.get("/account/with/staff/").headers["Location"] for _ in range(2))
    asked = parse_qs(urlsplit(first).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert all(len(asked[name][0]) >= 20 for name in ("state", "nonce", "code_challenge"))
    assert asked["state"] != parse_qs(urlsplit(second).query)["state"]


def test_what_is_told_only_when_asked_is_asked_for(nobody, karin, provider) -> None:
    provider.is_person(email=ADDRESS, email_verified=True)
    provider.lie("userinfo")
    assert walk(nobody).headers["Location"] == "/start/"
    assert "/userinfo" in provider.asked


LIES = ["nonce", "signature", "kid", "aud", "iss", "exp", "unsigned", "shared_secret"]


@pytest.mark.parametrize("about", LIES)
def test_a_token_that_is_wrong_signs_nobody_in(nobody, karin, provider, about: str) -> None:
    provider.is_person(email=ADDRESS, email_verified=True)
    provider.lie(about)
    answer = walk(nobody)
    assert answer.status_code == 401
    assert "Det gick inte att logga in" in answer.content.decode()
    assert nobody.get("/officer/").status_code == 302
    assert not SignInEvent.objects.get().ok


def test_userinfo_about_someone_else_signs_nobody_in(nobody, karin, provider) -> None:
    provider.is_person(email=ADDRESS, email_verified=True)
    provider.lie("userinfo", "sub")
    assert walk(nobody).status_code == 401


def test_an_answer_to_a_question_we_did_not_ask_is_refused(nobody, karin, provider) -> None:
    nobody.get("/account/with/staff/")
    for query in ({"code": "x", "state": "invented"}, {"code": "x"}, {}):
        answer = nobody.get("/account/with/staff/back/", query)
        assert answer.status_code == 401
    assert "/token" not in provider.asked


def test_an_answer_counts_once_and_only_in_the_browser_that_asked(nobody, karin, provider, client_of) -> None:
    from tests.people import SignedIn

    provider.is_person(email=ADDRESS, email_verified=True)
    begun = nobody.get("/account/with/staff/").headers["Location"]
    with requests.Session() as outside:
        outside.trust_env = False
        back = (
            outside.get(begun, allow_redirects=False, timeout=5)
            .headers["Location"]
            .removeprefix("http://localhost")
        )
    assert SignedIn(HTTP_HOST="localhost").get(back).status_code == 401
    assert nobody.get(back).status_code == 302
    assert nobody.get(back).status_code == 401


def test_the_answer_of_one_provider_is_no_answer_of_the_other(nobody, karin, provider) -> None:
    provider.is_person(email=ADDRESS, email_verified=True)
    state = parse_qs(urlsplit(nobody.get("/account/with/staff/").headers["Location"]).query)["state"][0]
    assert nobody.get("/account/with/eid/back/", {"code": "x", "state": state}).status_code == 401


def test_whoever_gives_up_at_the_provider_is_told_so_in_words(nobody, provider) -> None:
    state = parse_qs(urlsplit(nobody.get("/account/with/staff/").headers["Location"]).query)["state"][0]
    answer = nobody.get("/account/with/staff/back/", {"error": "access_denied", "state": state})
    assert answer.status_code == 401
    assert SignInEvent.objects.get().why == "cancelled"


@pytest.mark.parametrize(
    "claims", [{"email": ADDRESS}, {"email": "ny@test.livlina.example", "email_verified": True}, {}]
)
def test_an_unverified_or_unknown_address_signs_nobody_in_and_makes_no_user(
    nobody, karin, provider, claims
) -> None:
    before = User.objects.count()
    provider.is_person(**claims)
    assert walk(nobody).status_code == 401
    assert User.objects.count() == before


def test_an_unknown_provider_is_a_page_that_does_not_exist(nobody, provider) -> None:
    assert nobody.get("/account/with/other/").status_code == 404
    assert nobody.get("/account/with/other/back/?state=x").status_code == 404


def read(answer) -> str:
    """The page as someone reads it: without what differs between any two visits."""
    return re.sub(r"<[^>]*>", "", answer.content.decode())


def as_citizen(provider: Provider, person: Person | None = None, **more: str) -> None:
    number = person.numbers.get(current=True).value.value if person else NEVER_MET
    provider.is_person(**{NUMBER: number, "given_name": "Nils", "family_name": "Wall"} | more)


def test_anna_comes_in_by_e_identification_as_herself(nobody, anna, provider) -> None:
    as_citizen(provider, anna)
    assert walk(nobody, "eid", municipality="asvalla").headers["Location"] == "/start/"
    assert nobody.get("/start/").headers["Location"] == "/citizen/"
    page = nobody.get("/citizen/").content.decode()
    assert "Anna Lindqvist Berg" in page
    assert nobody.get("/officer/").status_code == 404
    assert User.objects.get(kind="citizen").name == "Anna Lindqvist Berg"


def test_she_is_the_same_user_the_next_time(nobody, anna, provider) -> None:
    for _ in range(2):
        as_citizen(provider, anna)
        walk(nobody, "eid", municipality="asvalla")
        nobody.post("/account/sign-out/")
    assert User.objects.filter(kind="citizen").count() == 1


def test_someone_the_municipality_has_not_met_is_registered_with_name_and_number(
    nobody, asvalla, provider
) -> None:
    as_citizen(provider)
    assert walk(nobody, "eid", municipality="asvalla").status_code == 302
    met = Person.objects.get(numbers__value=NEVER_MET)
    assert (met.given_names, met.family_name) == ("Nils", "Wall")


def test_in_another_municipality_she_is_another_row(nobody, anna, sjohaga, provider) -> None:
    from livlina.core import tenancy

    as_citizen(provider, anna)
    walk(nobody, "eid", municipality="sjohaga")
    assert nobody.session["municipality_id"] == sjohaga.pk
    assert nobody.session["person_id"] != str(anna.pk)
    with tenancy.acting(sjohaga.pk, (1,)):
        assert Person.objects.count() == 1


def test_a_protected_person_sees_exactly_what_anyone_sees_whose_sign_in_failed(
    nobody, anna, provider
) -> None:
    Person.objects.filter(pk=anna.pk).update(protection="protected_registration")
    as_citizen(provider, anna)
    protected = walk(nobody, "eid", municipality="asvalla")
    as_citizen(provider)
    provider.lie("signature")
    other = walk(nobody, "eid", municipality="asvalla")
    assert (protected.status_code, read(protected)) == (other.status_code, read(other))
    assert "Kontakta oss" in protected.content.decode()
    assert nobody.get("/citizen/").status_code == 302
    assert not User.objects.filter(kind="citizen").exists()


@pytest.mark.parametrize(
    "claims", [{NUMBER: ""}, {NUMBER: "191212121213"}, {"given_name": ""}, {"acr": "loa2"}]
)
def test_an_e_identification_without_number_name_or_level_is_refused(
    nobody, asvalla, provider, claims
) -> None:
    as_citizen(provider, None, **claims)
    assert walk(nobody, "eid", municipality="asvalla").status_code == 401
    assert not Person.objects.exists()


def test_no_claim_is_kept_in_the_session_or_in_allauths_tables(nobody, anna, provider) -> None:
    from allauth.socialaccount.models import SocialAccount, SocialToken

    as_citizen(provider, anna)
    walk(nobody, "eid", municipality="asvalla")
    assert not SocialAccount.objects.exists()
    assert not SocialToken.objects.exists()
    assert anna.numbers.get(current=True).value.value not in str(dict(nobody.session))


def test_the_host_names_the_municipality(asvalla, sjohaga, rf, settings) -> None:
    from livlina.across.portal.signin import municipality_for

    settings.ALLOWED_HOSTS = ["sjohaga.test.example", "localhost"]
    assert municipality_for(rf.get("/", HTTP_HOST="sjohaga.test.example")) == sjohaga
    assert municipality_for(rf.get("/", HTTP_HOST="localhost")) is None
    assert municipality_for(rf.get("/", HTTP_HOST="localhost"), "asvalla") == asvalla
    assert Municipality.objects.count() == 2

"""How staff come in: password, the municipality's identity provider, and under which assignment they then act."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from livlina.across.portal.models import SignInEvent
from livlina.across.portal.tests.fixtures import PASSWORD
from livlina.core import tenancy
from livlina.core.models import Assignment, Session, Unit, User

ADDRESS = "karin.ekdal@test.livlina.example"


def come_in(browser: Client, address: str = ADDRESS, password: str = PASSWORD, **more: str):
    """Fill in address and password."""
    return browser.post("/account/password/", {"login": address, "password": password} | more)


@pytest.fixture
def second_assignment(asvalla, karin) -> Assignment:
    unit = Unit.objects.create(municipality=asvalla, name="Mottagningen", side="authority")
    return Assignment.objects.create(
        municipality=asvalla,
        user_id=karin.user_id,
        unit=unit,
        role="reception",
        title="Mottagningssekreterare",
        compartments=[1],
        valid_from=date(2024, 1, 1),
    )


def test_karin_comes_in_with_her_password_and_acts_under_her_only_assignment(
    nobody, karin, with_password
) -> None:
    with_password(karin)
    assert come_in(nobody).headers["Location"] == "/start/"
    assert nobody.get("/start/").headers["Location"] == "/officer/"
    page = nobody.get("/officer/").content.decode()
    assert "Att göra" in page
    assert "Karin Ekdal" in page
    assert "Biståndsenheten" in page
    event = SignInEvent.objects.get()
    assert (event.kind, event.ok, event.user_id, event.device) == (
        "password",
        True,
        karin.user_id,
        "Firefox på Windows",
    )


def test_she_comes_to_the_page_she_asked_for_but_never_to_another_house(nobody, karin, with_password) -> None:
    with_password(karin)
    asked = nobody.get("/own-reads/")
    assert asked.headers["Location"] == "/sign-in/?next=/own-reads/"
    assert 'value="/own-reads/"' in nobody.get(asked.headers["Location"]).content.decode()
    assert come_in(nobody, next="/own-reads/").headers["Location"] == "/own-reads/"
    nobody.post("/account/sign-out/")
    assert come_in(nobody, next="https://evil.example/").headers["Location"] == "/start/"


def test_a_wrong_password_is_told_in_words_and_recorded_without_what_was_typed(
    nobody, karin, with_password
) -> None:
    with_password(karin)
    answer = come_in(nobody, password="gissning")
    assert answer.status_code == 422
    assert "E-postadressen eller lösenordet stämmer inte" in answer.content.decode()
    event = SignInEvent.objects.get()
    assert (event.ok, event.why, event.user_id) == (False, "password", karin.user_id)


def test_an_unknown_address_gets_the_same_answer_as_a_wrong_password(nobody, karin, with_password) -> None:
    with_password(karin)
    known = come_in(nobody, password="gissning").content.decode()
    unknown = come_in(nobody, address="ingen@test.livlina.example").content.decode()
    assert "E-postadressen eller lösenordet stämmer inte" in unknown
    assert len(known) - len(ADDRESS) == len(unknown) - len("ingen@test.livlina.example")
    assert SignInEvent.objects.filter(user_id=None, ok=False).count() == 1


def test_whoever_guesses_is_stopped_even_with_the_right_password_at_last(
    nobody, karin, with_password
) -> None:
    with_password(karin)
    for _ in range(5):
        come_in(nobody, password="gissning")
    answer = come_in(nobody)
    assert "För många försök har misslyckats" in answer.content.decode()
    assert nobody.get("/start/").headers["Location"] == "/sign-in/"


def test_with_two_assignments_she_chooses_and_may_change_her_mind(
    nobody, karin, with_password, second_assignment
) -> None:
    with_password(karin)
    come_in(nobody)
    assert nobody.get("/start/").headers["Location"] == "/assignment/"
    page = nobody.get("/assignment/").content.decode()
    assert "Biståndsenheten" in page
    assert "Mottagningen" in page
    key = nobody.cookies["livlina_session"].value
    nobody.post("/assignment/", {"assignment": str(second_assignment.pk)})
    assert "Mottagningssekreterare" in nobody.get("/officer/").content.decode()
    assert nobody.cookies["livlina_session"].value != key
    nobody.post("/assignment/", {"assignment": str(karin.assignment_id)})
    assert "Biståndshandläggare" in nobody.get("/officer/").content.decode()


def test_whoever_works_in_two_municipalities_chooses_between_them_and_sees_one_at_a_time(
    nobody, karin, sjohaga, with_password
) -> None:
    with_password(karin)
    with tenancy.acting(sjohaga.pk, (1, 2, 3)):
        unit = Unit.objects.create(municipality=sjohaga, name="Socialjouren i Sjöhaga", side="authority")
        there = Assignment.objects.create(
            municipality=sjohaga,
            user_id=karin.user_id,
            unit=unit,
            role="duty_officer",
            title="Socialjour",
            compartments=[1],
            valid_from=date(2024, 1, 1),
        )
    come_in(nobody)
    page = nobody.get("/assignment/").content.decode()
    assert "Biståndsenheten, Åsvalla kommun" in page
    assert "Socialjouren i Sjöhaga, Sjöhaga kommun" in page
    nobody.post("/assignment/", {"assignment": str(there.pk)})
    page = nobody.get("/officer/").content.decode()
    assert "Sjöhaga kommun" in page
    assert "Åsvalla" not in page


def test_she_cannot_choose_someone_elses_assignment(
    nobody, karin, petra, with_password, second_assignment
) -> None:
    with_password(karin)
    come_in(nobody)
    assert nobody.post("/assignment/", {"assignment": str(petra.assignment_id)}).status_code == 422
    assert nobody.get("/officer/").status_code == 302


def test_without_an_assignment_today_she_is_told_so_and_sees_nothing(nobody, karin, with_password) -> None:
    with_password(karin)
    Assignment.objects.update(valid_to=date(2025, 1, 1))
    come_in(nobody)
    assert nobody.get("/start/").headers["Location"] == "/assignment/"
    assert "Du har inget uppdrag i dag" in nobody.get("/assignment/").content.decode()
    assert nobody.get("/officer/").status_code == 302


def test_an_assignment_that_ended_yesterday_opens_nothing_today(client_of, karin) -> None:
    browser = client_of(karin)
    assert browser.get("/officer/").status_code == 200
    from livlina.core import clock

    Assignment.objects.filter(pk=karin.assignment_id).update(valid_to=clock.today() - timedelta(days=1))
    assert browser.get("/officer/").headers["Location"].startswith("/sign-in/")


def test_a_user_switched_off_is_out_with_the_next_request(client_of, karin) -> None:
    browser = client_of(karin)
    assert browser.get("/officer/").status_code == 200
    User.objects.filter(pk=karin.user_id).update(is_active=False)
    assert browser.get("/officer/").headers["Location"].startswith("/sign-in/")
    assert browser.get("/sessions/").headers["Location"].startswith("/sign-in/")


def test_a_user_switched_off_is_told_so_at_the_door(nobody, karin, with_password) -> None:
    with_password(karin)
    User.objects.filter(pk=karin.user_id).update(is_active=False)
    assert come_in(nobody).headers["Location"] == "/account/inactive/"
    assert "Kontot är avstängt" in nobody.get("/account/inactive/").content.decode()
    assert nobody.get("/officer/").status_code == 302


def test_a_form_from_elsewhere_signs_nobody_in(karin, with_password) -> None:
    with_password(karin)
    strict = Client(enforce_csrf_checks=True, HTTP_HOST="localhost")
    assert come_in(strict).status_code == 403
    assert strict.post("/assignment/", {"assignment": str(karin.assignment_id)}).status_code == 403
    assert not Session.objects.filter(user_id=karin.user_id).exists()


@pytest.mark.parametrize(
    "name",
    [
        "account_signup",
        "account_email",
        "account_reset_password",
        "socialaccount_connections",
        "mfa_signup_webauthn",
    ],
)
def test_nobody_signs_up_or_changes_their_address(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.parametrize("actor", ["karin", "petra", "ola"])
def test_each_role_has_its_own_start_page(request, client_of, actor: str) -> None:
    browser = client_of(request.getfixturevalue(actor))
    home = browser.get("/start/").headers["Location"]
    assert home == {"karin": "/officer/", "petra": "/provider/", "ola": "/operations/"}[actor]
    assert browser.get(home).status_code == 200
    assert browser.get("/").headers["Location"] == "/start/"


def test_a_start_page_is_not_open_to_another_side(client_of, karin, petra) -> None:
    assert client_of(petra).get("/officer/").status_code == 404
    assert client_of(karin).get("/provider/").status_code == 404

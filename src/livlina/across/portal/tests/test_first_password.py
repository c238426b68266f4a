"""A first password, or a new one, by a link that is handed over; and a passkey that is lost."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator

from livlina.across.portal import actions
from livlina.across.portal.models import PasswordLink
from livlina.across.portal.tests.fixtures import PASSWORD
from livlina.across.portal.tests.test_staff_sign_in import come_in
from livlina.core import clock
from livlina.core.access import Refused
from livlina.core.models import AuditEvent, Session, User
from tests.people import SignedIn

NEW = "sju sorters kakor till kaffet"


@pytest.fixture
def link(client_of, ola, karin, fresh_sign_in) -> str:
    """The address that Ola is shown for Karin."""
    page = client_of(ola).post(f"/operations/staff/{karin.user_id}/link").content.decode()
    return page.split("http://localhost")[1].split("<")[0]


def choose(browser: SignedIn, link: str, password: str = NEW, again: str | None = None):
    return browser.post(link, {"password1": password, "password2": password if again is None else again})


def test_karin_chooses_a_password_by_the_link_and_comes_in_with_it(nobody, link, karin) -> None:
    assert "Karin Ekdal" in nobody.get(link).content.decode()
    assert choose(nobody, link).headers["Location"] == "/account/password/"
    assert come_in(nobody, password=NEW).headers["Location"] == "/start/"
    assert AuditEvent.objects.filter(verb="portal.password", detail={"user": karin.user_id}).count() == 1


def test_the_link_works_once(nobody, link) -> None:
    choose(nobody, link)
    assert nobody.get(link).status_code == 410
    assert choose(nobody, link, "något helt annat igen").status_code == 410
    assert come_in(nobody, password=NEW).status_code == 302


def test_a_short_or_misspelt_password_uses_nothing_up(nobody, link) -> None:
    assert "inte lika" in choose(nobody, link, NEW, "annat").content.decode()
    short = choose(nobody, link, "kort")
    assert short.status_code == 422
    assert "14 tecken" in short.content.decode()
    assert choose(nobody, link).status_code == 302


def test_the_link_is_too_old_after_two_days(nobody, link, monkeypatch) -> None:
    began = clock.now()
    monkeypatch.setattr(clock, "now", lambda: began + timedelta(hours=47))
    assert nobody.get(link).status_code == 200
    monkeypatch.setattr(clock, "now", lambda: began + timedelta(hours=49))
    assert nobody.get(link).status_code == 410


def test_a_new_link_replaces_the_old_one(nobody, link, ola, karin, now) -> None:
    actions.make_link(User.objects.get(pk=karin.user_id), by=ola, now=now)
    assert nobody.get(link).status_code == 410


def test_nobody_makes_up_or_mends_a_link(nobody, link) -> None:
    head, _, tail = link.rpartition(":")
    for address in (f"{head}:{tail[:-1]}x", "/first-password/okand", f"{link}0"):
        assert nobody.get(address).status_code == 410
        assert choose(nobody, address).status_code == 410


def test_the_address_stands_nowhere_and_is_shown_once(link, client_of, ola, karin) -> None:
    token = link.rpartition("/")[2]
    row = PasswordLink.objects.get()
    assert all(token not in str(value) for value in vars(row).values())
    assert not any(token in str(event.detail) for event in AuditEvent.objects.all())
    page = client_of(ola).get(f"/staff/{karin.user_id}").content.decode()
    assert token not in page
    assert "inte använd" in page


def test_a_new_password_by_the_link_shuts_everything_else_out(nobody, with_password, link, karin) -> None:
    with_password(karin)
    phone = SignedIn(HTTP_HOST="localhost")
    come_in(phone, password=PASSWORD)
    choose(nobody, link)
    assert phone.get("/officer/").status_code == 302
    assert not Session.objects.filter(user_id=karin.user_id).exists()


def test_an_ended_account_has_no_link(nobody, link, ola, karin, now) -> None:
    user = User.objects.get(pk=karin.user_id)
    actions.end_user(user, by=ola, now=now)
    assert nobody.get(link).status_code == 410
    with pytest.raises(actions.AdministrationRefused, match="avslutat"):
        actions.make_link(user, by=ola, now=now)


def test_only_the_administrator_makes_links(karin, maria, anders, client_of, now) -> None:
    for who in (maria, anders):
        with pytest.raises(Refused):
            actions.make_link(User.objects.get(pk=karin.user_id), by=who, now=now)
        assert client_of(who).post(f"/operations/staff/{karin.user_id}/link").status_code == 404


def test_a_lost_passkey_is_removed_and_its_sessions_end(ola, karin, client_of) -> None:
    keys = [
        Authenticator.objects.create(
            user_id=karin.user_id, type=Authenticator.Type.WEBAUTHN, data={"name": name}
        )
        for name in ("Jobbmobilen", "Säkerhetsnyckeln")
    ]
    Authenticator.objects.create(user_id=karin.user_id, type=Authenticator.Type.RECOVERY_CODES, data={})
    hers, his = client_of(karin), client_of(ola)
    assert "Jobbmobilen" in his.get(f"/staff/{karin.user_id}").content.decode()
    his.post(f"/operations/staff/{karin.user_id}/passkeys/{keys[0].pk}/remove")
    assert hers.get("/officer/").status_code == 302
    page = his.get(f"/staff/{karin.user_id}").content.decode()
    assert "Jobbmobilen" not in page
    assert "Säkerhetsnyckeln" in page
    his.post(f"/operations/staff/{karin.user_id}/passkeys/{keys[1].pk}/remove")
    assert not Authenticator.objects.filter(user_id=karin.user_id).exists()  # the reserve codes too


def test_a_passkey_of_someone_else_is_not_removed_through_another(ola, karin, johan, client_of) -> None:
    key = Authenticator.objects.create(
        user_id=johan.user_id, type=Authenticator.Type.WEBAUTHN, data={"name": "X"}
    )
    assert (
        client_of(ola).post(f"/operations/staff/{karin.user_id}/passkeys/{key.pk}/remove").status_code == 404
    )
    assert Authenticator.objects.filter(pk=key.pk).exists()

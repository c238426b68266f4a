"""Sealed keys: two make one, it opens once for a named person, everyone who should know does, another looks into it."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from livlina.across.portal import actions
from livlina.across.portal.actions import AdministrationRefused
from livlina.across.portal.models import SealedKey, SealOpening, SignInEvent
from livlina.across.portal.queries import seals as queries
from livlina.core import outbox
from livlina.core.access import Actor, Refused
from livlina.core.models import AuditEvent, Session
from livlina.registers.watches.models import Watch
from tests.people import staff

DAY = timedelta(days=1)
WHY = "Kommunens inloggning är borta och jag har ingen passkey."


@pytest.fixture
def olga(asvalla) -> Actor:
    """The other administrator."""
    return staff(asvalla, "Olga Berg", "administrator", "Förvaltning")


@pytest.fixture
def key(ola, olga, now) -> tuple[SealedKey, str]:
    """A key that Ola asked for and Olga made, with its code."""
    asked = actions.ask_seal("Kassaskåpet i kommunhuset", by=ola, now=now)
    return asked, actions.make_seal(asked, by=olga, now=now)


def opened(browser: Any, key: tuple[SealedKey, str], **other: Any) -> Any:
    """Fill in what is on the paper in the envelope."""
    given = {
        "place": "asvalla", "number": key[0].number, "code": key[1], "email": "karin.ekdal@test.livlina.example",
        "why": WHY,
    }  # fmt: skip
    return browser.post("/sign-in/sealed-key/", given | other)


def test_it_takes_two_to_make_one_and_the_code_is_stored_nowhere(ola, olga, now) -> None:
    asked = actions.ask_seal("Brandstationen", by=ola, now=now)
    with pytest.raises(AdministrationRefused, match="Du bad själv"):
        actions.make_seal(asked, by=ola, now=now)
    code = actions.make_seal(asked, by=olga, now=now)
    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){7}[0-9A-HJKMNP-TV-Z]{4}", code)
    row = SealedKey.objects.values().get(pk=asked.pk)
    assert code not in str(row)
    with pytest.raises(AdministrationRefused):
        actions.make_seal(asked, by=olga, now=now)


def test_nor_does_the_database_let_one_person_be_two(ola, now) -> None:
    asked = actions.ask_seal("Brandstationen", by=ola, now=now)
    with pytest.raises(IntegrityError, match="sealed_key_takes_two"), transaction.atomic():
        SealedKey.objects.filter(pk=asked.pk).update(made_at=now, made_by_id=ola.user_id, code_hash="x")


def test_only_administrators_keep_them(maria, anders, now) -> None:
    for actor in (maria, anders):
        with pytest.raises(Refused):
            actions.ask_seal("Kassaskåpet", by=actor, now=now)


def test_karin_opens_one_and_has_an_hour_of_care_duties_as_herself(nobody, karin, key, at, now) -> None:
    assert opened(nobody, key).headers["Location"] == "/start/"
    page = nobody.get("/officer/").content.decode()
    assert "Karin Ekdal" in page
    assert "Reservläge:" in page
    assert nobody.get("/officer/records/requests").status_code == 403
    assert Session.objects.get(user_id=karin.user_id).expire_date == now + timedelta(hours=1)
    at(now + timedelta(minutes=61))
    assert nobody.get("/officer/").status_code == 302
    assert SignInEvent.objects.get().kind == "seal"


def test_letters_read_wrong_and_small_ones_open_too(nobody, karin, key) -> None:
    code = key[1].lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert opened(nobody, key, code=code).status_code == 302


def test_it_opens_once(nobody, karin, key) -> None:
    opened(nobody, key)
    nobody.post("/account/sign-out/")
    assert opened(nobody, key).status_code == 422


WRONG = {
    "another code": {"code": "-".join(["AAAA"] * 8)},
    "another number": {"number": 77},
    "an account that is not there": {"email": "ingen@test.livlina.example"},
    "an account that only administers": {"email": "ola.krantz@test.livlina.example"},
    "another municipality": {"place": "sjohaga"},
}


@pytest.mark.parametrize("what", WRONG)
def test_whatever_is_wrong_the_answer_is_one_and_the_key_is_whole(nobody, karin, ola, key, what: str) -> None:
    answer = opened(nobody, key, **WRONG[what])
    assert answer.status_code == 422
    assert "Det gick inte. Kontrollera numret och koden" in answer.content.decode()
    assert not SealOpening.objects.exists()
    assert (SignInEvent.objects.get().kind, SignInEvent.objects.get().ok) == ("seal", False)
    assert opened(nobody, key).status_code == 302


def test_it_says_why_or_does_not_open(nobody, karin, key) -> None:
    assert opened(nobody, key, why=" ").status_code == 422
    assert not SealOpening.objects.exists()


def test_whoever_tries_again_and_again_is_stopped(nobody, karin, key) -> None:
    for _ in range(10):
        opened(nobody, key, code="gissning")
    assert opened(nobody, key).status_code == 429


def test_it_is_loud(nobody, karin, maria, duty, ola, key, client_of, at, now) -> None:
    opened(nobody, key)
    outbox.deliver_waiting()
    assert set(Watch.objects.values_list("type", "role")) == {
        ("portal.seal_broken", "unit_manager"),
        ("portal.seal_broken_duty", "duty_officer"),
    }
    assert AuditEvent.objects.get(verb="portal.open_seal").reason == WHY
    assert "Nödnyckel 1 öppnades av Karin Ekdal" in client_of(ola).get("/operations/").content.decode()


def test_somebody_else_looks_into_it_and_then_it_is_quiet(
    nobody, karin, maria, johan, ola, key, client_of, at
) -> None:
    opened(nobody, key)
    outbox.deliver_waiting()
    row = SealOpening.objects.get()
    page = f"/sealed-keys/openings/{row.pk}"
    assert client_of(johan).get(page).status_code == 404
    browser = client_of(maria)
    assert WHY in browser.get(page).content.decode()
    assert browser.post(page, {"justified": "yes"}).status_code == 422
    assert browser.post(page, {"justified": "yes", "review": "Ringde Karin."}).status_code == 302
    outbox.deliver_waiting()
    assert not Watch.objects.filter(closed_at=None).exists()
    assert "Nödnyckel 1 öppnades" not in client_of(ola).get("/operations/").content.decode()
    with pytest.raises(AdministrationRefused):
        actions.review_opening(row, True, "Igen.", by=ola, now=row.at)


def test_nobody_looks_into_their_own(asvalla, nobody, maria, key, now) -> None:
    opened(nobody, key, email="maria.lundell@test.livlina.example")
    with pytest.raises(Refused):
        actions.review_opening(SealOpening.objects.get(), True, "Bra.", by=maria, now=now)


def test_each_is_looked_at_once_a_month_or_it_is_told(ola, key, now, at, client_of) -> None:
    here = ola.municipality_id
    assert queries.overdue(here, now + 30 * DAY) == []
    assert [one.key.number for one in queries.overdue(here, now + 32 * DAY)] == [1]
    at(now + 32 * DAY)
    assert "Nödnyckel 1 behöver kontrolleras" in client_of(ola).get("/operations/").content.decode()
    actions.check_seal(key[0], True, "", by=ola, now=now + 32 * DAY)
    assert queries.overdue(here, now + 33 * DAY) == []
    actions.check_seal(key[0], False, "Kuvertet är borta.", by=ola, now=now + 34 * DAY)
    at(now + 34 * DAY)
    assert "Nödnyckel 1 är trasig: ersätt den" in client_of(ola).get("/operations/").content.decode()


def test_two_places_are_wanted(ola, olga, key, client_of, now) -> None:
    words = "Det finns inte nycklar som gäller på två olika ställen"
    assert words in client_of(ola).get("/operations/sealed-keys/").content.decode()
    other = actions.ask_seal("Brandstationen", by=ola, now=now)
    actions.make_seal(other, by=olga, now=now)
    assert words not in client_of(ola).get("/operations/sealed-keys/").content.decode()


def test_the_administrators_make_test_and_withdraw_one_on_the_pages(ola, olga, client_of: Callable) -> None:
    first, second = client_of(ola), client_of(olga)
    assert first.post("/operations/sealed-keys/new", {"place": "Brandstationen"}).status_code == 302
    key = SealedKey.objects.get()
    page = f"/operations/sealed-keys/{key.pk}"
    assert "En annan systemadministratör gör den" in first.get(page).content.decode()
    assert first.post(f"{page}/make").status_code == 422
    made = second.post(f"{page}/make").content.decode()
    assert re.search(r"([0-9A-Z]{4}-){7}[0-9A-Z]{4}", made)
    assert second.post(f"{page}/make").status_code == 422
    assert first.post(page, {"whole": "no"}).status_code == 422
    assert first.post(page, {"whole": "yes"}).status_code == 302
    assert "Ola" in first.get(page).content.decode()
    assert first.post(f"{page}/withdraw").status_code == 302
    assert "Makulerad" in first.get("/operations/sealed-keys/").content.decode()


def test_a_neighbours_administrator_finds_nothing(key, sjohaga, client_of) -> None:
    stranger = staff(sjohaga, "Sture Strand", "administrator", "Sjöhagas förvaltning")
    browser = client_of(stranger)
    assert browser.get(f"/operations/sealed-keys/{key[0].pk}").status_code == 404
    assert "Kassaskåpet" not in browser.get("/operations/sealed-keys/").content.decode()

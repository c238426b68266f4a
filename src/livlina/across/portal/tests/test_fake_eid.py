"""The demo's invented e-identification: handy in the demo, and nowhere else."""

import importlib
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import URLPattern

from livlina.across.portal import fake_eid, signin, urls
from livlina.across.portal.models import SignInEvent
from livlina.core import clock
from livlina.core.ids import test_number as number_for
from livlina.registers.people.models import Person
from tests.people import SignedIn

WHO = {"number": "19121212-1212", "given_names": "Tolvan", "family_name": "Tolvansson"}


@pytest.fixture
def reloaded(settings):
    """The portal's routes as they are outside demo and tests, put right again afterwards."""
    settings.TEST = settings.DEMO = False
    yield importlib.reload(urls)
    settings.TEST = True
    importlib.reload(urls)


def names(routes: list[URLPattern]) -> set[str | None]:
    return {route.name for route in routes}


def test_in_the_demo_one_becomes_whoever_one_says(nobody, asvalla) -> None:
    assert nobody.post("/sign-in/demo/asvalla", WHO).headers["Location"] == "/start/"
    assert "Tolvan Tolvansson" in nobody.get("/citizen/").content.decode()
    assert SignInEvent.objects.get().kind == "demo"
    assert Person.objects.get().family_name == "Tolvansson"


def test_the_demo_offers_those_its_loader_noted(nobody, asvalla) -> None:
    from livlina.core.models import Municipality

    offered = WHO | {"why": "Har inga ärenden"}
    found = Municipality(slug="asvalla", parameters={"demo_citizens": [offered]})
    assert [one.why for one in fake_eid.citizens(found)] == ["Har inga ärenden"]
    assert "Påhittad e-legitimation" in nobody.get("/sign-in/demo/asvalla").content.decode()
    assert nobody.get("/sign-in/demo/elsewhere").status_code == 404


def test_a_number_that_cannot_be_is_told_in_words(nobody, asvalla) -> None:
    answer = nobody.post("/sign-in/demo/asvalla", WHO | {"number": "19121212-1213"})
    assert answer.status_code == 422
    assert "Kontrollsiffran stämmer inte" in answer.content.decode()


def test_outside_demo_its_route_is_not_there(reloaded) -> None:
    assert "demo_eid" not in names(reloaded.public)
    assert "sign_in" in names(reloaded.public)


def test_outside_demo_the_function_itself_refuses(asvalla, settings, rf) -> None:
    settings.TEST = settings.DEMO = False
    who = signin.Identity(number_for(date(1960, 1, 2), "female", 1).value, "Vera", "Vall")
    with pytest.raises(fake_eid.OnlyInDemo):
        fake_eid.sign_in(rf.post("/"), who, asvalla, "")
    with pytest.raises(fake_eid.OnlyInDemo):
        fake_eid.citizens(asvalla)


def test_the_sign_in_page_offers_each_municipality_and_hides_what_is_not_there(nobody, settings) -> None:
    page = nobody.get("/sign-in/").content.decode()
    assert "Påhittad e-legitimation, Åsvalla kommun" in page
    assert "Påhittad e-legitimation, Sjöhaga kommun" in page
    assert "Kommunens inloggning" not in page
    settings.TEST = False
    assert "Påhittad" not in nobody.get("/sign-in/").content.decode()


def test_a_citizens_session_ends_after_an_hour_of_rest(nobody, asvalla, monkeypatch) -> None:
    nobody.post("/sign-in/demo/asvalla", WHO)
    began = datetime.now(UTC)
    monkeypatch.setattr(clock, "now", lambda: began + timedelta(minutes=50))
    assert nobody.get("/citizen/").status_code == 200
    monkeypatch.setattr(clock, "now", lambda: began + timedelta(minutes=70))
    assert nobody.get("/citizen/").status_code == 302


def test_a_citizen_is_nobody_among_staff(nobody, asvalla) -> None:
    nobody.post("/sign-in/demo/asvalla", WHO)
    assert nobody.get("/own-reads/").status_code == 404
    assert nobody.get("/assignment/").headers["Location"] == "/sign-in/"
    assert nobody.get("/account/passkeys/").status_code == 404
    assert SignedIn(HTTP_HOST="localhost").get("/citizen/").status_code == 302

"""Start pages: parts of other rooms, and Ctrl K."""

import pytest


@pytest.fixture
def half_built(settings):
    """A house in which some rooms are missing."""
    settings.START_PAGES = {
        "officer": [
            {"title": "Finns inte", "url": "nowhere:list"},
            {"title": "Inte för Karin", "url": "portal_public:log_review", "verb": "portal.review"},
            {"title": "Utan regel", "url": "portal_public:own_reads", "verb": "nowhere.read"},
            {"title": "Det lästa", "url": "portal_public:own_reads", "fragment": "nowhere:piece"},
        ]
    }


def test_a_missing_room_leaves_the_start_page_standing(client_of, karin, half_built) -> None:
    page = client_of(karin).get("/officer/").content.decode()
    assert "Det lästa" in page
    assert not any(words in page for words in ("Finns inte", "Inte för Karin", "Utan regel", "hx-get"))


def test_what_can_be_shown_is_also_a_link_so_that_it_works_without_scripts(client_of, karin) -> None:
    page = client_of(karin).get("/officer/").content.decode()
    assert 'href="/officer/watches"' in page
    assert 'hx-get="/officer/watches/fragment"' in page


def test_every_part_on_a_start_page_opens_for_those_who_see_it(client_of, request) -> None:
    for name in ("karin", "maria", "eva", "duty", "sofia", "petra", "ali", "lena", "ola", "anders"):
        browser = client_of(request.getfixturevalue(name))
        home = browser.get("/start/").headers["Location"]
        page = browser.get(home).content.decode().partition("<main")[2].partition("</main")[0]
        for attribute in ('href="/', 'hx-get="/'):
            for rest in page.split(attribute)[1:]:
                address = f"/{rest.split(chr(34))[0]}"
                assert browser.get(address).status_code == 200, (name, address)


def test_ctrl_k_finds_persons_and_places(client_of, karin, astrid) -> None:
    browser = client_of(karin)
    persons = browser.post("/officer/palette", {"q": "Astrid Lind"}).json()["results"]
    assert [one["label"] for one in persons] == ["Astrid Margareta Lindqvist"]
    assert browser.get(persons[0]["url"]).status_code == 200
    places = browser.post("/officer/palette", {"q": "bev"}).json()["results"]
    assert places[0] == {"label": "Bevakningar", "hint": "Sida", "url": "/officer/watches"}
    assert browser.post("/officer/palette", {"q": ""}).status_code == 200


def test_ctrl_k_shows_no_protected_person(client_of, karin, astrid) -> None:
    type(astrid).objects.filter(pk=astrid.pk).update(protection="secrecy_marked")
    assert client_of(karin).post("/officer/palette", {"q": "Astrid Lind"}).json() == {"results": []}


def test_ctrl_k_is_for_those_who_may_search(client_of, eva, petra) -> None:
    for actor in (eva, petra):
        assert client_of(actor).post("/officer/palette", {"q": "Astrid"}).status_code == 404


def test_those_who_run_the_system_are_led_only_where_they_may_go(client_of, anders):
    page = client_of(anders).get("/operations/").content.decode()
    assert 'href="/operations/"' in page
    assert 'href="/officer/"' not in page
    assert 'role="search"' not in page

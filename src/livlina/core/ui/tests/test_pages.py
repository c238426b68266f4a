"""Layouts, components and error pages as text: what must hold for every template we write."""

import re
from pathlib import Path

import pytest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory

from livlina.core.access import Actor
from livlina.core.ui import views
from livlina.core.ui.links import links_for

UI = Path(__file__).resolve().parent.parent
TEMPLATES = sorted((UI / "templates").rglob("*.html"))
KARIN = Actor(
    "staff", 1, "case_worker", "Karin Holm", title="Biståndshandläggare", unit_name="Biståndsenheten"
)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_holds_inline_script_or_style(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|hx-on|javascript:", text)
    assert all('src="' in tag for tag in re.findall(r"<script[^>]*>", text))


def test_our_own_script_and_style_stay_small():
    lines = {path.name: len(path.read_text().splitlines()) for path in (UI / "static" / "ui").glob("*.*")}
    assert sum(count for name, count in lines.items() if name.endswith(".js")) < 500
    assert lines["livlina.css"] < 350


def test_nothing_in_the_assets_asks_another_host_for_anything():
    for path in (UI / "static").rglob("*.css"):
        assert not re.search(r"url\(['\"]?(https?:)?//|@import", path.read_text(encoding="utf-8")), path


@pytest.mark.parametrize("name", ["400.html", "403_csrf.html", "404.html", "500.html", "503.html"])
def test_an_error_page_stands_without_request_and_without_database(name):
    html = render_to_string(name)
    assert "<h1" in html
    assert 'lang="sv"' in html


def test_the_page_for_a_dead_database_says_what_is_kept_and_asks_for_patience():
    answer = views.unavailable(RequestFactory().get("/"))
    assert answer.status_code == 503
    assert answer["Retry-After"] == "30"
    assert "Allt som är sparat finns kvar" in answer.content.decode()


def test_a_stranger_and_a_missing_page_get_the_same_words():
    assert "Sidan finns inte eller så har du inte tillgång till den" in render_to_string("404.html")


def test_the_demo_says_so_and_a_real_house_does_not():
    assert "DEMO" in render_to_string("ui/plain.html", {"demo": True})
    assert "DEMO" not in render_to_string("ui/plain.html", {"demo": False})


def test_a_struck_note_is_read_out_as_struck_and_keeps_its_words():
    context = {
        "text": "Bertil ringde.",
        "struck": True,
        "struck_words": "Struken av Johan Berg.",
        "correction": "Flyttad.",
    }
    html = render_to_string("ui/components/note.html", context)
    assert re.search(r"<del><span class=\"ds-sr-only\">Struken text: </span>Bertil ringde\.", html)
    assert "<ins>Flyttad.</ins>" in html


@pytest.mark.parametrize("level", ["acute", "high", "normal", "low"])
def test_a_priority_is_a_word_and_a_shape(level):
    shapes = Template("{% load ui %}{% priority level %}").render(Context({"level": level}))
    assert re.search(r"</svg>(Akut|Hög|Normal|Låg)</span>", shapes)


def test_a_chart_is_a_table_that_can_be_read_without_seeing_it():
    rows = [("Hemtjänst", 42), ("Larm", 21), ("Inget", 0)]
    html = Template('{% load ui %}{% bar_chart "Ärenden" rows "Antal" %}').render(Context({"rows": rows}))
    assert [part.split('"')[0] for part in html.split('<rect width="')[1:]] == ["100.0", "50.0", "0.0"]
    assert "<td>42</td>" in html


def test_an_empty_chart_is_no_fault():
    assert "<table" in Template('{% load ui %}{% bar_chart "Ärenden" rows %}').render(Context({"rows": []}))


@pytest.fixture
def menu(settings):
    settings.LIVLINA_UI = {
        "officer": {
            "home": "/officer/",
            "search": "/officer/search",
            "help": "no:such",
            "menu": [
                ("Att göra", "/officer/", None),
                ("Bevakningar", "/officer/watches", None),
                ("Nytt", "no:such", None),
            ],
        }
    }


def test_the_menu_marks_where_one_is_and_leaves_out_what_is_not_built(menu):
    request = RequestFactory().get("/officer/watches/17")
    request.actor = KARIN
    links = links_for("officer", request)
    assert [(row.label, row.current) for row in links.menu] == [("Att göra", False), ("Bevakningar", True)]
    assert links.help == ""


def test_a_long_menu_shows_eight_and_where_one_is_and_keeps_the_rest_under_one_word(settings):
    rows = [(f"Sida {number}", f"/officer/{number}/", None) for number in range(1, 13)]
    settings.LIVLINA_UI = {"officer": {"home": "/officer/", "menu": rows}}
    request = RequestFactory().get("/officer/11/")
    request.actor = KARIN
    links = links_for("officer", request)
    assert [row.label for row in links.bar] == [*(f"Sida {number}" for number in range(1, 9)), "Sida 11"]
    assert [row.label for row in links.more] == ["Sida 9", "Sida 10", "Sida 12"]
    assert [row.label for row in links.tucked] == [f"Sida {number}" for number in range(4, 9)]
    settings.LIVLINA_UI["officer"]["menu"] = rows[:6]
    assert links_for("officer", request).tucked == []  # two lines on a telephone are no more than that
    settings.LIVLINA_UI["officer"]["menu"] = rows[:9]
    assert links_for("officer", request).more == []  # nobody opens a list of one
    html = render_to_string("ui/officer.html", {"municipality": "Åsvalla kommun", "request": request})
    assert "Sida 9" in html
    assert '<li class="lv-narrow"><details' in html  # for telephones alone


def test_the_officers_bar_says_who_one_is_and_posts_the_search(menu):
    request = RequestFactory().get("/officer/")
    request.actor = KARIN
    html = render_to_string("ui/officer.html", {"municipality": "Åsvalla kommun", "request": request})
    assert "Biståndshandläggare, Biståndsenheten" in html
    assert re.search(r'role="search" method="post" action="/officer/search"', html)
    assert 'data-size="sm"' in html


def choose(data, host="testserver"):
    request = RequestFactory().post("/ui/preferences", data)
    return views.preferences(request)


def test_a_choice_of_dark_is_kept_and_one_comes_back_to_the_same_page():
    answer = choose({"scheme": "dark", "next": "/officer/watches"})
    assert answer["Location"] == "/officer/watches"
    assert answer.cookies["livlina_scheme"].value == "dark"


@pytest.mark.parametrize("where", ["https://elak.example/", "//elak.example", "javascript:alert(1)"])
def test_a_choice_never_leads_away_from_the_house(where):
    assert choose({"scheme": "dark", "next": where})["Location"] == "/"


def test_a_choice_that_does_not_exist_is_not_kept():
    assert not choose({"scheme": "pink", "keys": "maybe"}).cookies


def test_the_chosen_colours_stand_in_the_page():
    request = RequestFactory().get("/")
    request.COOKIES["livlina_scheme"] = "dark"
    assert 'data-color-scheme="dark"' in render_to_string("ui/plain.html", {"request": request})

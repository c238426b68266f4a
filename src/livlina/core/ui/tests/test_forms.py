"""The form renderer: what stands in the page when a form is shown, and when it is refused."""

from datetime import date
from html.parser import HTMLParser

import pytest
from django import forms
from django.template import Context, Template

from livlina.core.ui.forms import DateField, OnceMixin
from livlina.core.ui.gallery import GalleryForm


class Page(HTMLParser):
    """The tags of a piece of HTML, by id."""

    def __init__(self, html):
        super().__init__()
        self.tags = []
        self.feed(str(html))

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def by_id(self, id_):
        return next(attrs for _, attrs in self.tags if attrs.get("id") == id_)

    def ids(self):
        return [attrs["id"] for _, attrs in self.tags if "id" in attrs]


class Visit(forms.Form):
    day = DateField(
        label="Dag", help_text="Skriv så här: 2026-11-25", today=lambda: date(2026, 3, 2), not_after=date(2026, 3, 2),
        not_before=date(2026, 1, 3), why_before="ärendet började då",
    )  # fmt: skip
    hours = forms.IntegerField(label="Timmar", required=False, max_value=10)


def test_every_field_has_its_label_and_its_help_tied_to_it():
    page = Page(Visit())
    assert page.by_id("id_day")["aria-describedby"] == "id_day_helptext"
    assert ("label", {"class": "ds-label", "for": "id_day"}) in page.tags
    assert "aria-invalid" not in page.by_id("id_day")


def test_a_refused_field_says_so_and_points_at_its_error():
    page = Page(Visit({"day": "i går"}))
    field = page.by_id("id_day")
    assert field["aria-invalid"] == "true"
    assert field["aria-describedby"] == "id_day_helptext id_day_error"
    assert field["value"] == "i går"
    assert "id_day_error" in page.ids()


def test_the_summary_has_the_same_words_as_the_field_and_links_to_it():
    html = str(GalleryForm({}))
    assert html.count("Välj en utförare.") == 2
    assert 'href="#id_provider"' in html
    assert 'href="#id_outcome_0"' in html, "a group is reached at its first box"
    assert {part.split('"')[0] for part in html.split('href="#')[1:]} <= set(Page(html).ids())


def test_no_id_is_given_twice():
    ids = Page(GalleryForm({})).ids()
    assert len(ids) == len(set(ids))


def test_the_browsers_own_check_never_stands_in_the_way():
    assert all("required" not in attrs for _, attrs in Page(GalleryForm()).tags)


def test_a_field_that_may_be_left_empty_says_so():
    html = str(Visit())
    assert html.count("frivilligt") == 1


def test_what_was_typed_as_a_number_is_not_thrown_away():
    assert Page(Visit({"day": "2026-03-01", "hours": "två"})).by_id("id_hours")["value"] == "två"


def test_an_understood_date_is_echoed_in_words_and_the_text_stays():
    form = Visit({"day": "1/3"})
    assert form.is_valid()
    assert form.cleaned_data["day"] == date(2026, 3, 1)
    assert "söndag 1 mars 2026" in str(form)
    assert Page(form).by_id("id_day")["value"] == "1/3"


def test_a_date_before_the_case_began_is_refused_with_the_reason():
    form = Visit({"day": "2025-12-30"})
    assert form.errors["day"] == [
        "Datumet 2025-12-30 är för tidigt. Det får inte vara före 2026-01-03 (ärendet började då)."
    ]


def test_a_date_in_the_future_is_refused_where_that_is_wrong():
    assert Visit({"day": "3/3"}).errors["day"] == [
        "Datumet 2026-03-03 är för sent. Det får inte vara efter 2026-03-02."
    ]


def test_markup_in_an_answer_stays_text():
    assert "<script>" not in str(Visit({"day": "<script>alert(1)</script>"}))


def test_each_showing_of_a_form_has_its_own_key_and_a_refused_one_keeps_it():
    class Order(OnceMixin, forms.Form):
        what = forms.CharField()

    first, second = Page(Order()), Page(Order())
    key = first.by_id("id_submission_key")["value"]
    assert key != second.by_id("id_submission_key")["value"]
    assert Page(Order({"submission_key": key})).by_id("id_submission_key")["value"] == key


def test_a_form_laid_out_by_hand_gets_one_summary(rf):
    form = Visit({"day": ""})
    html = Template("{% load ui %}{% error_summary form %}{{ form.day.as_field_group }}").render(
        Context({"form": form})
    )
    assert html.count("data-error-summary") == 1


@pytest.mark.parametrize(("data", "title"), [(None, "<title>Livlina"), ({"day": ""}, "<title>Fel: Livlina")])
def test_the_title_begins_with_an_error_when_there_is_one(data, title):
    form = Visit(data) if data else Visit()
    assert title in Template("{% extends 'ui/plain.html' %}").render(Context({"form": form}))

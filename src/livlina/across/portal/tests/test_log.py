"""The log: one's own, the manager's review of the unit's, and what the citizen sees."""

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from livlina.across.portal import actions, queries
from livlina.across.portal.actions import ReviewNeedsWords
from livlina.across.portal.models import LogReview
from livlina.core import audit, clock
from livlina.core.access import Refused
from livlina.core.ids7 import uuid7
from livlina.core.models import AuditEvent


@pytest.fixture
def this_month(monkeypatch: pytest.MonkeyPatch, now: datetime) -> datetime:
    """The tests' morning is today."""
    monkeypatch.setattr(clock, "now", lambda: now)
    return now


def reads(by, now: datetime, times: int = 1, **more: object) -> list[AuditEvent]:
    for minute in range(times):
        audit.read(
            by,
            "journal.read",
            now=now - timedelta(minutes=minute),
            person_id=more.pop("person_id", None) or uuid7(),
            **more,
        )
    return list(AuditEvent.objects.filter(user_id=by.user_id).order_by("-at"))


def test_karin_sees_what_she_has_read_and_nothing_of_johans(client_of, karin, johan, this_month) -> None:
    reads(karin, this_month, review="protected", reason="Möte i dag")
    reads(johan, this_month, reason="Johans skäl")
    page = client_of(karin).get("/own-reads/").content.decode()
    assert "Läste journalen" in page
    assert "Person med skyddade uppgifter" in page
    assert "Möte i dag" in page
    assert "Johans skäl" not in page


def test_the_list_has_pages_newest_first(client_of, karin, this_month) -> None:
    reads(karin, this_month, times=60)
    browser = client_of(karin)
    first, second = (browser.get(f"/own-reads/?page={number}").content.decode() for number in (1, 2))
    assert first.count("Läste journalen") == 50
    assert second.count("Läste journalen") == 10
    assert "2026-03-02 09:00" in first
    assert "2026-03-02 08:01" in second
    assert browser.get("/own-reads/?page=x").status_code == 200


def test_maria_sees_all_marked_readings_of_her_unit_and_a_sample_of_the_rest(
    client_of, maria, karin, petra, this_month
) -> None:
    reads(karin, this_month, times=40)
    reads(karin, this_month, review="outside", reason="Fel person")
    reads(petra, this_month, review="protected", reason="Utförarens")
    reads(maria, this_month, review="self", reason="Chefens egna")
    page = client_of(maria).get("/log-review/").content.decode()
    assert "Fel person" in page
    assert "Utförarens" not in page
    assert "Chefens egna" not in page
    assert page.count("Dragen i stickprovet") == queries.SAMPLE
    assert f"<b>{queries.SAMPLE + 1}</b> kvar att granska" in page


def test_the_sample_is_the_same_each_time_and_another_next_month(maria, karin, this_month) -> None:
    reads(karin, this_month, times=60)
    march = this_month.date()
    first = [event.pk for event in queries.sample(maria, march)]
    assert first == [event.pk for event in queries.sample(maria, march)]
    assert first != list(AuditEvent.objects.order_by("-at").values_list("pk", flat=True)[: queries.SAMPLE])
    assert queries.sample(maria, march + timedelta(days=40)) == []


def test_maria_judges_a_reading_and_it_leaves_the_count(client_of, maria, karin, this_month) -> None:
    event = reads(karin, this_month, review="outside")[0]
    browser = client_of(maria)
    answer = browser.post(f"/log-review/{event.pk}", {"result": "unjustified", "note": ""})
    assert answer.status_code == 422
    assert "Skriv varför" in answer.content.decode()
    answer = browser.post(f"/log-review/{event.pk}", {"result": "unjustified", "note": "Läste om en granne."})
    assert answer.headers["Location"] == "/log-review/"
    page = browser.get("/log-review/").content.decode()
    assert "Obefogad" in page
    assert "kvar att granska" not in page


def test_a_judgement_is_never_changed_only_followed_by_another(maria, karin, this_month) -> None:
    event = reads(karin, this_month, review="outside")[0]
    actions.review_reading(event, "follow_up", "Fråga Karin", by=maria, now=this_month)
    actions.review_reading(event, "justified", by=maria, now=this_month + timedelta(days=1))
    assert LogReview.objects.count() == 2
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE portal_logreview SET result = 'justified'")
    with pytest.raises(ReviewNeedsWords):
        actions.review_reading(event, "unjustified", " ", by=maria, now=this_month)


def test_nobody_judges_their_own_reading_or_another_units(client_of, maria, karin, petra, this_month) -> None:
    own, others = reads(maria, this_month, review="self")[0], reads(petra, this_month, review="self")[0]
    for event in (own, others):
        with pytest.raises(Refused):
            actions.review_reading(event, "justified", by=maria, now=this_month)
        assert client_of(maria).get(f"/log-review/{event.pk}").status_code == 404
    assert client_of(karin).get("/log-review/").status_code == 404


def test_looking_at_the_log_is_itself_recorded(client_of, maria, this_month) -> None:
    client_of(maria).get("/log-review/?month=2026-02")
    assert AuditEvent.objects.get(verb="portal.review").detail == {"month": "2026-02"}


@pytest.mark.parametrize("month", ["2031-01", "x", "2026-13", ""])
def test_a_month_that_cannot_be_is_this_month(client_of, maria, this_month, month: str) -> None:
    assert "mars 2026" in client_of(maria).get("/log-review/", {"month": month}).content.decode()


@pytest.fixture
def as_anna(nobody, anna, asvalla):
    """Anna, signed in with the demo's invented e-identification."""
    number = anna.numbers.get(current=True).value.value
    nobody.post(
        "/sign-in/demo/asvalla", {"number": number, "given_names": "Anna", "family_name": "Lindqvist Berg"}
    )
    return nobody


def test_anna_sees_which_units_have_read_about_her_but_no_names(as_anna, anna, karin, johan) -> None:
    reads(karin, clock.now(), person_id=anna.pk, reason="Ansökan om hemtjänst")
    reads(johan, clock.now(), reason="Om någon annan")
    page = as_anna.get("/citizen/readers/").content.decode()
    assert "Biståndsenheten" in page
    assert "<td>Handläggare</td>" in page
    assert "Läste journalen" in page
    assert "Ansökan om hemtjänst" in page
    assert "Karin Ekdal" not in page
    assert "Om någon annan" not in page


def test_anna_sees_who_has_read_about_her_mother_as_her_proxy(as_anna, astrid, bertil, karin) -> None:
    reads(karin, clock.now(), person_id=astrid.pk)
    assert "Astrid Lindqvist" in as_anna.get("/citizen/").content.decode()
    assert "Biståndsenheten" in as_anna.get(f"/citizen/readers/{astrid.pk}").content.decode()
    assert as_anna.get(f"/citizen/readers/{bertil.pk}").status_code == 404

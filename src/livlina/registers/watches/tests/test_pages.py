"""The pages: one line each, why and what if, and words when something is refused."""

from datetime import timedelta
from uuid import uuid4

import pytest

from livlina.core import clock
from livlina.core.models import AuditEvent
from livlina.registers.people.models import Person
from livlina.registers.watches import actions
from livlina.registers.watches.actions import Owner
from livlina.registers.watches.models import Watch, declare
from livlina.registers.watches.models.kinds import KINDS
from livlina.registers.watches.tests.fixtures import LADDER


@pytest.fixture
def watch(kinds, karin, astrid) -> Watch:
    """A dangerous watch about Astrid on Karin's unit, due an hour ago by the wall clock (pages read the real one)."""
    wall = clock.now()
    return actions.raise_watch(
        "test.danger", ("thing", uuid4()), owner=Owner("case_worker", karin.unit_id),
        due_at=wall - timedelta(minutes=30), person_id=astrid.pk, by=karin, now=wall - timedelta(hours=2),
    )  # fmt: skip


def test_the_list_says_what_why_and_when(client_of, karin, watch):
    page = client_of(karin).get("/officer/watches").content.decode()
    assert "Larmet svarar inte: Astrid Lindqvist" in page
    assert "Larmet har varit tyst." in page
    assert "Försenad" in page
    read = AuditEvent.objects.get(verb="watches.read")
    assert read.detail == {"persons": [str(watch.person_id)]}


def test_two_duties_of_one_kind_are_told_apart_by_what_the_rules_call_them(client_of, kinds, karin, astrid):
    wall = clock.now()
    for about in ("Underställ rätten", "Ansök om vård"):
        actions.raise_watch(
            "test.danger", ("thing", uuid4()), owner=Owner("case_worker", karin.unit_id), about=about,
            due_at=wall - timedelta(minutes=30), person_id=astrid.pk, by=karin, now=wall - timedelta(hours=2),
        )  # fmt: skip
    page = client_of(karin).get("/officer/watches").content.decode()
    assert "Underställ rätten: Astrid Lindqvist" in page
    assert "Ansök om vård: Astrid Lindqvist" in page


def test_a_protected_persons_name_stands_in_no_list(client_of, karin, watch):
    Person.objects.filter(pk=watch.person_id).update(protection="secrecy_marked")
    for address in ("/officer/watches", "/officer/watches/fragment", f"/officer/watches/{watch.pk}"):
        page = client_of(karin).get(address).content.decode()
        assert "Astrid" not in page
        assert "Skyddade personuppgifter" in page


def test_the_page_of_a_watch_says_what_happens_if_nobody_does_anything(client_of, karin, watch):
    page = client_of(karin).get(f"/officer/watches/{watch.pk}").content.decode()
    assert "Ingen hör ett larm." in page


def test_a_stranger_finds_nothing(client_of, sofia, sara, petra, watch):
    assert client_of(sofia).get(f"/officer/watches/{watch.pk}").status_code == 404
    assert client_of(sara).get(f"/officer/watches/{watch.pk}").status_code == 404
    assert client_of(petra).get(f"/provider/watches/{watch.pk}").status_code == 404
    assert client_of(petra).get(f"/officer/watches/{watch.pk}").status_code == 404


def test_a_watch_is_closed_by_a_press_and_a_second_press_changes_nothing(client_of, karin, watch):
    browser, key = client_of(karin), str(uuid4())
    for _ in range(2):
        answer = browser.post(f"/officer/watches/{watch.pk}/done", {"submission_key": key})
        assert answer.status_code == 302
    watch.refresh_from_db()
    assert watch.state(clock.now()) == "closed"
    assert "Inget behöver göras i dag." in browser.get("/officer/watches").content.decode()


def test_a_refused_snooze_keeps_what_was_written_and_says_why(client_of, karin, watch):
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    answer = client_of(karin).post(
        f"/officer/watches/{watch.pk}/snooze",
        {"snooze-until": tomorrow, "snooze-reason": "Ringer i morgon", "submission_key": str(uuid4())},
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "bevakningen gäller fara" in page
    assert "Ringer i morgon" in page
    assert "<title>Fel: " in page


def test_a_calm_watch_is_snoozed_ignored_and_handed_over_in_the_browser(client_of, kinds, karin, johan, now):
    wall = clock.now()
    owner = Owner("case_worker", karin.unit_id, karin.user_id)
    watch = actions.raise_watch("test.calm", ("thing", uuid4()), owner=owner, due_at=wall, by=karin, now=wall)
    browser = client_of(karin)
    johans = f"{johan.unit_id}|case_worker|{johan.user_id}"
    for verb, data in (
        (
            "snooze",
            {
                "snooze-until": (clock.today() + timedelta(days=2)).isoformat(),
                "snooze-reason": "Väntar på svar",
            },
        ),
        ("ignore", {"ignore-reason": "Fel område"}),
        ("hand_over", {"hand_over-to": johans, "hand_over-reason": "Johan har området"}),
    ):
        address = f"/officer/watches/{watch.pk}/{verb.replace('_', '-')}"
        assert browser.post(address, {"submission_key": str(uuid4())}).status_code == 422
        assert browser.post(address, data | {"submission_key": str(uuid4())}).status_code == 302
    watch.refresh_from_db()
    assert watch.user_id == johan.user_id


def test_the_manager_sees_what_is_noise(client_of, maria, karin, watch):
    page = client_of(maria).get("/officer/watches/statistics").content.decode()
    assert "Larmet svarar inte" in page
    assert "1 (100 %)" in page
    assert client_of(karin).get("/officer/watches/statistics").status_code == 404


def test_the_page_of_a_firm_watch_offers_no_way_to_put_it_off(client_of, watch_for, karin, now):
    declare(
        "test.firm", "Beslutet upphör", "Lagen.", "Barnet förs hem.", danger=True, ladder=LADDER, firm=True
    )
    try:
        watch = watch_for(karin, "test.firm", due=now)
        browser = client_of(karin)
        page = browser.get(f"/officer/watches/{watch.pk}").content.decode()
        assert "försvinner när det den gäller är gjort" in page
        assert "Skjut upp</h2>" not in page
        assert "avsluta bevakningen" not in page
        done = browser.post(
            f"/officer/watches/{watch.pk}/done", {"submission_key": str(uuid4())}, follow=True
        )
        assert "inte skjutas upp" in done.content.decode()
        watch.refresh_from_db()
        assert watch.closed_at is None
    finally:
        del KINDS["test.firm"]

"""One takes the alarm and everybody knows who; what was done stands in the journal when it is over."""

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, connections

from livlina.core.access import Actor, Refused
from livlina.core.models import AuditEvent
from livlina.core.tenancy import acting
from livlina.provider.alarms.actions import alarm as deeds
from livlina.provider.alarms.actions.alarm import AlarmFault
from livlina.provider.alarms.models import Alarm, AlarmEvent
from livlina.provider.alarms.queries import alarm as queries
from livlina.provider.alarms.tests.fixtures import record
from livlina.registers.journal.models import Note
from livlina.registers.people.models import Person, ProtectedAccess


def did(alarm: Alarm) -> list[str]:
    return list(AlarmEvent.objects.filter(alarm=alarm).order_by("number").values_list("did", flat=True))


def test_whoever_presses_second_is_told_who_was_first(astrids_alarm, ali, petra, now) -> None:
    deeds.accept(astrids_alarm.pk, by=ali, now=now)
    deeds.accept(astrids_alarm.pk, by=ali, now=now)
    with pytest.raises(AlarmFault, match="Ali Hassan har redan tagit emot larmet"):
        deeds.accept(astrids_alarm.pk, by=petra, now=now)
    assert did(astrids_alarm).count("accepted") == 1


def test_of_six_who_press_at_the_same_moment_one_wins(
    own_database, astrids_alarm, ali, petra, lena, now
) -> None:
    told: list[str] = []
    start = threading.Barrier(6)

    def press(by: Actor) -> None:
        try:
            start.wait(10)
            with acting(by.municipality_id, by.compartments):
                deeds.accept(astrids_alarm.pk, by=by, now=now)
            told.append("")
        except AlarmFault as fault:
            told.append(str(fault))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press, args=(by,)) for by in (ali, petra, lena) * 2]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    astrids_alarm.refresh_from_db()
    assert told.count("") == 2, "the winner pressed twice"
    assert {fault for fault in told if fault} == {f"{astrids_alarm.holder_name} har redan tagit emot larmet."}
    assert did(astrids_alarm).count("accepted") == 1


def test_what_is_handed_over_stays_until_the_other_has_taken_it(astrids_alarm, ali, petra, now) -> None:
    deeds.accept(astrids_alarm.pk, by=ali, now=now)
    deeds.offer(astrids_alarm.pk, petra.user_id, by=ali, now=now)
    assert queries.one(ali, astrids_alarm.pk).mine
    assert queries.one(petra, astrids_alarm.pk).offered
    deeds.answer_offer(astrids_alarm.pk, agree=True, by=petra, now=now)
    assert queries.one(petra, astrids_alarm.pk).mine
    with pytest.raises(AlarmFault, match="Petra Nyström har larmet"):
        deeds.close(astrids_alarm.pk, "by_mistake", "Inget.", by=ali, now=now)
    assert did(astrids_alarm)[-2:] == ["offered", "handed_over"]


def test_whoever_declines_leaves_it_with_the_one_who_asked(astrids_alarm, ali, petra, now) -> None:
    deeds.accept(astrids_alarm.pk, by=ali, now=now)
    deeds.offer(astrids_alarm.pk, petra.user_id, by=ali, now=now)
    deeds.answer_offer(astrids_alarm.pk, agree=False, by=petra, now=now)
    assert queries.one(ali, astrids_alarm.pk).mine
    with pytest.raises(AlarmFault, match="inte längre tillfrågad"):
        deeds.answer_offer(astrids_alarm.pk, agree=True, by=petra, now=now)


def test_a_closed_alarm_is_one_entry_in_the_journal(astrids_alarm: Alarm, ali: Actor, now: datetime) -> None:
    later = now + timedelta(minutes=20)
    deeds.accept(astrids_alarm.pk, by=ali, now=now + timedelta(seconds=30))
    deeds.call(astrids_alarm.pk, "no_call", by=ali, now=now + timedelta(seconds=90))
    deeds.move(astrids_alarm.pk, "on_way", by=ali, now=now + timedelta(minutes=2))
    deeds.move(astrids_alarm.pk, "on_site", by=ali, now=now + timedelta(minutes=9))
    for _ in range(2):
        deeds.close(
            astrids_alarm.pk, "helped_by_visit", "Hjälp upp från golvet, inte skadad.", by=ali, now=later
        )
    note = Note.objects.get(about_id=astrids_alarm.pk)
    assert note.text.splitlines() == [
        "Trygghetslarm kl. 09.00: Larmknapp, tryckt. Larmet togs emot kl. 09.00. På plats kl. 09.09. Hjälp på plats.",
        "Hjälp upp från golvet, inte skadad.",
    ]
    assert (note.author_name, note.compartment, note.person_id) == ("Ali Hassan", 2, astrids_alarm.person_id)
    assert did(astrids_alarm).count("closed") == 1


@pytest.mark.parametrize(("outcome", "text", "word"), [("", "x", "Välj"), ("by_mistake", " ", "Skriv")])
def test_it_is_not_closed_without_how_it_went(astrids_alarm, ali, now, outcome, text, word) -> None:
    with pytest.raises(AlarmFault, match="Ta emot larmet först"):
        deeds.close(astrids_alarm.pk, outcome, text, by=ali, now=now)
    deeds.accept(astrids_alarm.pk, by=ali, now=now)
    with pytest.raises(AlarmFault, match=word):
        deeds.close(astrids_alarm.pk, outcome, text, by=ali, now=now)


def test_neither_another_provider_nor_the_authority_sees_it(
    astrids_alarm, erik, karin, client_of, now
) -> None:
    assert queries.board(erik, now).cards == []
    for verb in (deeds.accept, deeds.open_protected):
        with pytest.raises(Refused):
            verb(astrids_alarm.pk, by=erik, now=now)
    assert client_of(erik).get(f"/provider/alarms/{astrids_alarm.pk}").status_code == 404
    assert client_of(karin).get("/provider/alarms").status_code == 404
    with acting(karin.municipality_id, karin.compartments), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM alarms_alarm")
        assert cursor.fetchone() == (0,)


def test_an_alarm_nobody_knows_whose_is_everybodys_until_it_is_known(
    hand_over, astrids_unit, erik, ali, now
) -> None:
    press = record(1, at=now, unit="7777")
    hand_over(press)
    assert [card.name for card in queries.board(erik, now).cards] == ["Okänd larmenhet 7777"]
    deeds.accept(press["id"], by=ali, now=now)
    with pytest.raises(AlarmFault, match="ingen larmenhet med det numret"):
        deeds.tie(press["id"], "7777", by=ali, now=now)
    deeds.tie(press["id"], "1001", by=ali, now=now)
    deeds.close(press["id"], "helped_by_phone", "Ny larmenhet, fel nummer.", by=ali, now=now)
    assert queries.board(erik, now).cards == []
    assert Note.objects.get(about_id=press["id"]).person == astrids_unit.person


def test_an_alarm_that_stays_unknown_is_closed_without_an_entry(hand_over, astrids_unit, ali, now) -> None:
    press = record(1, at=now, unit="7777")
    hand_over(press)
    deeds.accept(press["id"], by=ali, now=now)
    deeds.close(press["id"], "technical", "Fel på en larmenhet i förrådet.", by=ali, now=now)
    assert not Note.objects.exists()


@pytest.fixture
def hidden(astrid: Person) -> Person:
    """Astrid, protected."""
    astrid.protection = "secrecy_marked"
    astrid.save()
    return astrid


def test_a_protected_person_is_named_to_the_few_and_opened_by_whoever_must_help(
    hidden, astrids_alarm, ali, petra, client_of, now
) -> None:
    ProtectedAccess.objects.create(
        municipality_id=petra.municipality_id,
        person=hidden,
        user_id=petra.user_id,
        reason="Ansvarig",
        since=now,
    )
    address = f"/provider/alarms/{astrids_alarm.pk}"
    assert "Björkvägen 12" in client_of(petra).get(address).content.decode()
    assert AuditEvent.objects.get(verb="alarms.read", review="protected").actor_name == "Petra Nyström"
    browser = client_of(ali)
    for url in (address, "/provider/alarms"):
        page = browser.get(url).content.decode()
        assert "Björkvägen" not in page
        assert "Lindqvist" not in page
        assert "portkod" not in page
    with pytest.raises(AlarmFault, match="Ta emot larmet först"):
        deeds.open_protected(astrids_alarm.pk, by=ali, now=now)
    browser.post(f"{address}/accept")
    browser.post(f"{address}/open")
    assert "Björkvägen 12" in browser.get(address).content.decode()
    read = AuditEvent.objects.filter(verb="alarms.read", review="protected", actor_name="Ali Hassan")
    assert {one.person_id for one in read} == {hidden.pk}
    assert read.exclude(reason="").count() == 1


def test_the_entry_of_a_protected_persons_alarm_is_written_though_the_helper_may_not_open_the_journal(
    hidden, astrids_alarm, ali, now
) -> None:
    deeds.accept(astrids_alarm.pk, by=ali, now=now)
    deeds.close(astrids_alarm.pk, "helped_by_visit", "Hjälp upp.", by=ali, now=now)
    note = Note.objects.get(about_id=astrids_alarm.pk)
    assert (note.author_name, note.text.splitlines()[-1]) == (
        "Livlina", "Uppgifterna lämnades av Ali Hassan, Omsorgspersonal.",
    )  # fmt: skip


def test_each_persons_first_sight_of_an_alarm_is_recorded_once(astrids_alarm, ali, petra, client_of) -> None:
    for by in (ali, petra, ali):
        client_of(by).get("/provider/alarms/piece")
    reads = AuditEvent.objects.filter(verb="alarms.read", outcome="read", person_id=astrids_alarm.person_id)
    assert sorted(reads.values_list("actor_name", flat=True)) == ["Ali Hassan", "Petra Nyström"]
    client_of(ali).get(f"/provider/alarms/{astrids_alarm.pk}")
    assert reads.count() == 3, "whoever opens the alarm once more has read it once more"


def test_the_desk_costs_no_more_for_twenty_alarms_than_for_one(
    hand_over, astrids_alarm, alarm_unit_for, bertil, ali, client_of, statements, now
) -> None:
    def cost() -> int:
        browser = client_of(ali)
        browser.get("/provider/alarms/piece")
        with statements() as sent:
            browser.get("/provider/alarms/piece")
        return len([one for one in sent.captured_queries if "SAVEPOINT" not in one["sql"]])

    alone = cost()
    numbers = range(2, 22)
    for number in numbers:
        alarm_unit_for(bertil, f"2{number:03}")
    hand_over(*(record(number, at=now, unit=f"2{number:03}") for number in numbers))
    assert cost() <= alone <= 12


def test_ali_answers_an_alarm_in_the_browser_and_the_person_page_tells_of_it(
    astrids_alarm, ali, client_of
) -> None:
    browser = client_of(ali)
    address = f"/provider/alarms/{astrids_alarm.pk}"
    desk = browser.get("/provider/alarms").content.decode()
    assert "(1) Larm" in desk
    assert "Nyckelskåp 4711" in desk
    assert browser.post(f"{address}/accept").status_code == 302
    assert "Kom det något samtal från larmet?" in browser.get(address).content.decode()
    for deed in ("called", "no-call", "on-way", "on-site"):
        browser.post(f"{address}/{deed}")
    browser.post(f"{address}/note", {"note-text": "Dottern är på väg."})
    refused = browser.post(f"{address}/close", {"close-text": "Hon hade trillat."})
    assert (refused.status_code, "Hon hade trillat." in refused.content.decode()) == (422, True)
    said = {"close-outcome": "helped_by_visit", "close-text": "Hon hade trillat. Hjälp upp."}
    assert browser.post(f"{address}/close", said).status_code == 302
    told: Any = browser.get(address).content.decode()
    for word in ("Avslutades", "Dottern är på väg.", "På plats", "Hjälp på plats"):
        assert word in told
    history = browser.get(f"/provider/people/{astrids_alarm.person_id}/alarms").content.decode()
    assert "Hjälp på plats" in history


def test_a_nurse_writes_the_entry_in_her_own_book(astrids_alarm, lena, now) -> None:
    deeds.accept(astrids_alarm.pk, by=lena, now=now)
    deeds.close(astrids_alarm.pk, "emergency", "Andningssvårt, ambulans tillkallad.", by=lena, now=now)
    note = Note.objects.get(about_id=astrids_alarm.pk)
    assert (note.author_name, note.compartment) == ("Lena Falk", 3)


def test_whoever_ended_it_reads_on_its_page_what_the_journal_says_and_a_struck_entry_no_more(
    astrids_alarm, ali, client_of, now
) -> None:
    deeds.accept(astrids_alarm.pk, by=ali, now=now)
    deeds.close(astrids_alarm.pk, "helped_by_visit", "Hade halkat i hallen.", by=ali, now=now)
    browser, address = client_of(ali), f"/provider/alarms/{astrids_alarm.pk}"
    page = browser.get(address).content.decode()
    assert "Hade halkat i hallen." in page
    assert "Anteckningen står i journalen hos Norra hemtjänsten." in page
    Note.objects.update(struck_at=now)
    assert "Hade halkat i hallen." not in browser.get(address).content.decode()


def test_beside_an_open_alarm_two_others_are_named_and_the_rest_counted_and_all_are_told_of(
    astrids_alarm, alarm_unit_for, hand_over, bertil, anna, ali, client_of, now
) -> None:
    for number, person in enumerate((bertil, anna, None), 2):
        if person is not None:
            alarm_unit_for(person, f"100{number}")
        hand_over(record(number, at=now, unit=f"100{number}"))
    address = f"/provider/alarms/piece?shown={astrids_alarm.pk}"
    page = client_of(ali).get(address).content.decode()
    assert page.count("väntar på hjälp sedan") == 2
    assert "1 larm till väntar" in page
    assert page.count("data-alarm=") == 3

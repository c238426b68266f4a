"""The crisis plan: opened by silence itself or by hand, worked on by many at once, closed when everyone is reached."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from livlina.core import outbox
from livlina.core.access import Actor, Refused
from livlina.core.models import AuditEvent
from livlina.provider.alarms import jobs, paper
from livlina.provider.alarms.actions import crisis
from livlina.provider.alarms.actions.crisis import RoundRefused
from livlina.provider.alarms.models import (
    Alarm,
    AlarmUnit,
    CallAttempt,
    CallEntry,
    CallRound,
    Receipt,
    Silence,
)
from livlina.provider.alarms.models.words import REACHED
from livlina.provider.alarms.queries import crisis as queries
from livlina.provider.alarms.tests.fixtures import record
from livlina.registers.people import actions as people
from livlina.registers.people.models import Person
from livlina.registers.watches.models import Watch

MINUTE = timedelta(minutes=1)
CAUSE = "Alla de tysta larmen sänder genom Telia."


@pytest.fixture
def bertils_unit(alarm_unit_for, bertil, now) -> AlarmUnit:
    """Unit 1002 at Bertil's, whose risk is the highest."""
    return alarm_unit_for(bertil, "1002", risk=3, heard_at=now - 5 * MINUTE)


@pytest.fixture
def annas_unit(alarm_unit_for, anna, erik, now) -> AlarmUnit:
    """Unit 1003 at Anna's, which Erik's team answers for."""
    return alarm_unit_for(anna, "1003", team_id=erik.unit_id, heard_at=now - 4 * MINUTE)


@pytest.fixture
def open_round(astrids_unit, bertils_unit, annas_unit, house, now) -> CallRound:
    """A round about all three."""
    return crisis.open_round(AlarmUnit.objects.all(), "Larmen är tysta.", by=house, now=now)


def silence(
    number: int, at, units: tuple[str, ...] = ("1001", "1002", "1003"), **more: Any
) -> dict[str, Any]:
    facts = {"group": "operator", "value": "Telia", "units": list(units), "silent": len(units), "known": 40,
             "cause": CAUSE}  # fmt: skip
    return record(number, "mass_silence", at=at, unit="", device="", facts=facts | more)


def of(person: Person) -> CallEntry:
    return CallEntry.objects.get(person=person)


def press(person: Person, state: str, by: Actor, now, note: str = "") -> crisis.Pressed:
    entry = of(person)
    return crisis.press(entry, state, seen=entry.state_at, note=note, by=by, now=now)


def test_both_receivers_tell_of_one_silence_and_it_opens_one_round(
    astrids_unit, bertils_unit, annas_unit, hand_over, other_receiver_key, now
) -> None:
    hand_over(silence(1, now))
    hand_over(silence(1, now + MINUTE), key=other_receiver_key, at=now + MINUTE)
    assert (Silence.objects.count(), CallRound.objects.count()) == (1, 1)
    found = CallRound.objects.get()
    assert (found.reason, found.opened_by) == (CAUSE, "Livlina")
    assert CallEntry.objects.filter(round=found).count() == 3
    assert Silence.objects.get().began_at == now - 5 * MINUTE, "since the first of them was last heard"


def test_a_silence_that_grows_adds_to_the_round_and_another_name_for_it_opens_no_second_list(
    astrids_unit, bertils_unit, annas_unit, hand_over, now
) -> None:
    hand_over(silence(1, now, ("1001", "1002")))
    hand_over(silence(2, now + MINUTE, ("1003",)), at=now + MINUTE)
    hand_over(silence(3, now + MINUTE, ("1002",), group="area", value="Centrum"), at=now + MINUTE)
    assert (Silence.objects.count(), CallRound.objects.count(), CallEntry.objects.count()) == (2, 1, 3)
    assert Silence.objects.get(group="operator").silent == 3


def test_who_is_on_a_list_is_no_separate_task_and_becomes_one_if_still_silent_when_it_closes(
    astrids_unit, hand_over, petra, astrid, now
) -> None:
    hand_over(record(1, "silent", at=now, device="", facts={"since": 180}))
    hand_over(silence(2, now, ("1001",)))
    assert not Watch.objects.filter(type="alarms.silent", closed_at=None).exists()
    hand_over(record(3, "silent", at=now, device="", facts={"since": 200}))
    assert not Watch.objects.filter(type="alarms.silent", closed_at=None).exists()
    press(astrid, "ok", petra, now)
    crisis.close_round(CallRound.objects.get(), by=petra, now=now)
    outbox.deliver_waiting()
    assert Watch.objects.filter(type="alarms.silent", closed_at=None).count() == 1


def test_when_the_silence_is_over_the_round_goes_on(
    astrids_unit, hand_over, petra, client_of, at, now
) -> None:
    hand_over(silence(1, now, ("1001",)))
    later = now + 10 * MINUTE
    over = record(
        2, "mass_silence_over", at=later, unit="", device="", facts={"group": "operator", "value": "Telia"}
    )
    hand_over(over, at=later)
    found = CallRound.objects.get()
    assert (Silence.objects.get().over_at, found.closed_at) == (later, None)
    assert "Ring ändå alla" in client_of(petra).get(f"/provider/alarms/rounds/{found.pk}").content.decode()


def test_a_silence_is_over_when_both_receivers_say_so_and_then_everyone_named_no_more_is_heard(
    astrids_unit, bertils_unit, hand_over, other_receiver_key, now
) -> None:
    told, heard = ("1001", "1002"), [(now - 2 * MINUTE).timestamp()] * 2
    hand_over(silence(1, now, told, last=heard, began=heard[0]))
    hand_over(silence(1, now, told), key=other_receiver_key)
    assert Silence.objects.get().began_at == now - 2 * MINUTE
    assert set(AlarmUnit.objects.values_list("heard_at", flat=True)) == {now - 2 * MINUTE}
    later = now + 5 * MINUTE
    facts = {"group": "operator", "value": "Telia", "units": ["1002"]}
    hand_over(record(2, "mass_silence_over", at=later, unit="", facts=facts), at=later)
    assert Silence.objects.get().over_at is None
    hand_over(
        record(2, "mass_silence_over", at=later, unit="", facts=facts), key=other_receiver_key, at=later
    )
    assert Silence.objects.get().over_at == later
    assert list(AlarmUnit.objects.filter(silent_since=None).values_list("number", flat=True)) == ["1001"]


def test_the_list_goes_by_risk_and_then_by_who_was_heard_longest_ago(
    open_round, alarm_unit_for, anna, petra, house, now
) -> None:
    late = alarm_unit_for(anna, "1009", risk=1, heard_at=now - 9 * MINUTE)
    CallEntry.objects.filter(person=anna).update(unit=late, team=petra.unit_id, heard_at=now - 9 * MINUTE)
    CallEntry.objects.filter(unit__number="1001").update(heard_at=now)
    shown = [call.unit.number for call in queries.to_reach(petra, open_round, now, reached=False)]
    assert shown == ["1002", "1009", "1001"]


def test_each_team_sees_its_own_people_and_how_far_all_have_come(
    open_round, petra, erik, ali, anna, client_of, at, now
) -> None:
    mine = client_of(erik).get(f"/provider/alarms/rounds/{open_round.pk}").content.decode()
    theirs = client_of(ali).get(f"/provider/alarms/rounds/{open_round.pk}").content.decode()
    assert "Anna" in mine
    assert "Bertil" not in mine
    assert "Bertil" in theirs
    assert "Anna" not in theirs
    press(anna, "visited", erik, now)
    teams = {team.name: (team.reached, team.people) for team in queries.progress(open_round)}
    assert teams == {"Norra hemtjänsten": (0, 2), "Norrgårdens hemtjänst": (1, 1)}
    assert "1 av 3 är nådda" in client_of(petra).get(
        f"/provider/alarms/rounds/{open_round.pk}/progress"
    ).content.decode()  # fmt: skip
    with pytest.raises(Refused):
        press(anna, "ok", petra, now)
    assert client_of(petra).get(f"/provider/alarms/rounds/entries/{of(anna).pk}").status_code == 404


def test_two_who_ring_the_same_person_do_not_overwrite_each_other(
    open_round, petra, ali, bertil, now
) -> None:
    seen = of(bertil)
    press(bertil, "ok", ali, now)
    late = crisis.press(seen, "no_answer", seen=seen.state_at, by=petra, now=now + MINUTE)
    assert late.overtaken
    entry = of(bertil)
    assert (entry.state, entry.state_by) == ("ok", "Ali Hassan")
    assert queries.attempts(entry)[0].state == "no_answer", "her try stays as well"


def test_the_page_tells_who_was_first(open_round, petra, ali, bertil, client_of, at, now) -> None:
    press(bertil, "ok", ali, now)
    answer = client_of(petra).post(
        f"/provider/alarms/rounds/entries/{of(bertil).pk}/press",
        {"state": "no_answer", "seen": "", "submission_key": str(uuid4())},
        follow=True,
    )
    assert "Ali Hassan nådde personen medan du försökte: mår bra" in answer.content.decode()


def test_to_take_back_that_somebody_is_reached_asks_for_words(open_round, petra, bertil, now) -> None:
    press(bertil, "ok", petra, now)
    with pytest.raises(RoundRefused, match="redan nådd"):
        press(bertil, "no_answer", petra, now + MINUTE)
    press(bertil, "no_answer", petra, now + MINUTE, "Det var grannen som svarade.")
    assert of(bertil).state == "no_answer"


def test_a_round_is_not_closed_before_everyone_is_reached(
    open_round, petra, erik, astrid, bertil, anna, client_of, at, now
) -> None:
    press(astrid, "ok", petra, now)
    press(bertil, "no_answer", petra, now)
    press(anna, "emergency", erik, now)
    with pytest.raises(RoundRefused, match="1 person är"):
        crisis.close_round(open_round, by=petra, now=now)
    press(bertil, "visited", petra, now + MINUTE)
    browser = client_of(petra)
    answer = browser.post(f"/provider/alarms/rounds/{open_round.pk}/close", {"submission_key": str(uuid4())})
    assert answer["Location"].endswith("/report")
    assert crisis.close_round(open_round, by=petra, now=now).closed_by == "Petra Nyström, Norra hemtjänsten"
    for late in (
        lambda: press(bertil, "ok", petra, now),
        lambda: crisis.hand_over(open_round, "x", by=petra, now=now),
    ):
        with pytest.raises(RoundRefused, match="avslutad"):
            late()


def test_a_team_that_has_reached_its_own_is_done_and_called_back_if_it_was_not_so(
    open_round, petra, astrid, bertil, now
) -> None:
    def ours() -> int:
        return Watch.objects.filter(type="alarms.round", unit_id=petra.unit_id, closed_at=None).count()

    assert ours() == 1
    press(astrid, "ok", petra, now)
    press(bertil, "ok", petra, now)
    assert ours() == 0
    press(bertil, "no_answer", petra, now, "Fel person svarade.")
    assert ours() == 1


def test_the_next_shift_reads_a_signed_line(open_round, petra, ali, client_of, at, now) -> None:
    address = f"/provider/alarms/rounds/{open_round.pk}"
    assert client_of(petra).post(f"{address}/shift", {"shift-note": ""}).status_code == 422
    client_of(petra).post(
        f"{address}/shift", {"shift-note": "Bertil är hos sin son.", "submission_key": str(uuid4())}
    )
    page = client_of(ali).get(address).content.decode()
    assert "Bertil är hos sin son." in page
    assert "Petra Nyström, Norra hemtjänsten" in page


def test_a_manager_opens_a_round_by_hand_about_some_of_the_teams(
    astrids_unit, bertils_unit, annas_unit, petra, ali, client_of, at, now
) -> None:
    AlarmUnit.objects.filter(number="1001").update(operator="Telia")
    browser = client_of(petra)
    assert "Mobiloperatör: Telia (1)" in browser.get("/provider/alarms/rounds/new").content.decode()
    assert browser.post("/provider/alarms/rounds/new", {"whom": "all"}).status_code == 422
    said = {"whom": "silent", "reason": "Övning", "submission_key": str(uuid4())}
    assert "Ingen person berörs" in browser.post("/provider/alarms/rounds/new", said).content.decode()
    browser.post("/provider/alarms/rounds/new", said | {"whom": "operator:Telia"})
    assert [entry.unit.number for entry in CallEntry.objects.all()] == ["1001"]
    assert client_of(ali).get("/provider/alarms/rounds/new").status_code == 404
    with pytest.raises(RoundRefused, match="Skriv varför"):
        crisis.open_round(AlarmUnit.objects.all(), " ", by=petra, now=now)


def test_a_protected_person_is_opened_by_a_press_that_a_manager_looks_at(
    open_round, bertil, ali, house, client_of, at, now
) -> None:
    people.add_contact(bertil, "mobile", "070-174 06 09", protected_route=True, by=house, now=now)
    Person.objects.filter(pk=bertil.pk).update(protection="secrecy_marked")
    browser, address = client_of(ali), f"/provider/alarms/rounds/entries/{of(bertil).pk}"
    for hidden in (f"/provider/alarms/rounds/{open_round.pk}", address, "/provider/alarms/rounds/list.html"):
        page = browser.get(hidden).content.decode()
        assert "Skyddade personuppgifter" in page
        assert "Bertil" not in page
    opened = browser.post(address).content.decode()
    assert "070-174 06 09" in opened
    assert AuditEvent.objects.filter(person_id=bertil.pk, user_id=ali.user_id, review="protected").exists()


def test_the_list_on_paper_says_when_it_was_made_and_is_the_same_each_time(
    open_round, astrid, petra, client_of, at, house, now, tmp_path: Path
) -> None:
    people.add_contact(astrid, "mobile", "070-174 06 05", by=house, now=now)
    calls = queries.list_of_team(petra.unit_id)
    page = paper.html("Norra hemtjänsten", calls, now=now)
    for words in (
        "Gjord 2026-03-02 klockan 09:00",
        "tel:0701740605",
        "Nyckelskåp 4711",
        "Blodförtunnande",
        "2 personer",
    ):
        assert words in page
    assert page.index("Bertil") < page.index("Astrid"), "by risk"
    made = []
    for _ in range(2):
        paper.write("asvalla", "Norra hemtjänsten", page, now=now, root=tmp_path)
        files = (tmp_path / "crisis-lists/asvalla").iterdir()
        made.append(sorted((file.suffix, file.read_bytes()) for file in files))
    assert made[0] == made[1]
    assert [suffix for suffix, _ in made[0]] == [".html", ".pdf"]
    assert made[0][1][1].startswith(b"%PDF")
    assert paper.last("asvalla", "Norra hemtjänsten", root=tmp_path) == now
    paper.keep_only("asvalla", (), root=tmp_path)
    assert list((tmp_path / "crisis-lists/asvalla").iterdir()) == [], (
        "nothing is left of a team without alarms"
    )
    browser = client_of(petra)
    assert browser.get("/provider/alarms/rounds/list.pdf").content.startswith(b"%PDF")
    assert browser.get("/provider/alarms/rounds/list.doc").status_code == 404


def test_every_team_gets_its_list(
    open_round, asvalla, settings, tmp_path: Path, petra, client_of, at, now
) -> None:
    settings.STATE_DIR = tmp_path
    assert "Har inte gjorts än" in client_of(petra).get("/provider/alarms/rounds").content.decode()
    assert jobs.write_lists(asvalla.pk, now) == 2
    assert jobs.write_lists(asvalla.pk, now + 14 * MINUTE) == 0
    assert jobs.write_lists(asvalla.pk, now + 15 * MINUTE) == 2
    names = {file.stem.rpartition("-")[0] for file in (tmp_path / "crisis-lists/asvalla").iterdir()}
    assert names == {"norra-hemtjansten", "norrgardens-hemtjanst"}
    assert "Gjordes senast" in client_of(petra).get("/provider/alarms/rounds").content.decode()


def test_the_report_says_who_was_silent_how_long_and_which_alarms_came_late(
    astrids_unit, bertils_unit, hand_over, other_receiver_key, petra, astrid, bertil, client_of, at, now
) -> None:
    hand_over(silence(1, now, ("1001", "1002")))
    press(astrid, "no_answer", petra, now + MINUTE)
    press(astrid, "ok", petra, now + 2 * MINUTE)
    late = record(2, at=now + MINUTE, unit="1002", device="01")
    hand_over(late, at=now + 4 * MINUTE)
    hand_over(record(3, "heard", at=now + 5 * MINUTE, unit="1002", device=""), at=now + 5 * MINUTE)
    found = CallRound.objects.get()
    told = {one.call.unit.number: one for one in queries.report(petra, found, now)}
    assert told["1002"].silent_for == 10 * MINUTE
    assert [one.state for one in told["1001"].tries] == ["no_answer", "ok"]
    (alarm,) = queries.late_alarms(petra, found)
    assert (alarm.seconds, alarm.alone) == (180, True)
    page = client_of(petra).get(f"/provider/alarms/rounds/{found.pk}/report").content.decode()
    for words in (CAUSE, "Bara en hörde larmet", "Astrid Lindqvist", "1 av 2 personer är nådda"):
        assert words in page
    assert (Alarm.objects.count(), Receipt.objects.count()) == (1, 3)


STATES = ("no_answer", "ok", "visited", "emergency")


@given(
    presses=st.lists(
        st.tuples(st.integers(0, 2), st.sampled_from(STATES), st.booleans(), st.booleans()), max_size=12
    )
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_pressed_in_whatever_order_a_round_closes_only_when_all_are_reached(
    open_round, petra, now, presses
) -> None:
    with transaction.atomic():
        CallEntry.objects.update(team_id=petra.unit_id)
        entries = list(CallEntry.objects.order_by("pk"))
        for number, (which, state, fresh, words) in enumerate(presses):
            entry = entries[which] if not fresh else CallEntry.objects.get(pk=entries[which].pk)
            try:
                crisis.press(
                    entry, state, seen=entry.state_at, note="Fel" if words else "", by=petra,
                    now=now + number * MINUTE,
                )  # fmt: skip
            except RoundRefused:
                continue
            everyone = set(CallEntry.objects.values_list("state", flat=True)) <= set(REACHED)
            try:
                with transaction.atomic():
                    closed = crisis.close_round(open_round, by=petra, now=now)
                    assert (closed.closed_at is not None) == everyone
                    transaction.set_rollback(True)
            except RoundRefused:
                assert not everyone
        tried = CallAttempt.objects.filter(round=open_round).count()
        assert tried <= len(presses)
        transaction.set_rollback(True)

"""One event, several laws: each track has its clock, owner and readers, and nobody is named to those who need no name."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from livlina.across.quality import actions, jobs, monitoring, queries
from livlina.across.quality.models import Deviation, Incident, Track
from livlina.core import outbox
from livlina.core.access import Actor, Refused, system
from livlina.core.clock import day_of
from livlina.core.models import Assignment
from livlina.provider.alarms.models import Silence
from livlina.registers.people.models import Person
from livlina.registers.watches.models import Watch

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def told(now: datetime) -> actions.Told:
    return actions.Told(
        uuid4(), "Inloggningen nere", "Ingen kom in i journalen.", now - 5 * HOUR, now - 4 * HOUR,
        functions=("sign_in", "journal"),
    )  # fmt: skip


@pytest.fixture
def outage(told: actions.Told, ola: Actor, now: datetime) -> Incident:
    """The outage, registered by Ola who runs the system."""
    return actions.register_incident(told, by=ola, now=now)


def watched(track: Track) -> dict[str, datetime]:
    """The stages of a track that somebody is reminded of, and by when."""
    rows = Watch.objects.filter(object_id=track.pk, closed_at=None)
    return {row.type.removeprefix(f"quality.{track.kind}_"): row.due_at for row in rows}


def test_told_twice_is_one_event_with_one_number(
    outage: Incident, told: actions.Told, ola: Actor, now: datetime
) -> None:
    again = actions.register_incident(told, by=ola, now=now + HOUR)
    other = actions.register_incident(replace(told, client_id=uuid4()), by=ola, now=now)
    assert (again.pk, other.number) == (outage.pk, outage.number + 1)
    assert outage.called == f"H {now.year}-{outage.number}"


def test_what_has_not_begun_or_says_nothing_is_refused_in_words(
    told: actions.Told, ola: Actor, now: datetime
) -> None:
    for wrong, word in (
        (replace(told, begun_at=now + HOUR), "framtiden"),
        (replace(told, noticed_at=told.begun_at - HOUR), "börjat"),
        (replace(told, ended_at=told.begun_at - HOUR), "Slutet"),
        (replace(told, title=" "), "rubrik"),
    ):
        with pytest.raises(actions.IncidentRefused, match=word):
            actions.register_incident(wrong, by=ola, now=now)
    assert not Incident.objects.exists()


def test_each_law_counts_from_when_it_was_known(
    outage: Incident, ola: Actor, eva: Actor, now: datetime
) -> None:
    nis2 = actions.open_track(outage, "nis2", by=ola, now=now)
    data = actions.open_track(outage, "personal_data", by=eva, now=now)
    known = outage.noticed_at
    assert watched(nis2) == {"warned": known + DAY, "reported": known + 3 * DAY, "final": known + 30 * DAY}
    assert watched(data)["reported"] == known + 3 * DAY
    actions.take_stage(nis2, "warned", "Ringt och skrivit.", receipt="2026-17", by=ola, now=now)
    assert "warned" not in watched(nis2)
    assert Watch.objects.filter(object_id=nis2.pk, closed_at=None).first().role == "committee_secretary"


def test_a_serious_lex_sarah_is_not_closed_before_the_inspectorate_has_it(
    petra: Actor, now: datetime
) -> None:
    fall = actions.report_deviation(
        client_id=uuid4(), what="Besöket glömdes bort.", track="social", happened_at=now, by=petra, now=now
    )
    event = actions.register_incident(
        actions.Told(uuid4(), "Ett glömt besök", fall.what, now, now, unit_id=petra.unit_id, deviations=(fall.pk,)),
        by=petra, now=now,
    )  # fmt: skip
    assert Deviation.objects.get(incident_reports__incident=event) == fall
    track = actions.open_track(event, "lex_sarah", by=petra, now=now)
    assert set(watched(track)) == {"investigated"}
    with pytest.raises(actions.IncidentRefused, match="aktuellt först"):
        actions.take_stage(track, "reported", "För tidigt.", by=petra, now=now)
    with pytest.raises(actions.IncidentRefused, match="kom fram till"):
        actions.take_stage(track, "investigated", "Klart.", by=petra, now=now)
    actions.take_stage(track, "investigated", "Risken var stor.", outcome="serious", by=petra, now=now + DAY)
    assert watched(track) == {"reported": now + 2 * DAY}
    with pytest.raises(actions.IncidentRefused, match="anmäld till IVO"):
        actions.close_track(track, "Klart.", by=petra, now=now + DAY)
    actions.take_stage(track, "reported", "Skickad.", receipt="3.5-1/2026", by=petra, now=now + DAY)
    actions.close_track(track, "Rutinen är ändrad.", by=petra, now=now + DAY)
    assert watched(track) == {}
    with pytest.raises(actions.IncidentRefused, match="redan avslutat"):
        actions.note_on_track(track, "Mer.", by=petra, now=now + DAY)


def test_a_law_that_does_not_apply_is_closed_with_its_reason(
    outage: Incident, ola: Actor, now: datetime
) -> None:
    track = actions.open_track(outage, "nis2", by=ola, now=now)
    actions.judge_track(track, False, "Tio minuter, ingen drabbad.", by=ola, now=now)
    track.refresh_from_db()
    assert track.closed_at == now
    assert watched(track) == {}


def test_a_track_follows_its_owner_and_not_their_absence(
    outage: Incident, maria: Actor, gunnar: Actor, karin: Actor, now: datetime
) -> None:
    track = actions.open_track(outage, "environment", by=maria, now=now)
    heir = Assignment.objects.select_related("user").get(pk=gunnar.assignment_id)
    wrong = Assignment.objects.select_related("user").get(pk=karin.assignment_id)
    with pytest.raises(actions.IncidentRefused, match="kan inte ansvara"):
        actions.give_track(track, wrong, "", by=maria, now=now)
    actions.give_track(track, heir, "Semester.", by=maria, now=now)
    watch = Watch.objects.get(object_id=track.pk, closed_at=None)
    assert (watch.user_id, watch.unit_id) == (gunnar.user_id, gunnar.unit_id)
    actions.note_on_track(track, "Tagit över.", by=gunnar, now=now)


def test_nobody_reads_a_track_that_is_not_theirs(
    outage: Incident, ola: Actor, petra: Actor, erik: Actor, lena: Actor, sara: Actor, now: datetime
) -> None:
    care = actions.register_incident(
        actions.Told(uuid4(), "Ett fall", "Hittades på golvet.", now, now, unit_id=petra.unit_id),
        by=petra,
        now=now,
    )
    actions.open_track(care, "lex_sarah", by=petra, now=now)
    actions.open_track(care, "lex_maria", by=lena, now=now)
    assert [one.kind for one, _ in queries.whole(petra, care.pk).tracks] == ["lex_sarah"]
    assert [one.kind for one, _ in queries.whole(lena, care.pk).tracks] == ["lex_maria"]
    for stranger in (ola, erik):
        with pytest.raises(Refused):
            queries.whole(stranger, care.pk)
    assert {one.pk for one in queries.incidents(erik)} == {outage.pk}, "an event of IT is everybody's"
    assert not queries.incidents(sara).exists()


def test_the_monitoring_drafts_an_event_with_measured_times_and_ends_it(
    asvalla: Any, ola: Actor, now: datetime, tmp_path: Path
) -> None:
    house, began = system(asvalla.pk), now - timedelta(minutes=20)
    status(tmp_path, journal=(False, began), doors=(False, began + timedelta(minutes=5)), web=(True, now))
    assert monitoring.hear(tmp_path, by=house, now=now) == 2
    assert monitoring.hear(tmp_path, by=house, now=now) == 0, "heard twice is heard once"
    draft = Incident.objects.get()
    assert (draft.begun_at, draft.registered_by, queries.whole(ola, draft.pk).state) == (began, None, "draft")
    assert [line.text for line in queries.whole(ola, draft.pk).entries] == [
        f"De digitala låsen: stod stilla från {began + timedelta(hours=1, minutes=5):%Y-%m-%d %H.%M}."
    ]
    outbox.deliver_waiting()
    assert Watch.objects.filter(type="quality.draft", closed_at=None).count() == 1
    status(tmp_path, journal=(True, now), doors=(True, now))
    assert monitoring.hear(tmp_path, by=house, now=now + DAY) == 1
    draft.refresh_from_db()
    assert draft.ended_at == now
    actions.confirm_incident(draft, "", by=ola, now=now + DAY)
    outbox.deliver_waiting()
    assert not Watch.objects.filter(type="quality.draft", closed_at=None).exists()
    with pytest.raises(actions.IncidentRefused, match="redan bedömd"):
        actions.dismiss_incident(draft, "Nej.", by=ola, now=now + DAY)


def test_a_moment_of_silence_or_a_file_that_cannot_be_read_is_no_event(
    asvalla: Any, now: datetime, tmp_path: Path
) -> None:
    house = system(asvalla.pk)
    status(tmp_path, journal=(False, now - timedelta(minutes=1)))
    assert monitoring.hear(tmp_path, by=house, now=now) == 0
    (tmp_path / "status" / "status.json").write_text('{"functions": {"journal": {"works": fal')
    assert monitoring.hear(tmp_path, by=house, now=now) == 0
    assert not Incident.objects.exists()


def test_storage_that_fills_is_an_event_at_once_and_one_however_long_it_lasts(
    asvalla: Any, now: datetime, tmp_path: Path
) -> None:
    house = system(asvalla.pk)
    (tmp_path / "status").mkdir()
    for level, after in ((1, 0), (2, 1), (3, 60), (0, 90), (0, 95)):
        at = now + timedelta(minutes=after)
        said = {"functions": {}, "level": level, "why": "storage", "at": at.isoformat()}
        (tmp_path / "status" / "status.json").write_text(json.dumps(said))
        monitoring.hear(tmp_path, by=house, now=at)
    one = Incident.objects.get()
    assert (one.title, one.ended_at) == (
        "Lagringsutrymmet håller på att ta slut",
        now + timedelta(minutes=90),
    )


def test_those_it_hit_are_found_and_looked_to_by_their_own_unit_alone(
    outage: Incident, visit_at: Callable[..., Any], alarm_unit_for: Callable[..., Any], astrid: Person, bertil: Person,
    petra: Actor, erik: Actor, ola: Actor, now: datetime,
) -> None:  # fmt: skip
    visit_at(astrid, now - 2 * HOUR, state="missed")
    visit_at(astrid, now - 9 * HOUR, state="missed")  # before it began
    unit = alarm_unit_for(bertil, "1002")
    Silence.objects.create(
        municipality_id=petra.municipality_id, group="operator", value="A", began_at=now - 3 * HOUR, noticed_at=now,
        silent=40, known=50, cause="Operatören A.", units=[unit.number],
    )  # fmt: skip
    assert actions.collect_affected(outage, by=petra, now=now) == 2
    assert actions.collect_affected(outage, by=petra, now=now) == 0
    mine = list(queries.own_units_affected(petra, outage))
    assert {(one.how, one.minutes) for one in mine} == {("missed", None), ("silent", 180)}
    assert not queries.own_units_affected(erik, outage).exists()
    assert not queries.own_units_affected(ola, outage).exists()
    assert queries.whole(ola, outage.pk).affected == {"Besöket blev inte av": 1, "Larmet var tyst": 1}
    with pytest.raises(Refused):
        actions.check_off(mine[0], "Allt väl.", by=erik, now=now)
    actions.check_off(mine[0], "Allt väl.", by=petra, now=now)
    assert queries.whole(petra, outage.pk).unchecked == 1


def test_a_measure_is_followed_until_it_is_seen_to_help(
    outage: Incident, maria: Actor, now: datetime
) -> None:
    owner, key = Assignment.objects.select_related("user").get(pk=maria.assignment_id), uuid4()
    words: dict[str, Any] = {"client_id": key, "by": maria}
    with pytest.raises(actions.IncidentRefused, match="redan varit"):
        actions.decide_measure(outage, "Öva.", owner, day_of(now) - DAY, now=now, **words)
    measure = actions.decide_measure(outage, "Öva på reserven.", owner, day_of(now) + DAY, now=now, **words)
    assert (
        actions.decide_measure(outage, "Öva på reserven.", owner, day_of(now) + DAY, now=now, **words)
        == measure
    )
    assert Watch.objects.get(type="quality.measure_due", closed_at=None).user_id == maria.user_id
    with pytest.raises(actions.IncidentRefused, match="inte gjord"):
        actions.measure_effect(measure, True, "Ja.", by=maria, now=now)
    actions.measure_done(measure, "Övat i går.", by=maria, now=now)
    assert Watch.objects.get(type="quality.measure_effect", closed_at=None).due_at == now + 90 * DAY
    actions.measure_effect(measure, True, "Alla visste vad de skulle göra.", by=maria, now=now + 90 * DAY)
    assert not Watch.objects.filter(type__startswith="quality.measure", closed_at=None).exists()


def test_the_committees_report_has_both_views_and_names_nobody(
    outage: Incident, visit_at: Callable[..., Any], astrid: Person, petra: Actor, ola: Actor, eva: Actor, now: datetime,
    client_of: Callable[..., Any],
) -> None:  # fmt: skip
    visit_at(astrid, now - 2 * HOUR, state="missed")
    actions.add_entry(outage, "Vi ringde hem till alla.", at=now - HOUR, by=petra, now=now)
    actions.add_entry(outage, "Disken var full.", at=now - 5 * HOUR, by=ola, now=now)
    actions.add_entry(outage, "Reserven var aldrig provad.", at=now, kind="cause", by=ola, now=now)
    actions.collect_affected(outage, by=petra, now=now)
    actions.end_incident(outage, now - HOUR, "", by=ola, now=now)
    made = queries.report(eva, day_of(now), day_of(now), now)
    (one,) = made.events
    assert (one.care, one.it, one.causes) == (
        ["Vi ringde hem till alla."], ["Disken var full."], ["Reserven var aldrig provad."]
    )  # fmt: skip
    assert (one.hit, made.hours) == ([("Besöket blev inte av", "färre än 5")], 4.0)
    page = client_of(eva).get(f"/officer/incidents/disturbances?first={day_of(now)}&last={day_of(now)}")
    assert astrid.family_name not in page.content.decode()
    paper = client_of(eva).get(
        f"/officer/incidents/disturbances?first={day_of(now)}&last={day_of(now)}&pdf=1"
    )
    assert paper.content.startswith(b"%PDF")


def test_the_pages_take_a_press_and_lose_nothing_that_was_typed(
    outage: Incident, petra: Actor, client_of: Callable[..., Any], now: datetime
) -> None:
    browser, address = client_of(petra), f"/provider/incidents/{outage.pk}"
    wrong = browser.post(
        address, {"act": "entry", "entry-kind": "told", "entry-at": "igår", "entry-text": "Vi gick dit."}
    )
    assert wrong.status_code == 422
    assert "Vi gick dit." in wrong.content.decode()
    said = {
        "act": "entry",
        "entry-kind": "told",
        "entry-at": f"{now:%Y-%m-%d} 08.00",
        "entry-text": "Vi gick dit.",
    }
    assert browser.post(address, said).status_code == 302
    assert "Vi gick dit." in browser.get(address).content.decode()
    assert browser.post(address, {"act": "judge"}).status_code == 404, "it is judged already"


def test_a_mass_silence_with_a_call_round_drafts_itself(asvalla: Any, petra: Actor, now: datetime) -> None:
    silence = Silence.objects.create(
        municipality_id=petra.municipality_id, group="operator", value="A", began_at=now - HOUR, noticed_at=now,
        silent=40, known=50, cause="Operatören A.", units=[],
    )  # fmt: skip
    round = silence.rounds.create(
        municipality_id=petra.municipality_id, reason="Många tysta", opened_at=now, opened_by="Livlina"
    )
    jobs.round_opened(outbox.Event("alarms.round_opened", asvalla.pk, round.pk, now))
    jobs.round_opened(outbox.Event("alarms.round_opened", asvalla.pk, round.pk, now))
    assert Incident.objects.get().title == "40 av 50 larm tysta samtidigt"


def status(state: Path, **functions: tuple[bool, datetime]) -> None:
    """What the status process has written."""
    said = {name: {"works": works, "since": since.isoformat()} for name, (works, since) in functions.items()}
    (state / "status").mkdir(exist_ok=True)
    (state / "status" / "status.json").write_text(json.dumps({"functions": said}))

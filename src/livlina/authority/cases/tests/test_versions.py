"""A newer version of a process: new cases follow it by themselves, an open one only when the manager moves it."""

import shutil
from datetime import date, timedelta

import pytest
from django.urls import reverse

from livlina.authority.cases import actions, engine
from livlina.authority.cases.actions import StepRefused
from livlina.authority.cases.models import CaseEvent, Deadline
from livlina.core.access import Refused
from livlina.core.models import AuditEvent

NEWER = "2026-03-02"


def home_care_alone(tmp_path):
    """Copy what home care is made of: reading all processes takes its time."""
    others = [path.name for path in engine.PROCESSES.iterdir() if path.is_dir()]
    kept = {"shared", "codes", "elder_care"}
    beside = (engine.PROCESSES / "elder_care").iterdir()
    besides = [path.name for path in beside if path.is_dir() and path.name != "home_care"]

    def leave_out(folder, names):
        if folder == str(engine.PROCESSES):
            return [name for name in others if name not in kept]
        return besides if folder.endswith("elder_care") else []

    return shutil.copytree(engine.PROCESSES, tmp_path / "processes", ignore=leave_out)


def newer_version(tmp_path, change):
    """Read home care as it would be with a version from the day the tests take place, changed as told."""
    shelf = home_care_alone(tmp_path)
    home_care = shelf / "elder_care/home_care"
    shutil.copytree(home_care / "2025-07-01", home_care / NEWER)
    change(home_care / NEWER)
    catalogue, problems = engine.catalogue.read(shelf)
    assert [one for one in problems if one.place.file.startswith("elder_care/home_care")] == []
    return catalogue.process("home_care", NEWER)


@pytest.fixture
def adds(tmp_path):
    """Return a function that lets the house have a newer version of home care, for as long as the test runs."""
    catalogue = engine.load()
    before = catalogue.processes

    def add(change):
        made = newer_version(tmp_path, change)
        object.__setattr__(catalogue, "processes", (*before, made))
        return made

    yield add
    object.__setattr__(catalogue, "processes", before)


def shorter(folder):
    """Another time to decide, and a clock that the version before did not have."""
    path = folder / "process.yaml"
    text = path.read_text().replace("    setting: time_to_decide\n", "    length: 1 month\n", 1)
    extra = (
        "  first_contact:\n    title: Första kontakten\n    anchor: assign\n    length: 5 days\n"
        "    stops_at: [decide]\n    escalate:\n      - on the day: case_worker\n"
    )
    path.write_text(text.replace("deadlines:\n", "deadlines:\n" + extra, 1))


def asks_more(folder):
    """The material that is communicated must now say whether the person has fallen."""
    root = folder.parents[2]
    shared = (root / "shared/2025-07-01/handling.yaml").read_text()
    place = shared.index("fields:", shared.index("\n  communication:")) + len("fields:")
    own = root / f"shared/{NEWER}/handling.yaml"
    own.parent.mkdir()
    rest = shared[place:]
    own.write_text(f"{shared[:place]}\n      - falls{rest}")
    path = folder / "process.yaml"
    path.write_text(
        path.read_text().replace("shared/2025-07-01/handling.yaml", f"shared/{NEWER}/handling.yaml")
    )


def test_new_cases_follow_a_new_version_by_its_day_and_open_ones_stay(assigned_case, adds):
    adds(lambda folder: None)
    catalogue = engine.load()
    assert catalogue.current("home_care", on=date(2026, 3, 1)).version == "2025-07-01"
    assert catalogue.current("home_care", on=date(2026, 3, 2)).version == NEWER
    assigned_case.refresh_from_db()
    assert assigned_case.process_version == "2025-07-01"


def test_maria_moves_an_open_case_and_its_clocks_follow_the_new_rules(assigned_case, adds, maria, now):
    adds(shorter)
    before = {row.name: row for row in Deadline.objects.filter(case=assigned_case, state="running")}
    case = actions.move_to_version(
        assigned_case, NEWER, reason="Ny rutin för handläggning", by=maria, now=now
    )
    assert case.process_version == NEWER
    after = {row.name: row for row in Deadline.objects.filter(case=case, state="running")}
    assert after["decide_in_time"].strict_date == date(2026, 4, 2)
    assert after["decide_in_time"].anchor_date == before["decide_in_time"].anchor_date
    assert after["first_contact"].strict_date == now.date() + timedelta(days=5)
    unmoved = before.keys() - {"decide_in_time"}
    assert {name: after[name].pk for name in unmoved} == {name: before[name].pk for name in unmoved}
    old = Deadline.objects.get(pk=before["decide_in_time"].pk)
    assert (old.state, old.stopped_by) == ("lapsed", "move_to_version")
    event = CaseEvent.objects.get(case=case, step="move_to_version")
    assert (event.by_name, event.detail["reason"]) == (maria.name, "Ny rutin för handläggning")
    assert AuditEvent.objects.filter(verb="cases.move_version", object_id=str(case.pk)).exists()
    case.refresh_from_db()
    assert case.next_due == min(row.strict_date for row in after.values())


def test_a_case_whose_state_is_gone_stays_where_it_is_and_says_why(assigned_case, adds, maria, now):
    made = adds(lambda folder: None)
    del made.states["assigned"]  # type: ignore[attr-defined]
    with pytest.raises(StepRefused, match=r"finns inte i version"):
        actions.move_to_version(assigned_case, NEWER, reason="Ny rutin", by=maria, now=now)
    assigned_case.refresh_from_db()
    assert assigned_case.process_version == "2025-07-01"
    assert not CaseEvent.objects.filter(case=assigned_case, step="move_to_version").exists()


def test_a_case_that_lacks_what_the_version_asked_for_earlier_is_not_moved(ready_case, adds, maria, now):
    """The new version requires something at a step that this case has already passed."""
    adds(asks_more)
    with pytest.raises(StepRefused, match=r"saknas\. Versionen kräver"):
        actions.move_to_version(ready_case, NEWER, reason="Ny rutin", by=maria, now=now)
    ready_case.refresh_from_db()
    assert ready_case.process_version == "2025-07-01"


def test_only_the_units_manager_moves_a_case(assigned_case, adds, karin, eva, gunnar, now):
    adds(lambda folder: None)
    for actor in (karin, eva, gunnar):
        with pytest.raises(Refused):
            actions.move_to_version(assigned_case, NEWER, reason="Jag vill", by=actor, now=now)


def test_there_is_no_way_back_and_no_moving_without_a_reason(assigned_case, adds, maria, now):
    adds(lambda folder: None)
    with pytest.raises(StepRefused, match="varför"):
        actions.move_to_version(assigned_case, NEWER, reason=" ", by=maria, now=now)
    case = actions.move_to_version(assigned_case, NEWER, reason="Ny rutin", by=maria, now=now)
    for version in ("2025-07-01", NEWER, "1999-01-01"):
        with pytest.raises(StepRefused, match="ingen sådan"):
            actions.move_to_version(case, version, reason="Tillbaka", by=maria, now=now)


def test_the_page_says_what_changes_before_the_case_is_moved(assigned_case, adds, maria, karin, client_of):
    address = reverse("cases:move_version", args=[assigned_case.pk])
    browser = client_of(maria)
    assert "ingen nyare version" in browser.get(address).content.decode()
    adds(shorter)
    page = browser.get(address).content.decode()
    assert "2026-06-02 blir 2026-04-02" in page
    assert "Första kontakten" in page
    assert (
        "Flytta till nyare version"
        in browser.get(reverse("cases:case", args=[assigned_case.pk])).content.decode()
    )
    assert client_of(karin).get(address).status_code == 404
    assert browser.post(address, {"version": NEWER, "reason": ""}).status_code == 422
    assert browser.post(address, {"version": NEWER, "reason": "Ny rutin"}).status_code == 302
    timeline = browser.get(reverse("cases:timeline", args=[assigned_case.pk])).content.decode()
    assert "Ny rutin" in timeline

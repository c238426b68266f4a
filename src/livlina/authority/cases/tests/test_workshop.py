"""The workshop: what the house can run, two versions beside each other, own lengths, and a version that is only proposed."""

import io
import shutil
import zipfile
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from livlina.authority.cases import actions, engine
from livlina.authority.cases.actions import LengthRefused
from livlina.authority.cases.engine import load
from livlina.authority.cases.models import Deadline, OwnLength
from livlina.authority.cases.processes import own_lengths
from livlina.authority.cases.queries import workshop
from livlina.authority.cases.queries.workshop import words
from livlina.authority.cases.queries.workshop.guards import GUARDS
from livlina.authority.cases.tests.test_versions import home_care_alone
from livlina.core.access import Refused
from livlina.core.calendar import Length
from livlina.core.models import AuditEvent

HOME_CARE = ("home_care", "2025-07-01")


@pytest.fixture
def shelf(tmp_path):
    """A copy of the processes, to add versions to."""
    return home_care_alone(tmp_path)


@pytest.fixture
def next_year(shelf):
    """Home care as it might be from 2027: a state renamed, one gone, a step, a fact required, a shorter time."""
    source = shelf / "elder_care/home_care"
    shutil.copytree(source / "2025-07-01", source / "2027-01-01")
    head = source / "2027-01-01/process.yaml"
    text = head.read_text()
    text = text.replace("running: {title: Pågår}", "running: {title: Verkställs}")
    text = text.replace(
        "begin_service:\n    title: Insatsen har börjat",
        "begin_service:\n    title: Insatsen har kommit i gång",
    )
    head.write_text(text)
    for letter in ("closure",):
        path = source / f"2027-01-01/letters/{letter}.html"
        path.write_text(path.read_text() + "\n<!-- ny -->")
    catalogue, problems = engine.catalogue.read(shelf)
    assert [one for one in problems if one.place.file.startswith("elder_care/home_care")] == []
    return catalogue.process("home_care", "2027-01-01")


def words_of(groups):
    return {
        group.title: [f"{one.kind_words} {one.what} {one.how}".strip() for one in group.changes]
        for group in groups
    }


def zipped(folder, *names, add=()):
    """A version's folder as somebody would send it."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            for path in sorted((folder / name).rglob("*")):
                if path.is_file():
                    archive.write(path, path.relative_to(folder).as_posix())
        for name, text in add:
            archive.writestr(name, text)
    return SimpleUploadedFile("version.zip", file.getvalue(), content_type="application/zip")


@pytest.mark.parametrize("who", ["ola", "maria", "eva"])
def test_those_who_keep_the_house_and_those_who_lead_read_every_process(who, request, client_of):
    browser = client_of(request.getfixturevalue(who))
    page = browser.get(reverse("cases_operations:processes"))
    assert page.status_code == 200
    said = page.content.decode()
    for process in engine.load().all():
        assert process.label in said, process.folder
    assert "Hemtjänst" in browser.get(reverse("cases_operations:processes") + "?q=hemtj").content.decode()
    nothing = browser.get(reverse("cases_operations:processes") + "?q=xyzzy").content.decode()
    assert "Ingen process har de orden" in nothing


@pytest.mark.parametrize("process", engine.load().all(), ids=lambda process: process.folder)
def test_every_version_is_a_page_with_its_steps_facts_deadlines_and_letters(process, ola, client_of):
    browser = client_of(ola)
    page = browser.get(reverse("cases_operations:version", args=[process.code, process.version]))
    said = page.content.decode()
    assert page.status_code == 200
    assert "process-drawing" in said
    for thing in (*process.steps, *process.deadlines):
        assert str(thing.label).split("&")[0][:20] in said
    for name in process.letters:
        shown = browser.get(reverse("cases_operations:letter", args=[process.code, process.version, name]))
        assert shown.status_code == 200
        assert "Astrid Exempel" in shown.content.decode() or "Exempel" in shown.content.decode()


def test_every_condition_and_kind_of_fact_has_its_swedish():
    steps = [step for process in engine.load().all() for step in process.steps]
    assert {name for step in steps for name in step.guards} - set(GUARDS) == set()
    facts = engine.load().facts.values()
    assert {fact.type for fact in facts} - set(words.TYPES) == set()
    assert {fact.secrecy for fact in facts} - set(words.SECRECY) == set()


def test_nobody_else_sees_the_workshop(karin, sofia, petra, client_of):
    for actor in (karin, sofia, petra):
        assert client_of(actor).get(reverse("cases_operations:processes")).status_code == 404


def test_two_versions_beside_each_other_say_what_changes(next_year, shelf):
    old = engine.load().process(*HOME_CARE)
    said = words_of(workshop.compare(old, next_year, old_root=engine.PROCESSES, new_root=shelf))
    assert "Ändras ”Pågår” heter nu ”Verkställs”" in said["Lägen"]
    assert any("heter nu ”Insatsen har kommit i gång”" in one for one in said["Steg"])
    assert said["Brev"] == ["Ändras ”Avslut” har ny text"] or any(
        "har ny text" in one for one in said["Brev"]
    )
    assert workshop.compare(old, old) == []


def test_what_a_version_would_mean_is_counted_and_names_nobody(assigned_case, next_year, ola, now):
    """The administrator may open no case, and learns only how many there are."""
    old = engine.load().process(*HOME_CARE)
    rules = tuple(
        replace(rule, length=Length(1, "day")) if rule.name == "decide_in_time" else rule
        for rule in next_year.deadlines
    )
    gone = {name: state for name, state in next_year.states.items() if name != "assigned"}
    later = now + timedelta(days=10)
    found = workshop.preview(
        ola, replace(next_year, deadlines=rules, states=gone), later, before={old.version: old}
    )
    assert (found.total, found.stuck) == (1, 1)
    decide = next(
        clock
        for clock in found.clocks
        if clock.label == next(r.label for r in rules if r.name == "decide_in_time")
    )
    assert (decide.running, decide.earlier, decide.red_now, decide.red_then) == (1, 1, 0, 1)
    assert "Astrid" not in repr(found)
    assert workshop.preview(ola, old, now).total == 0


def test_ola_sets_a_length_from_a_day_in_two_steps_and_running_clocks_stay(
    assigned_case, ola, maria, client_of, now
):
    before = dict(Deadline.objects.filter(case=assigned_case).values_list("name", "strict_date"))
    browser, address = client_of(ola), reverse("cases_operations:length", args=["time_to_decide"])
    typed = {"count": "2", "unit": "months", "valid_from": "2099-04-01", "reason": "Nämnden 2026-02-20 § 12"}
    asked = browser.post(address, typed | {"do": "check"})
    assert "3 månader blir 2 månader från 2099-04-01" in asked.content.decode()
    assert not OwnLength.objects.exists()
    assert browser.post(address, typed | {"do": "set"}).status_code == 302
    row = OwnLength.objects.get()
    assert (row.length, row.by_name) == ("2 months", ola.name)
    assert AuditEvent.objects.filter(verb="cases.set_length", user_id=ola.user_id).exists()
    assert "time_to_decide" not in own_lengths(ola.municipality_id, date(2099, 3, 31))
    assert own_lengths(ola.municipality_id, date(2099, 4, 1))["time_to_decide"] == Length(2, "month")
    assert dict(Deadline.objects.filter(case=assigned_case).values_list("name", "strict_date")) == before
    actions.set_length("time_to_decide", "", valid_from=date(2099, 5, 1), reason="Tillbaka", by=ola, now=now)
    assert "time_to_decide" not in own_lengths(ola.municipality_id, date(2099, 5, 1))
    with pytest.raises(Refused):
        actions.set_length(
            "time_to_decide", "1 week", valid_from=date(2026, 5, 1), reason="Jag vill", by=maria, now=now
        )


@pytest.mark.parametrize(
    ("name", "length", "day", "reason"),
    [
        ("no_such_time", "2 months", date(2026, 4, 1), "Beslut"),
        ("time_to_decide", "snart", date(2026, 4, 1), "Beslut"),
        ("time_to_decide", "900 months", date(2026, 4, 1), "Beslut"),
        ("time_to_decide", "2 hours", date(2026, 4, 1), "Beslut"),
        ("time_to_decide", "2 months", date(2026, 3, 1), "Beslut"),
        ("time_to_decide", "2 months", date(2026, 4, 1), " "),
    ],
)
def test_a_length_that_cannot_hold_is_refused(name, length, day, reason, ola, now):
    with pytest.raises(LengthRefused):
        actions.set_length(name, length, valid_from=day, reason=reason, by=ola, now=now)
    assert not OwnLength.objects.exists()


def test_a_proposed_version_is_checked_compared_and_weighed_but_not_installed(
    assigned_case, next_year, shelf, ola, client_of
):
    page = client_of(ola).post(
        reverse("cases_operations:check"), {"archive": zipped(shelf, "elder_care/home_care/2027-01-01")}
    )
    said = page.content.decode()
    assert page.status_code == 200
    assert "Inga fel" in said
    assert "heter nu ”Verkställs”" in said
    assert "Räknat på 1 öppna ärenden" in said
    assert not (engine.PROCESSES / "elder_care/home_care/2027-01-01").exists()


def test_what_is_wrong_in_a_proposal_is_said_by_file_and_line(next_year, shelf, ola, client_of):
    head = shelf / "elder_care/home_care/2027-01-01/process.yaml"
    head.write_text(head.read_text().replace("to: to_be_executed", "to: nowhere"))
    letter = shelf / "elder_care/home_care/2027-01-01/letters/closure.html"
    letter.write_text("{% if case.number %}")
    page = client_of(ola).post(
        reverse("cases_operations:check"), {"archive": zipped(shelf, "elder_care/home_care/2027-01-01")}
    )
    said = page.content.decode()
    assert "Versionen skulle inte läsas in" in said
    assert "elder_care/home_care/2027-01-01/process.yaml:" in said
    assert "elder_care/home_care/2027-01-01/letters/closure.html:" in said


@pytest.mark.parametrize(
    ("add", "said"),
    [
        ([("../../etc/passwd.yaml", "a: 1")], "hör inte hemma"),
        ([("elder_care/home_care/2027-01-01/run.py", "print()")], "hör inte hemma"),
        ([("elder_care/home_care/2027-01-01/process.yaml", "a: &a [1]\nb: *a\n")], "processpråket inte har"),
        ([("elder_care/home_care/2027-01-01/process.yaml", "[" * 60)], "för många nivåer"),
        ([("elder_care/home_care/2027-01-01/process.yaml", "x" * 400_000)], "för stor"),
        ([("elder_care/facts.yaml", "facts: {}")], "ingen version"),
        ([], "ingen version"),
    ],
)
def test_a_file_that_is_no_version_is_refused_in_words(add, said, shelf, ola, client_of):
    page = client_of(ola).post(reverse("cases_operations:check"), {"archive": zipped(shelf, add=add)})
    assert page.status_code == 422
    assert said in page.content.decode()


def test_something_that_is_no_zip_is_refused_in_words(ola, client_of):
    page = client_of(ola).post(
        reverse("cases_operations:check"), {"archive": SimpleUploadedFile("a.zip", b"hej")}
    )
    assert page.status_code == 422
    assert "går inte att läsa som zip" in page.content.decode()


def test_a_length_that_a_statute_fixes_is_nobodys_to_change(ola, client_of, now):
    with pytest.raises(LengthRefused, match="sätts av lag"):
        actions.set_length(
            "time_to_investigate_child", "6 months", valid_from=date(2026, 4, 1), reason="Vi hinner inte",
            by=ola, now=now,
        )  # fmt: skip
    browser, address = client_of(ola), reverse("cases_operations:length", args=["time_to_investigate_child"])
    page = browser.get(address).content.decode()
    assert "sätts av lag" in page
    assert 'name="count"' not in page
    sent = {
        "count": "6",
        "unit": "months",
        "valid_from": "2099-04-01",
        "reason": "Vi hinner inte",
        "do": "set",
    }
    assert browser.post(address, sent).status_code == 422
    assert not OwnLength.objects.exists()
    assert f'href="{address}"' not in browser.get(reverse("cases_operations:lengths")).content.decode()


def test_a_parameter_does_not_get_past_the_statute_either(now):
    rule = next(
        one
        for process in load().all()
        for one in process.deadlines
        if getattr(one.length, "name", "") == "time_to_investigate_child"
    )
    assert rule.length.on(now.date(), Length(9, "month")) == Length(4, "month")

"""When room runs short: what waits says so in words and keeps what was typed, what matters goes on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from livlina.config.importance import ROOMS
from livlina.config.schedule import SCHEDULE
from livlina.core import clock, jobs, shedding
from livlina.core.ids7 import uuid7
from livlina.core.shedding import Importance
from livlina.registers.journal.models import Note
from livlina.status import levels
from livlina.status.levels import Level

pytestmark = pytest.mark.django_db
TYPED = "Astrid söker hemtjänst. Hon orkar inte längre handla själv, säger dottern."


@pytest.fixture
def tight(settings, tmp_path: Path) -> Iterator[Callable[[int], None]]:
    """Return a function that says the level, as the status process does."""
    settings.STATE_DIR = tmp_path
    shedding.reader.cache_clear()
    yield lambda level: levels.write(tmp_path, Level(level, "storage"))
    shedding.reader.cache_clear()


def words(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def note(**given) -> dict[str, object]:
    return {
        "submission_key": str(uuid7()), "text": "Hembesök hos Astrid.", "day": clock.today().isoformat(),
        "clock": "", "kind": "home_visit", "law": "SoL",
    } | given  # fmt: skip


def test_at_ninety_percent_notes_are_taken_and_case_work_is_refused_with_all_that_was_typed(
    karin, astrid, astrids_file, client_of, tight
):
    browser = client_of(karin)
    begin = reverse("cases:begin", args=[astrid.pk])
    before = browser.post(begin, {"reason": TYPED})
    assert before.status_code not in (404, 503), "control: in calm weather it is taken in"
    tight(levels.CARE_ONLY)
    refused = browser.post(begin, {"reason": TYPED, "submission_key": str(uuid7())})
    assert refused.status_code == 503
    assert refused["Retry-After"]
    assert TYPED in words(refused)
    assert "Larm, dörrar, besök och journal fungerar" in words(refused)
    assert "inte sparat" in words(refused)
    answer = browser.post(reverse("journal:write", args=[astrids_file.pk]), note())
    assert answer.status_code == 302
    assert Note.objects.get(file=astrids_file).text == "Hembesök hos Astrid."


def test_what_was_refused_can_be_sent_again_from_the_page_itself(karin, astrid, client_of, tight):
    tight(levels.CARE_ONLY)
    key = str(uuid7())
    page = client_of(karin).post(
        reverse("cases:begin", args=[astrid.pk]), {"reason": TYPED, "kind": "elder", "submission_key": key}
    )
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.content.decode()))
    assert {name: hidden[name] for name in ("reason", "kind", "submission_key")} == {
        "reason": TYPED, "kind": "elder", "submission_key": key,
    }  # fmt: skip
    assert 'action="' + reverse("cases:begin", args=[astrid.pk]) in page.content.decode()


def test_trying_again_when_there_is_room_does_what_was_asked_the_first_time(karin, client_of, tight):
    browser = client_of(karin)
    browser.handler.enforce_csrf_checks = True
    place = reverse("cases:save_worklist")
    token = re.search(
        r'name="csrfmiddlewaretoken" value="(\w+)"', browser.get(reverse("cases:list")).content.decode()
    )
    assert token
    tight(levels.CARE_ONLY)
    sent = {"csrfmiddlewaretoken": token[1], "submission_key": str(uuid7()), "query": "scope=unit"}
    refused = browser.post(place, sent)
    assert refused.status_code == 503
    tight(levels.NORMAL)
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', refused.content.decode()))
    assert browser.post(place, hidden).status_code == 302
    del hidden["csrfmiddlewaretoken"]
    assert browser.post(place, hidden).status_code == 403, (
        "control: without the token of the page it is not taken"
    )


def test_at_eighty_percent_reports_wait_and_case_work_goes_on(maria, astrid, client_of, tight):
    browser = client_of(maria)
    report = reverse("watches:statistics")
    assert browser.get(report).status_code == 200, "control"
    tight(levels.BULK_WAITS)
    assert browser.get(report).status_code == 503
    assert "Rapporter" in words(browser.get(report))
    assert browser.get(reverse("cases:list")).status_code == 200
    tight(levels.CALL)
    assert browser.get(report).status_code == 200


def test_the_journal_and_cases_are_read_at_every_level_and_the_page_says_how_it_goes(
    karin, astrids_file, client_of, tight
):
    browser = client_of(karin)
    for level in (levels.NORMAL, levels.CALL, levels.BULK_WAITS, levels.CARE_ONLY):
        tight(level)
        page = browser.get(reverse("journal:file", args=[astrids_file.pk]))
        assert page.status_code == 200
        assert ("Driftinformation" in words(page)) == (level >= levels.BULK_WAITS)
        assert browser.get(reverse("cases:list")).status_code == 200


def test_those_who_run_the_house_are_told_why_and_before_anything_waits(ola, karin, client_of, tight):
    tight(levels.CALL)
    assert "Lagringsutrymmet håller på att ta slut" in words(client_of(ola).get("/operations/"))
    assert "Driftinformation" not in words(client_of(karin).get(reverse("cases:list"))), "control"


def test_a_form_sent_from_a_strange_site_is_not_shown_back(karin, astrid, tight, settings):
    tight(levels.CARE_ONLY)
    strict = Client(enforce_csrf_checks=True, HTTP_HOST="localhost")
    answer = strict.post(reverse("cases:begin", args=[astrid.pk]), {"reason": TYPED})
    assert answer.status_code == 403
    assert TYPED not in words(answer)


def test_a_machine_is_told_in_its_own_way(client, tight):
    tight(levels.CARE_ONLY)
    answer = client.post("/api/v1/openapi.json", {}, content_type="application/json")
    assert (answer.status_code, answer.json()["status"]) == (503, 503)
    for care in ("field/outbox", "alarms/exchange", "persons/search"):
        answer = client.post(f"/api/v1/{care}", {}, content_type="application/json")
        assert answer.status_code != 503, care


def test_a_job_that_matters_less_waits_and_runs_when_there_is_room_again(asvalla, now, tight, monkeypatch):
    ran: list[str] = []
    monkeypatch.setattr(jobs, "run", lambda job, at: ran.append(job.name) or 1)
    minute = timedelta(minutes=1)
    schedule = [
        jobs.Recurring("alarms", "-", minute, minute, "support", importance=Importance.ALARM),
        jobs.Recurring("cases", "-", minute, minute, "support"),
        jobs.Recurring("reports", "-", minute, minute, "support", importance=Importance.REPORT),
    ]
    jobs.run_due(schedule, now)
    assert ran == ["alarms", "cases", "reports"], "control"
    ran.clear()
    tight(levels.BULK_WAITS)
    jobs.run_due(schedule, now + minute)
    tight(levels.CARE_ONLY)
    jobs.run_due(schedule, now + 2 * minute)
    assert ran == ["alarms", "cases", "alarms"]
    tight(levels.NORMAL)
    jobs.run_due(schedule, now + 2 * minute + timedelta(seconds=1))
    assert ran[3:] == ["cases", "reports"]


def test_jobs_of_alarms_and_doors_never_wait_and_heavy_ones_do() -> None:
    by_name = {job.name: job.importance for job in SCHEDULE}
    assert by_name["let waiting alarms go further"] == Importance.ALARM
    assert by_name["propose destruction"] == Importance.REPORT
    assert not any(
        job.importance.waits(levels.CARE_ONLY)
        for job in SCHEDULE
        if job.verb.startswith(
            ("livlina.provider.alarms", "livlina.provider.doors", "livlina.provider.homecare")
        )
    )


def test_every_room_has_been_weighed() -> None:
    def walk(patterns) -> Iterator[str]:
        for one in patterns:
            if hasattr(one, "url_patterns"):
                yield from walk(one.url_patterns)
            elif verb := getattr(getattr(one.callback, "permission", None), "verb", None):
                yield verb.partition(".")[0]

    unweighed = set(walk(get_resolver().url_patterns)) - set(ROOMS)
    assert not unweighed, "Say in config/importance.py how much these rooms matter when room runs short."


def test_the_word_of_a_dead_status_process_does_not_count(tmp_path: Path) -> None:
    levels.write(tmp_path, Level(levels.CARE_ONLY, "storage"))
    at = (tmp_path / levels.FILE).stat().st_mtime
    reader = levels.Reader(tmp_path)
    assert reader.level(at + levels.STALE - 1).level == levels.CARE_ONLY
    assert reader.level(at + levels.STALE + 1).level == levels.NORMAL

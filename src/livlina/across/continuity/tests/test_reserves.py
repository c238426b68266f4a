"""What the manager reads: was the reserve started, signed in to and read; which drills are done, and which are late."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils.html import strip_tags

from livlina.across.continuity import actions, queries, shown
from livlina.across.continuity.models import Drill, RestoreTest
from livlina.across.continuity.stories import STORIES
from livlina.across.continuity.watching import watch_drills
from livlina.core.clock import local
from livlina.core.ids7 import uuid7
from livlina.registers.watches.models import Watch
from livlina.registers.watches.queries import todays as watched_today
from livlina.status import parts

pytestmark = pytest.mark.django_db

STEPS = [
    {"name": "Öppna skuggan", "seconds": 0.42, "works": True, "words": "Sidan kom."},
    {"name": "Läs reservpaketet", "seconds": 0, "works": None, "words": "Inget paket är gjort här."},
]


@pytest.fixture
def state(settings, tmp_path: Path) -> Path:
    settings.STATE_DIR = tmp_path
    return tmp_path


@pytest.fixture
def tested(now):
    """Files a restore test of an hour ago."""

    def make(**changed: object) -> RestoreTest:
        at = now - timedelta(hours=1)
        record = {
            "id": str(uuid7()), "started_at": at, "ended_at": at + timedelta(minutes=2), "backup": "20260302T010000Z",
            "newest_at": at - timedelta(seconds=14), "newest_age": 14, "counts": {"journal_note": [2, 2]},
            "chains_verified": 1, "chains_broken": 0, "signed_in_at": at + timedelta(minutes=1), "seconds": 118.2,
            "outcome": "works", "words": "Kopian startades, loggades in i och lästes.",
        }  # fmt: skip
        return actions.file_restore_test(record | changed)

    return make


@pytest.fixture
def drilled(now):
    """Files a drill."""

    def make(story: str = "s1", days: float = 1, outcome: str = "works") -> Drill:
        at = now - timedelta(days=days)
        return actions.file_drill(
            {
                "id": str(uuid7()),
                "story": story,
                "against": "shadow",
                "address": "http://127.0.0.1:8102",
                "started_at": at,
                "ended_at": at + timedelta(seconds=9),
                "steps": STEPS,
                "outcome": outcome,
                "started_by": "Ola Nordin",
            }
        )

    return make


def once(words: str) -> dict[str, str]:
    return {"words": words, "submission_key": str(uuid7())}


def words_of(client, address: str = "/operations/continuity/") -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()[:500]
    return " ".join(strip_tags(answer.content.decode().replace("<", " <")).split())


def test_ola_reads_that_the_reserve_was_started_signed_in_to_and_read(
    ola, client_of, state, tested, now
) -> None:
    test = tested()
    when = f"i dag {local(test.started_at):%H:%M}"
    page = words_of(client_of(ola))
    # The page's own clock is the real one, so the day is said as a date there; the sentence itself is tried at `now`.
    assert "loggades in i och lästes" in page
    assert shown.lead(test, now) == (
        "success",
        f"Reserven startades, loggades in i och lästes {when}.",
    )


def test_a_reserve_that_was_not_tried_last_night_is_no_good_news(now, tested) -> None:
    assert shown.lead(None, now)[0] == "warning"
    colour, words = shown.lead(tested(), now + timedelta(hours=30))
    assert colour == "danger"
    assert "inte prövats sedan i går" in words
    failed = tested(outcome="fails", words="Kopian gick inte att läsa.", signed_in_at=None)
    assert shown.lead(failed, now) == (
        "danger",
        f"Reserven höll inte i dag {local(failed.started_at):%H:%M}. Kopian gick inte att läsa.",
    )


def test_a_test_in_which_nobody_signed_in_cannot_be_filed_as_good(tested) -> None:
    with pytest.raises(Exception, match="restore_test_works_when_proved"), transaction.atomic():
        tested(signed_in_at=None)


def test_what_was_proved_can_be_added_to_but_never_changed_or_removed(drilled, tested) -> None:
    drilled()
    tested()
    for statement in (
        "UPDATE continuity_drill SET outcome = 'works'",
        "DELETE FROM continuity_drill",
        "UPDATE continuity_restoretest SET outcome = 'works'",
        "DELETE FROM continuity_drillsignature",
    ):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(statement)


def test_each_story_comes_round_and_what_could_not_be_played_does_not_count(now, drilled) -> None:
    drilled("s1", days=3)
    drilled("s3", days=40)
    drilled("s16", days=40)
    drilled("s16", days=1, outcome="partly")
    drilled("restore", days=2, outcome="fails")
    due = {one.story.name: one for one in queries.calendar(now)}
    assert {name: one.overdue for name, one in due.items()} == {
        "s1": False,
        "s3": False,
        "s16": True,
        "restore": True,
        "storage": True,
    }
    assert due["s16"].words == "försenad"
    assert due["restore"].words == "höll inte, ska övas igen"
    assert due["storage"].words == "aldrig övad"


def test_the_status_page_hears_of_late_drills_once_from_the_first_municipality(
    asvalla, sjohaga, ola, state, drilled, now
) -> None:
    assert watch_drills(asvalla.pk, now) == len(STORIES)
    assert not parts.read(state)["drills"].works
    for name in STORIES:
        drilled(name)
    assert watch_drills(sjohaga.pk, now) == 0
    assert not parts.read(state)["drills"].works  # not hers to tell
    assert watch_drills(asvalla.pk, now) == 0
    assert parts.read(state)["drills"].words == "Alla övningar är gjorda i tid."


def test_a_late_drill_lies_on_the_secretarys_desk_once_until_it_has_been_held(
    asvalla, ola, eva, petra, client_of, state, drilled, now
) -> None:
    for name in STORIES:
        drilled(name)
    later = now + timedelta(days=40)
    for hour in range(3):
        watch_drills(asvalla.pk, later + timedelta(hours=hour))
    held_by = {watch.about: watch.role for watch in Watch.objects.filter(closed_at=None)}
    assert held_by == {
        f"Öva: {STORIES[name].title} (försenad)": "committee_secretary" for name in ("s1", "s16", "restore")
    }
    assert watched_today(eva, later + timedelta(hours=3)).total == 0, "it can wait a week"
    assert watched_today(eva, later + timedelta(days=7)).total == 3
    assert watched_today(petra, later + timedelta(days=7)).total == 0
    drilled("s1", days=-40)  # held that day
    watch_drills(asvalla.pk, later + timedelta(days=1))
    watch_drills(asvalla.pk, later + timedelta(days=32))
    rows = Watch.objects.filter(type="continuity.drill_late", about__contains=STORIES["s1"].title)
    assert [row.closed_at is None for row in rows.order_by("opened_at")] == [False, True], (
        "late again, told again"
    )
    assert "Systemet står still" in words_of(client_of(eva), "/officer/continuity/")


def test_a_drill_is_shown_step_by_step_and_signed_once(ola, anders, client_of, state, drilled) -> None:
    drill = drilled(outcome="partly")
    address, his = f"/operations/continuity/drills/{drill.pk}", client_of(ola)
    page = words_of(his, address)
    assert "Övning: Systemet står still" in page
    assert "Kunde inte övas 0,0 s Inget paket är gjort här." in page
    assert his.post(f"{address}/sign", once("Paketen ska göras på fredag.")).status_code == 302
    page = words_of(his, address)
    assert "Ola" in page
    assert "Paketen ska göras på fredag." in page
    assert "Skriv under" not in page
    again = his.post(f"{address}/sign", once(""))
    assert again.status_code == 422
    assert "Du har redan skrivit under övningen." in again.content.decode()
    assert "Skriv under" not in words_of(client_of(anders), address)
    assert client_of(anders).post(f"{address}/sign", once("")).status_code == 404


def test_managers_read_and_others_do_not(
    maria, petra, karin, ali, sara, client_of, state, drilled, tested
) -> None:
    tested()
    drill = drilled()
    for who, room in ((maria, "officer"), (petra, "provider")):
        assert "Systemet står still" in words_of(client_of(who), f"/{room}/continuity/")
        assert "Skriv under" not in words_of(client_of(who), f"/{room}/continuity/drills/{drill.pk}")
    for who, room in ((karin, "officer"), (ali, "provider"), (sara, "officer"), (maria, "operations")):
        assert client_of(who).get(f"/{room}/continuity/").status_code == 404


def test_the_page_says_what_each_reserve_said_and_when_storage_is_full(ola, client_of, state) -> None:
    parts.write(state, "backups", True, "Senaste hela kopian är 3 timmar gammal.")
    parts.write(state, "packs", False, "Paketet på Norra är 40 minuter gammalt.")
    parts.replace(
        state / "status" / "status.json",
        '{"storage": [{"volume": "wal", "free": 4e9, "total": 40e9, "inodes_free": 5, "full_in_s": 43200}]}',
    )
    page = words_of(client_of(ola))
    assert "Säkerhetskopior Fungerar Senaste hela kopian är 3 timmar gammal." in page
    assert "Reservpaketen Fungerar inte Paketet på Norra är 40 minuter gammalt." in page
    assert "Läskopian Inte uppsatt" in page
    assert "wal 4.0 GB 90 % full om 12 timmar" in page

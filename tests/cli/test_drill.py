"""A drill says what worked, what did not, and what could not be played; and its result outlives a dead database."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from livlina.across.continuity.models import Drill
from livlina.cli import filing, main
from livlina.cli.drills.ground import Ground, outcome
from livlina.cli.drills.plays import s1, s3, s16, storage
from livlina.status import levels, parts


class Stand(BaseHTTPRequestHandler):
    """Plays a status page, a shadow, and a system that goes by the level of its state folder."""

    def do_GET(self) -> None:
        level = levels.Reader(self.server.state).level().level  # type: ignore[attr-defined]
        if self.path == "/officer/cases/board/list.pdf" and level >= levels.BULK_WAITS:
            self.answer(503, "Listor får vänta just nu.")
        else:
            self.answer(200, "<html>Logga in med passkey. Läskopia: uppgifterna är nya</html>")

    def do_POST(self) -> None:
        self.answer(503, "Här går det bara att läsa.")

    def answer(self, status: int, words: str) -> None:
        self.send_response(status)
        self.end_headers()
        self.wfile.write(words.encode())

    def log_message(self, *words: object) -> None:
        """Say nothing."""


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[str]:
    """Where it answers."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Stand)
    server.state = tmp_path  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


def told(ground: Ground) -> dict[str, bool | None]:
    return {step["name"]: step["works"] for step in ground.steps}


def pack(place: Path, at: datetime) -> Path:
    """A unit's pack, with the manifest that tells of it."""
    (place / "asvalla").mkdir(parents=True)
    file = place / "asvalla" / "norra.html"
    file.write_text("<html>")
    row = {"unit": "Norra hemtjänsten", "file": file.name, "at": at.isoformat()}
    body = {"packs": [row | {"sha256": sha256(b"<html>").hexdigest()}]}
    (place / "asvalla" / "manifest.json").write_text(json.dumps({"body": body}))
    return file


def test_what_could_not_be_played_is_never_said_to_work(tmp_path: Path) -> None:
    for play in (s1, s3, s16, storage):
        ground = Ground(tmp_path)
        play(ground)
        assert True not in told(ground).values(), told(ground)
        assert outcome(ground.steps) == "partly"
        assert all(step["words"] for step in ground.steps)


def test_with_somebody_at_the_terminal_the_whole_outage_is_played(stand: str, tmp_path: Path) -> None:
    pack(tmp_path / "packs", datetime.now(UTC) - timedelta(minutes=9))
    parts.write(tmp_path, "shadow", True, "Läskopian är 4 sekunder gammal.")
    asked: list[str] = []

    def yes(question: str) -> bool:
        asked.append(question)
        return True

    ground = Ground(
        tmp_path, running=stand, shadow=stand, status=stand, packs=(tmp_path / "packs",),
        ask=yes,
    )  # fmt: skip
    s1(ground)
    assert outcome(ground.steps) == "works", ground.steps
    assert len(asked) == 3
    assert "1 paket, det äldsta 9 minuter gammalt." in [step["words"] for step in ground.steps]


def test_a_dead_shadow_an_old_pack_and_a_no_from_whoever_plays_are_failures(
    stand: str, tmp_path: Path
) -> None:
    pack(tmp_path / "packs", datetime.now(UTC) - timedelta(hours=2))
    parts.write(tmp_path, "shadow", True, "Ny.", at=datetime.now(UTC) - timedelta(minutes=9))
    ground = Ground(
        tmp_path, shadow="http://127.0.0.1:9", status=stand, packs=(tmp_path / "packs",), ask=lambda _: False
    )
    s1(ground)
    found = told(ground)
    assert found["Öppna statussidan"] is True
    assert [name for name, works in found.items() if works is None] == []
    assert sum(works is False for works in found.values()) == 7
    assert outcome(ground.steps) == "fails"


def test_a_pack_that_was_changed_is_found(tmp_path: Path) -> None:
    pack(tmp_path / "packs", datetime.now(UTC)).write_text("<html>annat")
    ground = Ground(tmp_path, packs=(tmp_path / "packs",))
    s1(ground)
    assert told(ground)["Reservpaketen finns, är hela och nya"] is False


def test_storage_that_fills_puts_off_lists_and_nothing_else(stand: str, tmp_path: Path) -> None:
    full = {"volume": "data", "free": 7e9, "total": 10e9, "full_in_s": 36000}
    parts.replace(
        tmp_path / "status" / "status.json",
        json.dumps({"at": datetime.now(UTC).isoformat(), "storage": [full]}),
    )
    ending = threading.Event()

    def status_process() -> None:
        """Does what the status process does with what was asked for by hand."""
        from livlina.status.monitor import by_hand

        while not ending.wait(0.05):
            levels.write(tmp_path, by_hand(tmp_path, datetime.now(UTC)))

    beside = threading.Thread(target=status_process, daemon=True)
    beside.start()
    ground = Ground(tmp_path, running=stand)
    storage(ground)
    ending.set()
    beside.join()
    assert outcome(ground.steps) == "works", ground.steps
    assert ground.steps[0]["words"] == "data: 30 % , full om 10 timmar.".replace(" ,", ",")


def test_the_result_is_kept_until_the_database_takes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, db: None, django_db_blocker: pytest.FixtureRequest
) -> None:
    monkeypatch.setenv("LIVLINA_STATE_DIR", str(tmp_path))
    monkeypatch.delenv("LIVLINA_DATABASE_URL")
    assert main(["drill", "s3", "--by", "Ola Krantz"]) == 1
    kept = list((tmp_path / "proofs").glob("drill-*.json"))
    assert len(kept) == 1
    assert filing.file(tmp_path, "drill", json.loads(kept[0].read_text())) is False
    filing._take_in(kept[0])
    drill = Drill.objects.get()
    assert (drill.story, drill.outcome, drill.started_by) == ("s3", "partly", "Ola Krantz")
    assert not list((tmp_path / "proofs").glob("*.json"))

"""What the parts tell the status page."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from livlina.status import parts

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)


def test_what_a_part_says_is_what_is_read(tmp_path: Path) -> None:
    assert parts.write(tmp_path, "packs", True, "Reservpaketen gjordes 09:00.", at=AT, count=12)
    assert parts.read(tmp_path) == {
        "packs": parts.Part("packs", True, "Reservpaketen gjordes 09:00.", AT, {"count": 12})
    }
    assert [path.name for path in (tmp_path / parts.FOLDER).iterdir()] == ["packs.json"]


def test_a_broken_file_of_one_part_hides_no_other(tmp_path: Path) -> None:
    parts.write(tmp_path, "shadow", True, "Läskopian är färsk.", at=AT)
    for name, text in {"drills": "{", "backups": "[]", "cluster": '{"at": "2026-03-02"}'}.items():
        (tmp_path / parts.FOLDER / f"{name}.json").write_text(text, encoding="utf-8")
    assert list(parts.read(tmp_path)) == ["shadow"]


def test_a_part_goes_on_when_there_is_nowhere_to_write(tmp_path: Path) -> None:
    (tmp_path / "status").write_text("a file where the folder should be", encoding="utf-8")
    assert not parts.write(tmp_path, "packs", True, "Gjorda.", at=AT)
    assert parts.read(tmp_path) == {}


def test_a_name_never_leads_out_of_the_folder(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="plain word"):
        parts.write(tmp_path, f"..{os.sep}packs", True, "Gjorda.", at=AT)

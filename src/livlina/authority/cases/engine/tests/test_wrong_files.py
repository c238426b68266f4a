"""A wrong file gets an error that names file, line and mend: each row breaks the real processes in one place."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from livlina.authority.cases.engine import PROCESSES, ProcessesWrong, check, load

HOME = "elder_care/home_care/2025-07-01/process.yaml"
BROKEN = yaml.safe_load(Path(__file__).with_name("broken.yaml").read_text(encoding="utf-8"))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return shutil.copytree(PROCESSES, tmp_path / "processes")


def part(into: Path, *areas: str) -> Path:
    """Some areas alone, with what all share: all 53 processes take twenty times as long, and the fault is in one."""
    kept = {"codes", "shared", *areas}
    others = {path.name for path in PROCESSES.iterdir() if path.is_dir()} - kept
    return shutil.copytree(
        PROCESSES, into / "processes", ignore=lambda folder, names: others if folder == str(PROCESSES) else []
    )


@pytest.mark.parametrize("row", BROKEN, ids=lambda row: row["said"][:60])
def test_a_wrong_file_is_told_by_file_line_and_mend(tmp_path: Path, row: dict[str, Any]) -> None:
    file, text = row["file"], row["text"]
    copy = part(tmp_path, "elder_care", file.partition("/")[0])
    whole = (copy / file).read_text(encoding="utf-8")
    assert text in whole, "the row no longer breaks anything"
    line = whole[: whole.index(text)].count("\n") + 1 + row.get("shift", 0)
    (copy / file).write_text(whole.replace(text, row["instead"], 1), encoding="utf-8")
    told = [str(problem) for problem in check(copy)]
    assert any(said.startswith(f"{file}:{line}: ") and row["said"] in said for said in told), "\n".join(told)


def test_the_processes_of_the_house_are_right() -> None:
    assert [str(problem) for problem in check()] == []


def test_a_version_without_forms_or_scenario_is_told(copy: Path) -> None:
    (copy / "elder_care/home_care/2025-07-01/forms.yaml").unlink()
    (copy / "elder_care/home_care/2025-07-01/scenario.yaml").unlink()
    told = "\n".join(str(problem) for problem in check(copy))
    assert "process.yaml:1: The version has no forms.yaml." in told
    assert "process.yaml:1: The version has no told scenario." in told


def test_a_folder_that_is_named_after_no_day_is_told(copy: Path) -> None:
    (copy / "elder_care/home_care/2025-07-01").rename(copy / "elder_care/home_care/v1")
    assert 'elder_care/home_care/v1/process.yaml:1: "v1" is no version.' in "\n".join(
        str(problem) for problem in check(copy)
    )


def test_an_idle_setting_is_told(copy: Path) -> None:
    with (copy / "settings.yaml").open("a", encoding="utf-8") as settings:
        settings.write("  idle: {label: X, values: [{valid_from: 2025-07-01, length: 1 day, source: Y.}]}\n")
    assert [problem.what for problem in check(copy)] == ['No deadline uses the setting "idle".']


def test_a_version_that_ends_before_it_begins_is_told(copy: Path) -> None:
    with (copy / HOME).open("a", encoding="utf-8") as process:
        process.write("valid_to: 2025-01-01\n")
    assert [problem.what for problem in check(copy)] == ["The version ends before it begins."]


def test_a_file_that_is_no_yaml_is_the_only_thing_told(tmp_path: Path) -> None:
    copy = part(tmp_path, "elder_care")
    (copy / "shared/facts.yaml").write_text("facts: [", encoding="utf-8")
    assert [problem.place.file for problem in check(copy)] == ["shared/facts.yaml"]


def test_wrong_files_are_never_loaded_and_the_error_lists_them(copy: Path) -> None:
    (copy / HOME).write_text("title: [", encoding="utf-8")
    with pytest.raises(ProcessesWrong, match=r"process\.yaml:\d+: The file is no YAML"):
        load(copy)

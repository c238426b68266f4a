"""A layout is data, and a wrong one is refused when it is read."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from livlina.across.statistics.layout import FOLDER, LayoutWrong, layout_for, layouts, read
from livlina.across.statistics.periods import Period

GOOD = yaml.safe_load((FOLDER / "aid_monthly" / "2025-01-01.yaml").read_text(encoding="utf-8"))


def write(folder: Path, day: str, **said: object) -> None:
    """Put a version of the file about ekonomiskt bistånd in a folder."""
    (folder / "aid_monthly").mkdir(exist_ok=True)
    text = yaml.safe_dump(GOOD | {"valid_from": date.fromisoformat(day)} | said)
    (folder / "aid_monthly" / f"{day}.yaml").write_text(text, encoding="utf-8")


def test_every_layout_of_the_house_can_be_read_and_says_what_nobody_has_verified() -> None:
    assert set(layouts()) == {
        "sol_running", "sol_decisions", "aid_monthly", "lss_yearly", "children_yearly", "khsl_contacts", "khsl_measures",
    }  # fmt: skip
    for versions in layouts().values():
        assert versions[-1].unverified
        assert versions[-1].empty.endswith(".")


def test_the_file_of_a_month_is_due_on_the_fifteenth_of_the_next() -> None:
    layout = layout_for("aid_monthly", Period(2026, 2))
    assert layout is not None
    assert layout.due_on(Period(2026, 2)) == date(2026, 3, 15)
    assert layout.due_on(Period(2025, 12)) == date(2026, 1, 15)
    assert layout_for("aid_monthly", Period(2019, 2)) is None


def test_a_later_version_takes_over_from_its_day(tmp_path: Path) -> None:
    write(tmp_path, "2025-01-01", valid_to=date(2026, 5, 31))
    write(tmp_path, "2026-06-01", version="2026:2")
    assert [one.version for one in read(tmp_path)["aid_monthly"]] == ["2025:1", "2026:2"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"rows": "nothing.at_all"}, "nobody gives the rows"),
        ({"key": ["gone"]}, "the key names a field"),
        ({"encoding": "ebcdic"}, "the encoding is not known"),
        ({"fields": [GOOD["fields"][0] | {"source": "aid.gone"}]}, "nobody gives the column"),
        ({"fields": [GOOD["fields"][0], GOOD["fields"][0] | {"position": 2}]}, "the same field twice"),
        ({"fields": [GOOD["fields"][0] | {"position": 2}]}, "positions"),
        ({"fields": [GOOD["fields"][0] | {"length": 0}]}, "the length"),
        ({"fields": [GOOD["fields"][0] | {"length": 1, "codes": {"a": "12"}}]}, "longer than the field"),
    ],
)
def test_a_wrong_layout_stops_the_load_with_a_sentence(
    tmp_path: Path, change: dict[str, object], words: str
) -> None:
    write(tmp_path, "2025-01-01", **change)
    with pytest.raises(LayoutWrong, match=words):
        read(tmp_path)


def test_two_versions_never_hold_the_same_day(tmp_path: Path) -> None:
    write(tmp_path, "2025-01-01")
    write(tmp_path, "2026-06-01", version="2026:2")
    with pytest.raises(LayoutWrong, match="still holds"):
        read(tmp_path)

from pathlib import Path

import pytest

from livlina.core.calendar import Length
from livlina.core.marked import Block, Label, Report, nearest, read_yaml


@pytest.fixture
def report() -> Report:
    return Report()


def read(tmp_path: Path, report: Report, text: str) -> Block:
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    return read_yaml(tmp_path / "a.yaml", tmp_path, report)


def told(report: Report) -> list[str]:
    return [str(problem) for problem in report.found()]


def test_what_stands_in_a_file_is_read_with_its_place(tmp_path: Path, report: Report) -> None:
    block = read(
        tmp_path, report, 'title: Hej\ncount: 3\non: yes\nsaid: {sv: Ja, en: "Yes"}\ntime: 2 weeks\n'
    )
    assert (block.text("title"), block.number("count"), block.flag("on")) == ("Hej", 3, True)
    assert (block.label("said"), block.length("time")) == (Label("Ja", "Yes"), Length(2, "week"))
    assert str(block.at("count")) == "a.yaml:2"
    block.done()
    assert told(report) == []


def test_a_word_nobody_reads_is_a_misspelling(tmp_path: Path, report: Report) -> None:
    block = read(tmp_path, report, "title: Hej\ntitel: Hej\n")
    block.text("title")
    block.done()
    assert told(report) == ['a.yaml:2: "titel" is no word of the language here. Did you mean "title"?']


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "The file is no mapping."),
        ("- a\n- b\n", "The file is no mapping."),
        ("a: [1", "The file is no YAML here"),
        ("a: {b: 1}\n  c: 2\n", "The file is no YAML here"),
        ("a: 1\na: 2\n", '"a" stands twice'),
        ("a: 2026-02-30\n", '"2026-02-30" is no value'),
    ],
)
def test_a_file_that_cannot_be_used_is_told_and_read_as_empty(
    tmp_path: Path, report: Report, text: str, said: str
) -> None:
    assert isinstance(read(tmp_path, report, text), Block)
    assert said in told(report)[0]


def test_rows_of_the_wrong_kind_are_told_by_line(tmp_path: Path, report: Report) -> None:
    block = read(tmp_path, report, "names:\n  - a\n  - {b: 1}\nrows:\n  - c\npairs:\n  - {d: e, f: g}\n")
    assert [name for name, _ in block.words("names")] == ["a"]
    assert block.rows("rows") == []
    assert block.rows("pairs")[0].pair() == ("", "")
    assert [said.split(":")[1] for said in told(report)] == ["3", "5", "7"]


def test_a_number_is_no_text_and_yes_is_no_number(tmp_path: Path, report: Report) -> None:
    block = read(tmp_path, report, "title: 3\ncount: yes\n")
    assert (block.text("title"), block.number("count")) == ("", None)
    assert told(report) == [
        'a.yaml:1: "title" is not a text. Write a text after "title:".',
        'a.yaml:2: "count" is not a whole number. Write a whole number after "count:".',
    ]


def test_the_same_problem_is_told_once(tmp_path: Path, report: Report) -> None:
    block = read(tmp_path, report, "a: 1\n")
    block.text("title")
    block.text("title")
    assert len(told(report)) == 1


def test_a_word_like_no_other_is_met_with_the_words_there_are() -> None:
    assert nearest("xyz", ["red", "blue"]) == "Known are: blue, red."
    assert nearest("xyz", [f"word{number}" for number in range(30)]) == "Add it, or correct the name."

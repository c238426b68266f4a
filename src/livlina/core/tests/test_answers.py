from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livlina.core.answers import TYPES, AnswerWrong, Code, CodeTable, Period, Question, Rating
from livlina.core.marked import Label, Place

HERE = Place("x.yaml", 1)
SOMEONE = "0190b7f0-0000-7000-8000-000000000001"


def table(name: str, version: str, begins: date, ends: date | None, *codes: str) -> CodeTable:
    rows = tuple(Code(code, Label(code.upper(), f"{code} in English")) for code in codes)
    return CodeTable(name, version, begins, ends, Label(name), rows, HERE)


OLD = table("things", "1", date(2020, 1, 1), date(2024, 12, 31), "a", "b", "gone")
NEW = table("things", "2", date(2025, 1, 1), None, "a", "b", "c")
SCALE = table("scale", "1", date(2020, 1, 1), None, "0", "4")


def question(kind: str, **more: Any) -> Question:
    coded = {"choice", "choices", "rated_choices"}
    tables = (OLD, NEW) if kind in coded else ()
    return Question(
        name="q", type=kind, label=Label("Fråga?"), help=Label(""), tables=tables, ratings=(SCALE,), **more
    )


@pytest.mark.parametrize(
    ("kind", "raw", "value", "shown"),
    [
        ("text", "  Hej \t du\n", "Hej du", "Hej du"),
        ("text", "nul\x00l", "null", "null"),
        ("long_text", "en\r\ntvå", "en\ntvå", "en\ntvå"),
        ("yes_no", "ja", True, "Ja"),
        ("yes_no", "no", False, "Nej"),
        ("yes_no", False, False, "Nej"),
        ("choice", "a", "a", "A"),
        ("choices", ["a", "c", "a"], ["a", "c"], "A, C"),
        ("choices", "b", ["b"], "B"),
        ("date", "2026-03-02", date(2026, 3, 2), "2 mars 2026"),
        ("date", "20260302", date(2026, 3, 2), "2 mars 2026"),
        ("number", "1 234,50", Decimal("1234.50"), "1234,50"),
        ("period", ["2026-03-02", "2026-03-09"], Period(date(2026, 3, 2), date(2026, 3, 9)), "2 mars 2026–9 mars 2026"),
        ("period", {"begins": "2026-03-02"}, Period(date(2026, 3, 2), None), "från och med 2 mars 2026 tills vidare"),
        ("rated_choices", [{"area": "a", "need": "4", "text": " Ja. "}], [Rating("a", "4", "Ja.")], "A: 4. Ja."),
        ("person_ref", SOMEONE.upper(), SOMEONE, SOMEONE),
    ],
)  # fmt: skip
def test_an_answer_is_read_and_shown(kind: str, raw: Any, value: Any, shown: str) -> None:
    asked = question(kind)
    assert asked.parse(raw) == value
    assert asked.show(value) == shown


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("empty", [None, "", "   ", [], {}])
def test_no_answer_is_no_value_in_every_type(kind: str, empty: Any) -> None:
    assert question(kind).parse(empty) is None
    assert question(kind).show(None) == ""


@pytest.mark.parametrize(
    ("kind", "raw", "said"),
    [
        ("text", "x" * 301, "Korta det till högst 300 tecken"),
        ("text", ["a"], "Skriv svaret som text"),
        ("text", "\x00", "Skriv ett svar"),
        ("long_text", "x" * 20_001, "Korta det till högst 20000 tecken"),
        ("yes_no", "kanske", "Välj ja eller nej"),
        ("choice", "gone", "Välj ett av alternativen i listan"),
        ("choices", ["a", "z"], "Välj ett av alternativen i listan"),
        ("date", "2026-02-30", "Skriv ett datum som finns"),
        ("date", "2 mars", "Skriv ett datum som finns"),
        ("date", "0026-03-02", "Skriv ett datum som finns"),
        ("number", "tolv", "Skriv ett tal med siffror"),
        ("number", "NaN", "Skriv ett tal med siffror"),
        ("number", "1e9", "Skriv ett tal med siffror"),
        ("period", ["2026-03-09", "2026-03-02"], "Sista dagen kan inte vara före den första"),
        ("period", ["", "2026-03-02"], "Skriv vilken dag det börjar"),
        ("period", ["2026-03-02"], "Skriv både första och sista dagen"),
        ("period", "2026-03-02", "Skriv både första och sista dagen"),
        ("rated_choices", "a", "Välj minst ett område"),
        ("rated_choices", [{"area": "a"}], "Ange bedömning"),
        ("rated_choices", [{"area": "a", "need": "7"}], "Ange bedömning"),
        ("rated_choices", [{"area": "z", "need": "4"}], "Välj områden i listan"),
        (
            "rated_choices",
            [{"area": "a", "need": "4"}, {"area": "a", "need": "0"}],
            "Samma område är valt två gånger",
        ),
        ("rated_choices", [{"area": "a", "need": "4", "text": "x" * 20_001}], "Korta beskrivningen"),
        ("person_ref", "Astrid", "Välj en person ur listan"),
    ],
)
def test_a_wrong_answer_is_told_in_swedish(kind: str, raw: Any, said: str) -> None:
    with pytest.raises(AnswerWrong, match=said):
        question(kind).parse(raw)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("yes_no", "ja"),
        ("choices", "a"),
        ("date", "2026-03-02"),
        ("number", 12),
        ("period", "2026"),
        ("rated_choices", []),
    ],
)
def test_a_value_of_another_kind_is_refused(kind: str, value: Any) -> None:
    with pytest.raises(AnswerWrong):
        question(kind).check(value)


def test_a_number_stays_within_its_limits() -> None:
    hours = question("number", unit="timmar", minimum=1, maximum=744)
    assert hours.show(hours.parse("7,5")) == "7,5 timmar"
    with pytest.raises(AnswerWrong, match="lägst 1"):
        hours.parse("0")
    with pytest.raises(AnswerWrong, match="högst 744"):
        hours.parse("745")


def test_a_code_no_longer_offered_is_still_shown_by_name() -> None:
    asked = question("choice")
    assert [row.code for row in asked.options()] == ["a", "b", "c"]
    assert [row.code for row in asked.options(date(2022, 5, 1))] == ["a", "b", "gone"]
    assert asked.options(date(2000, 1, 1)) == ()
    assert asked.show("gone") == "GONE"


def test_an_answer_is_shown_in_english_where_there_is_english() -> None:
    assert question("yes_no").show(True, "en") == "Yes"
    assert question("date").show(date(2026, 3, 2), "en") == "2 March 2026"
    assert question("choice").show("a", "en") == "a in English"
    assert question("number").show(Decimal("7.5"), "en") == "7.5"
    assert (
        question("period").show(Period(date(2026, 3, 2), None), "en")
        == "from 2 March 2026 until further notice"
    )
    assert Label("Bara svenska").said_in("en") == "Bara svenska"


DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31))
VALUES = {
    "yes_no": st.booleans(),
    "choice": st.sampled_from(["a", "b", "c"]),
    "choices": st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, unique=True),
    "date": DAYS,
    "number": st.decimals(min_value=-(10**9), max_value=10**9, places=2, allow_nan=False),
    "period": st.tuples(DAYS, st.none() | DAYS).map(
        lambda days: Period(*days) if days[1] is None else Period(min(days), max(days))
    ),
    "rated_choices": st.lists(
        st.builds(Rating, st.sampled_from("abc"), st.sampled_from("04"), st.text(max_size=40).map(str.strip)),
        min_size=1,
        unique_by=lambda rating: rating.area,
    ),
    "person_ref": st.uuids().map(str),
    "text": st.text(alphabet="abc åäö", min_size=1).map(lambda text: " ".join(text.split())).filter(bool),
    "long_text": st.text(alphabet="abc \nåäö", min_size=1).map(str.strip).filter(bool),
}


def test_every_type_has_a_property() -> None:
    assert set(VALUES) == set(TYPES)


@pytest.mark.parametrize("kind", VALUES)
@given(data=st.data())
def test_what_is_stored_is_read_back_the_same(kind: str, data: st.DataObject) -> None:
    asked, value = question(kind), data.draw(VALUES[kind])
    assert asked.parse(asked.dump(value)) == value
    assert asked.show(value)


KEYS = st.sampled_from(["begins", "ends", "area", "need", "text"])
POSTED = st.recursive(
    st.text() | st.none() | st.booleans() | st.integers(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner),
    max_leaves=6,
)


@given(kind=st.sampled_from(sorted(TYPES)), raw=POSTED)
def test_whatever_is_posted_gives_a_value_or_a_sentence(kind: str, raw: Any) -> None:
    try:
        said = question(kind).show(question(kind).parse(raw))
    except AnswerWrong as wrong:
        said = str(wrong) if str(wrong).endswith(".") else None
    assert isinstance(said, str)

"""The causes of warnings, and SSBTEK's fake: plain Python."""

import logging
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from livlina.authority.aid.causes import TYPES, Known, Picture, causes_of
from livlina.authority.aid.ssbtek.fake import Fake
from livlina.authority.aid.ssbtek.port import SOURCES, Answered, NotConnected, Question, Row, Status

MARCH = date(2026, 3, 1)
NUMBER = "199005022389"


def question(**more) -> Question:
    return Question(
        number=NUMBER, case_number="2026-000001", first=date(2026, 2, 1), last=date(2026, 3, 31),
        asked_by="Sven Alm", **more,
    )  # fmt: skip


def test_the_number_is_not_in_the_questions_text(caplog):
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("livlina.aid").debug("asked %s", question())
    assert NUMBER not in caplog.text
    assert "2026-000001" in caplog.text


def test_without_a_connection_nobody_is_asked_and_it_says_so():
    assert {answer.status for answer in NotConnected().ask(question())} == {Status.NOT_ASKED}


def test_the_fake_answers_the_same_for_the_same_person():
    assert Fake().ask(question()) == Fake().ask(question())
    assert [answer.source for answer in Fake().ask(question())] == list(SOURCES)


@given(st.integers(0, 9999))
def test_the_fake_answers_every_source_for_everybody(serial):
    asked = Question(str(serial), "2026-1", MARCH, MARCH, "Sven")
    for answer in Fake().ask(asked):
        assert bool(answer.rows) == (answer.status is Status.OK)


def test_no_data_is_no_cause_and_no_answer_is():
    answers = [
        Answered("FK", Status.EMPTY),
        Answered("SO", Status.TIMEOUT),
        Answered("CSN", Status.NOT_ASKED),
    ]
    found = causes_of(Picture(MARCH, answers={"mira": answers}))
    assert [cause.words for cause in found] == [
        "A-kassorna: har inte svarat i tid.",
        "CSN: har inte tillfrågats.",
    ]


def test_a_new_child_and_one_who_left_are_told_when_there_was_a_month_before():
    since, until = {"child": date(2026, 3, 10)}, {"partner": date(2026, 3, 20)}
    before = Picture(MARCH, members_since=since, members_until=until)
    assert causes_of(before) == []
    after = Picture(MARCH, members_since=since, members_until=until, had_month_before=True)
    assert [cause.type for cause in causes_of(after)] == ["NEW_MEMBER", "HOUSEHOLD_CHANGE"]


def test_a_small_change_of_income_is_not_worth_a_persons_time():
    def change(kronor):
        before, now = [Known("wage", "mira", Decimal(2000))], [Known("wage", "mira", Decimal(2000 + kronor))]
        return causes_of(Picture(MARCH, applied=now, before=before, had_month_before=True))

    assert change(99) == []
    assert [cause.type for cause in change(100)] == ["INCOME_CHANGE"]


amounts = st.lists(
    st.builds(
        Known, st.sampled_from(["wage", "pension"]), st.sampled_from("ab"), st.decimals(0, 9000, places=2)
    ),
    max_size=5,
)


@given(applied=amounts, counted=amounts, before=amounts, had=st.booleans())
def test_every_cause_is_of_a_known_type_and_stands_once(applied, counted, before, had):
    rows = (Row("wage", Decimal(100), MARCH, "Lön"), Row("wage", Decimal(100), MARCH, "Lön"))
    picture = Picture(
        MARCH, applied, counted, before, had, answers={"a": [Answered("SKV", Status.OK, rows)]}, housing=Decimal(2),
        housing_before=Decimal(1),
    )  # fmt: skip
    found = causes_of(picture)
    assert len({(cause.type, cause.key) for cause in found}) == len(found)
    assert {cause.type for cause in found} <= set(TYPES)

"""Names as search sees them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livlina.registers.people import names


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("lindqvist", "lindkvist"),
        ("christina", "kristina"),
        ("andersson", "anderson"),
        ("karlsson", "carlson"),
        ("sofia", "sophia"),
        ("ahlstrom", "alstrom"),
        ("viklund", "wiclund"),
        ("schmidt", "smitt"),
        ("hjalmar", "jalmar"),
        ("emma", "ema"),
    ],
)
def test_names_that_sound_alike_have_the_same_key(one, two):
    assert names.sound(one) == names.sound(two)


@pytest.mark.parametrize(("one", "two"), [("berg", "borgholm"), ("anna", "bertil"), ("lund", "sund")])
def test_names_that_do_not_sound_alike_have_not(one, two):
    assert names.sound(one) != names.sound(two)


def test_a_name_is_divided_and_folded_as_people_would_type_it():
    assert names.parts("  Ann-Marie  d'Arc-Ödman ") == ["ann", "marie", "darc", "odman"]
    assert names.fold("ÅÄÖ Ø Æ ß É") == "aao o a ss e"


def test_every_part_of_a_name_is_a_row_beside_the_others():
    assert names.rows("Ek", "Eva Ann-Marie") == [
        ("ann", " ek eva marie"),
        ("annmarie", " ek eva"),
        ("ek", " eva ann marie"),
        ("eva", " ek ann marie"),
        ("marie", " ek eva ann"),
    ]


@given(st.text(max_size=40))
def test_any_text_gives_parts_of_plain_letters_and_digits(text):
    for part in names.parts(text):
        assert part.isascii()
        assert part.isalnum()
        assert len(names.sound(part)) <= 12
        assert names.sound(part) in names.near(names.sound(part))


words = st.text("abcdeflmnorst", min_size=0, max_size=9)


@given(words, words)
def test_the_distance_is_that_of_letters_changed(one, two):
    assert names.distance(one, two) == names.distance(two, one)
    assert (names.distance(one, two) == 0) == (one == two)
    assert abs(len(one) - len(two)) <= names.distance(one, two) <= max(len(one), len(two))

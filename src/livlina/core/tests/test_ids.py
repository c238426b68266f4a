"""The one identity-number type, with the vectors of the domain sheet and Inera's own examples."""

import pickle
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.forms import Form
from django.test.utils import isolate_apps
from hypothesis import given
from hypothesis import strategies as st

from livlina.core.ids import (
    ANY_KIND,
    NATIONAL,
    IdentityKind,
    IdentityNumber,
    IdentityNumberColumn,
    IdentityNumberError,
    IdentityNumberField,
    test_number,
)

TODAY = date(2025, 1, 3)
"""The oldest published test person is 124 on this day."""


def parse(text, *, today=TODAY, allow=NATIONAL):
    return IdentityNumber.parse(text, today=today, allow=allow)


def refusal(text, *, today=TODAY, allow=NATIONAL):
    with pytest.raises(IdentityNumberError) as caught:
        parse(text, today=today, allow=allow)
    return caught.value


# ---- vectors ----


@pytest.mark.parametrize(
    ("text", "sex"),
    [
        ("191212121212", "male"),
        ("199006022397", "male"),
        ("199107172380", "female"),
        ("194408139089", "female"),
        ("190001042399", "male"),
        ("200001052380", "female"),
    ],
)
def test_the_published_test_persons_are_read_as_personnummer_with_their_sex_and_marked_as_test(text, sex):
    number = parse(text)
    assert (number.value, number.kind, number.sex, number.is_test) == (text, "personnummer", sex, True)
    assert f"{number.birth_date:%Y%m%d}" == text[:8]


@pytest.mark.parametrize("text", ["199006622394", "198507789801", "196408832316", "197010632391"])
def test_a_samordningsnummer_is_read_with_its_day_less_sixty(text):
    number = parse(text)
    assert number.kind == "samordningsnummer"
    assert number.birth_date.day == int(text[6:8]) - 60


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("199006022398", "check"),
        ("190002292391", "date"),
        ("199013012380", "date"),
        ("209912312395", "future"),
        ("20991231-2395", "future"),
        (" 191212121212", "form"),
        ("191212121212 ", "form"),
        ("191212121212\n", "form"),
        ("１９１２１２１２１２１２", "form"),
        ("١٩١٢١٢١٢١٢١٢", "form"),
        ("000101-T220", "kind"),
        ("19121212 1212", "form"),
        ("1912-12-12-1212", "form"),
        ("19121212--1212", "form"),
        ("", "form"),
        ("hemligt", "form"),
        ("163456789012", "form"),
        ("199000622394", "date"),
    ],
)
def test_what_must_fail_fails_and_says_why_without_saying_the_number(text, code):
    error = refusal(text)
    assert error.code == code
    assert not any(character.isdigit() for character in f"{error}{error.swedish}{error!r}")


def test_a_birth_number_of_zero_is_refused():
    assert refusal("199006020003").code in {"check", "serial"}
    assert {refusal(f"19900602000{last}").code for last in range(10)} == {"check", "serial"}


def test_nobody_is_more_than_a_hundred_and_twenty_five():
    assert parse("190001042399", today=date(2026, 1, 3)).birth_date == date(1900, 1, 4)
    assert refusal("190001042399", today=date(2026, 1, 4)).code == "age"


def test_something_that_is_no_text_is_refused_as_a_form_and_not_as_a_crash():
    assert refusal(None).code == "form"
    assert refusal(191212121212).code == "form"


# ---- the century ----


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("121212-1212", "201212121212"),
        ("121212+1212", "191212121212"),
        ("19121212-1212", "191212121212"),
        ("19121212+1212", "191212121212"),
        ("900602-2397", "199006022397"),
        ("9006022397", "199006022397"),
        ("9006622394", "199006622394"),
    ],
)
def test_ten_digits_become_twelve(text, value):
    assert parse(text).value == value


def test_ten_digits_without_a_sign_are_refused_when_both_a_child_and_someone_very_old_fit():
    assert refusal("1212121212").code == "century"
    assert "fyra siffror" in refusal("1212121212").swedish


def test_ten_digits_without_a_sign_are_read_when_only_one_century_is_possible():
    assert parse("0001052380", today=date(2026, 3, 2)).value == "200001052380"


def test_a_plus_that_does_not_agree_with_the_year_is_refused():
    assert refusal("900602+2397").code == "sign"
    assert refusal("19900602+2397").code == "sign"


def test_a_hyphen_never_means_someone_who_turns_a_hundred_this_year():
    hundred = test_number(date(1925, 12, 24), "female", 0)
    assert refusal(f"251224-{hundred.value[8:]}").code == "future"
    assert parse(f"251224+{hundred.value[8:]}") == hundred


# ---- the other series ----


@pytest.mark.parametrize("letter", "TRSUWXJKLMN")
def test_an_interim_number_is_read_where_it_is_allowed(letter):
    number = parse(f"000101-{letter}220", allow={IdentityKind.INTERIM})
    assert (number.value, number.kind) == (f"20000101{letter}220", "interim")
    assert (number.birth_date, number.sex) == (date(2000, 1, 1), None)


def test_an_interim_number_with_a_wrong_check_digit_is_refused_as_that():
    assert refusal("000101-T221", allow={IdentityKind.INTERIM}).code == "check"


@pytest.mark.parametrize(
    ("text", "kind", "born", "sex", "shown"),
    [
        ("19810829M071", "reserve_vgr", date(1981, 8, 29), "male", "19810829-M071"),
        ("19450829K088", "reserve_vgr", date(1945, 8, 29), "female", "19450829-K088"),
        ("19930829X802", "reserve_vgr", date(1993, 8, 29), None, "19930829-X802"),
        ("991981000010", "reserve_sll", None, None, "991981000010"),
        ("991945000023", "reserve_sll", None, None, "991945000023"),
        ("991993000032", "reserve_sll", None, None, "991993000032"),
        ("19810829SU3A", "reserve_varmland", date(1981, 8, 29), "male", "19810829-SU3A"),
        ("19450829SF2B", "reserve_varmland", date(1945, 8, 29), "female", "19450829-SF2B"),
        ("19930829SX0C", "reserve_varmland", date(1993, 8, 29), None, "19930829-SX0C"),
        ("22950606-FH20", "nrid", date(1995, 6, 6), "female", "22950606-FH20"),
        ("22790814AA01", "nrid", date(1979, 8, 14), "female", "22790814-AA01"),
        ("19880209T050", "local_temp", date(1988, 2, 9), None, "19880209-T050"),
    ],
)
def test_the_published_reserve_numbers_are_read_where_they_are_allowed(text, kind, born, sex, shown):
    number = parse(text, allow=ANY_KIND)
    assert (number.kind, number.birth_date, number.sex, number.display()) == (kind, born, sex, shown)
    assert refusal(text).code == "kind"
    assert IdentityNumber.stored(number.value) == number


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("19810829M070", "check"),
        ("991981000011", "check"),
        ("22950606FH21", "check"),
        ("19810229SU3A", "date"),
        ("19810829SU3V", "form"),
        ("22950606FO20", "form"),
        ("19880231T050", "date"),
    ],
)
def test_reserve_numbers_are_checked_by_their_own_rules(text, code):
    assert refusal(text, allow=ANY_KIND).code == code


def test_a_national_reserve_number_may_lack_birth_date_and_sex():
    known = [f"00{year:02}2040AAA{check}" for year in range(10) for check in range(10)]
    right = [text for text in known if _reads(text)]
    assert len(right) == 10
    assert all(parse(text, allow=ANY_KIND).birth_date is None for text in right)
    assert all(parse(text, allow=ANY_KIND).sex is None for text in right)
    assert not any(_reads(f"00{year:02}0140AAA{check}") for year in range(10) for check in range(10))


def _reads(text):
    try:
        parse(text, allow=ANY_KIND)
    except IdentityNumberError:
        return False
    return True


def test_a_local_number_that_looks_like_an_interim_one_is_still_let_in():
    assert parse("20000101T220", allow={IdentityKind.LOCAL_TEMP}).kind == "interim"


def test_small_letters_are_read_as_capitals():
    assert parse("19810829m071", allow=ANY_KIND).value == "19810829M071"


# ---- secrecy ----


def test_a_number_that_is_printed_hides_its_last_four_and_shows_them_only_when_asked():
    number = parse("191212121212")
    for printed in (
        str(number),
        repr(number),
        f"{number}",
        f"{number!r}",
        f"{[number]}",
        " ".join([str(number)]),
    ):
        assert "1212-****" in printed
        assert "12121212" not in printed.replace("19121212", "")
    assert number.display() == "19121212-1212"


def test_a_number_survives_pickling_and_is_its_own_key():
    number = parse("191212121212")
    assert pickle.loads(pickle.dumps(number)) == number
    assert {number: "Tolvan"}[parse("121212+1212")] == "Tolvan"


# ---- properties ----

births = st.dates(TODAY - timedelta(days=124 * 365), TODAY)
sexes = st.sampled_from(["female", "male"])
numbers = st.builds(test_number, births, sexes, st.integers(0, 9), coordination=st.booleans())


@given(births, sexes, st.integers(0, 9))
def test_every_generated_number_is_right_and_marked_as_test(born, sex, serial):
    number = test_number(born, sex, serial)
    assert parse(number.value) == number
    assert (number.birth_date, number.sex, number.is_test) == (born, sex, True)
    assert "980" <= number.value[8:11] <= "999"


@given(numbers)
def test_what_is_shown_can_be_typed_again(number):
    assert parse(number.display()) == parse(number.value) == IdentityNumber.stored(number.value) == number


@given(numbers)
def test_a_printed_number_never_holds_its_last_four(number):
    assert str(number) == f"{number.value[:8]}-****"
    assert number.value not in repr(number)


@given(numbers, st.integers(2, 11), st.integers(1, 9))
def test_one_changed_digit_is_always_found(number, place, change):
    wrong = str((int(number.value[place]) + change) % 10)
    assert refusal(number.value[:place] + wrong + number.value[place + 1 :]).code != "kind"


@given(numbers, st.integers(8, 10))
def test_two_neighbouring_digits_that_change_places_are_found_but_for_nought_and_nine(number, place):
    one, two = number.value[place], number.value[place + 1]
    swapped = number.value[:place] + two + one + number.value[place + 2 :]
    assert one == two or {one, two} == {"0", "9"} or refusal(swapped).code == "check"


@given(st.text(max_size=20))
def test_any_text_at_all_is_either_read_or_refused_in_words(text):
    assert _reads(text) or refusal(text, allow=ANY_KIND).swedish.endswith(".")


def test_the_generator_knows_how_many_numbers_a_date_has():
    born = date(1938, 4, 1)
    made = {test_number(born, sex, serial).value for sex in ("female", "male") for serial in range(10)}
    assert len(made) == 20
    with pytest.raises(ValueError, match="ten test numbers"):
        test_number(born, "female", 10)


# ---- the form field and the column ----


class NumberForm(Form):
    number = IdentityNumberField(today=lambda: TODAY)
    other = IdentityNumberField(today=lambda: TODAY, allow=ANY_KIND, required=False, label="Reservnummer")


def test_the_form_gives_the_number_and_forgives_space_around_it():
    form = NumberForm({"number": " 121212+1212 "})
    assert form.is_valid()
    assert form.cleaned_data == {"number": parse("191212121212"), "other": None}


def test_the_form_says_in_swedish_what_is_wrong_and_keeps_what_was_typed():
    form = NumberForm({"number": "19900602-2398"})
    assert form.errors == {
        "number": ["Kontrollsiffran stämmer inte. Jämför numret med en handling där det står."]
    }
    assert 'value="19900602-2398"' in str(form["number"])
    assert form.errors.as_data()["number"][0].code == "check"


def test_the_form_shows_a_number_in_full_and_lets_no_browser_remember_it():
    box = str(NumberForm(initial={"number": parse("191212121212")})["number"])
    assert 'value="19121212-1212"' in box
    assert 'autocomplete="off"' in box
    assert 'inputmode="numeric"' in box
    assert "inputmode" not in str(NumberForm()["other"])


def test_without_a_day_of_its_own_the_field_judges_by_today():
    assert IdentityNumberField().clean("191212121212") == parse("191212121212")


@isolate_apps("livlina.core")
def test_the_column_stores_twelve_characters_and_gives_the_number_back():
    class Row(models.Model):
        number = IdentityNumberColumn("personnummer", null=True)

        class Meta:
            app_label = "core"

    column, number = Row._meta.get_field("number"), parse("121212+1212")
    assert column.db_type(connection) == "varchar(12)"
    assert column.get_prep_value(number) == "191212121212"
    assert column.from_db_value("191212121212", None, connection) == number
    assert column.to_python("191212121212") == number
    assert (column.from_db_value(None, None, connection), column.get_prep_value(None)) == (None, None)
    assert column.value_to_string(Row(number=number)) == "191212121212"
    assert column.value_to_string(Row()) == ""
    assert isinstance(column.formfield(), IdentityNumberField)
    assert column.formfield().label == "Personnummer"


def test_the_column_refuses_a_text_that_is_no_number_without_repeating_it():
    with pytest.raises(ValidationError) as caught:
        IdentityNumberColumn().get_prep_value("199006022398")
    assert "2398" not in str(caught.value)

"""Typed answers: what a form asks for, read from what was posted or stored, checked, and shown to a person.

A value is a plain Python value: str, bool, date, Decimal, Period, or lists of text and of Rating. `dump` makes it
fit for JSON and `parse` reads both that and what a form posts, so `parse(dump(value)) == value`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple
from uuid import UUID

from livlina.core.marked import Label, Place

LONGEST = {"text": 300, "long_text": 20_000}
MONTHS = {
    "sv": "januari,februari,mars,april,maj,juni,juli,augusti,september,oktober,november,december",
    "en": "January,February,March,April,May,June,July,August,September,October,November,December",
}


class AnswerWrong(ValueError):
    """Svaret kan inte användas; felet säger varför på svenska, i ord för den som svarar."""


@dataclass(frozen=True)
class Code:
    """One row of a code table; `also` holds what the table says besides its name."""

    code: str
    label: Label
    under: str = ""
    also: Mapping[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class CodeTable:
    """A code table in one version, valid from a day."""

    name: str
    version: str
    valid_from: date
    valid_to: date | None
    label: Label
    codes: tuple[Code, ...]
    at: Place = field(compare=False)

    def code(self, code: str) -> Code | None:
        """The row with this code."""
        return next((row for row in self.codes if row.code == code), None)

    def valid_on(self, day: date) -> bool:
        """Whether this version is in use on the day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class Period(NamedTuple):
    """A first and a last day; the last is None until further notice."""

    begins: date
    ends: date | None


class Rating(NamedTuple):
    """What was found in one area: its code, the code of the rating, and in words."""

    area: str
    need: str
    text: str


@dataclass(frozen=True)
class Question:
    """What is asked. `tables` are the versions of its code table, the newest last; `ratings` those of its scale."""

    name: str
    type: str
    label: Label
    help: Label
    tables: tuple[CodeTable, ...] = ()
    ratings: tuple[CodeTable, ...] = ()
    unit: str = ""
    minimum: int | None = None
    maximum: int | None = None

    def options(self, on: date | None = None) -> tuple[Code, ...]:
        """The codes to choose from on a day (default: those of the newest version)."""
        tables = [table for table in self.tables if on is None or table.valid_on(on)]
        return tables[-1].codes if tables else ()

    def parse(self, raw: Any) -> Any:
        """The value of what was posted or stored; None for an empty answer. Raises AnswerWrong in Swedish."""
        if raw is None or (isinstance(raw, str) and not raw.strip()) or raw in ([], {}, ()):
            return None
        value = TYPES[self.type].parse(self, raw)
        self.check(value)
        return value

    def check(self, value: Any) -> None:
        """Nothing when the value is one of this question. Raises AnswerWrong in Swedish."""
        if value is not None:
            TYPES[self.type].check(self, value)

    def show(self, value: Any, language: str = "sv") -> str:
        """The value as a person reads it; an empty text for no answer."""
        return "" if value is None else TYPES[self.type].show(self, value, language)

    def dump(self, value: Any) -> Any:
        """The value as JSON can hold it; `parse` gives it back."""
        match value:
            case Period(begins, ends):
                return [begins.isoformat(), ends.isoformat() if ends else None]
            case date():
                return value.isoformat()
            case Decimal():
                return str(value)
            case list() if self.type == "rated_choices":
                return [rating._asdict() for rating in value]
        return value

    def named(self, code: str, tables: Sequence[CodeTable], language: str) -> str:
        """The label of a code, also of one that is no longer offered."""
        rows = [row for table in reversed(tables) if (row := table.code(code))]
        return rows[0].label.said_in(language) if rows else code


@dataclass(frozen=True)
class AnswerType:
    """How one type of answer is read, checked and shown."""

    parse: Callable[[Question, Any], Any]
    check: Callable[[Question, Any], None]
    show: Callable[[Question, Any, str], str]


def show_day(day: date, language: str = "sv") -> str:
    """2 mars 2026."""
    return f"{day.day} {MONTHS[language].split(',')[day.month - 1]} {day.year}"


def _parse_text(spec: Question, raw: Any) -> str:
    if not isinstance(raw, str):
        raise AnswerWrong("Skriv svaret som text.")
    # A browser posts CRLF, and a pasted NUL would be refused by the database in words nobody understands.
    text = raw.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()
    return text if spec.type == "long_text" else re.sub(r"\s+", " ", text)


def _check_text(spec: Question, value: Any) -> None:
    if not isinstance(value, str) or not value:
        raise AnswerWrong("Skriv ett svar.")
    if len(value) > LONGEST[spec.type]:
        raise AnswerWrong(
            f"Svaret är {len(value)} tecken långt. Korta det till högst {LONGEST[spec.type]} tecken."
        )


def _parse_yes_no(spec: Question, raw: Any) -> bool:
    said = {"yes": True, "ja": True, "true": True, "no": False, "nej": False, "false": False}
    answer = raw if isinstance(raw, bool) else said.get(str(raw).strip().lower())
    if answer is None:
        raise AnswerWrong("Välj ja eller nej.")
    return answer


def _check_yes_no(spec: Question, value: Any) -> None:
    if not isinstance(value, bool):
        raise AnswerWrong("Välj ja eller nej.")


def _show_yes_no(spec: Question, value: bool, language: str) -> str:
    return ("Yes" if value else "No") if language == "en" else ("Ja" if value else "Nej")


def _check_choice(spec: Question, value: Any) -> None:
    if value not in [row.code for row in spec.options()]:
        raise AnswerWrong("Välj ett av alternativen i listan.")


def _parse_choices(spec: Question, raw: Any) -> list[str]:
    items = raw if isinstance(raw, list | tuple) else [raw]
    return list(dict.fromkeys(str(item).strip() for item in items))


def _check_choices(spec: Question, value: Any) -> None:
    if not isinstance(value, list) or not value:
        raise AnswerWrong("Välj minst ett av alternativen i listan.")
    for code in value:
        _check_choice(spec, code)


def _parse_date(spec: Question | None, raw: Any) -> date:
    if isinstance(raw, date):
        return raw
    match = re.fullmatch(r"(\d{4})[- ]?(\d{2})[- ]?(\d{2})", str(raw).strip())
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else date.fromisoformat("")
    except ValueError:
        raise AnswerWrong("Skriv ett datum som finns, till exempel 2026-03-02.") from None


def _check_date(spec: Question, value: Any) -> None:
    if not isinstance(value, date) or not 1880 <= value.year <= 2200:
        raise AnswerWrong("Skriv ett datum som finns, till exempel 2026-03-02.")


def _parse_number(spec: Question, raw: Any) -> Decimal:
    said = re.sub(r"[\s\u00a0\u202f]", "", str(raw)).replace(",", ".")
    try:
        return Decimal(said if re.fullmatch(r"-?\d{1,12}(\.\d{1,4})?", said) else "")
    except InvalidOperation:
        raise AnswerWrong("Skriv ett tal med siffror, till exempel 12 eller 7,5.") from None


def _check_number(spec: Question, value: Any) -> None:
    if not isinstance(value, Decimal) or not value.is_finite():
        raise AnswerWrong("Skriv ett tal med siffror, till exempel 12 eller 7,5.")
    if spec.minimum is not None and value < spec.minimum:
        raise AnswerWrong(f"Talet får vara lägst {spec.minimum}.")
    if spec.maximum is not None and value > spec.maximum:
        raise AnswerWrong(f"Talet får vara högst {spec.maximum}.")


def _show_number(spec: Question, value: Decimal, language: str) -> str:
    return (str(value) if language == "en" else str(value).replace(".", ",")) + (
        f" {spec.unit}" if spec.unit else ""
    )


def _parse_period(spec: Question, raw: Any) -> Period:
    match raw:
        case [begins, ends]:
            pass
        case {"begins": begins, **rest}:
            ends = rest.get("ends")
        case _:
            raise AnswerWrong("Skriv både första och sista dagen.")
    if begins is None or not str(begins).strip():
        raise AnswerWrong("Skriv vilken dag det börjar.")
    return Period(_parse_date(None, begins), _parse_date(None, ends) if ends not in (None, "") else None)


def _check_period(spec: Question, value: Any) -> None:
    if not isinstance(value, Period):
        raise AnswerWrong("Skriv både första och sista dagen.")
    for day in value:
        if day is not None:
            _check_date(spec, day)
    if value.ends is not None and value.ends < value.begins:
        raise AnswerWrong("Sista dagen kan inte vara före den första.")


def _show_period(spec: Question, value: Period, language: str) -> str:
    if value.ends is None:
        begins = show_day(value.begins, language)
        return (
            f"from {begins} until further notice"
            if language == "en"
            else f"från och med {begins} tills vidare"
        )
    return f"{show_day(value.begins, language)}–{show_day(value.ends, language)}"


def _parse_rated(spec: Question, raw: Any) -> list[Rating]:
    if not isinstance(raw, list | tuple):
        raise AnswerWrong("Välj minst ett område.")
    found = []
    for row in raw:
        match row:
            case {"area": area, "need": need, **rest}:
                found.append(Rating(str(area), str(need), str(rest.get("text") or "").strip()))
            case (area, need, text):
                found.append(Rating(str(area), str(need), str(text).strip()))
            case _:
                raise AnswerWrong("Ange bedömning för varje område som är valt.")
    return found


def _check_rated(spec: Question, value: Any) -> None:
    if not isinstance(value, list) or not value:
        raise AnswerWrong("Välj minst ett område.")
    areas = {row.code for row in spec.options()}
    needs = {row.code for table in spec.ratings[-1:] for row in table.codes}
    for rating in value:
        if rating.area not in areas:
            raise AnswerWrong("Välj områden i listan.")
        if rating.need not in needs:
            raise AnswerWrong("Ange bedömning för varje område som är valt.")
        if len(rating.text) > LONGEST["long_text"]:
            raise AnswerWrong(f"Korta beskrivningen till högst {LONGEST['long_text']} tecken.")
    if len({rating.area for rating in value}) < len(value):
        raise AnswerWrong("Samma område är valt två gånger.")


def _show_rated(spec: Question, value: Sequence[Rating], language: str) -> str:
    lines = []
    for rating in value:
        area = spec.named(rating.area, spec.tables, language)
        need = spec.named(rating.need, spec.ratings, language)
        lines.append(f"{area}: {need}." + (f" {rating.text}" if rating.text else ""))
    return "\n".join(lines)


def _parse_person(spec: Question, raw: Any) -> str:
    try:
        return str(UUID(str(raw).strip()))
    except ValueError:
        raise AnswerWrong("Välj en person ur listan.") from None


def _check_person(spec: Question, value: Any) -> None:
    _parse_person(spec, value)


def _show_plain(spec: Question, value: Any, language: str) -> str:
    return str(value)


TYPES = {
    "text": AnswerType(_parse_text, _check_text, _show_plain),
    "long_text": AnswerType(_parse_text, _check_text, _show_plain),
    "yes_no": AnswerType(_parse_yes_no, _check_yes_no, _show_yes_no),
    "choice": AnswerType(
        lambda s, raw: str(raw).strip(), _check_choice, lambda s, v, la: s.named(v, s.tables, la)
    ),
    "choices": AnswerType(
        _parse_choices, _check_choices, lambda s, v, la: ", ".join(s.named(code, s.tables, la) for code in v)
    ),
    "date": AnswerType(_parse_date, _check_date, lambda s, v, la: show_day(v, la)),
    "number": AnswerType(_parse_number, _check_number, _show_number),
    "period": AnswerType(_parse_period, _check_period, _show_period),
    "rated_choices": AnswerType(_parse_rated, _check_rated, _show_rated),
    # The room shows the person by name, if the reader may see it; the engine knows only the id.
    "person_ref": AnswerType(_parse_person, _check_person, _show_plain),
}
CODED = ("choice", "choices", "rated_choices")

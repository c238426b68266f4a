"""The one identity-number type: value object, form field and model column.

Search, forms, API, import and seeds all use this module and nothing else. A real system checked the number in
two of its three search places and nearly sentenced the wrong person; a test in `tests/architecture` fails if
a second check of this kind appears anywhere in the source.

A number is stored as twelve characters (`ÅÅÅÅMMDDNNNC`); the form without century is read but never kept.
Law: folkbokföringslagen (1991:481) 18 § (personnummer), lagen (2022:1697) om samordningsnummer. The reserve
formats are those Inera publishes (national reserve id, Region Stockholm, Västra Götaland, Värmland).
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Literal, Self

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from stdnum import luhn

Sex = Literal["female", "male"]
MAX_AGE: Final = 125
"""Years. Nobody has lived longer; an older date is a slip of the century."""


class IdentityKind(models.TextChoices):
    """Which series a number belongs to (the `id_type` of exchanges), with the word a Swedish reader knows."""

    PERSONNUMMER = "personnummer", "personnummer"
    SAMORDNINGSNUMMER = "samordningsnummer", "samordningsnummer"
    INTERIM = "interim", "interimsnummer"
    NRID = "nrid", "nationellt reservnummer"
    RESERVE_SLL = "reserve_sll", "reservnummer, Region Stockholm"
    RESERVE_VGR = "reserve_vgr", "reservnummer, Västra Götalandsregionen"
    RESERVE_VARMLAND = "reserve_varmland", "reservnummer, Region Värmland"
    LOCAL_TEMP = "local_temp", "tillfälligt nummer"


NATIONAL: Final = frozenset({IdentityKind.PERSONNUMMER, IdentityKind.SAMORDNINGSNUMMER})
"""The two series that Skatteverket gives out; what a form accepts unless it says otherwise."""
ANY_KIND: Final = frozenset(IdentityKind)

_SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "form": (
        "The identity number is not written in any form we know.",
        "Numret ska skrivas med fyra siffror för året, på formen ÅÅÅÅMMDD-NNNN.",
    ),
    "date": ("The date in the number is not in the calendar.", "Datumet i numret finns inte i kalendern."),
    "future": ("The date in the number is in the future.", "Datumet i numret ligger i framtiden."),
    "age": (
        "The date in the identity number gives an age nobody has reached.",
        "Datumet i numret ger en orimligt hög ålder. Kontrollera seklet.",
    ),
    "check": (
        "The check digit of the identity number is wrong.",
        "Kontrollsiffran stämmer inte. Jämför numret med en handling där det står.",
    ),
    "serial": (
        "The birth number within the identity number has never been given to anyone.",
        "Födelsenumret (de tre första siffrorna efter datumet) kan inte vara noll.",
    ),
    "century": (
        "The identity number fits two centuries; write the year with four digits.",
        "Numret passar in på två sekel. Skriv födelseåret med fyra siffror.",
    ),
    "sign": (
        "The plus sign in the identity number does not agree with its year.",
        "Plustecknet stämmer inte med året. Det används från det år personen fyller hundra.",
    ),
    "kind": ("This kind of number cannot be used here.", "Den här sortens nummer går inte att använda här."),
}


class IdentityNumberError(ValueError):
    """The text is not an identity number. The sentence never contains the number itself.

    `code` is a word for machines, `str()` English for logs and the API, `swedish` the sentence for people.
    """

    def __init__(self, code: str) -> None:
        self.code = code
        english, self.swedish = _SENTENCES[code]
        super().__init__(english)


@dataclass(frozen=True, slots=True)
class IdentityNumber:
    """A checked identity number. Printed, it hides its last four characters; `display()` shows all of it.

    `birth_date` is the date *in the number*: the law lets it be a neighbouring day when a date's numbers are
    used up, so a person's real birth date is a field of its own.
    """

    value: str = field(repr=False)
    kind: IdentityKind
    birth_date: date | None = field(repr=False)
    sex: Sex | None = field(repr=False)
    is_test: bool = False

    @classmethod
    def parse(cls, text: str, *, today: date, allow: Iterable[IdentityKind] = NATIONAL) -> Self:
        """Read what a person, a file or another system wrote.

        Strict: ASCII only, no surrounding space, a date of the calendar, not after `today` (in Sweden), at
        most `MAX_AGE` years, right check digit. Raises `IdentityNumberError`.
        """
        number = cls.stored(_twelve(text, today))
        _plausible(number.birth_date, today)
        if number.kind not in _admitted(number.value, frozenset(allow)):
            slip = number.kind == IdentityKind.LOCAL_TEMP and IdentityKind.INTERIM in allow
            raise IdentityNumberError("check" if slip else "kind")
        return number

    @classmethod
    def stored(cls, value: str) -> Self:
        """Rebuild a number from its twelve characters; age and future were judged when it was parsed."""
        first: IdentityNumberError | None = None
        for kind in (kind for kind in IdentityKind if _SHAPES[kind].fullmatch(value)):
            try:
                return cls(value, kind, _check(kind, value), _sex(kind, value), _is_test(kind, value))
            except IdentityNumberError as error:
                first = first or error
        raise IdentityNumberError(first.code if first else "form") from None

    def display(self) -> str:
        """For a page or a letter that is meant to show it: `19121212-1212`."""
        if self.kind == IdentityKind.RESERVE_SLL:
            return self.value
        return f"{self.value[:8]}-{self.value[8:]}"

    def __str__(self) -> str:
        return f"{self.value[:8]}-****"

    def __repr__(self) -> str:
        return f"<IdentityNumber {self.kind} {self}>"


# ---- the forms a number may have, and their checks ---------------------------------------------------------

_WRITTEN: Final = re.compile(r"(\d\d)?(\d{6})([-+]?)([0-9A-Z]{4})", re.ASCII)
_NRID_LETTERS: Final = "A-HJ-NPR-UX-Z"
_SHAPES: Final[dict[IdentityKind, re.Pattern[str]]] = {
    IdentityKind.PERSONNUMMER: re.compile(r"(?:1[89]|2[01])\d{4}[0-3]\d{5}", re.ASCII),
    IdentityKind.SAMORDNINGSNUMMER: re.compile(r"(?:1[89]|2[01])\d{4}[6-9]\d{5}", re.ASCII),
    IdentityKind.INTERIM: re.compile(r"(?:1[89]|2[01])\d{6}[TRSUWXJKLMN]\d{3}", re.ASCII),
    IdentityKind.NRID: re.compile(rf"\d{{8}}[{_NRID_LETTERS}]{{2}}[0-9{_NRID_LETTERS}]\d", re.ASCII),
    IdentityKind.RESERVE_SLL: re.compile(r"99(?:1[89]|2[0-2])\d{8}", re.ASCII),
    IdentityKind.RESERVE_VGR: re.compile(r"(?:1[89]|2[01])\d{6}[KMX]\d{3}", re.ASCII),
    IdentityKind.RESERVE_VARMLAND: re.compile(r"(?:1[89]|2[01])\d{6}S[FUXPL]\d[1-9A-UW-Z]", re.ASCII),
    # Last: an interim number has a check digit and wins over a local number of the same look.
    IdentityKind.LOCAL_TEMP: re.compile(r"(?:1[89]|2[01])\d{6}T\d{3}", re.ASCII),
}
_VGR_DIGIT: Final = {"K": "5", "M": "7", "X": "8"}
_PUBLISHED_TEST: Final = frozenset(
    [
        *("191212121212", "199006022397", "199107172380", "194408139089"),
        *("190001042399", "200001052380", "197010632391"),
    ]
)


def _twelve(text: str, today: date) -> str:
    """The twelve characters of a written number. Raises on an unknown form and when the century is unsure."""
    written = _WRITTEN.fullmatch(text.upper()) if isinstance(text, str) and text.isascii() else None
    if written is None:
        raise IdentityNumberError("form")
    century, digits, sign, tail = written.groups()
    if century:
        if sign == "+" and today.year - int(century + digits[:2]) < 100:
            raise IdentityNumberError("sign")
        return f"{century}{digits}{tail}"
    years = [
        year for year in range(today.year - MAX_AGE - 1, today.year + 1) if year % 100 == int(digits[:2])
    ]
    if sign:  # folkbokföringslagen 18 §: the hyphen becomes a plus the year one turns a hundred
        years = [year for year in years if (today.year - year >= 100) == (sign == "+")]
    elif len(years) > 1:
        plausible = [year for year in years if _could_be(f"{year}{digits[2:]}", today)]
        if len(plausible) > 1:
            raise IdentityNumberError("century")
        years = plausible or years
    if not years:
        raise IdentityNumberError("sign")
    return f"{years[-1]}{digits[2:]}{tail}"


def _admitted(value: str, allowed: frozenset[IdentityKind]) -> frozenset[IdentityKind]:
    """A local T number that happens to have a right check digit reads as interim: let in all the same."""
    lookalike = IdentityKind.LOCAL_TEMP in allowed and value[8] == "T"
    return allowed | {IdentityKind.INTERIM} if lookalike else allowed


def _could_be(eight: str, today: date) -> bool:
    try:
        _plausible(_date(eight, coordination=eight[6] >= "6"), today)
    except IdentityNumberError:
        return False
    return True


def _date(eight: str, *, coordination: bool = False) -> date:
    try:
        return date(int(eight[:4]), int(eight[4:6]), int(eight[6:8]) - (60 if coordination else 0))
    except ValueError:
        raise IdentityNumberError("date") from None


def _plausible(born: date | None, today: date) -> None:
    if born is None:
        return
    if born > today:
        raise IdentityNumberError("future")
    if today.year - born.year - ((today.month, today.day) < (born.month, born.day)) > MAX_AGE:
        raise IdentityNumberError("age")


def _check(kind: IdentityKind, value: str) -> date | None:
    """The date in a number of this kind, None where it has none. Raises when date or check digit is wrong."""
    if kind == IdentityKind.RESERVE_SLL:
        _luhn(value[4:])
        return None
    if kind == IdentityKind.NRID:
        return _check_nrid(value)
    born = _date(value[:8], coordination=kind == IdentityKind.SAMORDNINGSNUMMER)
    if kind == IdentityKind.INTERIM:
        _luhn(value[2:8] + "1" + value[9:])  # the letter counts as one
    elif kind == IdentityKind.RESERVE_VGR:
        _luhn(value[2:8] + _VGR_DIGIT[value[8]] + value[9:])
    elif kind in NATIONAL:
        _luhn(value[2:])
        if value[8:11] == "000":
            raise IdentityNumberError("serial")
    return born


def _luhn(digits: str) -> None:
    if not luhn.is_valid(digits):
        raise IdentityNumberError("check")


def _check_nrid(value: str) -> date | None:
    """Inera's national reserve id: century moved by a multiple of three, 00 when the birth date is unknown.

    The first eleven characters are weighted 2, 1, 2 … from the right, a letter by its ASCII code; C evens out
    the sum of all decimal digits of the products to a ten. (The published examples agree on this reading.)
    """
    weighted = (
        (int(c) if c.isdigit() else ord(c)) * (2 - place % 2) for place, c in enumerate(reversed(value[:11]))
    )
    if (sum(int(digit) for product in weighted for digit in str(product)) + int(value[11])) % 10:
        raise IdentityNumberError("check")
    series = int(value[:2])
    if series == 0:
        if not (20 <= int(value[4:6]) <= 99 and 40 <= int(value[6:8]) <= 59):
            raise IdentityNumberError("date")
        return None
    if series < 22 or series > 98:
        raise IdentityNumberError("form")
    century = {0: 18, 1: 19, 2: 20}[series % 3]
    return _date(f"{century}{value[2:8]}")


def _sex(kind: IdentityKind, value: str) -> Sex | None:
    if kind in NATIONAL:
        return _parity(value[10])
    if kind == IdentityKind.NRID:
        return _parity(value[10]) if value[10].isdigit() else None
    if kind == IdentityKind.RESERVE_VGR:
        return {"K": "female", "M": "male"}.get(value[8])  # type: ignore[return-value]
    if kind == IdentityKind.RESERVE_VARMLAND:
        return None if value[10] in "01" else _parity(value[10])
    return None


def _parity(digit: str) -> Sex:
    return "male" if int(digit) % 2 else "female"


def _is_test(kind: IdentityKind, value: str) -> bool:
    """Skatteverket's test persons have birth numbers 980–999; some older ones are published one by one."""
    if kind in NATIONAL:
        return value[8:11] >= "980" or value in _PUBLISHED_TEST
    return kind == IdentityKind.RESERVE_VARMLAND and value[11].isdigit()


ANYWHERE = re.compile(r"(?<![0-9A-Za-z-])(?:[0-9]{2})?[0-9]{6}[-+]?[0-9A-Z]{4}(?![0-9A-Za-z-])", re.ASCII)
"""Whatever in a text may be an identity number: for masking only, never for reading."""


def test_number(birth_date: date, sex: Sex, serial: int, *, coordination: bool = False) -> IdentityNumber:  # noqa: PT028
    """A number for demo data, from the series 980–999 that is never given to anyone.

    `serial` is 0–9: a date has ten numbers for each sex, and as many samordningsnummer. Raises ValueError.
    """
    if not 0 <= serial <= 9:
        raise ValueError("A date has ten test numbers for each sex; the serial is 0 to 9.")
    day = birth_date.day + (60 if coordination else 0)
    first = f"{birth_date:%Y%m}{day:02}{980 + 2 * serial + (sex == 'male')}"
    return IdentityNumber.stored(first + luhn.calc_check_digit(first[2:]))


test_number.__test__ = False  # type: ignore[attr-defined]  # it is no test, whatever its name says to pytest


# ---- the one form field and the one column -----------------------------------------------------------------


class IdentityNumberField(forms.CharField):
    """The form field. Gives an `IdentityNumber`; spaces around a pasted number are forgiven, no more."""

    def __init__(
        self,
        *,
        allow: Iterable[IdentityKind] = NATIONAL,
        today: Callable[[], date] | None = None,
        label: str = "Personnummer",
        **options: Any,
    ) -> None:
        self.allow, self._today = frozenset(allow), today
        super().__init__(label=label, **options)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No browser memory of the number; letters only where a kind with letters is allowed."""
        keyboard = {} if self.allow - NATIONAL else {"inputmode": "numeric"}
        return {**super().widget_attrs(widget), "autocomplete": "off", "spellcheck": "false", **keyboard}

    def today(self) -> date:
        """The day the number is judged by; a form that knows its request's time gives its own."""
        if self._today is not None:
            return self._today()
        from livlina.core import clock  # not at the top: the value object must be importable without settings

        return clock.today()

    def clean(self, value: Any) -> Any:
        """An IdentityNumber, or None when empty and not required. Raises ValidationError in Swedish."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return IdentityNumber.parse(text, today=self.today(), allow=self.allow)
        except IdentityNumberError as error:
            raise ValidationError(error.swedish, code=error.code) from None

    def prepare_value(self, value: Any) -> Any:
        """What stands in the box: the number in full, or what was typed."""
        return value.display() if isinstance(value, IdentityNumber) else value


if TYPE_CHECKING:
    _Column = models.CharField[IdentityNumber | str, IdentityNumber]
else:
    _Column = models.CharField


class IdentityNumberColumn(_Column):
    """The column: twelve characters in the database, an `IdentityNumber` in Python."""

    description = "Swedish identity number, twelve characters"

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("max_length", 12)
        options.setdefault("db_collation", "C")
        super().__init__(*args, **options)

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> IdentityNumber | None:
        """Every row read gives the value object."""
        return None if value is None else IdentityNumber.stored(value)

    def to_python(self, value: Any) -> IdentityNumber | None:
        """Accept the value object, or its twelve stored characters (fixtures). Raises ValidationError."""
        if value is None or isinstance(value, IdentityNumber):
            return value
        try:
            return IdentityNumber.stored(str(value))
        except IdentityNumberError as error:
            raise ValidationError(error.swedish, code=error.code) from None

    def get_prep_value(self, value: Any) -> str | None:
        """Only a checked number reaches the database; a bare text is refused unless it is one."""
        number = self.to_python(value)
        return None if number is None else number.value

    def value_to_string(self, obj: models.Model) -> str:
        """For serialisers: the stored characters, not the masked text."""
        return self.get_prep_value(self.value_from_object(obj)) or ""

    def formfield(self, **options: Any) -> Any:
        """Its form field is the one above."""
        return IdentityNumberField(label=str(self.verbose_name).capitalize(), required=not self.blank)

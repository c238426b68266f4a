"""Finds protected values in free text, however they are written: case, spaces, hyphens, a street without its number,
a telephone number with or without the country's code. Plain text in, yes or no out; nothing here stores anything."""

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

RUN = re.compile(r"\+?\d(?:[\s().\-\u2010-\u2015/]{0,3}\d)+")
WORD = re.compile(r"[^\W_]+")
NUMBERED = re.compile(r"^(?P<street>\D{3,}?)[\s,]+\d.*$", re.S)
POSTCODE = re.compile(r"^\s*(\d{3})\s?(\d{2})\b\s*(.*)$")
SHORT = 6
"""Letters: a shorter value must stand as whole words, a longer one may be written apart or have an ending."""
FEWEST_DIGITS = 6
SMALL_WORDS = frozenset(
    ["och", "i", "på", "av", "vid", "hos", "för", "den", "det", "ett", "till", "med", "ab", "hb"]
)


def normal(text: str) -> str:
    """The words of a text in small letters, with one space between them."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    kept = "".join(sign for sign in plain if unicodedata.category(sign) != "Cf")
    return " ".join(WORD.findall(unicodedata.normalize("NFC", kept)))


def digits(text: str) -> str:
    """The digits of a number as it is told apart: without spaces, the country's code and the zeros before it."""
    kept = re.sub(r"\D", "", unicodedata.normalize("NFKC", text))
    national = text.strip().startswith("+46") or kept.startswith("0046")
    return (re.sub(r"^0*46", "", kept) if national else kept).lstrip("0")


@dataclass(frozen=True)
class Secret:
    """One protected value: whose, how it is looked for (text, words, number, postcode), and if nobody may pass it."""

    about: UUID
    kind: str
    value: str = field(repr=False)
    absolute: bool

    @property
    def needle(self) -> str:
        """The value as it is looked for."""
        if self.kind == "number":
            return digits(self.value)[-10:]
        return re.sub(r"\D", "", self.value) if self.kind == "postcode" else normal(self.value)

    @property
    def usable(self) -> bool:
        """Whether it says enough to be looked for."""
        if self.kind == "number":
            return len(self.needle) >= FEWEST_DIGITS
        return len(self.needle.replace(" ", "")) >= (5 if self.kind == "postcode" else 3)


@dataclass
class Text:
    """A text being searched, made ready once."""

    said: str

    def holds(self, secret: Secret) -> bool:
        """Whether the value stands in the text."""
        needle = secret.needle
        match secret.kind:
            case "number":
                return any(needle in run for run in self._runs)
            case "postcode":
                pattern = rf"(?<!\d){needle[:3]}\s?{needle[3:]}(?!\d)"
                return re.search(pattern, unicodedata.normalize("NFKC", self.said)) is not None
            case "words":
                wanted = needle.split()
                return any(
                    all(any(word.startswith(part) for word in words) for part in wanted)
                    for words in self._sentences
                )
        return self._stands(needle)

    def _stands(self, needle: str) -> bool:
        if len(needle.replace(" ", "")) < SHORT:
            return f" {needle} " in f" {self._words} " or f" {needle}s " in f" {self._words} "
        close, at = needle.replace(" ", ""), -1
        while (at := self._close.find(close, at + 1)) >= 0:
            if at in self._starts:
                return True
        return False

    @cached_property
    def _words(self) -> str:
        return normal(self.said)

    @cached_property
    def _close(self) -> str:
        return self._words.replace(" ", "")

    @cached_property
    def _starts(self) -> set[int]:
        """Where words begin in the text without its spaces."""
        found, at = set(), 0
        for word in self._words.split():
            found.add(at)
            at += len(word)
        return found

    @cached_property
    def _runs(self) -> list[str]:
        return [re.sub(r"\D", "", run) for run in RUN.findall(unicodedata.normalize("NFKC", self.said))]

    @cached_property
    def _sentences(self) -> list[list[str]]:
        return [normal(part).split() for part in re.split(r"[.!?\n]+", self.said) if part.strip()]


def secrets_in_address(text: str, about: UUID, absolute: bool) -> list[Secret]:
    """What an address of one or several lines gives away: each street with and without its number, code and place."""
    found = []
    for line in re.split(r"[\n,;]+", text):
        code = POSTCODE.match(line)
        if code:
            found.append(Secret(about, "postcode", code[1] + code[2], absolute))
            line = code[3] if absolute else ""
        if len(normal(line)) >= 3 and not line.strip().isdigit():
            found.append(Secret(about, "text", line, absolute))
            numbered = NUMBERED.match(line.strip())
            if numbered:
                found.append(Secret(about, "text", numbered["street"], absolute))
    return found


def secrets_in_words(text: str, about: UUID, absolute: bool) -> list[Secret]:
    """What a workplace, a school or a place written in words gives away: its parts, and its words in any order."""
    found = []
    for part in re.split(r"[\n,;]+", text):
        found += secrets_in_address(part, about, absolute)
        if len(digits(part)) >= FEWEST_DIGITS:
            found.append(Secret(about, "number", part, absolute))
        telling = [word for word in normal(part).split() if word not in SMALL_WORDS and not word.isdigit()]
        if len(telling) > 1:
            found.append(Secret(about, "words", " ".join(telling), absolute))
    return found

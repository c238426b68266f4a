"""The words of the process language that are done in Python: each is declared where it is written, in any room.

A guard says why a step may not be taken yet; an effect does what follows from it. The first line of the docstring
says what the word means. A process that uses a word nobody has declared is refused.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

GuardFunction = TypeVar("GuardFunction", bound=Callable[[Any], str | None])
EffectFunction = TypeVar("EffectFunction", bound=Callable[[Any, str], None])


@dataclass(frozen=True)
class Word:
    """One word: what it means, what does it, and (for an effect) which kind of name follows it: watch or flow."""

    means: str
    does: Callable[..., Any]
    takes: str = ""


GUARDS: dict[str, Word] = {}
EFFECTS: dict[str, Word] = {}


def guard(function: GuardFunction) -> GuardFunction:
    """Make a function a guard, by its own name: it gets what is being done, and answers None or a Swedish sentence."""
    GUARDS[function.__name__] = Word(_first_line(function), function)
    return function


def effect(name: str, *, takes: str = "") -> Callable[[EffectFunction], EffectFunction]:
    """Make a function an effect by this name; `takes` is the kind of name the process writes after it."""

    def declare(function: EffectFunction) -> EffectFunction:
        EFFECTS[name] = Word(_first_line(function), function, takes)
        return function

    return declare


def _first_line(function: Callable[..., Any]) -> str:
    return (function.__doc__ or "").strip().partition("\n")[0]

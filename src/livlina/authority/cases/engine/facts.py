"""Facts: what forms ask for. One name, one type, one legal ground; asked once and used by reference after that."""

from dataclasses import dataclass

from livlina.core.answers import Question
from livlina.core.marked import Place


@dataclass(frozen=True, kw_only=True)
class FactSpec(Question):
    """What a fact is: a question, with the law that lets us ask, its secrecy, and who gives the answer."""

    law: str
    secrecy: str
    given_by: tuple[str, ...]
    at: Place

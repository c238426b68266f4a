"""Taking passages out of a text so that nothing of them is left: not under a black box, not at all."""

import re

MARK = "[maskat]"


class NotThere(Exception):
    """A passage that should be masked does not stand in the text."""

    def __init__(self, passage: str) -> None:
        super().__init__(
            f"Stycket ”{passage[:60]}” finns inte i handlingen. Kopiera det precis som det står."
        )


def mask(text: str, passages: list[str]) -> str:
    """Return the text without the passages, wherever they stand, however lines are broken. Raises NotThere.

    The longest are taken first, so that a shorter one inside a longer is no longer sought.
    """
    whole = text
    for passage in sorted(passages, key=len, reverse=True):
        words = [re.escape(word) for word in passage.split()]
        if not words:
            continue
        pattern = re.compile(r"\s+".join(words), re.IGNORECASE)
        if not pattern.search(whole):
            raise NotThere(passage)
        text = pattern.sub(MARK, text)
    return text

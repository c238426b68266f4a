"""Person numbers do not belong in tickets: found in what is typed and refused, or masked in what comes by mail."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from livlina.core.ids import ANY_KIND, ANYWHERE, IdentityNumber, IdentityNumberError

MASK = "[personnummer borttaget]"
REFUSED = _(
    "Det ser ut att stå ett personnummer i texten. Ta bort det och skicka igen: supporten hittar rätt utan det, "
    "och det du har skrivit finns kvar."
)


def holds_number(text: str, today: date) -> bool:
    """Whether something in the text is a person number, or written as one. A telephone number is not."""
    return any(_is_number(found.group(), today) for found in ANYWHERE.finditer(text))


def masked(text: str, today: date) -> str:
    """Return the text with each person number taken out in words."""
    return ANYWHERE.sub(lambda found: MASK if _is_number(found.group(), today) else found.group(), text)


def _is_number(text: str, today: date) -> bool:
    """By its check digit, or by its shape: somebody who writes one wrong has written one all the same."""
    try:
        IdentityNumber.parse(text, today=today, allow=ANY_KIND)
    except IdentityNumberError:
        plain = text.replace("-", "").replace("+", "")
        month, day = plain[-8:-6], plain[-6:-4]
        dated = month.isdigit() and day.isdigit() and 1 <= int(month) <= 12 and 1 <= int(day) % 60 <= 31
        written = "-" in text or "+" in text or len(plain) == 12
        return dated and written
    return True

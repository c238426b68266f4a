"""The amounts a municipality has entered and confirmed."""

from datetime import date
from decimal import Decimal

from livlina.authority.aid.models import AidAmount
from livlina.core.access import Actor, allowed


def entered_for(municipality_id: int, month: date) -> dict[str, int]:
    """Return the confirmed parts of the norm for the year of a month, by the part's key. One statement."""
    return {
        key.removeprefix("norm."): amount
        for key, amount in _confirmed(municipality_id, "norm.", date(month.year, 1, 1), month).items()
    }


def caps_for(municipality_id: int, month: date, persons: int) -> dict[str, Decimal]:
    """Return the local limits that hold in a month for a home of so many persons, by kind of cost."""
    found = _confirmed(municipality_id, "cap.housing.", date.min, month)
    sizes = {int(key.rpartition(".")[2]): amount for key, amount in found.items()}
    fitting = [size for size in sizes if size <= persons]
    return {"housing": Decimal(sizes[max(fitting)])} if fitting else {}


def amounts(actor: Actor, verb: str, year: int) -> list[AidAmount]:
    """Return every amount entered for a year, newest first, confirmed or not."""
    rows = allowed(actor, verb, AidAmount.objects.all())
    return list(rows.filter(valid_from__year=year).order_by("-at", "-id"))


def _confirmed(municipality_id: int, prefix: str, first: date, last: date) -> dict[str, int]:
    rows = AidAmount.objects.filter(
        municipality_id=municipality_id, key__startswith=prefix, confirmed_at__isnull=False,
        valid_from__gte=first, valid_from__lte=last,
    ).order_by("valid_from", "at", "id")  # fmt: skip
    return {row.key: row.kronor for row in rows}

"""Which municipality and compartments a transaction may see: set once, for the transaction only.

Row-level security reads these settings; without them no row is seen and none can be written. They are always
transaction-local (`set_config(..., true)`): a session-level setting would leak through the connection pool.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction

EVERYTHING = tuple(range(1, 17))
"""Every compartment there can be: the system works for all of them. Which is which: `config/roles.py`."""

_SET = (
    "SELECT set_config('livlina.municipality', %s, true), set_config('livlina.compartments', %s, true),"
    " set_config('livlina.user', %s, true)"
)


def enter(municipality_id: int | None, compartments: Iterable[int] = (), user_id: int | None = None) -> None:
    """Set the context of the running transaction; with `None` nothing is seen. Raises outside a transaction."""
    if not connection.in_atomic_block:
        raise RuntimeError(
            "A municipality is entered inside a transaction: outside one the setting would be lost."
        )
    values = [
        "" if municipality_id is None else str(municipality_id),
        ",".join(map(str, compartments)),
        "" if user_id is None else str(user_id),
    ]
    with connection.cursor() as cursor:
        cursor.execute(_SET, values)


@contextmanager
def acting(
    municipality_id: int | None, compartments: Iterable[int] = (), user_id: int | None = None
) -> Iterator[None]:
    """Run the block in a transaction that sees one municipality. For jobs, commands and tests."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('livlina.municipality', true), current_setting('livlina.compartments', true),"
                " current_setting('livlina.user', true)"
            )
            before = [value or "" for value in cursor.fetchone()]
        enter(municipality_id, compartments, user_id)
        yield
        # Inside an outer transaction the setting would outlive the block.
        with connection.cursor() as cursor:
            cursor.execute(_SET, before)

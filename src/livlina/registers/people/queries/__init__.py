"""Every question about people others may ask, already filtered by access."""

from livlina.registers.people.queries.mandates import holders, principals
from livlina.registers.people.queries.person import (
    PersonHeader,
    by_number,
    contacts,
    grants_of,
    header,
    protected_to_name,
    read,
    relations,
    samenesses,
    to_follow,
)
from livlina.registers.people.queries.search import Found, did_you_mean, search

__all__ = [
    "Found",
    "PersonHeader",
    "by_number",
    "contacts",
    "did_you_mean",
    "grants_of",
    "header",
    "holders",
    "principals",
    "protected_to_name",
    "read",
    "relations",
    "samenesses",
    "search",
    "to_follow",
]

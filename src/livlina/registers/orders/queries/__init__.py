"""Every read about orders that others may use, filtered by access."""

from livlina.registers.orders.queries.orderer import (
    Figures,
    Unread,
    delivery_order,
    figures,
    history,
    letter_of,
    of_person,
    of_source,
    order_for,
    unread,
    unread_count,
)
from livlina.registers.orders.queries.provider import Inbox, active, delivered, envelope, handed_letter, inbox
from livlina.registers.orders.queries.register import Choice, choices, lookalikes

__all__ = [
    "Choice",
    "Figures",
    "Inbox",
    "Unread",
    "active",
    "choices",
    "delivered",
    "delivery_order",
    "envelope",
    "figures",
    "handed_letter",
    "history",
    "inbox",
    "letter_of",
    "lookalikes",
    "of_person",
    "of_source",
    "order_for",
    "unread",
    "unread_count",
]

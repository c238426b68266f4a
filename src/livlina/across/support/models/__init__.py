"""What is stored: tickets with their history, cheat-sheets, known faults, mail, and the exchange with suppliers."""

from livlina.across.support.models.fault import Absence, KnownFault
from livlina.across.support.models.mail import InMail, OutMail, SupplierMessage
from livlina.across.support.models.sheet import Sheet, SheetAnswer, SheetUse, SheetVersion
from livlina.across.support.models.ticket import Attachment, Ticket, TicketEvent, TicketLink

__all__ = [
    "Absence",
    "Attachment",
    "InMail",
    "KnownFault",
    "OutMail",
    "Sheet",
    "SheetAnswer",
    "SheetUse",
    "SheetVersion",
    "SupplierMessage",
    "Ticket",
    "TicketEvent",
    "TicketLink",
]

"""What is stored about people."""

from livlina.registers.people.models.network import Contact, Mandate, Relation
from livlina.registers.people.models.person import FormerName, NameToken, Person, PersonNumber, SamePerson
from livlina.registers.people.models.reach import ProtectedAccess, Reach

__all__ = [
    "Contact",
    "FormerName",
    "Mandate",
    "NameToken",
    "Person",
    "PersonNumber",
    "ProtectedAccess",
    "Reach",
    "Relation",
    "SamePerson",
]

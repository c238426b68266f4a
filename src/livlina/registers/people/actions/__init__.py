"""Every write about people, one function per verb."""

from livlina.registers.people.actions.follow import follow_population_register
from livlina.registers.people.actions.network import (
    add_contact,
    add_relation,
    end_contact,
    end_mandate,
    end_relation,
    give_mandate,
)
from livlina.registers.people.actions.person import (
    add_number,
    change_details,
    change_name,
    record_death,
    register_person,
)
from livlina.registers.people.actions.protection import (
    end_protected_access,
    grant_protected_access,
    set_protection,
)
from livlina.registers.people.actions.reach import end_reach, grant_reach
from livlina.registers.people.actions.same import end_same, mark_same
from livlina.registers.people.faults import (
    AlreadyHolds,
    FictitiousIdentity,
    MirrorsAnother,
    NotTheSame,
    NumberTaken,
    PeopleFault,
    ProtectionDiffers,
    SayWhy,
    TestNumberRefused,
    UnsoundDates,
)

__all__ = [
    "AlreadyHolds",
    "FictitiousIdentity",
    "MirrorsAnother",
    "NotTheSame",
    "NumberTaken",
    "PeopleFault",
    "ProtectionDiffers",
    "SayWhy",
    "TestNumberRefused",
    "UnsoundDates",
    "add_contact",
    "add_number",
    "add_relation",
    "change_details",
    "change_name",
    "end_contact",
    "end_mandate",
    "end_protected_access",
    "end_reach",
    "end_relation",
    "end_same",
    "follow_population_register",
    "give_mandate",
    "grant_protected_access",
    "grant_reach",
    "mark_same",
    "record_death",
    "register_person",
    "set_protection",
]

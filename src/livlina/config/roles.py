"""The roles of the house: data that municipalities share. What each may do stands in the rooms' `access.py`."""

from dataclasses import dataclass

AUTHORITY, PROVIDER, HEALTH = 1, 2, 3
"""Compartments: the authority's case work, the provider's social notes, nursing notes (OSL 26 kap.; PDL 4 kap.)."""


@dataclass(frozen=True)
class Role:
    """What a role is called, on which side of the wall it stands, and which compartments it starts with."""

    code: str
    swedish: str
    side: str
    compartments: tuple[int, ...]


ROLES = {
    role.code: role
    for role in (
        Role("reception", "Mottagning", "authority", (AUTHORITY,)),
        Role("case_worker", "Biståndshandläggare", "authority", (AUTHORITY,)),
        Role("unit_manager", "Enhetschef, myndighet", "authority", (AUTHORITY,)),
        Role("committee_secretary", "Nämndsekreterare", "authority", (AUTHORITY,)),
        Role("duty_officer", "Jour", "authority", (AUTHORITY,)),
        Role("provider_manager", "Enhetschef, utförare", "provider", (PROVIDER,)),
        Role("provider_staff", "Omsorgspersonal", "provider", (PROVIDER,)),
        Role("nurse", "Sjuksköterska", "provider", (PROVIDER, HEALTH)),
        Role("support", "Systemförvaltare", "operations", (AUTHORITY, PROVIDER)),
        Role("administrator", "Systemadministratör", "operations", ()),
    )
}

AUDIENCES = {
    "officer": tuple(code for code, role in ROLES.items() if role.side == "authority"),
    "provider": tuple(code for code, role in ROLES.items() if role.side == "provider"),
    "operations": tuple(code for code, role in ROLES.items() if role.side == "operations"),
}

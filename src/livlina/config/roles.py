"""The roles of the house: data that municipalities share. What each may do stands in the rooms' `access.py`."""

from dataclasses import dataclass

ELDER_DISABILITY, PROVIDER, HEALTH, CHILDREN, FINANCIAL_AID, ADULTS, FAMILY_LAW, CONTRACTORS = range(1, 9)
COMPARTMENTS = {
    ELDER_DISABILITY: "Äldre och funktionsnedsättning",
    PROVIDER: "Utförare",
    HEALTH: "Hälso- och sjukvård",
    CHILDREN: "Barn och unga",
    FINANCIAL_AID: "Ekonomiskt bistånd",
    ADULTS: "Vuxna",
    FAMILY_LAW: "Familjerätt",
    CONTRACTORS: "Uppdragstagare",
}
"""What is secret from what, row by row: the authority's branches from each other (OSL 8:2), the provider's social notes,
nursing notes (OSL 26 kap.; PDL 4 kap.)."""

BRANCHES = tuple(code for code in COMPARTMENTS if code not in (PROVIDER, HEALTH))
AREAS = {
    "elder_care": ELDER_DISABILITY,
    "disability": ELDER_DISABILITY,
    "own_acts": ELDER_DISABILITY,
    "children": CHILDREN,
    "financial_aid": FINANCIAL_AID,
    "adults": ADULTS,
    "family_law": FAMILY_LAW,
    "contractors": CONTRACTORS,
}
"""Which branch the processes of an area (a folder of `processes/`) belong to."""

AREA_NAMES = {
    "elder_care": "Äldreomsorg",
    "disability": "Funktionsnedsättning",
    "own_acts": "Färdtjänst och bostadsanpassning",
    "children": "Barn och unga",
    "financial_aid": "Ekonomiskt bistånd",
    "adults": "Vuxna",
    "family_law": "Familjerätt",
    "contractors": "Uppdragstagare",
}
QUALIFICATIONS = {"child_welfare": "Socionomexamen eller motsvarande (25 kap. 1 § socialtjänstlagen)"}
"""What an assignment may say its holder is qualified for."""


@dataclass(frozen=True)
class Role:
    """What a role is called, on which side of the wall it stands, and which compartments it starts with.

    Case workers and their managers have the branch of their unit: their assignment says which.
    """

    code: str
    swedish: str
    side: str
    compartments: tuple[int, ...]


ROLES = {
    role.code: role
    for role in (
        Role("reception", "Mottagning", "authority", BRANCHES),
        Role("case_worker", "Handläggare", "authority", (ELDER_DISABILITY,)),
        Role("unit_manager", "Enhetschef, myndighet", "authority", (ELDER_DISABILITY,)),
        Role("committee_secretary", "Nämndsekreterare", "authority", BRANCHES),
        Role("committee_chair", "Nämndens ordförande", "authority", BRANCHES),
        Role("duty_officer", "Jour", "authority", BRANCHES),
        Role("provider_manager", "Enhetschef, utförare", "provider", (PROVIDER,)),
        Role("provider_staff", "Omsorgspersonal", "provider", (PROVIDER,)),
        Role("nurse", "Sjuksköterska", "provider", (PROVIDER, HEALTH)),
        Role("support", "Systemförvaltare", "operations", (*BRANCHES, PROVIDER)),
        Role("administrator", "Systemadministratör", "operations", ()),
    )
}

AUDIENCES = {
    "officer": tuple(code for code, role in ROLES.items() if role.side == "authority"),
    "provider": tuple(code for code, role in ROLES.items() if role.side == "provider"),
    "operations": tuple(code for code, role in ROLES.items() if role.side == "operations"),
}

"""The words of the room: branches, kinds of documents, grounds for handing out, kinds of keeping."""

BRANCHES = {
    1: "Äldre och funktionsnedsättning",
    4: "Barn och unga",
    5: "Ekonomiskt bistånd",
    6: "Vuxna",
    7: "Familjerätt",
    8: "Uppdragstagare",
}
"""The authority's branches by compartment (`config/roles.py`): a file is one person's in one of them (OSL 8:2)."""

BOOKS = BRANCHES | {2: "Utförarens sociala journal", 3: "Hälso- och sjukvårdsjournal"}

DOCUMENT_KINDS = [
    ("certificate", "Läkarintyg eller utlåtande"),
    ("statement", "Yttrande från annan myndighet"),
    ("letter", "Brev eller skrivelse"),
    ("report", "Anmälan"),
    ("economic", "Ekonomiskt underlag"),
    ("judgment", "Dom eller beslut från annan"),
    ("agreement", "Avtal eller samtycke"),
    ("other", "Annan handling"),
]

SECRECY = [
    ("social", "Uppgifter om den enskilde (OSL 26 kap. 1 §)"),
    ("other_person", "Uppgifter också om någon annan (OSL 26 kap. 1 §)"),
    ("health", "Hälsouppgifter från vården (OSL 26 kap. 1 §, 25 kap. 1 §)"),
    ("reporter", "Uppgiftslämnare som kan hotas (OSL 26 kap. 5 §)"),
    ("address", "Skyddad adress (OSL 21 kap. 3 §)"),
]

ASKERS = [
    ("self", "Den enskilde själv"),
    ("representative", "Ombud eller ställföreträdare"),
    ("guardian", "Vårdnadshavare"),
    ("party", "Annan part i ärendet"),
    ("relative", "Närstående"),
    ("authority", "Annan myndighet"),
    ("research", "Forskning"),
    ("anyone", "Annan"),
]

GROUNDS = [
    ("own", "Den enskildes egna uppgifter (OSL 12 kap. 1 §)"),
    ("party", "Partsinsyn (10 § FL, OSL 10 kap. 3 §)"),
    ("consent", "Samtycke (OSL 12 kap. 2 §)"),
    ("guardian", "Vårdnadshavare (OSL 12 kap. 3 §)"),
    ("no_harm", "Det står klart att ingen lider men (OSL 26 kap. 1 §)"),
    ("breaking_rule", "Sekretessbrytande bestämmelse"),
    ("public", "Sekretess gäller inte för uppgiften"),
]
REFUSALS = [
    ("harm", "Det står inte klart att uppgiften kan röjas utan men (OSL 26 kap. 1 §)"),
    ("child_harm", "Det kan antas att barnet lider betydande men (OSL 12 kap. 3 §)"),
    ("reporter", "Anmälare som kan utsättas för våld eller annat allvarligt men (OSL 26 kap. 5 §)"),
    ("address", "Skyddad adress (OSL 21 kap. 3 §, 22 kap. 1 §)"),
    ("party_limit", "Synnerlig vikt att uppgiften inte röjs för parten (OSL 10 kap. 3 §)"),
]
VERDICTS = [("whole", "Lämnas ut"), ("masked", "Lämnas ut maskerad"), ("refused", "Lämnas inte ut")]
OUTCOMES = [("released", "Lämnas ut"), ("partly", "Lämnas ut delvis"), ("refused", "Lämnas inte ut")]
DELIVERY = [
    ("e_service", "I e-tjänsten"),
    ("letter", "Rekommenderat brev"),
    ("handed", "Överlämnat mot legitimation"),
    ("secure", "Säker digital kanal"),
]

KEEPS = [
    ("placed_child", "Barn som varit placerat utanför hemmet"),
    ("parenthood", "Faderskap eller föräldraskap"),
    ("adoption", "Adoption"),
    ("lawsuit", "Rättegång, tillsyn eller överklagande pågår"),
    ("other", "Annat skäl"),
]
"""What keeps a file from destruction. The first three never end (SoL 16 kap.; SoF 13 kap. 1 §)."""
ENDING_KEEPS = ("lawsuit", "other")

"""The words rows of this room are made of."""

PROVIDER, HEALTH = 2, 3
"""Compartments: the provider's social documentation, and the nursing book behind its own wall."""

SHIFT_STATES = [
    ("planned", "Planerat"),
    ("sick", "Sjuk"),
    ("away", "Frånvarande"),
    ("cancelled", "Struket"),
]
TRAVEL = [("foot", "Till fots"), ("bicycle", "Cykel"), ("car", "Bil")]
VISIT_KINDS = [
    ("planned", "Planerat besök"),
    ("extra", "Extra besök"),
    ("nursing", "Hälso- och sjukvård"),
    ("check", "Tillsyn"),
    ("alarm", "Larm"),
]
VISIT_STATES = [
    ("planned", "Planerat"),
    ("begun", "Påbörjat"),
    ("done", "Utfört"),
    ("missed", "Uteblivet"),
    ("not_home", "Inte hemma"),
    ("cancelled", "Inställt"),
]
VISIT_EVENTS = [
    ("planned", "Planerades"),
    ("given", "Gavs till"),
    ("taken", "Togs från"),
    ("swapped", "Byttes till"),
    ("in", "Kom"),
    ("out", "Gick"),
    ("moved", "Flyttades"),
    ("missed", "Blev inte av"),
    ("not_home", "Var inte hemma"),
    ("cancelled", "Ställdes in"),
    ("approved", "Godkändes"),
    ("deviation", "Avvikelse"),
    ("corrected", "Rättades"),
]
SOURCES = [("phone", "Telefon"), ("desk", "Kontoret"), ("paper", "Papper"), ("lock", "Dörren")]
DOSE_STATES = [
    ("due", "Ska ges"),
    ("given", "Given"),
    ("not_given", "Inte given"),
    ("missed", "Missad"),
    ("cancelled", "Utgår"),
]
COUNTS = [("delivered", "Påfyllning"), ("counted", "Kontrollräkning"), ("discarded", "Kassation")]
"""What is done to a stock of narcotics besides giving. Two sign."""
TASK_STATES = [("active", "Gäller"), ("paused", "Pausad"), ("ended", "Avslutad")]
VERDICTS = [
    ("accepted", "Mottagen"),
    ("had", "Fanns redan"),
    ("variant", "Behållen vid sidan av"),
    ("quarantined", "Ligger för granskning"),
]
"""What became of an event from a phone. There is no verdict that throws it away."""

SKILLS = {
    "lift": "Lyft och förflyttning",
    "dementia": "Demens",
    "driving": "Körkort",
    "assistant_nurse": "Undersköterska",
    "finnish": "Talar finska",
    "sign": "Teckenspråk",
}
"""What a visit may ask of whoever makes it, besides delegations."""

NURSING_TASKS = {
    "medicine_dose": "Ge läkemedel ur dosett eller dospåse",
    "eye_drops": "Ögondroppar",
    "insulin": "Insulin",
    "compression": "Kompressionsstrumpor",
    "wound": "Såromläggning",
    "catheter": "Kateterskötsel",
    "blood_sugar": "Blodsockerkontroll",
    "blood_pressure": "Blodtryckskontroll",
}
"""Tasks of home nursing by code: what is ordered, and what is delegated."""

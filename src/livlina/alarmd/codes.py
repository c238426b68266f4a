"""The code tables of SCAIP (SS 91100): what a code is called on the desk, and what kind of record it makes."""

from __future__ import annotations

from typing import Any

HEARTBEAT = "heartbeat"
"""Not a kind of record: a sign of life is never kept."""

MESSAGE_TYPES = {"ME": "Larm", "RE": "Återställt", "IN": "Uppgift", "PI": "Livstecken"}

DEVICE_TYPES = {
    0: "Okänd enhet",
    1: "Obestämd enhet",
    2: "Trygghetstelefon",
    3: "Larmknapp",
    4: "Fast larmknapp",
    5: "Fallarm",
    6: "Överfallslarm",
    7: "Paniklarm",
    8: "Personalnärvaro på håll",
    9: "Personalnärvaro på plats",
    10: "Aktivitetslarm",
    11: "Medicindosa",
    12: "Sänglarm",
    13: "Larmmatta",
    14: "Dörrlarm",
    15: "Vandringslarm",
    16: "Väta i sängen",
    17: "Epilepsilarm",
    18: "Närvarogivare",
    19: "Pulslarm",
    20: "Miljögivare",
    21: "Gaslarm",
    22: "Belysning",
    23: "Brandvarnare",
    24: "Uppvärmning",
    25: "Värmelarm",
    26: "Kolmonoxidlarm",
    27: "Falsk besökare",
    28: "Inbrottslarm",
    29: "Gränslarm",
    30: "Fallen person",
    31: "Systemövervakning",
    32: "Förbindelseövervakning",
    33: "Översvämningslarm",
    34: "Badlarm",
    35: "Nyckelbrytare",
    36: "Områdesskydd",
    37: "Sprinkler",
    38: "Sabotagelarm",
    39: "Skrivare",
    40: "Router",
    41: "Strömförsörjning",
    42: "Passersystem",
    43: "Passersystem",
    44: "Stollarm",
    45: "Centralenhet",
    46: "Hiss",
    47: "Brandlarm",
    48: "Lokal enhet",
    49: "Övervakning",
    50: "Radioenhet",
    51: "Positionering",
}

STATUSES = {
    0: "Okänd orsak",
    1: "Obestämd orsak",
    2: "Avbrutet",
    3: "Frånvarande",
    4: "Godtaget",
    5: "Kvitterat",
    6: "Utlöst",
    7: "Aktivt",
    8: "Tillagt",
    9: "Automatiskt larm",
    10: "Larmknapp tryckt",
    11: "Varning",
    12: "Tillkopplat",
    13: "Tilldelat",
    14: "Batterifel",
    15: "Batteriet är bra",
    16: "Lågt batteri",
    17: "Upptagen",
    18: "Förbikopplat",
    19: "Larmet avbröts vid enheten",
    20: "Laddat",
    21: "Stängd",
    22: "Stängd för länge",
    23: "Ip-förbindelsen bruten",
    24: "Mobilnätet borta",
    25: "Telelinjen bruten",
    26: "Huvudförbindelsen bruten",
    27: "Reservförbindelsen bruten",
    28: "Borttaget",
    29: "Nekat",
    30: "Frånkopplat",
    31: "Inte ansluten",
    **{31 + n: f"Fel {n}" for n in range(1, 10)},
    41: "Utfört",
    42: "Fel",
    43: "Frekvensen glider",
    44: "Frekvensen glider",
    45: "Frekvensen glider",
    46: "Hög nivå",
    47: "Pågår",
    48: "I drift",
    49: "Inte aktiv",
    50: "Påbörjat",
    51: "Avbrott",
    52: "Stört",
    **{52 + n: f"Nivå {n}" for n in range(1, 10)},
    62: "Logg",
    63: "Förlust",
    64: "Låg nivå",
    65: "Behöver service",
    66: "Behöver service snarast",
    67: "Fungerar inte",
    68: "Minnet är fullt",
    69: "Inte aktiv",
    70: "Normalt läge",
    71: "Upptagen plats",
    72: "Av",
    73: "Frånkopplad från nätet",
    74: "På",
    75: "Ansluten till nätet",
    76: "Öppen",
    77: "Öppen för länge",
    78: "Ur drift",
    79: "Överfull",
    80: "Väntar",
    81: "Medicin inte tagen",
    82: "Påminnelse om medicin",
    83: "Medicin tagen",
    84: "Planerat",
    85: "Strömavbrott",
    86: "Strömmen är tillbaka",
    87: "Planerad närvaro",
    88: "Närvaro efter larm",
    89: "Avskildhet vald",
    90: "Puls",
    91: "Återupprättat",
    92: "Återställt av sig självt",
    93: "Återställt för hand",
    94: "Åter normalt",
    95: "Radiostörning",
    96: "Påbörjat",
    97: "Avslutat",
    98: "Ersatt",
    99: "Lyckades",
    100: "Hög temperatur",
    101: "Låg temperatur",
    102: "Provlarm, huvudförbindelsen",
    103: "Provlarm, reservförbindelsen",
    104: "Tiden gick ut",
    105: "Störning",
    106: "Intrång",
    107: "Obehörig",
    108: "Förbikoppling borttagen",
    109: "Bekräftat",
    110: "Behöver hjälp",
    111: "Insatsen klar",
    112: "Ip-förbindelsen är tillbaka",
    113: "Mobilnätet är tillbaka",
    114: "Telelinjen är tillbaka",
    115: "Huvudförbindelsen är tillbaka",
    116: "Reservförbindelsen är tillbaka",
    117: "Ligger i sängen",
    118: "Låst",
    119: "Rörelse",
    120: "Någon är där",
    121: "Närvarande",
    122: "Radiostörning",
    123: "Radioprovet uteblev",
    124: "Radioprovet är tillbaka",
    125: "Sabotage",
    126: "Temperaturen stiger",
    127: "Olåst",
}

LOCATIONS = {
    0: "Okänd plats",
    1: "Obestämd plats",
    2: "Hemma",
    3: "Borta",
    4: "Inomhus",
    5: "Utomhus",
    6: "Inne",
    7: "Ute",
    8: "Område",
    9: "Zon",
    10: "Källaren",
    11: "Badrummet",
    12: "Sovrummet",
    13: "Matrummet",
    14: "Våningsplanet",
    15: "Garaget",
    16: "Trädgården",
    17: "Trädgården, baksidan",
    18: "Trädgården, framsidan",
    19: "Utanför bestämt område",
    20: "Gymmet",
    21: "Köket",
    22: "Tvättstugan",
    23: "Vilrummet",
    24: "Bastun",
    25: "Trappan",
    26: "Arbetsrummet",
    27: "Verkstaden",
    28: "Vinden",
    29: "Förrådet",
    30: "Tillfällig adress",
    31: "Sommarstugan",
    32: "Vinterstugan",
    33: "På resande fot",
    34: "Position bifogad",
    35: "Gps-position bifogad",
    36: "Fastigheten",
    37: "Anpassade badrummet",
    38: "Dörren",
    39: "Ytterdörren",
    40: "Bakdörren",
    41: "Branddörren",
    42: "Hallen",
    43: "Vardagsrummet",
    44: "Lägenheten",
    45: "Enplanshuset",
    46: "Sällskapsrummet",
    47: "Gemensamma utrymmet",
    48: "Kontoret",
    49: "Rummet",
    50: "Anläggningen",
    51: "Avdelningen",
    52: "Flygeln",
}

_COMPONENTS = (
    (2, 6, "Knapp"),
    (7, 11, "Brytare"),
    (12, 16, "Utgång"),
    (17, 21, "Automatisk krets"),
    (22, 22, "Nätverkskort"),
    (23, 23, "Minne"),
    (24, 24, "Styrkrets"),
    (25, 29, "Modul"),
)

STATUS_NUMBERS = {
    0: "godtaget",
    1: "för långt",
    2: "gick inte att läsa",
    3: "fel innehåll",
    4: "vänta",
    5: "inte behandlat",
    6: "upptaget",
    7: "uppgift saknas",
}
VERDICT_NUMBERS = {"ok": 0, "unknown_unit": 0, "too_long": 1, "invalid": 2, "wrong": 3, "missing": 7}
"""What the unit is told (snu). An unknown unit is told that all is well: a human has its alarm in front of them."""

CANCEL = 19
TESTS = frozenset({102, 103})
RESETS = frozenset({92, 93})
FAULTS = frozenset(
    {
        14,
        16,
        *range(23, 28),
        31,
        *range(32, 41),
        42,
        43,
        44,
        45,
        52,
        65,
        66,
        67,
        68,
        73,
        78,
        85,
        95,
        105,
        122,
        123,
        125,
    }
)
RESTORED = frozenset({15, 20, 48, 70, 75, 86, 91, 94, *range(112, 117), 124})
TOLD = frozenset({4, 5, 8, 13, 28, 41, 62, 83, 87, 88, 99, 111})
"""Never a call for help: what staff or the unit itself confirms (presence after an alarm, pill taken, executed ...)."""


def kind_of(mty: str, stc: Any) -> str:
    """The kind of record: first by message type, then by status. What is in doubt is an alarm.

    A heartbeat may carry the status of an automatic alarm (9) or of a test (102): it stays a heartbeat.
    """
    told = {"PI": HEARTBEAT, "RE": "reset", "IN": "update"}.get(mty.strip().upper())
    if told:
        return told
    if stc == CANCEL:
        return "cancel"
    for kind, statuses in (
        ("fault", FAULTS), ("restored", RESTORED), ("test", TESTS), ("reset", RESETS), ("update", TOLD)
    ):  # fmt: skip
        if stc in statuses:
            return kind
    return "alarm"


def component(code: Any) -> str:
    """What a dco code names, "" when it says nothing to staff."""
    for low, high, word in _COMPONENTS:
        if isinstance(code, int) and low <= code <= high:
            return word if low == high else f"{word} {code - low + 1}"
    return ""

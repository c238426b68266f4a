"""The words rows of this room are made of."""

PROVIDER = 2
"""The provider's compartment: the authority's sessions do not see these rows."""

LOCK_STATES = [
    ("planned", "Ska monteras"),
    ("fitted", "Monterat"),
    ("faulty", "Ur funktion"),
    ("removed", "Borttaget"),
]
GRANT_KINDS = [
    ("shift", "Arbetspass"),
    ("stand_in", "Vikariat eller byte"),
    ("round", "Nattpatrull eller larm"),
    ("nursing", "Hälso- och sjukvård"),
    ("fitting", "Montering"),
    ("emergency", "Nödöppning"),
    ("continuation", "Fortsättning vid avbrott"),
]
CONSENTS = [("client", "Den enskilde"), ("owner", "Fastighetsägaren")]
OUTCOMES = [
    ("opened", "Öppnade"),
    ("locked", "Låste"),
    ("refused", "Nekade"),
    ("fitted", "Togs i bruk"),
]
KEY_EVENTS = [
    ("made", "Togs emot"),
    ("out", "Lämnades ut"),
    ("in", "Lämnades in"),
    ("lost", "Förlorades"),
    ("returned", "Lämnades tillbaka till ägaren"),
]
VENDOR_CALLS = [
    ("issue", "Lägg in en nyckel"),
    ("revoke", "Spärra en nyckel"),
    ("fetch", "Hämta loggen"),
    ("rekey", "Byt nyckel"),
]

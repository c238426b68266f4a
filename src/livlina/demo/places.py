"""The invented towns: districts, streets, and telephone numbers that belong to nobody.

The telephone numbers are those PTS keeps for use in fiction; the postcodes begin with 99, which no place has.
"""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class District:
    """A part of a town: its postcode and streets, and the share of the inhabitants who live there."""

    name: str
    postcode: str
    share: float
    streets: tuple[str, ...]


def _district(name: str, postcode: str, share: float, streets: str) -> District:
    return District(name, postcode, share, tuple(streets.split()))


ASVALLA = (
    _district("Centrum", "99101", 0.26, "Storgatan Skolgatan Kyrkogatan Stationsgatan Nygatan Rådhusgatan "
        "Tullgatan Smedjegatan Prästgatan Ågatan"),
    _district("Björkbacken", "99102", 0.2, "Björkvägen Lönnvägen Aspvägen Rönnstigen Almvägen Hasselvägen "
        "Sälgvägen Enstigen Oxelvägen Lindallén"),
    _district("Kvarnbyn", "99103", 0.13, "Kvarngatan Mjölnarvägen Dammvägen Forsgatan Hjulvägen Stensgatan "
        "Brobacken Sågvägen"),
    _district("Norrgården", "99104", 0.15, "Norrgårdsvägen Hagvägen Ängsvägen Vetevägen Kornstigen Logvägen "
        "Rågvägen Slåttervägen"),
    _district("Sjöängen", "99105", 0.12, "Strandvägen Bryggvägen Vassvägen Gäddstigen Fiskargatan Sjöutsikten "
        "Näckrosvägen"),
    _district("Hagaborg", "99106", 0.08, "Hagaborgsgatan Fogdevägen Slottsallén Trädgårdsgatan Orangerivägen "
        "Parkgatan"),
    _district("Lövåsen", "99107", 0.06, "Lövåsvägen Skogsstigen Tallvägen Granvägen Blåbärsstigen Tjärvägen Viltvägen"),
)  # fmt: skip
SJOHAGA = (
    _district(
        "Sjöhaga tätort", "99201", 0.7, "Hamngatan Torggatan Sjövägen Kajgatan Fyrvägen Lotsgatan Varvsgatan"
    ),
    _district("Hagalund", "99202", 0.3, "Hagvägen Mossvägen Stigbergsvägen Klövervägen Ekvägen"),
)
ELSEWHERE = (
    _district("Centrum", "99301", 0.5, "Storgatan Kungsgatan Drottninggatan Järnvägsgatan Skolgatan Bangatan "
        "Torggatan Parkgatan"),
    _district("Norra", "99302", 0.25, "Norrvägen Björkvägen Tallvägen Granvägen Ängsvägen Hagvägen"),
    _district("Södra", "99303", 0.25, "Södervägen Ekvägen Lindvägen Askvägen Kornvägen Strandvägen"),
)  # fmt: skip


def mobile(rng: Random) -> str:
    """Return a mobile number of the series 070-174 06 05–06 99."""
    return f"070-174 06 {rng.randrange(5, 100):02}"


def landline(rng: Random) -> str:
    """Return a landline number of one of the series for fiction."""
    start, last = rng.choice((("08-465 004 ", 2), ("031-390 06 ", 2), ("040-628 04 ", 2), ("0980-31 92 ", 2)))
    return f"{start}{rng.randrange(100):0{last}}"


def address(rng: Random, district: District) -> str:
    """Return a street with its number; in the centre often with a flat's."""
    street = f"{rng.choice(district.streets)} {rng.randrange(1, 60)}"
    return f"{street} lgh {rng.randrange(10, 17)}0{rng.randrange(1, 5)}" if rng.random() < 0.2 else street

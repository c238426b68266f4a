"""The told people: who they are. Their numbers are official test numbers, or of the same series."""

from dataclasses import dataclass
from datetime import date

from livlina.core.ids import IdentityNumber, test_number


@dataclass(frozen=True)
class Told:
    """One told person: number, names, home, and why one would look."""

    number: IdentityNumber
    given: str
    called: str
    family: str
    street: str
    postcode: str
    why: str = ""

    @property
    def name(self) -> str:
        """The name one says."""
        return f"{self.called} {self.family}"


ASTRID = Told(
    test_number(date(1938, 4, 12), "female", 0),
    "Astrid Margareta",
    "Astrid",
    "Lindqvist",
    "Björkvägen 12",
    "99102",
)
ANNA = Told(
    test_number(date(1966, 9, 3), "female", 1), "Anna Kristina", "Anna", "Lindqvist Berg", "Skolgatan 4", "99101",
    "Dotter med fullmakt. Ansök om hemtjänst för Astrid.",
)  # fmt: skip
BERTIL = Told(
    test_number(date(1944, 8, 13), "male", 2), "Bertil Olof", "Bertil", "Nordin", "Kvarngatan 7", "99103",
    "Har fått ett beslut som delvis går emot, och har överklagat.",
)  # fmt: skip
MARGIT = Told(
    IdentityNumber.stored("194408139089"), "Margit Elisabeth", "Margit", "Sjölund", "Strandvägen 3", "99105",
    "Väntar på ett trygghetslarm som ingen har bekräftat.",
)  # fmt: skip
TOLV = Told(IdentityNumber.stored("191212121212"), "Tolvan", "Tolvan", "Tolvansson", "Storgatan 12", "99101")
FRIDA = Told(
    IdentityNumber.stored("199107172380"), "Frida Linnéa", "Frida", "Holm", "Aspvägen 9", "99102",
    "Har inget ärende. Ansök för egen del.",
)  # fmt: skip
CAST = (ASTRID, ANNA, BERTIL, MARGIT, TOLV, FRIDA)


def numbers() -> frozenset[str]:
    """Return the numbers nobody else in the town may get."""
    return frozenset(one.number.value for one in CAST)


def citizens() -> list[dict[str, str]]:
    """Return those with an invented e-identification, as the sign-in page lists them."""
    return [
        {
            "number": one.number.value,
            "given_names": one.given,
            "family_name": one.family,
            "why": one.why,
        }
        for one in CAST
        if one.why
    ]

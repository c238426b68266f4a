"""The port to the population register (Navet, SPAR): what a municipality needs of it, in our words."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import date

from livlina.core.ids import IdentityNumber


class RegisterFault(Exception):
    """The population register gave no answer."""


class TemporaryFault(RegisterFault):
    """The population register does not answer now; ask again later."""


class PermanentFault(RegisterFault):
    """The population register refuses this question; asking again gives the same answer."""


@dataclass(frozen=True)
class Record:
    """What the register says of one person. `address` holds street, postcode and city; empty when withheld."""

    number: IdentityNumber
    given_names: str
    family_name: str
    called_name: str = ""
    birth_date: date | None = None
    sex: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    home_municipality: str = ""
    protection: str = "none"
    died_on: date | None = None
    earlier_numbers: tuple[IdentityNumber, ...] = ()


class PopulationRegister(ABC):
    """One outside register."""

    @abstractmethod
    def ask(self, number: IdentityNumber) -> Record | None:
        """Return what the register says of the one who has or has had `number`, None when it knows nobody.

        Raises TemporaryFault or PermanentFault.
        """

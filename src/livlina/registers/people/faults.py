"""What can be wrong with a wish to change a person. `swedish` is the sentence for the one who asked."""


class PeopleFault(Exception):
    """This change cannot be made."""

    swedish = "Ändringen går inte att göra."

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class NumberTaken(PeopleFault):
    """The identity number cannot be given to this person."""

    # The same words whether the number is an ordinary or a protected person's: neither is confirmed.
    swedish = (
        "Numret går inte att registrera. Sök på numret. Finns ingen träff, kontakta enhetschefen – "
        "gör ingen ny registrering."
    )


class TestNumberRefused(PeopleFault):
    """A test number belongs to a test environment only (Skatteverket's terms)."""

    __test__ = False  # no test, whatever its name says to pytest
    swedish = "Numret är ett testnummer och kan bara användas i demo- och testmiljö."


class FictitiousIdentity(PeopleFault):
    """This person's number and name are never tied to others (lag 1991:483)."""

    swedish = "Numret och namnet går inte att byta här. Kontakta enhetschefen."


class UnsoundDates(PeopleFault):
    """The dates do not fit together, or one lies in the future."""

    swedish = "Datumen går inte ihop. Kontrollera dem."


class MirrorsAnother(PeopleFault):
    """This row mirrors the one with the person's number."""

    swedish = "Personen har en registrering med personnummer. Ändra uppgifterna där, så följer de med hit."


class NotTheSame(PeopleFault):
    """These two rows cannot be one person: the earlier has no number of its own, the other has one."""

    swedish = "Det går inte att knyta ihop. Den här registreringen ska sakna personnummer, och den andra ha ett som gäller."


class ProtectionDiffers(PeopleFault):
    """The earlier row is protected and the other is not."""

    swedish = "Den här registreringen är skyddad, men inte den andra. Ta först ställning till skyddet där."


class SayWhy(PeopleFault):
    """A reason is missing."""

    swedish = "Skriv skälet: hur du vet att det är så."


class AlreadyHolds(PeopleFault):
    """What is asked for holds already, or is over."""

    swedish = "Det här gäller redan, eller har redan avslutats."

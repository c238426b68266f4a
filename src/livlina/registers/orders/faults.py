"""What can stand in the way of an order. The docstring is the sentence a person reads."""


class OrderFault(Exception):
    """Det går inte att göra det med beställningen."""

    def __init__(self, words: str = "") -> None:
        super().__init__(words or self.__doc__)


class WrongState(OrderFault):
    """Beställningen har hunnit ändras. Läs den igen och se vad som gäller nu."""


class AlreadyOpened(OrderFault):
    """Utföraren har redan öppnat beställningen. Du kan begära att den återkallas; utföraren måste då godta det."""


class NameDiffers(OrderFault):
    """Namnet stämmer inte med utföraren du valde. Inget har skickats."""


class NoProvider(OrderFault):
    """Välj utförare först."""


class ProviderUnfit(OrderFault):
    """Utföraren tar inte emot den här insatsen nu."""


class NothingOrdered(OrderFault):
    """Beställningen säger inte vad som ska göras."""


class StartTooEarly(OrderFault):
    """Startdagen kan inte ligga före den dag beställningen skickades."""


class ContactMissing(OrderFault):
    """Skriv vem beställaren kan kontakta."""


class ReasonMissing(OrderFault):
    """Ange skälet."""


class PeriodWrong(OrderFault):
    """Perioden ligger utanför beställningens tid, eller i framtiden."""


class FigureWrong(OrderFault):
    """Ange antingen minuter eller antal gånger, inte båda."""


class AlreadyReported(OrderFault):
    """Perioden är redan rapporterad med andra uppgifter. Rätta den rapporten i stället."""


class ChangeUnderWay(OrderFault):
    """Det finns redan en ny beställning som ska ersätta den här."""


class NotInPlace(OrderFault):
    """Det som beställts är inte på plats än."""

"""What can be wrong with a wish to write. `swedish` is the sentence for the one who wrote; `field` where it belongs."""


class JournalFault(Exception):
    """This cannot be written in the journal."""

    swedish = "Det går inte att skriva i journalen just så här."
    field = ""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class Empty(JournalFault):
    """A note says something."""

    swedish = "Skriv anteckningen."
    field = "text"


class Unreadable(JournalFault):
    """The text holds a sign that cannot be stored (a null character, or half of a pair)."""

    swedish = "Texten innehåller ett tecken som inte går att spara. Skriv om eller klistra in den på nytt."
    field = "text"


class InTheFuture(JournalFault):
    """What is noted has happened: its time is not after the moment of writing."""

    swedish = "Tiden ligger framåt i tiden. Skriv när det hände."
    field = "day"


class LateWithoutReason(JournalFault):
    """An event more than thirty days back needs a reason for being noted now."""

    swedish = "Det hände för mer än 30 dagar sedan. Skriv varför det antecknas först nu."
    field = "late_reason"


class FileClosed(JournalFault):
    """The file is closed: a note in it needs a reason for being written afterwards."""

    swedish = "Akten är avslutad. Skriv varför anteckningen görs nu."
    field = "late_reason"


class LawOutsideBook(JournalFault):
    """Notes under hälso- och sjukvårdslagen stand in the health book, and no others do (PDL 4:1)."""

    swedish = "Lagrummet hör till en annan journal. Välj ett lagrum som hör hit."
    field = "law"


class NoReason(JournalFault):
    """A correction says why."""

    swedish = "Skriv varför anteckningen rättas."
    field = "reason"


class AlreadyStruck(JournalFault):
    """The note is struck already, or lies sealed."""

    swedish = "Anteckningen är redan struken."
    field = "kind"


class NeedsNewText(JournalFault):
    """This kind of correction needs what holds instead."""

    swedish = "Skriv kompletteringen."
    field = "text"


class NeedsDate(JournalFault):
    """A corrected date is a date."""

    swedish = "Skriv när det hände."
    field = "day"


class NotTheEarlier(JournalFault):
    """Of two notes the later is the duplicate, and both stand in the same file."""

    swedish = "Välj den tidigare anteckningen i samma akt. Den senare av de två är dubbletten."
    field = "original"


class SamePerson(JournalFault):
    """A note on the wrong person moves to another person's file in the same book of the same unit."""

    swedish = "Anteckningen kan bara flyttas till en annan persons akt på samma enhet."
    field = "number"


class MovedByManager(JournalFault):
    """A note on the wrong person is moved by `move_note`."""

    swedish = "En anteckning på fel person flyttas av enhetschefen eller supporten."
    field = "kind"


class AlreadySigned(JournalFault):
    """A note is signed once, by whoever wrote it, and only in the health book (PDL 3:10)."""

    swedish = "Anteckningen är redan signerad, eller ska inte signeras av dig."


class NotSealed(JournalFault):
    """Only a sealed text is opened this way."""

    swedish = "Anteckningen är inte förseglad."


class TwoTexts(JournalFault):
    """The draft has been changed in another window: both texts are kept."""

    swedish = "Utkastet är ändrat i ett annat fönster. Båda texterna finns kvar."

    def __init__(self, theirs: str, version: int) -> None:
        super().__init__()
        self.theirs, self.version = theirs, version

"""What the administrator is told when something cannot be done: sentences, shown as they stand."""


class AdministrationRefused(ValueError):
    """Det går inte att spara."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class AddressTaken(AdministrationRefused):
    """Adressen har redan ett konto här. Sök upp personen och ge ett uppdrag till i stället."""


class AddressElsewhere(AdministrationRefused):
    """Adressen hör till ett konto utanför kommunen. Skriv adressen som personen har hos er."""


class UsedElsewhere(AdministrationRefused):
    """Kontot används också i en annan kommun, och inloggningen kan inte ändras härifrån."""


class NobodyThere(AdministrationRefused):
    """Ingen medarbetare i kommunen har den adressen. Systemadministratören lägger upp nya konton."""


class OwnAssignment(AdministrationRefused):
    """Du kan inte ge dig själv ett uppdrag. Be någon annan."""


class OwnAccount(AdministrationRefused):
    """Det här är ditt eget konto. Lösenord och passkeys ändrar du under Inloggningar, och avsluta får någon annan."""


class AccountEnded(AdministrationRefused):
    """Kontot är avslutat. Öppna det igen först."""


class Administered(AdministrationRefused):
    """Kommunen har redan en systemadministratör, som lägger upp andra."""


class UnitEnded(AdministrationRefused):
    """Enheten är avslutad."""


class WrongSide(AdministrationRefused):
    """Rollen hör inte hemma i den enheten: myndighet, utförare och förvaltning hålls isär."""


class BranchNeeded(AdministrationRefused):
    """Välj vilken gren uppdraget gäller."""


class BranchNotOfRole(AdministrationRefused):
    """Rollen har ingen gren inom myndigheten. Lämna grenarna tomma."""


class NotYoursToGive(AdministrationRefused):
    """Du kan bara ge uppdrag som du själv leder: i din enhet, i dina grenar, och inte som chef."""


class NotQualifiedSide(AdministrationRefused):
    """Behörighet för barn och unga anges bara för uppdrag i den grenen."""


class AlreadyHeld(AdministrationRefused):
    """Personen har redan samma uppdrag under de dagarna."""


class EndsBeforeStart(AdministrationRefused):
    """Sista dagen kan inte vara före den första."""


class EndedAlready(AdministrationRefused):
    """Uppdraget är redan avslutat."""


class TooFarBack(AdministrationRefused):
    """Ett uppdrag kan inte avslutas bakåt i tiden. I går är den tidigaste dagen, och då upphör det genast."""


class NameTaken(AdministrationRefused):
    """Det finns redan en enhet med det namnet."""


class OwnUnit(AdministrationRefused):
    """Du arbetar själv i enheten. Någon annan får avsluta den."""


class UnitInUse(AdministrationRefused):
    """Enheten är inte tom."""

    def __init__(self, left: list[str]) -> None:
        ValueError.__init__(self, f"Enheten går inte att avsluta än. Kvar är {', '.join(left)}.")


class LinkIsDead(AdministrationRefused):
    """Länken gäller inte längre. Be systemadministratören om en ny."""


class TakesTwo(AdministrationRefused):
    """Du bad själv om nyckeln. Någon annan systemadministratör gör den."""


class SealMade(AdministrationRefused):
    """Nyckeln är redan gjord, eller gäller inte längre."""


class SealEnded(AdministrationRefused):
    """Nyckeln gäller inte längre, eller är inte gjord än."""


class NotWhole(AdministrationRefused):
    """Skriv vad som är fel med kuvertet."""


class SealRefused(AdministrationRefused):
    """Det gick inte. Kontrollera numret och koden, och adressen du brukar logga in med."""


class OpeningReviewed(AdministrationRefused):
    """Någon annan har redan granskat det."""

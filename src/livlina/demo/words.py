"""Who one can be in the demo, and what to look at. The password is no secret: it opens invented people only."""

from livlina.config.roles import ROLES
from livlina.demo.organisation import BRANCH_STAFF, TOLD_STAFF
from livlina.registers.people import names

PASSWORD = "valkommen-till-demon"  # noqa: S105  written on the start page of every demo

LOOK_AT = {
    "Karin Ekdal": "Astrid Lindqvists ärende när Anna har ansökt; bevakningar, utredning, beslut",
    "Johan Brink": "samma enhet: ta över ett ärende, se vem som hann före",
    "Maria Lundell": "fördela ärenden, loggranskning, flyttad anteckning",
    "Sofia Wester": "sök en person, ta emot en ansökan på papper",
    "Eva Moberg": "delegationslistan, beslut som nämnden ska fatta",
    "Dag Uhlin": "beställningar som ingen har bekräftat i tid",
    "Petra Nyström": "inkorgen: öppna, bekräfta eller avböj; avvikelser att bedöma",
    "Ali Hassan": "journal och rapport av utförda insatser",
    "Lena Falk": "hemsjukvården: signeringslistor, en dos som missats och en som getts två gånger, delegeringar",
    "Erik Sand": "en annan utförare: en återkallad beställning syns inte här",
    "Anders Holm": "supporten: inga ärenden, men fel person kan rättas",
    "Ola Krantz": "processverkstaden: alla processer, frister och versioner; inga personuppgifter",
    "Kerstin Holm": "ordförandebeslut i brådskande ärenden",
    "Fatima Saleh": "barn och unga: orosanmälan, utredning, placering",
    "Hussein Karimi": "samma enhet utan socionomexamen: ser vad han inte får göra",
    "Gunnar Ek": "barn och unga: fördelning, placerade barn, domstol",
    "Sven Alm": "ekonomiskt bistånd: månadens beräkning och beslut",
    "Helena Roos": "godkänner utbetalningar som Sven har lagt upp",
    "Rut Hagman": "enhetens utbetalningar och avstämning mot banken",
    "Mona Lilja": "vuxna: missbruk, våld i nära relation, vräkning",
    "Bengt Ros": "vuxna: fördelning och LVM",
    "Nils Borg": "familjerätt: två parter i samma ärende",
    "Vera Hult": "familjerätt: fördelning",
    "Tove Rask": "familjehem och kontaktpersoner: utredning och avtal",
    "Ulf Sten": "godkännande av familjehem",
}
HEADING = ("Roll", "Namn", "E-post", "Lösenord", "Titta på")
CITIZENS = (
    ("Anna Lindqvist Berg", "påhittad e-legitimation", "ansök om hemtjänst för Astrid, med fullmakt"),
    ("Bertil Nordin", "påhittad e-legitimation", "läs ett beslut som delvis går emot, och överklagandet"),
)


def rows() -> list[tuple[str, str, str, str, str]]:
    """Return the log-ins as a table, heading first."""
    staff = [
        (ROLES[role].swedish, name, f"{'.'.join(names.parts(name))}@asvalla.example", PASSWORD, LOOK_AT[name])
        for name, role, *_ in (*TOLD_STAFF, *BRANCH_STAFF)
    ]
    citizens = [("Enskild", name, how, "–", look) for name, how, look in CITIZENS]
    return [HEADING, *citizens, *staff]

"""What people are told: for each function what it is, that it works, and what to do instead. Swedish, with English.

These words are all that is public. What a part says of itself (`parts.py`) is for the manager's page only, so that no
slip there can put a person's name or an address on a page anyone may open.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """One function in one language. `bad` tells what is wrong, `instead` what to do."""

    name: str
    good: str
    bad: str
    instead: str


ALONE = "doors"
"""Goes on without the server: then it is not called broken."""
FIRST = ("journal", "doors", "alarms", "web", "sign_in")
"""Shown to everyone, in this order."""
RESERVES = (
    "packs",
    "shadow",
    "staff_idp",
    "backups",
    "restore_test",
    "drills",
    "schedule",
    "cluster",
    "witness",
)
"""Shown below, when they are set up."""

SV = {
    "web": Words(
        "Systemet på datorn",
        "Sidorna svarar, också e‑tjänsten.",
        "Sidorna svarar inte, inte heller e‑tjänsten.",
        "Stäng inte en sida där du har skrivit något: texten ligger kvar. Dokumentera på papper så länge.",
    ),
    "sign_in": Words(
        "Inloggning",
        "Det går att logga in.",
        "Det går inte att logga in just nu.",
        "Den som redan är inloggad kan oftast arbeta vidare. Logga inte ut.",
    ),
    "staff_idp": Words(
        "Kommunens inloggning",
        "Kommunens inloggning svarar.",
        "Kommunens inloggning svarar inte.",
        "Logga in med din nyckel (passkey) i stället.",
    ),
    "journal": Words(
        "Journalen",
        "Journalen går att läsa och skriva i.",
        "Journalen går inte att nå.",
        "Läs reservpaketet på enheten, eller i telefonen där dagens besök finns kvar. "
        "Skriv på papper och för in det sedan.",
    ),
    "alarms": Words(
        "Trygghetslarmen",
        "Larmen kommer fram.",
        "Larmen kommer kanske inte fram.",
        "Enheten ringer eller besöker alla som har larm, enligt ringlistan. Behöver du hjälp genast: ring 112.",
    ),
    "doors": Words(
        "Telefonerna och dörrarna",
        "Telefonerna får sina besök och nycklar.",
        "Telefonerna når inte servern.",
        "Arbeta vidare: besöken och nycklarna finns i telefonen, och dörrarna öppnas utan servern. "
        "Det du skriver skickas när servern är tillbaka.",
    ),
    "packs": Words(
        "Reservpaketen",
        "Reservpaketen på enheterna är färska.",
        "Reservpaketen har inte kunnat förnyas.",
        "Se efter hur gammalt paketet är innan du litar på det: det står överst.",
    ),
    "shadow": Words(
        "Läskopian",
        "Läskopian är färsk.",
        "Läskopian är inte färsk.",
        "Läs i reservpaketet om huvudsystemet inte svarar.",
    ),
    "backups": Words(
        "Säkerhetskopior",
        "Säkerhetskopiorna tas som de ska.",
        "Säkerhetskopiorna släpar efter.",
        "Driften ser det. Du behöver inte göra något.",
    ),
    "restore_test": Words(
        "Provet av reserven",
        "Reserven har startats ur säkerhetskopian och lästs det senaste dygnet.",
        "Reserven har inte startats och lästs det senaste dygnet.",
        "Driften ser det. Du behöver inte göra något.",
    ),
    "drills": Words(
        "Övningarna",
        "Övningarna är gjorda i tid.",
        "En övning är försenad.",
        "Driften ser det. Du behöver inte göra något.",
    ),
    "schedule": Words(
        "Det som görs av sig självt",
        "Påminnelser, kontroller och rapporter görs i tid.",
        "Något som ska göras av sig självt har inte blivit gjort.",
        "Driften ser det. Du behöver inte göra något.",
    ),
    "cluster": Words(
        "Reservservrarna",
        "Reservservrarna står redo.",
        "En reservserver saknas.",
        "Driften ser det. Du behöver inte göra något.",
    ),
    "witness": Words(
        "Vittnena",
        "Journalens kedja bevittnas av andra kommuner.",
        "Journalens kedja bevittnas inte just nu.",
        "Driften ser det. Du behöver inte göra något.",
    ),
}
EN = {
    "web": Words(
        "The system on computers",
        "The pages answer, and so does the e‑service.",
        "The pages do not answer, nor does the e‑service.",
        "Do not close a page where you have written something: the text is still there. Write on paper for now.",
    ),
    "sign_in": Words(
        "Signing in",
        "You can sign in.",
        "You cannot sign in right now.",
        "If you are signed in already you can usually go on. Do not sign out.",
    ),
    "staff_idp": Words(
        "The municipality's sign-in",
        "The municipality's sign-in answers.",
        "The municipality's sign-in does not answer.",
        "Sign in with your passkey instead.",
    ),
    "journal": Words(
        "The records",
        "The records can be read and written.",
        "The records cannot be reached.",
        "Read in the phone, which keeps today's visits, or in the reserve pack at the unit. Write on paper for now.",
    ),
    "alarms": Words(
        "Social alarms",
        "Alarms get through.",
        "Alarms may not get through.",
        "The unit rings or visits everyone who has an alarm. If you need help at once: call 112.",
    ),
    "doors": Words(
        "Phones and doors",
        "Phones get their visits and keys.",
        "Phones cannot reach the server.",
        "Carry on: visits and keys are in the phone, and doors open without the server. "
        "What you write is sent when the server is back.",
    ),
    "packs": Words(
        "Reserve packs",
        "The reserve packs at the units are fresh.",
        "The reserve packs could not be renewed.",
        "See how old the pack is before you trust it: its age is at the top.",
    ),
    "shadow": Words(
        "The reading copy",
        "The reading copy is fresh.",
        "The reading copy is not fresh.",
        "Read in the reserve pack if the main system does not answer.",
    ),
    "backups": Words(
        "Backups",
        "Backups are taken as they should be.",
        "Backups are late.",
        "Operations see it. You need not do anything.",
    ),
    "restore_test": Words(
        "Test of the reserve",
        "The reserve was started from the backup and read in the last day.",
        "The reserve has not been started and read in the last day.",
        "Operations see it. You need not do anything.",
    ),
    "drills": Words(
        "Drills",
        "Drills are done in time.",
        "A drill is late.",
        "Operations see it. You need not do anything.",
    ),
    "schedule": Words(
        "What runs by itself",
        "Reminders, checks and reports are done in time.",
        "Something that should run by itself has not been done.",
        "Operations see it. You need not do anything.",
    ),
    "cluster": Words(
        "Reserve servers",
        "The reserve servers stand ready.",
        "A reserve server is missing.",
        "Operations see it. You need not do anything.",
    ),
    "witness": Words(
        "Witnesses",
        "The chain of the records is witnessed by other municipalities.",
        "The chain of the records is not witnessed right now.",
        "Operations see it. You need not do anything.",
    ),
}
LANGUAGES = {"sv": SV, "en": EN}
ONE_RECEIVER = {
    "sv": "Larmen kommer fram. Den ena av de två mottagarna svarar inte; den andra tar emot.",
    "en": "Alarms get through. One of the two receivers does not answer; the other takes them.",
}
READS_ONLY = {
    "sv": Words(
        "Journalen",
        "",
        "Journalen går att läsa men inte att skriva i.",
        "Läs som vanligt. Skriv på papper så länge, och för in det sedan.",
    ),
    "en": Words(
        "The records",
        "",
        "The records can be read but not written.",
        "Read as usual. Write on paper for now, and enter it later.",
    ),
}
SHED = {
    "sv": {
        2: "Systemet har ont om utrymme just nu. Rapporter, utskrifter av listor och inläsningar får vänta. "
        "Allt annat fungerar som vanligt.",
        3: "Systemet har mycket ont om utrymme just nu. Larm, dörrar, besök och journal fungerar. "
        "Ärenden går att läsa men inte ändra, och ansökningar kan inte skickas in. Är det bråttom: ring kommunen.",
    },
    "en": {
        2: "The system is short of room right now. Reports, lists and imports must wait. All else works as usual.",
        3: "The system is very short of room right now. Alarms, doors, visits and records work. "
        "Cases can be read but not changed, and applications cannot be sent. If it is urgent: call the municipality.",
    },
}
PAGE = {
    "sv": {
        "title": "Driftläge",
        "all": "Allt fungerar.",
        "tight": "Det viktigaste fungerar.",
        "down": "Huvudsystemet svarar inte.",
        "one": "En sak fungerar inte.",
        "some": "{n} saker fungerar inte.",
        "spare": "Allt fungerar, men en reserv behöver ses över.",
        "alone": "Utan servern",
        "works_all": "Fungerar: {names}.",
        "works": "Fungerar",
        "works_not": "Fungerar inte",
        "since": "Sedan {when}.",
        "instead": "Gör så här:",
        "reserves": "Reserver och inloggning",
        "as_of": "Senast kontrollerat {when}. Sidan uppdateras av sig själv.",
        "lost": "Sidan kan inte hämtas på nytt just nu. Det som står här kan vara gammalt.",
        "old": "Kontrollerna har stannat. Det som står här gällde {when}.",
        "today": "i dag {time}",
        "yesterday": "i går {time}",
        "urgent": "Är det fara för liv: ring 112.",
        "help": "Fråga om hjälp: kontakta din enhet eller kommunens växel.",
        "other": "In English",
        "other_address": "/en",
        "first": "Det viktigaste",
        "shed": "Vad som får vänta",
        "starting": "Kontrollerna har just börjat. Vänta några sekunder.",
    },
    "en": {
        "title": "What works right now",
        "all": "Everything works.",
        "tight": "What matters most works.",
        "down": "The main system does not answer.",
        "one": "One thing does not work.",
        "some": "{n} things do not work.",
        "spare": "Everything works, but a reserve needs looking after.",
        "alone": "Without the server",
        "works_all": "Works: {names}.",
        "works": "Works",
        "works_not": "Does not work",
        "since": "Since {when}.",
        "instead": "Do this:",
        "reserves": "Reserves and sign-in",
        "as_of": "Last checked {when}. The page is updated by itself.",
        "lost": "The page cannot be fetched anew right now. What it says may be old.",
        "old": "The checks have stopped. What is said here was so {when}.",
        "today": "today {time}",
        "yesterday": "yesterday {time}",
        "urgent": "Danger to life: call 112.",
        "help": "Questions: ask your unit, or the municipality's switchboard.",
        "other": "På svenska",
        "other_address": "/",
        "first": "What matters most",
        "shed": "What must wait",
        "starting": "The checks have just begun. Wait a few seconds.",
    },
}

"""What runs by the clock about phones, and their watches. `jobs.py` takes it in, so that every process knows them."""

from datetime import datetime, timedelta

from livlina.core.access import system
from livlina.provider.homecare.actions import phones, quarantine
from livlina.registers.watches.models import declare

MANAGER = "provider_manager"
declare(
    "homecare.late_note",
    "Utföraren har fått in en sen anteckning",
    "En anteckning skrevs i en telefon utan kontakt och kom in sedan insatsen avslutats eller personen avlidit.",
    "Det som hände den sista tiden kan saknas när ärendet avslutas. Fråga utföraren om det behövs.",
    link="orders:order",
)
declare(
    "homecare.both_went",
    "Två har gjort ett besök som flyttats",
    "Besöket lades om medan en telefon saknade kontakt, så båda åkte dit.",
    "Tid och avgift kan räknas två gånger.",
    ladder=[(timedelta(days=1), MANAGER)],
    link="homecare_provider:visit",
)
declare(
    phones.SILENT,
    "En telefon är tyst under passet",
    "Den har inte hörts av på två timmar. Ring den som bär den.",
    "Besök och anteckningar kan vänta i telefonen, och flyttade besök når inte fram.",
    ladder=[(timedelta(hours=2), MANAGER)],
    link="homecare_provider:phone",
    closes_on=("phone.revoked",),
)
declare(
    quarantine.WAITS,
    "Något från en telefon kunde inte tas in",
    "Det har väntat i över ett dygn på att någon avgör vad som ska ske med det.",
    "Det som skrevs finns inte i journalen.",
    ladder=[(timedelta(days=1), MANAGER)],
    link="homecare_provider:quarantined",
)


def watch_phones(municipality_id: int, now: datetime) -> int:
    """Tell of phones that are silent during a shift. Driven by rows alone: may be missed, doubled or restarted."""
    return phones.watch_silent(by=system(municipality_id, (2,)), now=now)


def watch_quarantine(municipality_id: int, now: datetime) -> int:
    """Tell of what has waited in quarantine for more than a day. May be missed, doubled or restarted."""
    return quarantine.watch_waiting(by=system(municipality_id, (2, 3)), now=now)

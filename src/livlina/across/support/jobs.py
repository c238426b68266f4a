"""What the room does by itself: letters, desks of the absent, silent tickets, and faults that tell of themselves."""

from datetime import datetime
from uuid import UUID, uuid5

from livlina.across.support import actions
from livlina.across.support.actions.asking import Question, opened, sent_before
from livlina.across.support.actions.desks import SILENT, settle_watch
from livlina.across.support.models import OutMail, SupplierMessage, Ticket
from livlina.across.support.models.codes import RUNNING
from livlina.core import outbox
from livlina.core.access import system
from livlina.core.tenancy import EVERYTHING
from livlina.registers.watches.models.kinds import declare

TOLD = UUID("6a5f7f06-5b5e-4c4b-9c8e-2d4f3a1c7b55")
declare(
    SILENT,
    "Ett supportärende har legat tyst",
    "Ingen har gjort något med det på en arbetsdag, och det har gått tillbaka till linjen.",
    "Någon väntar på hjälp och tror att den är på väg.",
    link="support_operations:ticket",
)
HEARD = {
    "continuity.pack_old": (
        "Reservpaket är för gamla",
        "Reservpaketen görs inte som de ska. Se driftsidan: där står vilka, sedan när och vad som gör dem.",
        "high",
    ),
    "portal.seal_broken": (
        "En förseglad nödnyckel har öppnats",
        "Någon har brutit förseglingen på en nödnyckel för inloggning. Ta reda på vem och varför, och försegla en ny.",
        "acute",
    ),
    "journal.witness_refused": (
        "Vittnet godtar inte journalens kedja",
        "Det utomstående vittnet fick en kedja som inte fortsätter den förra. Säkra loggarna och ring.",
        "acute",
    ),
    "journal.witness_silent": (
        "Ett vittne svarar inte",
        "Journalen fungerar, men så länge märks det inte där om något ändras i efterhand. Ring den andra kommunen.",
        "high",
    ),
    "journal.log_broken": (
        "Journalens logg stämmer inte",
        "Anteckningarna, loggen och det vittnena har sett är inte desamma. Ändra inget, återställ inget. Ring.",
        "acute",
    ),
    "records.unexplained_gap": (
        "En lucka i journalens logg saknar gallringsintyg",
        "Någon har fått en borttagen anteckning att se gallrad ut. Ändra inget, återställ inget. Ring.",
        "acute",
    ),
    "journal.chain_broken": (
        "En journals kedja är bruten",
        "Nattens kontroll fann en anteckning som är ändrad eller saknas. Ändra inget, återställ inget. Ring.",
        "acute",
    ),
}
"""What went wrong elsewhere and becomes a ticket by itself, at once with the second line."""


def _tell(event: outbox.Event) -> None:
    """Open a ticket for something that happened; while it runs, the same thing again is the same ticket."""
    subject, text, priority = HEARD[event.name]
    the_same = {"object_label": event.name, "object_id": event.object_id}
    client_id = uuid5(TOLD, f"{event.name}:{event.object_id}:{event.at.isoformat()}")
    running = Ticket.objects.filter(municipality_id=event.municipality_id, state__in=RUNNING, **the_same)
    if running.exists() or sent_before(event.municipality_id, client_id):
        return
    question = Question(client_id, subject, text, kind="outage", priority=priority, channel="system")
    about = {"reporter_kind": "system", "reporter_name": "Livlina", "line": 2} | the_same
    opened(question, about, by=system(event.municipality_id, EVERYTHING), now=event.at)


for _name in HEARD:
    outbox.subscribe(_name)(_tell)


@outbox.subscribe("support.letter")
def deliver_letter(event: outbox.Event) -> None:
    """Send a letter once it is committed."""
    by = system(event.municipality_id, EVERYTHING)
    row = OutMail.objects.filter(pk=event.object_id, sent_at=None).first()
    if row is not None:
        actions.deliver_letter(row, by=by, now=event.at)


@outbox.subscribe("support.to_supplier")
def deliver_message(event: outbox.Event) -> None:
    """Hand a message to its supplier once it is committed."""
    by = system(event.municipality_id, EVERYTHING)
    row = SupplierMessage.objects.filter(pk=event.object_id, sent_at=None).first()
    if row is not None:
        actions.deliver_message(row, by=by, now=event.at)


@outbox.subscribe("ticket.changed")
def somebody_did_something(event: outbox.Event) -> None:
    """Take the watch of a silent ticket away when somebody of the support has it."""
    ticket = Ticket.objects.filter(pk=event.object_id).first()
    if ticket is not None and (ticket.owner_id is not None or not ticket.is_running):
        settle_watch(event.object_id, by=system(event.municipality_id, EVERYTHING), now=event.at)


def return_desks(municipality_id: int, now: datetime) -> int:
    """Hand over the desks of those who are away today, or no longer work here. Return how many tickets moved."""
    return actions.return_desks(municipality_id, by=system(municipality_id, EVERYTHING), now=now)


def sweep(municipality_id: int, now: datetime) -> int:
    """Give silent tickets back to their lines, and close what nobody has objected to. Return how many."""
    by = system(municipality_id, EVERYTHING)
    found = actions.sweep_silent(municipality_id, by=by, now=now)
    return found + actions.close_agreed(municipality_id, by=by, now=now)


def send_waiting(municipality_id: int, now: datetime) -> int:
    """Try letters and messages again that did not go. Return how many went."""
    return actions.send_waiting(municipality_id, by=system(municipality_id, EVERYTHING), now=now)

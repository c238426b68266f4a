"""Signatures from phones. A dose that was given twice was given twice: nothing is merged, and the nurse is told at once."""

from datetime import datetime

from livlina.core.access import Actor
from livlina.provider.homecare.actions import doses
from livlina.provider.homecare.models import Phone
from livlina.provider.homecare.sync.takes import SENTENCES, Taken, clock_words, heard, takes
from livlina.provider.homecare.sync.wire import Event, Unfit

SENTENCES.append(doses.SignRefused)


@takes("dose")
def take_dose(event: Event, phone: Phone, by: Actor, now: datetime) -> Taken:
    """Sign a dose as given or not given, by the delegation that held when it was."""
    task, given = event.key("task"), event.body.get("given")
    if task is None or not isinstance(given, bool):
        raise Unfit("unreadable", "Signeringen säger inte vad som gavs.")
    made = doses.sign(
        event.key("dose"),
        task_id=task,
        given=given,
        at=heard(event, now),
        by=by,
        now=now,
        reason=event.text("reason"),
        amount=event.text("amount"),
        effect=event.text("effect"),
        witness=event.text("witness"),
        source="phone",
        device_at=event.at,
        event_id=event.id,
    )
    if made.double:
        return Taken(made.pk, "Dosen var redan given av någon annan. Ring sjuksköterskan nu.", "double")
    return Taken(made.pk, clock_words(event, now))

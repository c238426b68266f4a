"""An alarm ends in the person's journal: what came, who came, how it went."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from livlina.core.access import Actor, Refused, demand, system
from livlina.core.clock import local
from livlina.core.tenancy import EVERYTHING, acting
from livlina.provider.alarms.models import Alarm
from livlina.provider.alarms.models.words import PROVIDER
from livlina.registers.journal import actions as journal
from livlina.registers.journal.actions import Content
from livlina.registers.people.models import Person

EVENT = "significant_event"
"""The journal's word for what happened: an event of importance."""
LATE = timedelta(days=29)
"""The journal asks why an event older than thirty days is written first now."""
NO_ENTRY = ("test",)
"""Outcomes that say nothing of the person."""


def write_entry(alarm: Alarm, text: str, *, by: Actor, now: datetime) -> None:
    """Write the alarm into the person's journal, once, and tie the note to the alarm.

    By whoever closes it, in their own book. Where that person may not write (a stand-in from another team, a protected
    person's alarm answered by somebody else), the house writes it in the file of the alarm's team, in their name: what
    happened to somebody at night must stand in the journal in the morning.
    """
    demand(by, "alarms.answer")
    if alarm.person is None or alarm.outcome in NO_ENTRY:
        return
    content = Content(
        event_at=min(alarm.pressed_at, now), kind=EVENT, text=_story(alarm, text),
        about_type="alarms.alarm", about_id=alarm.pk,
    )  # fmt: skip
    if now - alarm.pressed_at > LATE:
        content = replace(content, late_reason="Larmet avslutades först nu.")
    alarm.note_id = _write(alarm, alarm.person, content, by, now)
    alarm.save(update_fields=["note"])


def _write(alarm: Alarm, person: Person, content: Content, by: Actor, now: datetime) -> UUID:
    client = uuid5(alarm.pk, "closed")
    if by.kind == "staff" and by.unit_id == alarm.team_id:
        try:
            file = journal.open_file(person, by=by, now=now)
            return journal.write_note(file.pk, content, client_id=client, by=by, now=now).note.pk
        except Refused:
            pass
    house = system(alarm.municipality_id, EVERYTHING)
    words = (
        content.text
        if by.kind == "system"
        else f"{content.text}\nUppgifterna lämnades av {by.name}, {by.title}."
    )
    with acting(alarm.municipality_id, EVERYTHING):
        file = journal.open_file(person, by=house, now=now, compartment=PROVIDER, unit_id=alarm.team_id)
        return journal.write_note(
            file.pk, replace(content, text=words), client_id=client, by=house, now=now
        ).note.pk


def _story(alarm: Alarm, text: str) -> str:
    """Return the entry: first the facts, each with its time, then what was written."""
    lines = [f"Trygghetslarm kl. {local(alarm.pressed_at):%H.%M}: {alarm.what or 'larm'}."]
    if alarm.presses > 1:
        lines.append(f"Personen tryckte {alarm.presses} gånger.")
    if alarm.accepted_at:
        lines.append(f"Larmet togs emot kl. {local(alarm.accepted_at):%H.%M}.")
    if alarm.on_site_at:
        lines.append(f"På plats kl. {local(alarm.on_site_at):%H.%M}.")
    lines.append(f"{alarm.get_outcome_display()}.")
    return f"{' '.join(lines)}\n{text.strip()}".strip()

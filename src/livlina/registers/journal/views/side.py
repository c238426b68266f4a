"""From which side of the wall a page is seen, and how a note is put into words on it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse

from livlina.core.access import Actor, rule_for
from livlina.core.clock import local
from livlina.registers.journal.codes import LIFE_AREAS, CorrectionKind, Kind, Law, Precision
from livlina.registers.journal.models import Note
from livlina.registers.journal.queries import CorrectionLine, Shown


@dataclass(frozen=True)
class Side:
    """An audience: its URL names and its layout."""

    namespace: str
    layout: str

    def url(self, name: str, *args: object) -> str:
        """Return the address of one of the journal's pages on this side."""
        return reverse(f"{self.namespace}:{name}", args=args)


OFFICER = Side("journal", "ui/officer.html")
PROVIDER = Side("journal_provider", "ui/provider.html")
OPERATIONS = Side("journal_operations", "ui/officer.html")


def replaced_by(rows: list[Shown]) -> dict[Any, tuple[str, str]]:
    """For each note that came of a correction on the page: what it does, and where the corrected one stands."""
    said = {
        CorrectionKind.STRUCK: "Ersätter en struken anteckning.",
        CorrectionKind.SUPPLEMENT: "Kompletterar en anteckning.",
    }
    return {
        line.replacement_id: (said[line.kind], f"#note-{row.note.pk}")
        for row in rows
        for line in row.corrections
        if line.kind in said and line.replacement_id
    }


def may_try(actor: Actor, verb: str) -> bool:
    """Whether the role has the verb at all: decides what is offered, never what is done."""
    return actor.role in rule_for(verb).roles


def when(moment: Any, precision: str) -> str:
    """The time as exactly as it is known, in Swedish time."""
    return f"{local(moment):%Y-%m-%d}" if precision == Precision.DAY else f"{local(moment):%Y-%m-%d %H:%M}"


def stamp(moment: Any) -> str:
    """`2026-11-25 14:32`, Swedish time."""
    return f"{local(moment):%Y-%m-%d %H:%M}"


def card(
    shown: Shown, actor: Actor, side: Side, replaced: dict[Any, tuple[str, str]], here: Collection[Any] = ()
) -> dict[str, Any]:
    """Everything the note's template says. `replaced` is of `replaced_by`; `here` the notes of the page."""
    note = shown.note
    return {
        "id": f"note-{note.pk}",
        "shown": shown,
        "when": when(note.placed_at, shown.event_precision),
        "written": stamp(note.authored_at),
        "author": note.author,
        "stub": " ".join(
            words(line, note) for line in shown.corrections if line.kind is CorrectionKind.WRONG_PERSON
        ),
        "kind": Kind(note.kind).label,
        "law": "" if note.law == shown.law == Law.SOL else shown.law,
        "areas": [LIFE_AREAS.get(code, code) for code in note.life_areas],
        "cites": f"Först skriven {stamp(note.cites_at)} av {note.cites_author}." if note.cites_at else "",
        "replaces": replaced.get(note.pk),
        "lines": [{"words": words(line, note), "link": _link(line, here)} for line in shown.corrections],
        "signed": f"Signerad {stamp(note.signed_at)} av {note.signed_name}." if note.signed_at else "",
        "unsigned": may_try(actor, "journal.sign")
        and note.signed_at is None
        and note.author_id == actor.user_id,
        "variant": note.variant_of_id is not None
        and note.author_id == actor.user_id
        and shown.struck is None,
        "actions": _actions(note, shown, actor, side),
    }


def words(line: CorrectionLine, note: Note) -> str:
    """One correction in words: what, when, by whom and why."""
    by = f"{stamp(line.authored_at)} av {line.author}"
    if line.kind is CorrectionKind.WRONG_PERSON:
        return f"Anteckningen tillhörde en annan person och flyttades {by}."
    what = {
        CorrectionKind.STRUCK: f"Struken {by}.",
        CorrectionKind.DUPLICATE: f"Struken som dubblett {by}.",
        CorrectionKind.SUPPLEMENT: f"Kompletterad {by}.",
        CorrectionKind.WRONG_LAW: f"Lagrum rättat till {line.corrected_law} {by}.",
    }.get(line.kind, "")
    if line.corrected_event_at:
        first = when(note.event_at, note.event_precision)
        right = when(line.corrected_event_at, line.corrected_precision)
        what = f"Datum rättat från {first} till {right}, {by}."
    return f"{what} Skäl: {line.reason}"


def _link(line: CorrectionLine, here: Collection[Any]) -> str:
    return f"#note-{line.replacement_id}" if line.replacement_id in here else ""


def _actions(note: Note, shown: Shown, actor: Actor, side: Side) -> list[tuple[str, str]]:
    """What the actor is offered to do with a note: (words, address)."""
    own_unit = note.author_unit_id == actor.unit_id
    if shown.sealed:
        offered = [("Öppna den förseglade texten", "unseal", "journal.unseal", own_unit)]
    else:
        offered = [
            ("Rätta", "correct", "journal.correct", own_unit and shown.struck is None),
            ("Den enskildes uppfattning", "dissent", "journal.dissent", True),
            ("Fel person", "move", "journal.move", own_unit),
        ]
    found = [
        (label, side.url(name, note.pk))
        for label, name, verb, fits in offered
        if fits and may_try(actor, verb)
    ]
    return found if shown.sealed else found + _elsewhere(note, actor, side, own_unit)


def _elsewhere(note: Note, actor: Actor, side: Side, own_unit: bool) -> list[tuple[str, str]]:
    """What rooms above offer whoever may not do it themselves (settings.NOTE_LINKS)."""
    suffix = side.namespace.removeprefix("journal")
    return [
        (label, reverse(route.format(side=suffix), args=(note.pk,)))
        for label, route, verb, own in settings.NOTE_LINKS
        if may_try(actor, verb) and not (own_unit and may_try(actor, own))
    ]

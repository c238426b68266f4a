"""The catalogue as a manager reads it: all processes by area, and one version with everything that holds in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings as house
from django.db.models import Q
from django.urls import reverse

from livlina.authority.cases.actions import letters as made
from livlina.authority.cases.drawing import draw, outline
from livlina.authority.cases.engine import NoSuchProcess, Process, load
from livlina.authority.cases.engine.process import Field, Form, Law, Letter, Setting
from livlina.authority.cases.models import DelegationRule
from livlina.authority.cases.models.decision import OUTCOMES
from livlina.authority.cases.processes import code_label, own_lengths
from livlina.authority.cases.queries.workshop import words
from livlina.core.access import Actor, demand
from livlina.core.calendar import Length
from livlina.core.clock import day_of
from livlina.core.models import Municipality


@dataclass(frozen=True)
class Version:
    """One version, and where it stands on a day: coming, in use, or only for cases that began in it."""

    process: Process
    standing: str

    @property
    def words(self) -> str:
        """“gäller nya ärenden”, “gäller nya ärenden från 2027-01-01”, “bara för ärenden som började i den”."""
        if self.standing == "coming":
            return f"gäller nya ärenden från {self.process.valid_from}"
        return "gäller nya ärenden" if self.standing == "current" else "bara för ärenden som började i den"

    @property
    def color(self) -> str:
        """Beside the words."""
        return {"coming": "info", "current": "success", "past": "neutral"}[self.standing]


@dataclass(frozen=True)
class Row:
    """One process of an area, with its versions, the newest first."""

    code: str
    label: str
    about: str
    versions: list[Version]

    @property
    def shown(self) -> Version:
        """The version to open first: the one in use, or else the newest."""
        return next((one for one in self.versions if one.standing == "current"), self.versions[0])


@dataclass(frozen=True)
class Area:
    """The processes of one area."""

    code: str
    label: str
    rows: list[Row]


def area_label(code: str) -> str:
    """Return what an area is called."""
    return str(house.AREA_NAMES.get(code) or code)


def catalogue(actor: Actor, now: datetime, *, wanted: str = "") -> list[Area]:
    """Return every process by area, or those whose name or description has the wanted words. No statement."""
    demand(actor, "cases.processes")
    today = day_of(now)
    found: dict[str, dict[str, list[Process]]] = {}
    for process in load().all():
        if _fits(process, wanted):
            found.setdefault(process.area, {}).setdefault(process.code, []).append(process)
    areas = []
    for area in sorted(found, key=_place):
        rows = [_row(code, versions, today) for code, versions in found[area].items()]
        areas.append(Area(area, area_label(area), sorted(rows, key=lambda row: row.label)))
    return areas


def _place(area: str) -> tuple[int, str]:
    known = list(house.AREA_NAMES)
    return (known.index(area) if area in known else len(known), area)


def _fits(process: Process, wanted: str) -> bool:
    text = f"{process.label} {process.about} {process.code} {area_label(process.area)}".lower()
    return all(word in text for word in wanted.lower().split())


def _row(code: str, versions: list[Process], today: date) -> Row:
    newest_first = sorted(versions, key=lambda process: process.valid_from, reverse=True)
    standing = [Version(process, standing_of(process, versions, today)) for process in newest_first]
    shown = next((one for one in standing if one.standing == "current"), standing[0]).process
    return Row(code, shown.label, shown.about, standing)


def standing_of(process: Process, versions: list[Process], today: date) -> str:
    """`coming`, `current` or `past`: by the dates alone, as `Catalogue.current` chooses."""
    if process.valid_from > today:
        return "coming"
    ended = process.valid_to is not None and process.valid_to < today
    newer = any(process.valid_from < other.valid_from <= today for other in versions)
    return "past" if ended or newer else "current"


def to_register(actor: Actor, today: date, *, wanted: str = "") -> list[tuple[str, list[tuple[str, str]]]]:
    """Return what the actor may take down an application for today, by area: the branches they work in. No statement.

    A matter that begins in another way (a report, a placement) has its own page.
    """
    found: dict[str, list[tuple[str, str]]] = {}
    codes = dict.fromkeys(process.code for process in load().all())
    for code in codes:
        try:
            process = load().current(code, on=today)
        except NoSuchProcess:
            continue
        mine = house.AREAS[process.area] in actor.compartments
        if mine and "application" in process.forms and _fits(process, wanted):
            found.setdefault(process.area, []).append((code, process.label))
    return [
        (area_label(area), sorted(found[area], key=lambda row: row[1])) for area in sorted(found, key=_place)
    ]


@dataclass(frozen=True)
class Known:
    """A process by name, and its page."""

    label: str
    url: str


def shown_processes(now: datetime) -> list[Known]:
    """Return the processes in use with the address of their page: what a palette knows. No statement."""
    found = []
    for code in dict.fromkeys(process.code for process in load().all()):
        chosen = next((one for one in versions_of(code, now) if one.standing == "current"), None)
        if chosen is not None:
            address = reverse("cases_operations:version", args=[code, chosen.process.version])
            found.append(Known(chosen.process.label, address))
    return found


def versions_of(code: str, now: datetime) -> list[Version]:
    """Return the versions of one process, the newest first; none if there is no such process."""
    today, versions = day_of(now), [process for process in load().all() if process.code == code]
    newest_first = sorted(versions, key=lambda process: process.valid_from, reverse=True)
    return [Version(process, standing_of(process, versions, today)) for process in newest_first]


@dataclass(frozen=True)
class Whole:
    """One version with everything the page shows."""

    process: Process
    versions: list[Version]
    svg: str
    outline: str
    laws: list[Law]
    steps: list[dict[str, Any]]
    forms: list[dict[str, Any]]
    deadlines: list[dict[str, Any]]
    letters: list[tuple[Letter, str]]
    delegation: list[dict[str, Any]] = field(default_factory=list)


def version(actor: Actor, process: Process, now: datetime) -> Whole:
    """Return everything about one version. Two statements: the municipality's own lengths, and its delegation."""
    demand(actor, "cases.processes")
    today = day_of(now)
    own = own_lengths(actor.municipality_id, today)
    catalogue = load()
    return Whole(
        process=process,
        versions=versions_of(process.code, now),
        svg=draw(process),
        outline=outline(process),
        laws=[catalogue.law(key) for key in process.legal_basis],
        steps=_steps(process),
        forms=[_form(process, form) for form in process.forms.values()],
        deadlines=_deadlines(process, own),
        letters=[(letter, _sent(process, letter.name)) for letter in process.letters.values()],
        delegation=_delegation(process, today),
    )


def _sent(process: Process, name: str) -> str:
    """When a letter is sent: “vid ”Fatta beslut”, om ”Beslut” är bifall”."""
    said = []
    for step in process.steps:
        for sent in step.letters:
            if sent.letter == name:
                when = words.condition(process, sent.when)
                said.append(f"vid ”{step.label}”" + (f", {when}" if when else ""))
    return "; ".join(dict.fromkeys(said))


def _steps(process: Process) -> list[dict[str, Any]]:
    return [
        {
            "step": step,
            "sources": ", ".join(words.state_label(process, name) for name in step.sources),
            "target": words.state_label(process, step.target),
            "roles": words.roles(step.roles),
            "form": process.forms[step.form] if step.form else None,
            "guards": [words.guard(name) for name in step.guards],
            "law": load().law(step.law).label if step.law else "",
            "letters": [
                ", ".join(
                    filter(None, [process.letters[sent.letter].label, words.condition(process, sent.when)])
                )
                for sent in step.letters
            ],
        }
        for step in process.steps
    ]


def _form(process: Process, form: Form) -> dict[str, Any]:
    steps = [step.label for step in process.steps if step.form == form.name]
    return {
        "form": form,
        "audience": words.AUDIENCES.get(form.audience, form.audience),
        "steps": steps,
        "fields": [_field(process, one) for one in form.fields()],
    }


def _field(process: Process, one: Field) -> dict[str, Any]:
    fact = one.fact
    return {
        "label": str(fact.label),
        "name": fact.name,
        "type": words.TYPES.get(fact.type, fact.type),
        "law": load().law(fact.law).label if fact.law else "",
        "secrecy": words.SECRECY.get(fact.secrecy, fact.secrecy),
        "given_by": ", ".join(words.GIVERS.get(giver, giver) for giver in fact.given_by),
        "duty": "känd sedan tidigare" if one.carried else "obligatorisk" if one.required else "frivillig",
        "when": words.condition(process, one.show_if),
    }


def _deadlines(process: Process, own: Mapping[str, Length]) -> list[dict[str, Any]]:
    found = []
    for rule in process.deadlines:
        setting = rule.length if isinstance(rule.length, Setting) else None
        found.append(
            {
                "rule": rule,
                "begins": words.begins(rule, process),
                "length": words.rule_length(rule, own),
                "own": bool(setting and setting.name in own and not setting.statute),
                "default": words.length(setting.values[-1][2]) if setting else "",
                "setting": setting.name if setting and not setting.statute else "",
                "statute": bool(setting and setting.statute),
                "stops": words.stops(rule, process),
                "law": load().law(rule.law).label if rule.law else "",
                "told": words.ladder(rule),
            }
        )
    return found


def _delegation(process: Process, today: date) -> list[dict[str, Any]]:
    rules = DelegationRule.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=today),
        Q(process_code="") | Q(process_code=process.code),
        valid_from__lte=today,
    ).order_by("point", "outcome", "role")
    outcomes = dict(OUTCOMES)
    return [
        {
            "rule": rule,
            "outcome": outcomes.get(rule.outcome, rule.outcome),
            "role": words.role(rule.role),
            "service": code_label("services", rule.service, today) if rule.service else "alla insatser",
        }
        for rule in rules
        if not rule.service or rule.service in process.services
    ]


SAMPLE_DAY = date(2026, 3, 2)


def sample_letter(actor: Actor, process: Process, name: str) -> str:
    """Return a letter as HTML, about an invented person. Raises KeyError for no such letter. One statement."""
    demand(actor, "cases.processes")
    municipality = Municipality.objects.get(pk=actor.municipality_id)
    head = house.PARAMETERS["letterhead"] | municipality.parameters.get("letterhead", {})
    return made.letter_html(process.letters[name], _sample(process, {"name": municipality.name, **head}))


def _sample(process: Process, municipality: Mapping[str, Any]) -> dict[str, Any]:
    facts = {one.fact.name: f"[{one.fact.label}]" for form in process.forms.values() for one in form.fields()}
    line = {
        "granted": True,
        "outcome_label": "Beviljas",
        "quantity": "12",
        "unit": "timmar per månad",
        "reasons": "",
    }
    service = code_label("services", process.services[0], SAMPLE_DAY) if process.services else "Insats"
    rejected = line | {"granted": False, "outcome_label": "Avslås", "reasons": "[Skäl för raden]"}
    laws = load().law(process.legal_basis[0]).label
    return {
        "case": {
            "number": "2026-000000",
            "process_title": process.label,
            "responsible_name": "Karin Exempel",
            "responsible_title": "handläggare",
        },
        "person": {"name": "Astrid Exempel", "postal_address": "Exempelgatan 1\n123 45 Exempelstad"},
        "decision": {
            "decided_on": SAMPLE_DAY,
            "outcome": "partly_granted",
            "outcome_label": "Delvis bifall",
            "legal_basis": laws,
            "decided_by_name": "Karin Exempel",
            "decided_by_title": "handläggare",
            "presented_by_name": "",
            "delegation": "Delegation, punkt 0.0",
            "reasons": "[Motivering]",
            "lines": [line | {"service_label": service}, rejected | {"service_label": service}],
        },
        "facts": facts,
        "municipality": dict(municipality),
        "sender": {"name": "Karin Exempel", "title": "handläggare", "unit_name": "Exempelenheten"},
        "written_on": SAMPLE_DAY,
    }

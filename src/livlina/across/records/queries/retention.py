"""Which files are due for destruction in a branch, and what keeps the others: read only, nothing is touched."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Max, Q, QuerySet, Sum

from livlina.across.records.models import (
    DestructionCertificate,
    KeepMark,
    ReceivedDocument,
    RetentionItem,
    RetentionRun,
)
from livlina.across.records.retention import rules
from livlina.across.records.retention.clocks import Due, due
from livlina.authority.cases.models import Appeal, Case, CaseEvent, DecisionLine, Document
from livlina.authority.placements import queries as placements
from livlina.core.access import Actor, allowed
from livlina.core.clock import day_of
from livlina.core.models import Municipality
from livlina.registers.journal.models import Correction, Dissent, File, Log, Note
from livlina.registers.journal.queries import gaps_of
from livlina.registers.orders.models import Order, OrderVersion
from livlina.registers.orders.models.order import RUNNING, WAITING
from livlina.registers.people.models import Person

BATCH = 500
APPEALING = ("appeal_received", "appeal_review", "appeal_forwarded", "appeal_judged")
REASONS = {
    "running": "Något pågår fortfarande",
    "not_yet": "Tiden har inte gått ut",
    "sample": "Forskningsurval (SoF 13 kap. 1 §)",
    "whole": "Kommunen gallrar inte (SoF 13 kap. 1 §)",
    "birth_unknown": "Födelsedatum saknas: bedöms av arkivarien",
    "placed_child": "Barn placerat utanför hemmet",
    "parenthood": "Faderskap eller föräldraskap",
    "adoption": "Adoption",
    "family_agreement": "Avtal om vårdnad, boende eller umgänge",
    "lawsuit": "Rättegång, tillsyn eller överklagande pågår",
    "other": "Annat skäl",
    "cannot_tell": "Går inte att avgöra om personen varit placerad som barn",
    "tied": "Hänger ihop med en annan akt",
}


@dataclass(frozen=True)
class Judged:
    """One file: its two clocks, and what keeps it if anything does."""

    person_id: UUID
    last_note: date
    ceased: date | None
    due: Due | None
    kept: str = ""

    def is_due(self, on: date) -> bool:
        """Whether it may be destroyed on a day."""
        return not self.kept and self.due is not None and self.due.earliest <= on


def akt_hash(municipality_id: int, person_id: UUID, compartment: int) -> str:
    """Return what a file is called on lists and certificates: whoever has the id can find it, nobody can go back."""
    return sha256(f"livlina akt 1:{municipality_id}:{person_id}:{compartment}".encode()).hexdigest()


def judge_files(municipality_id: int, compartment: int, on: date) -> list[Judged]:
    """Return every file of a branch that could be due by its notes alone, each with its clocks and what keeps it."""
    rule = rules.rule_of(compartment, on)
    people = sorted(_candidates(compartment, _years_before(on, rule.years)))
    found: list[Judged] = []
    for start in range(0, len(people), BATCH):
        found += judge_people(municipality_id, compartment, people[start : start + BATCH], on)
    return found


def judge_people(municipality_id: int, compartment: int, people: Collection[UUID], on: date) -> list[Judged]:
    """Return the files of some persons in a branch, judged: some statements for all, and one for each that is due."""
    rule = rules.rule_of(compartment, on)
    last, ceased = _last_written(people, compartment), _ceased(people, compartment)
    kept = _kept(municipality_id, people, compartment, on)
    found = []
    for person_id in people:
        if person_id not in last:
            continue
        clocks = due(last[person_id], ceased.get(person_id, last[person_id]), rule.years)
        why = "running" if clocks is None else "not_yet" if clocks.earliest > on else ""
        why = kept.get(person_id, why) or _placed(person_id)
        found.append(Judged(person_id, last[person_id], ceased.get(person_id, last[person_id]), clocks, why))
    return found


def summary(files: Collection[Judged], on: date) -> tuple[int, list[dict[str, Any]]]:
    """Return how many are due, and of the others how many for each reason."""
    kept = Counter(one.kept for one in files if not one.is_due(on))
    rows = [{"reason": REASONS.get(code, code), "count": count} for code, count in kept.most_common()]
    return sum(one.is_due(on) for one in files), rows


def runs(actor: Actor) -> QuerySet[RetentionRun]:
    """Return the lists of the actor's branches, newest first."""
    return allowed(actor, "records.retention", RetentionRun.objects.all()).order_by("-at", "-pk")


def items(run: RetentionRun) -> QuerySet[RetentionItem]:
    """Return what stands on a list, without which rows it is."""
    return (
        RetentionItem.objects.filter(run=run)
        .defer("frozen")
        .prefetch_related("steps")
        .order_by("due_on", "pk")
    )


def certificates(actor: Actor) -> QuerySet[DestructionCertificate]:
    """Return what was destroyed in the actor's branches, newest first."""
    return DestructionCertificate.objects.filter(municipality_id=actor.municipality_id).order_by("-at", "-pk")


def destroyed_before(actor: Actor, person_id: UUID, compartment: int) -> list[DestructionCertificate]:
    """Return the certificates of a person's file in a branch: that a chain begins anew is explained by one of them."""
    called = akt_hash(actor.municipality_id, person_id, compartment)
    return list(certificates(actor).filter(akt_hash=called))


def _candidates(compartment: int, before: date) -> set[UUID]:
    """Persons in whose file of the branch nothing was written since a day, and where something is."""
    late = Note.objects.filter(compartment=compartment, authored_at__date__gt=before).values("person_id")
    files = File.objects.filter(compartment=compartment, opened_at__date__lte=before)
    cases = Case.objects.filter(compartment=compartment, closed_at__date__lte=before)
    found = set(files.exclude(person_id__in=late).values_list("person_id", flat=True))
    return found | set(cases.exclude(person_id__in=late).values_list("person_id", flat=True))


def _last_written(people: Collection[UUID], compartment: int) -> dict[UUID, date]:
    """The day something was last written in each person's file: a note, and as cautiously a step, letter or document."""
    found: dict[UUID, date] = {}

    def latest(rows: Any, key: str, moment: str) -> None:
        for row in rows.values(key).annotate(newest=Max(moment)):
            day = row["newest"] if not isinstance(row["newest"], datetime) else day_of(row["newest"])
            found[row[key]] = max(found.get(row[key], day), day)

    here = Q(person_id__in=people, compartment=compartment)
    for entry in (Note, Correction, Dissent):
        latest(entry._default_manager.filter(here), "person_id", "authored_at")
    inside = Q(case__person_id__in=people, compartment=compartment)
    latest(CaseEvent.objects.filter(inside), "case__person_id", "at")
    latest(Document.objects.filter(inside), "case__person_id", "at")
    latest(ReceivedDocument.objects.filter(here), "person_id", "at")
    latest(Case.objects.filter(here), "person_id", "received_on")
    latest(File.objects.filter(here), "person_id", "opened_at")
    return found


def _ceased(people: Collection[UUID], compartment: int) -> dict[UUID, date | None]:
    """The day what the register holds of each person in the branch ceased; None while something runs."""
    found: dict[UUID, date | None] = {}

    def note(person_id: UUID, day: date | None) -> None:
        known = found.get(person_id, date.min)
        found[person_id] = None if day is None or known is None else max(known, day)

    for case in Case.objects.filter(person_id__in=people, compartment=compartment):
        note(case.person_id, day_of(case.closed_at) if case.closed_at else None)
    lines = DecisionLine.objects.filter(
        decision__case__person_id__in=people, compartment=compartment, granted=True, valid_to__isnull=False
    )
    for row in lines.values("decision__case__person_id").annotate(newest=Max("valid_to")):
        note(row["decision__case__person_id"], row["newest"])
    versions = OrderVersion.objects.filter(person_id__in=people, compartment=compartment)
    for person_id, order in _orders(versions):
        note(person_id, _order_ended(order))
    for asked in _hooks("records_circumstances"):
        for person_id, day in asked(people, compartment).items():
            note(person_id, day)
    return found


def _orders(versions: QuerySet[OrderVersion]) -> list[tuple[UUID, Order]]:
    pairs = list(versions.values_list("person_id", "order_id").distinct())
    orders = Order.objects.in_bulk({order_id for _, order_id in pairs})
    return [(person_id, orders[order_id]) for person_id, order_id in pairs if order_id in orders]


def _order_ended(order: Order) -> date | None:
    """The last day of an order; None while it waits for its provider or runs."""
    if order.state in (*WAITING, *RUNNING, "draft"):
        return None
    return order.end_date or day_of(order.recalled_at or order.answered_at or order.drafted_at)


def _kept(municipality_id: int, people: Collection[UUID], compartment: int, on: date) -> dict[UUID, str]:
    """What keeps each person's file, whatever its clocks say. Marks of any branch the actor sees count."""
    municipality = Municipality.objects.get(pk=municipality_id)
    sample = rules.sample(on, municipality.parameters.get("retention"))
    if sample.keeps_whole(municipality.code):
        return dict.fromkeys(people, "whole")
    found: dict[UUID, str] = {}
    for pk, born in Person.objects.filter(pk__in=people).values_list("pk", "birth_date"):
        if born is None or sample.keeps(born):
            found[pk] = "birth_unknown" if born is None else "sample"
    processes = rules.keeping_processes(on)
    kinds = Case.objects.filter(person_id__in=people, process_code__in=processes)
    found |= {pk: processes[code] for pk, code in kinds.values_list("person_id", "process_code")}
    appeals = Appeal.objects.filter(case__person_id__in=people, compartment=compartment)
    running = appeals.filter(received_on__isnull=False, state__in=APPEALING)
    found |= dict.fromkeys(running.values_list("case__person_id", flat=True), "lawsuit")
    for asked in _hooks("keeps_records"):
        found |= asked(people)
    marks = KeepMark.objects.filter(person_id__in=people, ended_on=None)
    return found | dict(marks.values_list("person_id", "kind"))


def _placed(person_id: UUID) -> str:
    """What keeps the file of one who was ever placed as a child; what cannot be told keeps it too."""
    try:
        return "placed_child" if placements.placed_as_child(person_id) else ""
    except placements.CannotTell:
        return "cannot_tell"


def _hooks(name: str) -> list[Callable[..., Mapping[UUID, Any]]]:
    """The functions of that name in the rooms' `queries`: what other rooms know that keeps a file.

    `keeps_records(people) -> {id: kind}`, `records_circumstances(people, compartment) -> {id: last day, or None
    while it runs}`. Rooms offer them without knowing this room.
    """
    found = []
    for config in apps.get_app_configs():
        if (
            config.name.startswith("livlina.")
            and config.label != "records"
            and find_spec(f"{config.name}.queries")
        ):
            asked = getattr(import_module(f"{config.name}.queries"), name, None)
            if asked is not None:
                found.append(asked)
    return found


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 2, 28)


def unexplained_gaps(log: Log) -> int:
    """Return how many gaps in the journal's log no certificate since its beginning accounts for."""
    certified = DestructionCertificate.objects.filter(at__gte=log.begun_at).aggregate(
        entries=Sum("chain_seq")
    )
    return max(0, gaps_of(log) - (certified["entries"] or 0))

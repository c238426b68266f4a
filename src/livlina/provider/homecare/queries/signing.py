"""The signing list (signeringslista) of a person: every dose of a week or a month, who signed it, and what needs words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Prefetch

from livlina.core.access import Actor, allowed
from livlina.core.clock import day_of, local
from livlina.provider.homecare import dosetimes
from livlina.provider.homecare.models import Dose, DoseSignature, NursingTask
from livlina.provider.homecare.queries.nursing import start_of_day

LATE = timedelta(minutes=15)
"""Heard of so long after it happened, both times are told."""
NEEDED = "vid behov"


@dataclass
class Cell:
    """One dose on one day, or what was given as needed that day."""

    day: date
    state: str = ""
    """A state of a dose; `planned` when it is too far ahead to be made; empty when nothing is ordered that day."""
    marks: list[str] = field(default_factory=list)
    """"LF 08:04", "LF ej", one for each signature that stands."""
    double: bool = False
    dose_id: UUID | None = None


@dataclass
class Row:
    """One task at one time of day, through the days."""

    task: NursingTask
    at: str
    cells: list[Cell]


@dataclass(frozen=True)
class Remark:
    """Something about one dose that a mark in a table does not say."""

    at: datetime
    what: str
    words: str
    danger: bool = False


@dataclass(frozen=True)
class SigningList:
    """The list of one person from one day, for some days."""

    first: date
    days: list[date]
    rows: list[Row]
    remarks: list[Remark]
    signers: list[tuple[str, str]]
    """Initials and who it is, with title: what the law calls signaturförtydligande."""

    @property
    def dangers(self) -> list[Remark]:
        """What a nurse must look at."""
        return [one for one in self.remarks if one.danger]

    @property
    def notes(self) -> list[Remark]:
        """The rest."""
        return [one for one in self.remarks if not one.danger]


def signing_list(
    actor: Actor, tasks: list[NursingTask], first: date, days: int, now: datetime
) -> SigningList:
    """Return the list of these tasks (as `tasks_of` gave them) from `first` for so many days. Four statements."""
    shown = [first + timedelta(days=number) for number in range(days)]
    begins, ends = start_of_day(first), start_of_day(first + timedelta(days=days))
    readable = allowed(actor, "nursing.read", NursingTask.objects.filter(pk__in=[task.pk for task in tasks]))
    signed = Prefetch(
        "signatures",
        DoseSignature.objects.select_related("corrects").prefetch_related("corrected_by").order_by("pk"),
    )
    doses = Dose.objects.filter(task__in=readable, due_at__gte=begins, due_at__lt=ends)
    found = list(doses.prefetch_related(signed).order_by("due_at", "pk"))
    loose = DoseSignature.objects.filter(task__in=readable, dose=None, at__gte=begins, at__lt=ends)
    needed = list(loose.select_related("corrects").prefetch_related("corrected_by").order_by("at", "pk"))
    every = [one for dose in found for one in dose.signatures.all()] + needed
    names = initials(every)
    by_task = {task.pk: task for task in tasks}
    rows = _rows(by_task, found, needed, shown, names, now)
    remarks = sorted(_remarks(by_task, found, needed), key=lambda one: one.at)
    told = {names[one.by_id]: f"{one.by_name}, {one.by_title}" for one in every}
    return SigningList(first, shown, rows, remarks, sorted(told.items()))


def initials(signed: Iterable[DoseSignature]) -> dict[int, str]:
    """Return initials of whoever signed, by user; two with the same get a number."""
    found: dict[int, str] = {}
    for one in sorted(signed, key=lambda each: each.pk):
        if one.by_id not in found:
            short = "".join(part[0] for part in one.by_name.split()).upper()[:3]
            same = sum(1 for had in found.values() if had.rstrip("0123456789") == short)
            found[one.by_id] = f"{short}{same + 1}" if same else short
    return found


def _rows(
    tasks: dict[UUID, NursingTask], doses: list[Dose], needed: list[DoseSignature], days: list[date],
    names: dict[int, str], now: datetime,
) -> list[Row]:  # fmt: skip
    rows: dict[tuple[UUID, str], dict[date, Cell]] = {}
    for dose in doses:
        due = local(dose.due_at)
        cell = Cell(due.date(), dose.state, _marks(dose.signatures.all(), names), dose_id=dose.pk)
        cell.double = any(one.double for one in _stands(dose.signatures.all()))
        rows.setdefault((dose.task_id, f"{due:%H:%M}"), {})[due.date()] = cell
    for one in _stands(needed):
        cell = rows.setdefault((one.task_id, NEEDED), {}).setdefault(
            day_of(one.at), Cell(day_of(one.at), "given")
        )
        cell.marks += _marks([one], names)
    for task in tasks.values():
        if task.as_needed and task.state == "active":
            rows.setdefault((task.pk, NEEDED), {})
        for moment in _ahead(task, days, now):
            due = local(moment)
            rows.setdefault((task.pk, f"{due:%H:%M}"), {}).setdefault(due.date(), Cell(due.date(), "planned"))
    made = [
        Row(tasks[key], at, [cells.get(day, Cell(day)) for day in days]) for (key, at), cells in rows.items()
    ]
    return sorted(made, key=lambda row: (row.at == NEEDED, row.task.what.casefold(), row.task.pk, row.at))


def _ahead(task: NursingTask, days: list[date], now: datetime) -> Iterator[datetime]:
    """Moments that lie further ahead than doses are made: for the paper."""
    if task.state != "active" or task.as_needed:
        return iter(())
    begins = max(now, start_of_day(days[0]))
    return dosetimes.due(task, begins, start_of_day(days[-1] + timedelta(days=1)))


def _stands(signed: Iterable[DoseSignature]) -> list[DoseSignature]:
    """Those that no later one has corrected."""
    return [one for one in signed if not one.corrected_by.all()]


def _marks(signed: Iterable[DoseSignature], names: dict[int, str]) -> list[str]:
    return [
        f"{names[one.by_id]} {local(one.at):%H:%M}" if one.given else f"{names[one.by_id]} ej"
        for one in _stands(signed)
    ]


def _remarks(
    tasks: dict[UUID, NursingTask], doses: list[Dose], needed: list[DoseSignature]
) -> Iterator[Remark]:
    for dose in doses:
        what = tasks[dose.task_id].what
        if dose.state == "missed":
            yield Remark(dose.due_at, what, "Dosen är inte signerad och tiden har gått ut.", danger=True)
        for one in dose.signatures.all():
            yield from _said(what, one)
    for one in needed:
        yield from _said(tasks[one.task_id].what, one)


def _said(what: str, one: DoseSignature) -> Iterator[Remark]:
    """What a signature says besides that it was given in time."""
    if one.double and not one.corrected_by.all():
        yield Remark(
            one.at, what, f"Given två gånger: {one.by_name} signerade en redan given dos.", danger=True
        )
    if one.corrects is not None:
        yield Remark(
            one.at, what, f"Rättad {local(one.heard_at):%Y-%m-%d %H:%M} av {one.by_name}: {one.reason}"
        )
    elif not one.given:
        yield Remark(one.at, what, f"Inte given: {one.reason} ({one.by_name})")
    if one.effect:
        yield Remark(one.at, what, f"Effekt: {one.effect}")
    if one.heard_at - one.at > LATE:
        when = f"{local(one.heard_at):%Y-%m-%d %H:%M}"
        phone = f" Telefonens klocka: {local(one.device_at):%H:%M}." if one.device_at else ""
        yield Remark(one.at, what, f"Hände {local(one.at):%H:%M}, kommunen fick veta det {when}.{phone}")

"""Exactly which rows a person's file in one branch is: found by following the references between tables.

Begun with every row that names the person and lies in the branch; then whatever belongs to a row already found
(refers to it by a reference that may not be empty), and so on. A row that only mentions one of them and is not
itself part of the file hangs together with something else: then nothing of the file is destroyed, and a human looks.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import ForeignKey, Model

from livlina.core.models import TenantModel
from livlina.registers.journal.models import ChainHead

NOT_OF_AKT = frozenset(
    {
        "core",
        "people",
        "orders",
        "homecare",
        "doors",
        "alarms",
        "portal",
        "quality",
        "continuity",
        "support",
        "statistics",
    }
)
"""Rooms whose rows have retention of their own, or none yet: the person, orders, the provider's, logs."""
OWN_BOOKS = frozenset(
    {"KeepMark", "RetentionRun", "RetentionItem", "RetentionApproval", "RetentionStep", "QuarantineCopy",
     "DestructionCertificate"}
)  # fmt: skip
"""What this room writes of the destruction itself."""


@dataclass
class Rows:
    """The rows of a file, by table, and what outside it hangs together with them."""

    found: dict[type[Model], dict[UUID, Model]] = field(default_factory=lambda: defaultdict(dict))
    tied: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many rows there are."""
        return sum(map(len, self.found.values()))

    def frozen(self) -> dict[str, list[str]]:
        """The list as it is stored: {table: [id]}, in order, so that the same rows are the same list."""
        return {
            model._meta.db_table: sorted(map(str, rows))
            for model, rows in sorted(self.found.items(), key=lambda pair: pair[0]._meta.db_table)
            if rows
        }


def rows_of(person_id: UUID, compartment: int) -> Rows:
    """Return every row of a person's file in one branch. Some statements for each kind of row, however many rows."""
    rows = Rows()
    fresh: dict[type[Model], set[UUID]] = {}
    for named in _models():
        if {"person", "compartment"} <= _fields(named):
            _take(rows, fresh, named, person_id=person_id, compartment=compartment)
    _applications(rows, fresh)
    while fresh:
        step, fresh = fresh, {}
        for model, column, parent in _references():
            if step.get(parent) and not column.null:
                _take(rows, fresh, model, **{f"{column.name}__in": step[parent]})
    _find_ties(rows)
    return rows


def _take(rows: Rows, fresh: dict[type[Model], set[UUID]], model: type[Model], **which: Any) -> None:
    for row in model._default_manager.filter(**which):
        if row.pk not in rows.found[model]:
            rows.found[model][row.pk] = row
            fresh.setdefault(model, set()).add(row.pk)


def _applications(rows: Rows, fresh: dict[type[Model], set[UUID]]) -> None:
    """What a case was begun by belongs to it, also when another person asked."""
    case, application = apps.get_model("cases", "Case"), apps.get_model("cases", "Application")
    wanted = {row.application_id for row in rows.found[case].values() if row.application_id}  # type: ignore[attr-defined]
    _take(rows, fresh, application, pk__in=wanted)


def _find_ties(rows: Rows) -> None:
    """Note every row outside the file that points into it, or that the file's rows cannot leave behind."""
    for model, column, parent in _references(everywhere=True):
        inside = rows.found.get(parent)
        if not inside:
            continue
        pointing = model._default_manager.filter(**{f"{column.name}__in": list(inside)})
        outside = set(pointing.values_list("pk", flat=True)) - set(rows.found.get(model, ()))
        if outside:
            rows.tied.append(f"{model._meta.label}.{column.name}: {len(outside)}")


def _models(everywhere: bool = False) -> Iterator[type[TenantModel]]:
    for model in apps.get_models():
        if not issubclass(model, TenantModel) or model is ChainHead or model.__name__ in OWN_BOOKS:
            continue
        if everywhere or model._meta.app_label not in NOT_OF_AKT:
            yield model


def _references(everywhere: bool = False) -> Iterator[tuple[type[Model], ForeignKey, type[Model]]]:
    for model in _models(everywhere):
        for column in model._meta.local_fields:
            if isinstance(column, ForeignKey) and isinstance(column.related_model, type):
                yield model, column, column.related_model


def _fields(model: type[Model]) -> set[str]:
    return {column.name for column in model._meta.local_fields}

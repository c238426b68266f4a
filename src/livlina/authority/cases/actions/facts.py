"""Facts: recorded once, with source and day, and used by reference from then on."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from livlina.authority.cases.actions.drafts import forget_draft
from livlina.authority.cases.engine import FactWrong
from livlina.authority.cases.models import Case, CaseFact, signature
from livlina.authority.cases.processes import parse_facts, spec
from livlina.core import audit
from livlina.core.access import Actor, demand
from livlina.core.clock import day_of


@transaction.atomic
def record_facts(
    case: Case, raw: Mapping[str, Any], *, by: Actor, now: datetime, form: str = "", as_of: date | None = None
) -> list[CaseFact]:
    """Record answers as posted; only those that say something new get a row. Raises FactsWrong, Refused."""
    demand(by, "cases.write", case)
    Case.objects.select_for_update().get(pk=case.pk)
    written = write_facts(case, parse_facts(raw), by=by, now=now, as_of=as_of)
    if form:
        forget_draft(case, form, by=by)
    if written:
        names = [fact.name for fact in written]
        audit.wrote(by, "cases.record_facts", now=now, obj=case, detail={"facts": names})
    return written


@transaction.atomic
def reuse_facts(case: Case, names: list[str], earlier: Case, *, by: Actor, now: datetime) -> list[CaseFact]:
    """Take facts over from an earlier case of the same person, with that case as their source and their old day."""
    demand(by, "cases.write", case)
    demand(by, "cases.read", earlier)
    if earlier.person_id != case.person_id:
        raise ValueError("Facts are reused within one person.")
    found = newest(earlier)
    kept = [found[name] for name in names if name in found and found[name].value is not None]
    rows = [
        _row(case, fact.name, fact.value, by=by, now=now, source="earlier_case", ref=str(earlier.pk),
             text=f"Ärende {earlier.number}", as_of=fact.as_of)
        for fact in kept
    ]  # fmt: skip
    written = CaseFact.objects.bulk_create(rows)
    audit.wrote(by, "cases.reuse_facts", now=now, obj=case, detail={"from": str(earlier.pk), "facts": names})
    return written


def write_facts(
    case: Case,
    values: Mapping[str, Any],
    *,
    by: Actor,
    now: datetime,
    source: str = "",
    ref: str = "",
    text: str = "",
    as_of: date | None = None,
    about_id: UUID | None = None,
) -> list[CaseFact]:
    """Write those values that differ from the newest of their name. The caller has checked access and locked."""
    before = newest(case, about_id=about_id)
    rows = []
    for name, value in values.items():
        dumped = spec(name).dump(value)
        old = before.get(name)
        if (old.value if old else None) == dumped:
            continue
        said_by = source or ("citizen" if by.kind == "citizen" else "officer")
        day = as_of or day_of(now)
        rows.append(
            _row(
                case,
                name,
                dumped,
                by=by,
                now=now,
                source=said_by,
                ref=ref,
                text=text,
                as_of=day,
                about_id=about_id,
            )
        )
    return CaseFact.objects.bulk_create(rows)


def newest(case: Case, *, about_id: UUID | None = None) -> dict[str, CaseFact]:
    """Return the row that counts for each name; those of one appeal lie over those of the case. One statement."""
    rows = CaseFact.objects.filter(case=case).filter(about_id__isnull=True)
    if about_id:
        rows = rows | CaseFact.objects.filter(case=case, about_id=about_id)
    found: dict[str, CaseFact] = {}
    for row in rows.order_by("at", "id"):
        kept = found.get(row.name)
        if kept is None or kept.about_id is None or row.about_id is not None:
            found[row.name] = row
    return found


def current_facts(case: Case, *, about_id: UUID | None = None) -> dict[str, Any]:
    """Return the value that counts for each name. A code no longer offered is kept as it was said."""
    return values_of(newest(case, about_id=about_id).values())


def values_of(facts: Any) -> dict[str, Any]:
    """Return name → value of rows, without those taken back."""
    found = {}
    for fact in facts:
        if fact.value is None:
            continue
        try:
            found[fact.name] = spec(fact.name).parse(fact.value)
        except FactWrong:
            found[fact.name] = fact.value
    return found


def _row(
    case: Case,
    name: str,
    dumped: Any,
    *,
    by: Actor,
    now: datetime,
    source: str,
    ref: str,
    text: str,
    as_of: date,
    about_id: UUID | None = None,
) -> CaseFact:
    return CaseFact(
        **signature(by, now),
        compartment=case.compartment,
        case=case,
        about_id=about_id,
        name=name,
        value=dumped,
        source=source,
        source_ref=ref,
        source_text=text,
        as_of=as_of,
    )

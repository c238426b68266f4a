"""Forms as they are shown: what is known is there already, with who said it and when."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from livlina.authority.cases.engine import FactSpec, FactWrong, Process
from livlina.authority.cases.models import Case, CaseFact, FormDraft
from livlina.authority.cases.processes import spec
from livlina.authority.cases.queries.case import CasePage, FactView
from livlina.core.access import Actor, allowed


@dataclass(frozen=True)
class FieldView:
    """One question: what stands in it, from whom, and what is known from an earlier case."""

    spec: FactSpec
    required: bool
    carried: bool
    shown: bool
    raw: Any
    known: FactView | None
    earlier: FactView | None = None

    @property
    def said(self) -> str:
        """“Uppgift från ansökan 2026-000123, 2026-03-01”; empty for what the worker wrote."""
        if self.known is None or self.known.source == "officer":
            return ""
        return self.known.origin


@dataclass(frozen=True)
class PageView:
    """Questions that stand together."""

    title: str
    fields: list[FieldView]


def form_fields(
    actor: Actor, page: CasePage, form: str, *, typed: Mapping[str, Any] | None = None
) -> list[PageView]:
    """Return the pages of a form: typed text first (a draft, or what was refused), then what the case knows.

    What neither knows is looked for in the person's earlier cases that the actor may open. One statement at most.
    """
    views, values = [], page.values | _parsed(typed or {})
    unknown = [
        item.fact.name
        for item in page.process.form(form).fields()
        if item.fact.name not in page.facts and not item.carried
    ]
    earlier = _earlier(actor, page.case, unknown) if unknown and typed is None else {}
    for part in page.process.form(form).pages():
        fields = []
        for item in part.fields:
            name = item.fact.name
            known = page.facts.get(name)
            raw = typed[name] if typed is not None and name in typed else known.raw if known else None
            fields.append(
                FieldView(
                    item.fact, item.required, item.carried, item.shown(values), raw, known, earlier.get(name)
                )
            )
        views.append(PageView(str(part.label), fields))
    return views


def what_is_missing(process: Process, form: str, values: Mapping[str, Any]) -> list[FactSpec]:
    """Return the facts a step's form still lacks: what stands between the worker and the step."""
    return process.missing(form, values)


def draft_of(actor: Actor, case: Case, form: str) -> FormDraft | None:
    """Return what the actor has typed in a form and not recorded. One statement."""
    return FormDraft.objects.filter(case=case, form=form, user_id=actor.user_id).first()


def _earlier(actor: Actor, case: Case, names: list[str]) -> dict[str, FactView]:
    """The newest of each fact in other cases of the person."""
    others = allowed(actor, "cases.read", Case.objects.filter(person_id=case.person_id)).exclude(pk=case.pk)
    rows = (
        CaseFact.objects.filter(case__in=others, name__in=names, about_id=None)
        .exclude(value=None)
        .select_related("case")
        .order_by("name", "-at", "-id")
        .distinct("name")
    )
    return {
        row.name: FactView(
            spec(row.name), row.value, "earlier_case", f"Ärende {row.case.number}", row.as_of, row.by_name
        )
        for row in rows
    }


def _parsed(typed: Mapping[str, Any]) -> dict[str, Any]:
    """What can be understood of what is typed: enough to know which questions to show."""
    found = {}
    for name, raw in typed.items():
        try:
            found[name] = spec(name).parse(raw)
        except (FactWrong, KeyError):
            continue
    return {name: value for name, value in found.items() if value is not None}

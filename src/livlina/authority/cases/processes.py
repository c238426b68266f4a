"""The processes of the house, as the room uses them."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any, cast

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from livlina.authority.cases import engine
from livlina.authority.cases.engine import FactSpec, FactWrong, Process
from livlina.authority.cases.models import Case, OwnLength
from livlina.authority.cases.secrecy import may_show
from livlina.core.calendar import Length
from livlina.core.models import Municipality


class FactsWrong(Exception):
    """Några svar behöver rättas; `errors` säger vilka och hur."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = dict(errors)


def process_of(case: Case) -> Process:
    """Return the version of the process the case began in."""
    return engine.load().process(case.process_code, case.process_version)


def branch_of(process: Process) -> int:
    """Return the compartment of the branch that the process belongs to."""
    return int(settings.AREAS[process.area])


def spec(name: str) -> FactSpec:
    """Return what a fact is. Raises KeyError."""
    return engine.load().fact(name)


@cache
def only_for_the_person() -> frozenset[str]:
    """Return the templates of letters that tell more than the one who acts for the person may read in the e-service."""
    shared = engine.load()
    return frozenset(
        letter.template
        for process in shared.all()
        for letter in process.letters.values()
        if not all(may_show("mandate", shared.fact(name).secrecy) for name in letter.tells)
    )


def law_text(key: str) -> str:
    """Return a citation as it is printed, or nothing for no key."""
    return engine.load().law(key).label if key else ""


def legal_basis(process: Process, on: date) -> str:
    """Return the key of the first ground of the process that is in force on the day."""
    laws = [engine.load().law(key) for key in process.legal_basis]
    for law in laws:
        if law.valid_from <= on and (law.valid_to is None or on <= law.valid_to):
            return law.key
    return process.legal_basis[0]


def code_label(table: str, code: str, on: date) -> str:
    """Return what a code means on the day; the code itself if the table lacks it."""
    row = engine.load().codes(table, on=on).code(code)
    return str(row.label) if row else code


def service_unit(service: str, on: date) -> str:
    """Return the unit a service is counted in: “timmar per månad”."""
    row = engine.load().codes("services", on=on).code(service)
    return str(row.also.get("unit", "")) if row else ""


def service_law(service: str, on: date) -> str:
    """Return the key of the provision a line of a decision rests on by itself, such as the personal circle of LSS 1 §."""
    row = engine.load().codes("services", on=on).code(service)
    return str(row.also.get("law", "")) if row else ""


def parse_facts(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of what was posted or stored. Raises FactsWrong with every fault, KeyError for no such fact."""
    values, errors = {}, {}
    for name, given in raw.items():
        try:
            values[name] = spec(name).parse(given)
        except FactWrong as wrong:
            errors[name] = f"{spec(name).label}: {wrong}"
    if errors:
        raise FactsWrong(errors)
    return values


def own_lengths(municipality_id: int, on: date) -> dict[str, Length]:
    """Return the municipality's own lengths on a day, by the name of the setting they replace. One statement.

    Those of its parameters hold always; those set in the workshop from their day, and an empty one takes both away.
    """
    rows = OwnLength.objects.filter(municipality_id=OuterRef("pk"), valid_from__lte=on)
    newest = rows.order_by("setting", "-valid_from", "-at").distinct("setting")
    dated = ArraySubquery(newest.values(row=JSONObject(setting="setting", length="length")))
    home = Municipality.objects.filter(pk=municipality_id)
    own, found = home.values_list("parameters__process_lengths", dated).get()
    said: dict[str, str] = dict(
        own if own is not None else cast("dict[str, str]", settings.PARAMETERS["process_lengths"])
    )
    said |= {row["setting"]: row["length"] for row in found}
    return {name: Length.parse(text) for name, text in said.items() if text}

"""Addresses of the routes that name something, made of the rows of one filled case."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps

from livlina.config.pages import Route
from tests.architecture.marked import Around, Filled

PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")
ROOMS = ("aid", "assistance", "contractors", "offers", "records")
"""The rooms whose rows are made and marked by hand (rooms.py)."""


def address_of(route: Route, args: dict[str, str]) -> str:
    """The address of a route with these arguments."""
    return "/" + PARAMETER.sub(lambda match: args[match[2]], route.pattern.split(" ")[-1])


def args_of(route: Route, filled: Filled, around: Around) -> Iterator[dict[str, str] | None]:
    """Every set of arguments the case has for a route: one, or one for each letter or step; None where it has no row."""
    if route.name in filled.exact:
        yield from filled.exact[route.name]
        return
    names = [name for _, name in PARAMETER.findall(route.pattern)]
    choices = {name: found_for(name, route.name, filled, around) for name in names}
    if not all(choices.values()):
        yield None
        return
    many = max(names, key=lambda name: len(choices[name]))
    for value in choices[many]:
        yield {name: choices[name][0] for name in names} | {many: value}


def found_for(name: str, route: str, filled: Filled, around: Around) -> list[str]:
    """What may stand for one parameter of a route, found once for each case."""
    if (name, route) not in filled.known:
        filled.known[name, route] = values_of(name, route, filled, around)
    return filled.known[name, route]


def values_of(name: str, route: str, filled: Filled, around: Around) -> list[str]:
    """What may stand for one parameter of a route."""
    room, _, page = route.partition(":")
    room = room.removesuffix("_citizen").removesuffix("_provider").removesuffix("_operations")
    process, case = filled.process, filled.case
    if room in ROOMS:
        return [str(value) for value in filled.rows.get((room, name), [])]
    fixed: dict[str, Iterable[Any]] = {
        "person_id": [around.person.pk],
        "case_id": [case.pk],
        "source_id": [case.pk],
        "source_type": ["cases.case"],
        "order_id": [order.pk for order in filled.orders],
        "user_id": [filled.worker.user_id],
        "code": [process.code],
        "version": [process.version],
        "branch": [case.compartment],
        "number": range(1, len(process.forms["application"].pages()) + 1)
        if "application" in process.forms
        else [1],
        "slug": ["asvalla"],
        "quarter": ["2026-1"],
        "reader": ["ivo"],
        "step": [step.name for step in process.steps[:1]],
        "name": list(process.letters)[:1] if page == "letter" else [step.name for step in process.steps][:4],
    }
    if name in fixed:
        return [str(value) for value in fixed[name]]
    if name == "pk" and room == "orders" and page != "delivery":
        return [str(order.pk) for order in filled.orders]
    kind = {"pk": "delivery" if room == "orders" else "watch", "key": "deadline", "clock_id": "deadline"}
    kind |= {"draft_id": "applicationdraft"} if room == "cases" else {}
    return rows_of(kind.get(name, name.removesuffix("_id")), room, filled)


def rows_of(kind: str, room: str, filled: Filled) -> list[str]:
    """The rows of a kind: of the room the route belongs to, else of any; of the case where they have one."""
    found = [model for model in apps.get_models() if model._meta.model_name == kind]
    found.sort(key=lambda model: model._meta.app_label != room)
    for model in found[:1] if found and found[0]._meta.app_label == room else found:
        rows = model._default_manager.all()
        if kind == "watch":
            rows = rows.filter(object_id=filled.case.pk)
        elif kind == "applicationdraft":
            rows = rows.filter(process_code=filled.process.code)
        elif any(one.name == "case" for one in model._meta.get_fields()):
            rows = rows.filter(case=filled.case)
        keys = [str(key) for key in rows.order_by("pk").values_list("pk", flat=True)]
        if keys:
            return keys if kind == "document" else keys[:1]
    return []

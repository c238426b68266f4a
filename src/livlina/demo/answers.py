"""What people answered: one answer of the right type to every question of a form, in words someone might have used."""

from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

from livlina.authority.cases import engine
from livlina.authority.cases.engine import FactSpec, Process
from livlina.demo import places
from livlina.demo.people import Resident
from livlina.demo.texts import ANSWERS, FALLBACK, NEEDS

SERVICES = {  # process → (service, least, most)
    "home_care": (("personal_care", 6, 55), ("cleaning", 2, 6), ("shopping", 1, 2), ("laundry", 1, 4),
                  ("meals", 4, 25), ("meal_delivery", 2, 7), ("daytime_check", 1, 3), ("company", 2, 8),
                  ("outings", 2, 8), ("night_check", 1, 2)),
    "social_alarm": (("social_alarm", 1, 1), ("door_sensor", 1, 1)),
    "short_term_housing": (("short_term_stay", 7, 28),),
}  # fmt: skip
EXTRA = 0.35
"""Share of the voluntary questions that are answered."""


def application(process: Process, person: Resident, day: date, rng: Random) -> dict[str, Any]:
    """Return the answers of an application, as stored."""
    said = answered(process, "application", person, day, rng)
    said["applying_for"] = "self"
    return said


def answered(process: Process, form: str, person: Resident, day: date, rng: Random) -> dict[str, Any]:
    """Return an answer to every question a form must have answered, and to some of the others, as stored."""
    said: dict[str, Any] = {}
    for asked in _questions(process.code, process.version, form):
        if asked.carried or not (asked.required or rng.random() < EXTRA):
            continue
        if asked.show_if is None or asked.show_if.holds(said):
            said[asked.fact.name] = answer(asked.fact, person, day, rng)
    return said


def answer(fact: FactSpec, person: Resident, day: date, rng: Random) -> Any:
    """Return one answer to a question, as stored."""
    match fact.type:
        case "yes_no":
            return rng.random() < (0.5 if fact.name == "consent_to_obtain" else 0.12)
        case "choice":
            return rng.choice(_codes(fact.name))
        case "choices":
            codes = _codes(fact.name)
            return rng.sample(codes, min(len(codes), rng.choice((1, 1, 2, 2, 3))))
        case "rated_choices":
            return [
                {"area": area, "need": rng.choice("1223334"), "text": text.format(p=person, P=person.pronoun.capitalize())}
                for area, text in rng.sample(NEEDS, rng.choice((2, 3, 3, 4)))
            ]  # fmt: skip
        case "date":
            return (day + timedelta(days=rng.randrange(1, 20))).isoformat()
        case "period":
            return [(day + timedelta(days=7)).isoformat(), (day + timedelta(days=21)).isoformat()]
        case "number":
            return "1"
    if "phone" in fact.name or fact.name in ("key_relative", "first_contact", "second_contact"):
        return f"Anhörig, {places.mobile(rng)}"
    text = rng.choice(ANSWERS.get(fact.name, FALLBACK))
    return str(text.format(p=person, P=person.pronoun.capitalize()))


def services(process: str, outcome: str, rng: Random) -> list[tuple[str, int, bool]]:
    """Return (service, quantity, granted) for each line of a decision."""
    if outcome in ("", "closed_no_action", "dismissed", "written_off"):
        return []
    pool = SERVICES[process]
    least = 2 if outcome == "partly_granted" and len(pool) > 1 else 1
    chosen = rng.sample(pool, min(len(pool), max(least, rng.choice((1, 2, 2, 3, 4)))))
    lines = [(code, rng.randint(low, high), outcome != "rejected") for code, low, high in chosen]
    if outcome == "partly_granted":
        code, quantity, _ = lines[-1]
        lines[-1] = (code, max(1, quantity // 2), False)
        if len(lines) == 1:  # less than was asked for of the one thing
            lines.insert(0, (code, quantity, True))
    return lines


@cache
def _questions(code: str, version: str, form: str) -> tuple[Any, ...]:
    return tuple(engine.load().process(code, version).form(form).fields())


@cache
def _codes(fact: str) -> tuple[str, ...]:
    return tuple(row.code for row in engine.load().fact(fact).options())

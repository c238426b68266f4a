"""Every process lived once: its told scenario, taken through the rooms' own actions by the people of its branch.

The scenario stands beside the process and is a test of the engine; here the same story becomes a case in the demo, with
real guards, letters, orders and clocks. A story is told in the past: it is moved whole weeks back when it would end
after today. What another room must do first is done there (deeds.py); what nobody has done ends the story.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import yaml
from django.conf import settings

from livlina.authority.aid.actions import AidRefused
from livlina.authority.aid.actions.months import LIVELIHOOD
from livlina.authority.cases import actions as cases
from livlina.authority.cases import queries
from livlina.authority.cases.actions import parties
from livlina.authority.cases.actions.cases import begin_case
from livlina.authority.cases.actions.decide import decision_facts
from livlina.authority.cases.actions.facts import write_facts
from livlina.authority.cases.engine import Process, StepRefused, load
from livlina.authority.cases.jobs import mark_deadlines
from livlina.authority.cases.models import Case
from livlina.authority.cases.processes import branch_of
from livlina.authority.contractors.actions import ContractorRefused
from livlina.authority.court import actions as court
from livlina.core.access import Actor, Refused
from livlina.core.calendar import Channel
from livlina.core.clock import day_of
from livlina.core.ids import Sex, test_number
from livlina.core.models import Assignment, User
from livlina.demo.cast import Told
from livlina.demo.deeds import IDA, Scene, act, claim_back, holder, other_party, quantity
from livlina.demo.ids import stream
from livlina.demo.people import Names
from livlina.demo.plan import Days, Town
from livlina.demo.stage import Stage, as_application
from livlina.registers.orders import actions as orders
from livlina.registers.orders.models import Order, Provider
from livlina.registers.people import actions as people
from livlina.registers.people.models import Person

OUTCOMES = (
    "granted",
    "partly_granted",
    "rejected",
    "dismissed",
    "closed_no_action",
    "changed",
    "ended",
    "revoked",
)
SAID_OF_COMMUNICATION = ("communicated_how", "answer_by", "communicated_on")
LAW_BEGAN = date(2025, 7, 1)


BORN = {"children": 2014, "elder_care": 1941, "own_acts": 1949}
"""About when those were born whom the stories of an area are about; the others in 1979."""


@dataclass
class Lived:
    """How far a story came: the case, the steps that were taken, and why the next was not."""

    case: Case
    taken: list[str] = field(default_factory=list)
    stopped_at: str = ""
    why: str = ""


def people_of() -> dict[str, Told]:
    """Return whom each process is lived for: one invented person each, with an official kind of test number."""
    rng, found = stream("lived", "people"), {}
    for place, process in enumerate(_processes()):
        sex: Sex = "male" if place % 2 else "female"
        asked = re.findall(r"lss_requested_by: (\w+)", _scenario(process))
        year = {"guardian": 2012}.get(asked[-1] if asked else "", BORN.get(process.area, 1979))
        year = (
            2009 if asked[-1:] == ["self"] and "guardian" in asked else year
        )  # has turned 15, and asks alone
        born = date(year, 1 + place % 12, 2 + place // 12)
        given, called, family, _ = Names(rng).draw(born.year, sex)
        number = test_number(born, sex, 9)
        found[process.code] = Told(
            number, given, called, family, f"Lärkvägen {place + 1}", "99104", process.label
        )
    return found


def numbers() -> frozenset[str]:
    """Return the numbers nobody else in the town may get."""
    others = {other_party(place).value for place in range(len(_processes()))}
    return frozenset(told.number.value for told in people_of().values()) | others | {IDA.value}


def tell_all(town: Town, now: datetime, tell: Callable[[str, int, int], None]) -> None:
    """Live every process of the house once, in the town of Åsvalla."""
    stage, cast = Stage(town.municipality_id, now), people_of()
    with as_application():
        sofia = stage.who("Sofia Wester")
        for place, process in enumerate(_processes(), 1):
            told, on = cast[process.code], max(process.valid_from, LAW_BEGAN)
            delegate(stage, process, on)
            person = stage.do(
                sofia, people.register_person, now=_moment(on, 0), given_names=told.given, called_name=told.called,
                family_name=told.family, number=told.number, street=told.street, postcode=told.postcode,
                city=town.city, home_municipality=town.code,
            )  # fmt: skip
            live(stage, process, person)
            tell(f"{town.name}: every process, once", place, len(cast))
        mark_deadlines(town.municipality_id, now)


def _processes() -> list[Process]:
    """The newest version of each process."""
    return list({process.code: process for process in load().all()}.values())


def live(
    stage: Stage, process: Process, person: Person, *, before: date | None = None, until: str = ""
) -> Lived:
    """Live the scenario of a process for a person, as far as it goes: before a day, or until a step."""
    rows = list(_told(process, before or day_of(stage.now), until))
    branch = branch_of(process)
    lived = Lived(_begun(stage, process, person, rows[0]["on"]))
    worker = holder(stage, "case_worker", branch, lived.case.unit_id)
    facts: dict[str, Any] = {}
    known: dict[str, Any] = {}
    for minute, row in enumerate(rows, 1):
        facts |= row.get("facts", {})
        known |= facts
        name = row.get("step")
        if not name or row.get("refused") or process.step(name).flow != "main":
            continue
        case = stage.look(lambda: Case.objects.select_related("person", "unit").get(pk=lived.case.pk))
        if name == "assign" and case.state != process.start().name:
            continue
        if row["on"] > day_of(stage.now):
            lived.stopped_at, lived.why = name, "the future"
            break
        by = _actor(stage, row["by"], branch, case)
        now = _moment(row["on"], minute)
        try:
            _take(stage, process, case, name, by, worker, facts, now, known)
        except (StepRefused, cases.FactsWrong, Refused, AidRefused, ContractorRefused) as wrong:
            lived.stopped_at, lived.why = name, str(wrong)
            break
        lived.taken.append(name)
        facts = {}
    lived.case = stage.look(lambda: Case.objects.select_related("person", "unit").get(pk=lived.case.pk))
    return lived


def _begun(stage: Stage, process: Process, person: Person, day: date) -> Case:
    """The case on its first day, with what its process cannot begin without."""
    branch, begun = branch_of(process), _moment(day, 0)
    if process.code == "recovery":
        return _claim(stage, person, day)
    sofia = holder(stage, "reception", branch)
    case: Case = stage.do(sofia, _begin, process, person, received_on=day, now=begun)
    worker = holder(stage, "case_worker", branch, case.unit_id)
    if process.start().name != "received":
        _assign(stage, case, holder(stage, "unit_manager", branch, case.unit_id), worker, begun)
    if process.area == "family_law":
        other = _opposing(stage, process, sofia, begun)
        stage.do(worker, parties.add_party, case, other, "opposing_party", now=begun)
    return case


def _claim(stage: Stage, person: Person, day: date) -> Case:
    """A month that was paid before, and the case in which a part of it may be claimed back."""
    process = next(one for one in _processes() if one.code == LIVELIHOOD)
    delegate(stage, process, LAW_BEGAN)
    paid = live(stage, process, person, before=day - timedelta(days=1), until="pay")
    worker = holder(stage, "case_worker", branch_of(process), paid.case.unit_id)
    return claim_back(stage, paid.case, by=worker, now=_moment(day, 0))


def _opposing(stage: Stage, process: Process, by: Actor, now: datetime) -> Person:
    """The other parent, in a matter with two parties."""
    place = [one.code for one in _processes()].index(process.code)
    return stage.do(
        by, people.register_person, now=now, given_names="Mikael", called_name="Mikael", family_name="Granström",
        number=other_party(place), street=f"Trastvägen {place + 1}", postcode="99106", city="Åsvalla",
        home_municipality="9901",
    )  # fmt: skip


def delegate(stage: Stage, process: Process, on: date) -> None:
    """Let the branch's workers decide in a process, as a board's delegation would."""
    secretary = holder(stage, "committee_secretary", branch_of(process))
    now = _moment(on, 0)
    for outcome in OUTCOMES:
        for role in ("case_worker", "unit_manager"):
            stage.do(
                secretary, cases.add_delegation_rule, outcome=outcome, role=role, point=f"9.{process.code}"[:40],
                process_code=process.code, valid_from=on, now=now,
            )  # fmt: skip


def _begin(process: Process, person: Person, *, received_on: date, by: Actor, now: datetime) -> Case:
    case = begin_case(process, person, received_on=received_on, how=Channel.PHONE, by=by, now=now)
    write_facts(case, {"received_on": received_on, "received_how": Channel.PHONE.value}, by=by, now=now)
    return case


def _assign(stage: Stage, case: Case, manager: Actor, worker: Actor, now: datetime) -> None:
    """Give the case to its worker, which is the step “assign” of most processes."""
    user = stage.look(lambda: User.objects.get(pk=worker.user_id))
    stage.do(manager, cases.assign_case, case, user, now=now)


def _told(process: Process, today: date, until: str = "") -> Iterator[dict[str, Any]]:
    """The rows of the scenario (up to a step), each with its day, in the past."""
    read = yaml.safe_load(_scenario(process))["told"]
    rows = [
        {"on" if key is True else key: value for key, value in row.items()} for row in read
    ]  # YAML 1.1: on is true
    steps = [row.get("step") for row in rows]
    rows = rows[: steps.index(until) + 1] if until else rows
    days = [row["on"] for row in rows if "on" in row]
    late = max(days) - today
    back = timedelta(weeks=-(-late.days // 7)) if late.days > 0 else timedelta(0)
    if min(days) - back < LAW_BEGAN:
        back = timedelta(weeks=max(0, (min(days) - LAW_BEGAN).days // 7))
    on = min(days) - back
    for row in rows:
        on = row.get("on", on + back) - back
        yield _moved(row, back) | {"on": on}


def _scenario(process: Process) -> str:
    return (load().root / process.folder / "scenario.yaml").read_text(encoding="utf-8")


def _moved(value: Any, back: timedelta) -> Any:
    """The same, with every day in it moved."""
    if isinstance(value, dict):
        return {key: _moved(item, back) for key, item in value.items()}
    if isinstance(value, list):
        return [_moved(item, back) for item in value]
    return value - back if isinstance(value, date) else value


def _moment(day: date, minute: int) -> datetime:
    return Days(day).at(day, 9, min(minute, 59))


def _actor(stage: Stage, role: str, branch: int, case: Case) -> Actor:
    if role == "system":
        return stage.system
    if role == "citizen":
        person = case.person
        return Actor(
            "citizen", stage.municipality_id, "citizen", person.name, person_id=person.pk,
            compartments=tuple(settings.BRANCHES),
        )  # fmt: skip
    return holder(stage, role, branch, case.unit_id)


def _take(
    stage: Stage,
    process: Process,
    case: Case,
    name: str,
    by: Actor,
    worker: Actor,
    facts: Mapping[str, Any],
    now: datetime,
    known: Mapping[str, Any],
) -> None:
    """Take one step the way its page does."""
    step = process.step(name)
    if name == "assign" and case.state == "received":
        if facts:
            stage.do(by, cases.record_facts, case, dict(facts), now=now)
        _assign(stage, case, by, worker, now)
        return
    manager = holder(stage, "unit_manager", branch_of(process), case.unit_id)
    if act(Scene(stage, process, case, by, worker, manager, facts, known, now), name):
        return
    if "submission_is_proved" in step.guards:
        _prove(stage, case, name, worker, facts, now)
        return
    if "orders_confirmed" in step.guards:
        _confirm_orders(stage, process, case, worker, now)
    if any(effect.name == "record_decision" for effect in step.effects):
        draft = _draft(process, {**known, **facts}, day_of(now))
        answers = {**facts, **{key: value for key, value in decision_facts(draft).items() if value}}
        stage.do(by, cases.take_step, case, name, now=now, answers=answers, draft=draft)
    elif name == "communicate" and "communicated_how" in facts:
        _communicate(stage, case, by, facts, now)
    elif name == "receive_answer" and "party_answer" in facts:
        stage.do(by, cases.answer, case, facts["party_answer"], now=now)
    else:
        items = stage.look(lambda: queries.open_items(case))
        choices = {
            item.key: {"choice": item.options[0][0], "reason": "Avslutas med ärendet."} for item in items
        }
        stage.do(by, cases.take_step, case, name, now=now, answers=dict(facts), choices=choices)


def _communicate(stage: Stage, case: Case, by: Actor, facts: Mapping[str, Any], now: datetime) -> None:
    asked = ("communicated_how", "answer_by", "communicated_on")
    rest = {key: value for key, value in facts.items() if key not in asked}
    stage.do(
        by, cases.communicate, case, now=now, what=rest.pop("proposed_decision", "Förslag till beslut."),
        how=facts["communicated_how"], answer_by=facts["answer_by"], answers=rest,
    )  # fmt: skip


def _prove(stage: Stage, case: Case, step: str, by: Actor, facts: Mapping[str, Any], now: datetime) -> None:
    """Send to the court, and prove that it came: the proof takes the step. Raises StepRefused with what is missing."""
    if facts:
        stage.do(by, cases.record_facts, case, dict(facts), now=now)
    sent = stage.do(by, court.draft, case, step, now=now)
    sent = stage.do(by, court.send, sent, how="fax", now=now)
    answer = stage.do(
        by, court.prove, sent, kind="fax_journal", receipt_number=f"{now:%d%H%M}", reached_at=now, now=now
    )
    if not answer.taken:
        raise StepRefused(*answer.why_not)


def _draft(process: Process, facts: Mapping[str, Any], on: date) -> cases.DecisionDraft:
    """The decision the scenario tells of: every service granted, all but the last, or none."""
    outcome = facts.get("decision_outcome", "granted")
    period = facts.get("decision_period") or {}
    begins, ends = period.get("begins", on), period.get("ends")
    circle = f"lss_circle_{facts.get('lss_circle', '')}"
    codes = [code for code in process.services if not code.startswith("lss_circle_") or code == circle]
    granted = {"granted": codes, "changed": codes, "partly_granted": codes[:-1] or codes}.get(outcome, [])
    refused = {"partly_granted": codes[-1:], "rejected": codes, "ended": codes, "revoked": codes}.get(
        outcome, []
    )
    reasons = facts.get("decision_reasons", "")
    lines = [cases.LineDraft(code, True, quantity(process, code, on), begins, ends) for code in granted]
    lines += [
        cases.LineDraft(
            code, False, quantity(process, code, on), reasons=reasons or "Behovet är tillgodosett."
        )
        for code in refused
    ]
    derived = outcome in ("granted", "partly_granted", "rejected") and bool(lines)
    return cases.DecisionDraft(
        lines=tuple(lines),
        outcome="" if derived else outcome,
        reasons=reasons or ("Se utredningen." if outcome not in ("granted",) else ""),
        follow_up_on=facts.get("follow_up_on") or (on + timedelta(days=180) if granted else None),
        interim=bool(facts.get("decision_interim")),
        reservation=facts.get("decision_reservation", ""),
        harm_ground="misled" if facts.get("reconsider_ground") == "wrong_facts" else "",
    )


def _confirm_orders(stage: Stage, process: Process, case: Case, worker: Actor, now: datetime) -> None:
    """Send what is ordered to the house's own provider, who opens and confirms it."""
    waiting = stage.look(
        lambda: list(
            Order.objects.filter(versions__source_id=case.pk, state="draft").distinct().order_by("id")
        )
    )
    if not waiting:
        return
    provider = _provider(stage, process)
    petra = stage.look(
        lambda: Assignment.objects.select_related("user", "unit").get(
            unit_id=provider.unit_id, role="provider_manager"
        )
    )
    manager = stage.who(petra.user.name)
    for order in waiting:
        order = stage.do(worker, orders.choose_provider, order, provider, now=now)
        order = stage.do(worker, orders.send_order, order, repeated_name=provider.name, now=now)
        stage.do(manager, orders.open_order, order, now=now)
        order = stage.look(lambda: Order.objects.get(pk=order.pk))  # noqa: B023 (read at once)
        stage.do(
            manager,
            orders.confirm_order,
            order,
            start=day_of(now),
            contact=f"{manager.name}, 08-465 004 60",
            now=now,
        )


def _provider(stage: Stage, process: Process) -> Provider:
    """Whoever carries the process out: the house's own provider, of what nobody else in the demo does."""
    return stage.look(
        lambda: (
            Provider.objects.filter(municipality_id=stage.municipality_id, services__contains=[process.code])
            .order_by("id")
            .earliest("id")
        )
    )

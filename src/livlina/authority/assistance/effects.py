"""What a step under LSS sets going: each is a word that the processes of disability may use."""

from typing import TYPE_CHECKING

from livlina.authority.assistance import actions
from livlina.authority.assistance.guards import CIRCLES, grants_service
from livlina.authority.cases.actions import clocks
from livlina.authority.cases.actions.execution import SOURCE, granted_minutes, order_facts, suggested
from livlina.authority.cases.engine.words import effect
from livlina.authority.cases.models import Decision
from livlina.registers.orders.actions import draft_order

if TYPE_CHECKING:
    from livlina.authority.cases.actions.steps import Doing


@effect("stop_clocks_if_only_circle")
def stop_clocks_if_only_circle(doing: "Doing", what: str) -> None:
    """Belonging to the personal circle is nothing to carry out: no clock of carrying out runs for it alone."""
    if grants_service(doing.decision):
        return
    names = [rule.name for rule in doing.process.deadlines if "decided" in rule.anchors]
    clocks.stop(doing.case, names, step=doing.step.name, now=doing.now)


@effect("place_lss_order")
def place_lss_order(doing: "Doing", what: str) -> None:
    """Draft the order of the granted services; the provider is not told which personal circle the person is in."""
    decision = Decision.objects.filter(case=doing.case).order_by("-number").first()
    lines = decision.lines.filter(granted=True).order_by("position") if decision else []
    granted = [line for line in lines if line.service not in CIRCLES.values()]
    if not granted:
        return
    ends = [line.valid_to for line in granted]
    draft_order(
        person=doing.case.person,
        source=(SOURCE, doing.case.pk),
        service=doing.process.code,
        kind="other",
        lines=[suggested(line) for line in granted],
        facts=order_facts(doing, granted),
        starts_on=max(min(line.valid_from for line in granted if line.valid_from), doing.today),
        ends_on=None if None in ends else max(day for day in ends if day),
        life_areas=[rating.area for rating in doing.facts.get("life_area_needs", [])],
        granted_minutes=granted_minutes(granted),
        by=doing.by,
        now=doing.now,
    )


@effect("record_fk_assistance")
def record_fk_assistance(doing: "Doing", what: str) -> None:
    """Write Försäkringskassan's decision as it stands in the facts; one that ran before ends the day before."""
    facts = doing.facts
    actions.record_decision(
        doing.case,
        payer="fk",
        reference=facts["lass_reference"],
        hours_per_week=facts["lass_hours_per_week"],
        accounting_months=int(facts["lass_accounting_months"]),
        valid_from=facts["lass_valid_from"],
        valid_to=facts["lass_valid_to"],
        arranger=facts["lass_arranger"],
        by=doing.by,
        now=doing.now,
    )


@effect("end_fk_assistance")
def end_fk_assistance(doing: "Doing", what: str) -> None:
    """Let the decision that runs end on the day written."""
    actions.end_decision(doing.case, last_day=doing.facts["ends_on"], by=doing.by, now=doing.now)

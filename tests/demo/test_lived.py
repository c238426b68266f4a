"""Every process is lived in the real rooms as its scenario tells it, with real guards, orders, letters and clocks."""

from datetime import UTC, date, datetime

import pytest

from livlina.authority.cases.engine import Process
from livlina.authority.cases.models import Case, CaseFact
from livlina.authority.cases.processes import branch_of
from livlina.demo import lived
from livlina.demo.stage import Stage
from livlina.registers.orders.tests.fixtures import provider
from livlina.registers.people.actions import register_person

NOW = datetime(2027, 12, 1, 9, 0, tzinfo=UTC)
PEOPLE = lived.people_of()
ENDS = {
    "lass": ("record_fk_decision", "the future"),
    "lss_adult_home": ("end_service", "the future"),
    "mobility_service": ("let_expire", "the future"),
    "lss_child_home": ("end_service", "the future"),
    "lvu": ("begin_care_home", "Vården upphör senast"),
}
"""Where a story ends before its end: a proof or a claim its room would not take, or days to come."""


@pytest.fixture
def stage(
    asvalla, karin, maria, fatima, gunnar, sven, rut, mona, bengt, nils, vera, tove, ulf, sofia, eva, duty, kerstin,
    petra, now,
):  # fmt: skip
    provider(petra, "Norra hemtjänsten AB", now, services=list(PEOPLE), valid_from=date(2024, 1, 1))
    return Stage(asvalla.pk, NOW)


@pytest.mark.parametrize("process", lived._processes(), ids=lambda process: process.code)
def test_a_process_is_lived_to_the_end_of_its_story(process: Process, stage: Stage, sofia) -> None:
    told = PEOPLE[process.code]
    lived.delegate(stage, process, date(2025, 7, 1))
    person = stage.do(
        sofia, register_person, now=NOW, given_names=told.given, called_name=told.called, family_name=told.family,
        number=told.number, street=told.street, postcode=told.postcode, city="Åsvalla", home_municipality="9901",
    )  # fmt: skip
    story = lived.live(stage, process, person)
    step, why = ENDS.get(process.code, ("", ""))
    assert story.stopped_at == step, story
    assert story.why.startswith(why), story
    assert story.case.compartment == branch_of(process)
    assert {row.compartment for row in CaseFact.objects.filter(case=story.case)} <= {branch_of(process)}
    assert Case.objects.filter(pk=story.case.pk).exists()

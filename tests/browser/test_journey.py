"""The journey in a real browser: from a daughter's application to delivered and journalled care, appeal and closure."""

from typing import Any

import pytest

from livlina.core.access import Actor
from tests.browser.journey import citizen, deciding, ending, ordering
from tests.browser.journey.story import Story, at


@pytest.fixture
def story(
    live: Any,
    as_actor: Any,
    clock_at: Any,
    anna_online: Actor,
    karin: Actor,
    maria: Actor,
    petra: Actor,
    ali: Actor,
    erik: Actor,
    duty: Actor,
    delegation: None,
    norra: Any,
    norrgarden: Any,
) -> Story:
    """Åsvalla on a Monday in March: the people of the story, two providers with nearly the same name, the delegation."""
    told = Story(
        as_actor, clock_at, anna=anna_online, karin=karin, maria=maria, petra=petra, ali=ali, erik=erik, dag=duty
    )  # fmt: skip
    told.day(at(3, 2))
    return told


def test_from_a_daughters_application_to_an_appeal_and_the_closing_of_the_case(
    story: Story, work: Any
) -> None:
    number = citizen.anna_applies(story)
    deciding.maria_assigns(story, number)
    story.day(at(3, 9))
    deciding.karin_investigates(story)
    deciding.karin_communicates(story)
    story.day(at(3, 11, 20))
    citizen.anna_answers(story)
    story.day(at(3, 17))
    letter = deciding.karin_decides(story)
    reference = ordering.karin_sends_to_the_wrong_one(story)
    address = ordering.erik_gets_it(story, reference)
    ordering.karin_recalls(story)
    ordering.erik_sees_nothing(story, reference, address)
    ordering.karin_sends_to_the_right_one(story)
    ordering.petra_accepts(story)
    ordering.petra_plans(story)
    story.day(at(3, 24, 7, 30))
    ordering.ali_reports(story, work)
    ordering.the_case_runs(story)
    ending.karin_notes_service(story)
    story.day(at(3, 30, 21))
    citizen.anna_reads_who_has_read(story)
    citizen.anna_appeals(story, letter)
    story.day(at(3, 31))
    ending.karin_forwards(story)
    story.day(at(6, 9))
    ending.karin_follows_up(story)
    story.day(at(8, 31))
    ending.karin_closes(story)
    citizen.anna_sees_the_end(story)

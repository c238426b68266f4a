"""Two people at the same case at the same moment, each on a connection of their own: nothing lost, nothing doubled."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from livlina.authority.cases import actions
from livlina.authority.cases.actions import DecisionDraft, StepRefused
from livlina.authority.cases.models import Application, ApplicationDraft, Case, Decision
from livlina.authority.cases.tests.fixtures import ANSWERS, LINES
from livlina.core.access import Actor
from livlina.core.models import User
from livlina.registers.journal import actions as journal
from livlina.registers.journal.actions import Content
from livlina.registers.journal.chain import verify_chain
from livlina.registers.journal.models import File, Note
from livlina.registers.people.models import Person
from tests.faults.helpers import at_once

pytestmark = pytest.mark.usefixtures("own_database")

PARTLY = DecisionDraft(
    lines=LINES, reasons="Behovet av sällskap tillgodoses genom familjen.", follow_up_on=date(2026, 9, 9)
)


def test_of_two_who_decide_at_the_same_moment_one_decides_and_the_other_is_told_who(
    ready_case: Case, karin: Actor, johan: Actor, now: datetime
) -> None:
    drafts = {karin: PARTLY, johan: replace(PARTLY, reasons="Sällskap tillgodoses på annat sätt.")}

    def decide(by: Actor) -> Callable[[], Decision]:
        seen = Case.objects.get(pk=ready_case.pk)  # each has the page before them, in the same state
        return lambda: actions.decide(seen, drafts[by], by=by, now=now)

    results = at_once((karin, decide(karin)), (johan, decide(johan)))
    [refused] = [result for result in results if isinstance(result, StepRefused)]
    [decision] = Decision.objects.all()
    winner = (karin, johan)[1 - results.index(refused)]
    assert decision in results
    assert (decision.by_name, decision.reasons) == (winner.name, drafts[winner].reasons)
    assert f"{winner.name} hann före: ”Fatta beslut” klockan 09.00." in refused.reasons
    assert ready_case.events.filter(step="decide").count() == 1
    assert decision.lines.count() == len(LINES)


def test_two_who_assign_at_the_same_moment_both_stand_in_the_timeline_and_the_last_holds(
    astrids_case: Case,
    maria: Actor,
    karin: Actor,
    johan: Actor,
    as_staff: Callable[..., Actor],
    now: datetime,
) -> None:
    other = as_staff("Siv Malm", "unit_manager", "Biståndsenheten")

    def give(to: Actor, by: Actor) -> Callable[[], Case]:
        seen, worker = Case.objects.get(pk=astrids_case.pk), User.objects.get(pk=to.user_id)
        return lambda: actions.assign_case(seen, worker, by=by, now=now)

    results = at_once((maria, give(karin, maria)), (other, give(johan, other)))
    assert all(isinstance(result, Case) for result in results), results
    first, second = astrids_case.events.filter(step__in=("assign", "reassign")).order_by("id")
    case = Case.objects.get(pk=astrids_case.pk)
    assert (first.step, second.step, case.state) == ("assign", "reassign", results[0].state)
    holder = {maria.name: karin, other.name: johan}[second.by_name]
    assert {first.by_name, second.by_name} == {maria.name, other.name}
    assert case.responsible_id == holder.user_id
    assert second.label == f"Ny ansvarig handläggare: {holder.name}"


def test_a_double_click_on_assign_is_one_assignment(
    astrids_case: Case, maria: Actor, karin: Actor, now: datetime
) -> None:
    def give() -> Case:
        return actions.assign_case(
            Case.objects.get(pk=astrids_case.pk), User.objects.get(pk=karin.user_id), by=maria, now=now
        )

    results = at_once((maria, give), (maria, give))
    assert all(isinstance(result, Case) for result in results), results
    assert astrids_case.events.filter(step__in=("assign", "reassign")).count() == 1


def writing(file: File, text: str, key: UUID, by: Actor, now: datetime) -> Callable[[], Any]:
    content = Content(now - timedelta(hours=1), "phone", text)
    return lambda: journal.write_note(file.pk, content, client_id=key, by=by, now=now)


def test_two_notes_written_at_the_same_moment_follow_each_other_in_the_chain(
    astrids_file: File, karin: Actor, johan: Actor, now: datetime
) -> None:
    results = at_once(
        (karin, writing(astrids_file, "Astrid ringde.", uuid4(), karin, now)),
        (johan, writing(astrids_file, "Anna ringde.", uuid4(), johan, now)),
    )
    assert [result.outcome for result in results] == ["new", "new"]
    first, second = Note.objects.order_by("seq")
    assert (first.seq, second.seq) == (1, 2)
    assert bytes(second.prev_hash) == bytes(first.hash)
    assert verify_chain(astrids_file.person_id).breaks == []


def test_one_note_sent_twice_at_the_same_moment_is_one(
    astrids_file: File, karin: Actor, now: datetime
) -> None:
    same = writing(astrids_file, "Astrid ringde.", uuid4(), karin, now)
    results = at_once((karin, same), (karin, same))
    assert sorted(result.outcome for result in results) == ["new", "same"]
    assert results[0].note == results[1].note == Note.objects.get()


@pytest.fixture
def filled_in(anna_online: Actor, astrid: Person, karin: Actor, now: datetime) -> ApplicationDraft:
    """Anna has answered every question and not yet sent."""
    draft = actions.begin_application("home_care", by=anna_online, now=now, person=astrid)
    return actions.save_answers(draft, ANSWERS, by=anna_online, now=now)


def test_a_double_click_on_send_is_one_application_and_one_case(
    filled_in: ApplicationDraft, anna_online: Actor, now: datetime
) -> None:
    def send() -> Application:
        return actions.send_application(filled_in.pk, by=anna_online, now=now)

    results = at_once((anna_online, send), (anna_online, send))
    sent = Application.objects.get()
    assert results == [sent, sent]
    assert Case.objects.get().application == sent
    assert not ApplicationDraft.objects.exists()

"""What does not add up is said in words, and a proposal never makes a plan that does not."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from livlina.provider.homecare.planning import Hand, Job, conflicts, propose, stand_ins, travel_minutes
from livlina.provider.homecare.queries.competence import Competence
from tests.people import MORNING

ALI, NOOR, LENA = (UUID(int=number) for number in (1, 2, 3))
ASTRID, BERTIL = UUID(int=11), UUID(int=12)


def at(minutes: int) -> datetime:
    return MORNING + timedelta(minutes=minutes)


def job(minutes: int = 0, *goers: UUID, person: UUID = ASTRID, **more: object) -> Job:
    name = "Astrid" if person == ASTRID else "Bertil"
    return Job(uuid4(), person, name, at(minutes), 30, goers, **more)  # type: ignore[arg-type]


def hand(carer: UUID, name: str, **more: object) -> Hand:
    known: dict[str, object] = {"break_from": at(240), "break_to": at(270)}
    return Hand(carer, name, at(-60), at(420), **(known | more))  # type: ignore[arg-type]


TEAM = [hand(ALI, "Ali"), hand(NOOR, "Noor")]


def codes(jobs: list[Job], hands: list[Hand] = TEAM) -> list[str]:
    return [conflict.code for conflict in conflicts(jobs, hands)]


def test_a_day_that_adds_up_says_nothing() -> None:
    assert codes([job(0, ALI), job(36, ALI, person=BERTIL), job(0, NOOR, person=BERTIL)]) == []


@pytest.mark.parametrize(
    ("jobs", "code"),
    [
        ([job(0)], "nobody"),
        ([job(0, ALI, needed=2)], "fewer"),
        ([job(0, ALI), job(15, ALI, person=BERTIL)], "overlap"),
        ([job(0, ALI), job(32, ALI, person=BERTIL)], "travel"),
        ([job(500, ALI)], "outside"),
        ([job(250, ALI)], "break"),
        ([job(0, ALI, delegations=("insulin",))], "delegation"),
        ([job(0, ALI, skills=("lift",))], "skill"),
        ([job(0, ALI), job(20, ALI, NOOR, person=BERTIL, needed=2)], "minute"),
        ([job(0, ALI, NOOR, needed=2, came=((ALI, at(0)), (NOOR, at(12))))], "apart"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_does_not_add_up_is_named(jobs: list[Job], code: str) -> None:
    assert codes(jobs) == [code]


def test_the_words_say_who_where_and_how_much_is_missing() -> None:
    words = conflicts([job(0, ALI), job(32, ALI, person=BERTIL)], TEAM)[0].words
    assert words == "Ali har 2 minuter mellan Astrid 09:00 och Bertil 09:32. Vägen tar omkring 6."


def test_two_visits_at_the_same_persons_need_no_travel() -> None:
    assert codes([job(0, ALI), job(30, ALI)]) == []


def test_another_area_takes_longer_and_a_car_less() -> None:
    assert travel_minutes("bicycle", "Norra", "Centrum") > travel_minutes("bicycle", "Norra", "Norra")
    assert travel_minutes("car", "Norra", "Centrum") < travel_minutes("foot", "Norra", "Centrum")


def test_a_sick_carers_visits_wait_for_somebody() -> None:
    assert codes([job(0, ALI)], [replace(TEAM[0], present=False), TEAM[1]]) == ["absent"]


def test_eleven_hours_of_rest_are_counted() -> None:
    late = Hand(ALI, "Ali", at(-720), at(-300))
    assert codes([], [late, TEAM[0]]) == ["rest"]


def test_the_proposal_gives_to_who_has_met_the_person() -> None:
    visit = job(0)
    assert propose([visit], TEAM, met={(ASTRID, NOOR): 3}).given == ((visit.key, NOOR),)
    assert propose([replace(visit, preferred=(ALI,))], TEAM, met={(ASTRID, NOOR): 3}).given == (
        (visit.key, ALI),
    )


def test_what_nobody_can_do_is_left_with_why() -> None:
    visit = job(0, delegations=("insulin",))
    proposal = propose([visit], TEAM)
    assert proposal.given == ()
    assert "saknar delegering: insulin" in proposal.left[0][1]
    nurse = hand(LENA, "Lena", can=Competence(licensed=True))
    assert propose([visit], [*TEAM, nurse]).given == ((visit.key, LENA),)


def test_a_visit_for_two_is_proposed_to_two() -> None:
    visit = job(0, needed=2)
    assert {carer for _, carer in propose([visit], TEAM).given} == {ALI, NOOR}


def test_stand_ins_are_ranked_by_what_speaks_against_them_and_then_by_having_met() -> None:
    sick = job(0, LENA)
    busy = job(10, ALI, person=BERTIL)
    ranked = stand_ins(sick, [sick, busy], TEAM, met={(ASTRID, ALI): 9})
    assert [one.name for one in ranked] == ["Noor", "Ali"]
    assert ranked[0].fits
    assert "två besök på en gång" in ranked[1].against[0]


@settings(max_examples=60)
@given(
    st.lists(
        st.builds(
            lambda start, minutes, person, needed: Job(
                uuid4(), person, "Astrid", at(start), minutes, needed=needed
            ),
            st.integers(-60, 420),
            st.integers(5, 90),
            st.sampled_from([ASTRID, BERTIL]),
            st.integers(1, 2),
        ),
        max_size=12,
    )
)
def test_a_proposal_never_makes_a_plan_that_does_not_add_up(jobs: list[Job]) -> None:
    proposal = propose(jobs, TEAM)
    given_to: dict[UUID, list[UUID]] = {}
    for visit, carer in proposal.given:
        given_to.setdefault(visit, []).append(carer)
    planned = [replace(one, goers=tuple(given_to.get(one.key, ()))) for one in jobs]
    assert set(codes(planned)) <= {"nobody", "fewer"}
    assert propose(jobs, TEAM) == proposal  # and the same day gives the same one

"""A colleague's whole desk: handed to one or shared by several, at once or on a day, and nothing is left behind."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from livlina.authority.cases import actions
from livlina.authority.cases.actions import HandOverRefused
from livlina.authority.cases.jobs import hand_over_desks
from livlina.authority.cases.models import Case, CaseEvent, DeskHandOver, FormDraft
from livlina.core.access import Refused
from livlina.core.calendar import Channel
from livlina.core.models import Assignment, User
from livlina.registers.people import actions as people
from livlina.registers.watches import actions as watches
from livlina.registers.watches import queries as watch_queries
from livlina.registers.watches.actions import Owner
from livlina.registers.watches.models import Watch, WatchDesk


def user_of(actor):
    return User.objects.get(pk=actor.user_id)


@pytest.fixture
def agnes(as_staff):
    """A third case worker of the unit."""
    return as_staff("Agnes Roth", "case_worker", "Biståndsenheten")


@pytest.fixture
def karins_desk(assigned_case, karin, maria, sofia, bertil, now):
    """Two cases of Astrid's, one of Bertil's, a draft, a watch of her own and one about a case's clock."""
    more = []
    for person in (assigned_case.person, bertil):
        application = actions.register_application(
            "social_alarm", person, {}, found_on=now.date(), how=Channel.PHONE, by=sofia, now=now
        )
        more.append(actions.assign_case(application.cases.get(), user_of(karin), by=maria, now=now))
    actions.save_draft(
        assigned_case, "investigation", {"assessment": ["Jag tror"]}, version=0, by=karin, now=now
    )
    own = Owner("case_worker", karin.unit_id, karin.user_id)
    clock = assigned_case.deadlines.filter(state="running").first()
    sources = {
        "cases.deadline": ("cases.deadline", clock.pk),
        "cases.information_awaited": ("cases.case", uuid4()),
    }
    for kind, source in sources.items():
        watches.raise_watch(
            kind, source, owner=own, due_at=now, by=karin, now=now, person_id=assigned_case.person_id
        )
    return [assigned_case, *more]


def left_with(actor):
    """Everything that still names someone as the one who shall do it."""
    return (
        Case.objects.filter(responsible_id=actor.user_id, closed_at=None).count(),
        Watch.objects.filter(user_id=actor.user_id, closed_at=None).count(),
        WatchDesk.objects.filter(user_id=actor.user_id).count(),
        FormDraft.objects.filter(user_id=actor.user_id).count(),
    )


def test_all_of_karins_desk_goes_to_johan_and_nothing_is_left(karins_desk, karin, johan, maria, now):
    row = actions.hand_over_desk(
        uuid4(),
        user_of(karin),
        [user_of(johan)],
        from_day=now.date(),
        reason="Karin slutar",
        by=maria,
        now=now,
    )
    assert row.result == {"cases": 3, "watches": 2, "drafts": 1, "kept_drafts": 0}
    assert left_with(karin) == (0, 0, 0, 0)
    assert left_with(johan)[0] == 3
    for case in karins_desk:
        event = CaseEvent.objects.get(case=case, step="hand_over")
        assert event.label == "Överlämnat från Karin Ekdal till Johan Brink"
        assert event.detail["reason"] == "Karin slutar"
    assert len(watch_queries.todays(johan, now).lines) == 2
    assert watch_queries.todays(karin, now).lines == []


def test_the_same_act_sent_twice_is_done_once(karins_desk, karin, johan, agnes, maria, now):
    key = uuid4()
    for to in (johan, agnes):
        actions.hand_over_desk(
            key, user_of(karin), [user_of(to)], from_day=now.date(), reason="Karin slutar", by=maria, now=now
        )
    assert left_with(johan)[0] == 3
    assert left_with(agnes)[0] == 0
    assert CaseEvent.objects.filter(step="hand_over").count() == 3
    assert DeskHandOver.objects.count() == 1


def test_shared_by_two_one_persons_cases_stay_together_and_watches_follow(
    karins_desk, karin, johan, agnes, maria, now
):
    astrids, again, bertils = karins_desk
    actions.hand_over_desk(
        uuid4(), user_of(karin), [user_of(johan), user_of(agnes)], from_day=now.date(), reason="Delas",
        chosen={bertils.pk: agnes.user_id}, by=maria, now=now,
    )  # fmt: skip
    for case in karins_desk:
        case.refresh_from_db()
    assert astrids.responsible_id == again.responsible_id == johan.user_id
    assert bertils.responsible_id == agnes.user_id
    assert {watch.user_id for watch in Watch.objects.filter(closed_at=None, person=astrids.person)} == {
        johan.user_id
    }
    assert left_with(karin) == (0, 0, 0, 0)


def test_a_day_to_come_is_carried_out_that_morning_with_what_lies_there_then(
    karins_desk, karin, johan, maria, now
):
    day = now.date() + timedelta(days=3)
    row = actions.hand_over_desk(
        uuid4(), user_of(karin), [user_of(johan)], from_day=day, reason="Ledig", by=maria, now=now
    )
    assert row.done_at is None
    assert hand_over_desks(maria.municipality_id, now + timedelta(days=2)) == 0
    assert left_with(karin)[0] == 3
    assert hand_over_desks(maria.municipality_id, now + timedelta(days=3)) == 1
    assert hand_over_desks(maria.municipality_id, now + timedelta(days=3)) == 0
    assert left_with(karin) == (0, 0, 0, 0)


def test_when_the_one_who_should_take_over_has_left_the_manager_is_told(
    karins_desk, karin, johan, maria, now
):
    day = now.date() + timedelta(days=3)
    actions.hand_over_desk(
        uuid4(), user_of(karin), [user_of(johan)], from_day=day, reason="Ledig", by=maria, now=now
    )
    Assignment.objects.filter(user_id=johan.user_id).update(valid_to=now.date())
    assert hand_over_desks(maria.municipality_id, now + timedelta(days=3)) == 0
    assert left_with(karin)[0] == 3
    assert Watch.objects.filter(type="cases.hand_over_stuck", role="unit_manager", closed_at=None).exists()


def test_a_protected_persons_case_goes_only_to_a_named_one(karins_desk, karin, johan, agnes, maria, now):
    hidden = karins_desk[0].person
    people.set_protection(hidden, "secrecy_marked", by=karin, now=now)
    give = {"from_day": now.date(), "reason": "Karin slutar", "by": maria, "now": now}
    with pytest.raises(HandOverRefused, match="skyddade uppgifter"):
        actions.hand_over_desk(uuid4(), user_of(karin), [user_of(johan), user_of(agnes)], **give)
    assert left_with(karin)[0] == 3
    people.grant_protected_access(hidden, user_of(agnes), reason="Tar över", by=maria, now=now)
    actions.hand_over_desk(uuid4(), user_of(karin), [user_of(johan), user_of(agnes)], **give)
    assert set(Case.objects.filter(person=hidden).values_list("responsible_id", flat=True)) == {agnes.user_id}


@pytest.mark.parametrize("who", ["karin", "gunnar", "eva", "ola"])
def test_nobody_but_the_units_manager_hands_a_desk_over(who, karins_desk, karin, johan, now, request):
    by = request.getfixturevalue(who)
    if who == "gunnar":  # a manager of another branch: the desk there is empty, and Johan does not work there
        with pytest.raises(HandOverRefused):
            actions.hand_over_desk(
                uuid4(), user_of(karin), [user_of(johan)], from_day=now.date(), reason="Nej", by=by, now=now
            )
    else:
        with pytest.raises(Refused):
            actions.hand_over_desk(
                uuid4(), user_of(karin), [user_of(johan)], from_day=now.date(), reason="Nej", by=by, now=now
            )
    assert left_with(karin)[0] == 3


def test_maria_hands_over_through_the_pages(karins_desk, karin, johan, agnes, maria, client_of):
    browser = client_of(maria)
    listed = browser.get(reverse("cases:desks")).content.decode()
    assert "Karin Ekdal" in listed
    address = reverse("cases:desk", args=[karin.user_id])
    page = browser.get(address).content.decode()
    assert karins_desk[0].number in page
    assert "Utkast" in page
    today = f"{datetime.now().astimezone():%Y-%m-%d}"
    typed = {"to": [johan.user_id, agnes.user_id], "from_day": today, "reason": "Karin slutar"}
    assert browser.post(address, typed | {"to": []}).status_code == 422
    check = browser.post(address, typed | {"do": "check"}).content.decode()
    assert "3 ärenden, 2 bevakningar och 1 utkast" in check
    assert left_with(karin)[0] == 3
    chosen = {f"case:{case.pk}": johan.user_id for case in karins_desk}
    done = browser.post(address, typed | chosen | {"do": "hand_over", "key": str(uuid4())}, follow=True)
    assert "är överlämnat: 3 ärenden" in done.content.decode()
    assert left_with(johan)[0] == 3
    assert client_of(karin).get(address).status_code == 404

"""Standing in for a colleague: for a time, in the same unit and role, and nothing is opened that was shut."""

from datetime import timedelta

import pytest
from django.urls import reverse

from livlina.core import clock
from livlina.core.access import Refused
from livlina.core.models import User
from livlina.registers.watches import queries, substitutes
from livlina.registers.watches.models import Substitute
from livlina.registers.watches.substitutes import SubstituteRefused


def user_of(actor):
    return User.objects.get(pk=actor.user_id)


@pytest.fixture
def stands_in():
    """Return a function by which someone appoints a substitute for today and three days more.

    Today is the clock's own: the access rules go by it.
    """
    now = clock.now()

    def appoint(absent, substitute, by, *, days=3):
        first = now.date()
        return substitutes.appoint(
            user_of(absent),
            user_of(substitute),
            first=first,
            last=first + timedelta(days=days),
            by=by,
            now=now,
        )

    return appoint


def test_what_lies_with_karin_lies_with_johan_too_until_the_last_day_is_over(
    karin, johan, stands_in, watch_for, now
):
    watch = watch_for(karin, own=True)
    assert queries.todays(johan, now).total == 0
    stands_in(karin, johan, karin)
    assert [line.watch for line in queries.todays(johan, now).lines] == [watch]
    assert [line.watch for line in queries.todays(karin, now).lines] == [watch]
    row = Substitute.objects.get()
    row.valid_to = clock.today() - timedelta(days=1)
    row.save(update_fields=["valid_to"])
    assert queries.stood_in_for(johan, clock.today()).count() == 0
    assert queries.todays(johan, now).total == 0


def test_appointed_twice_it_is_one_and_it_can_be_ended(karin, johan, stands_in):
    row = stands_in(karin, johan, karin)
    assert stands_in(karin, johan, karin) == row
    assert queries.stood_in_for(johan, clock.today()).count() == 1
    substitutes.end(row, by=johan, now=clock.now())
    assert queries.stood_in_for(johan, clock.today()).count() == 0
    assert Substitute.objects.count() == 1


def test_karin_appoints_for_herself_and_the_manager_for_anyone(karin, johan, maria, stands_in):
    with pytest.raises(SubstituteRefused, match="för dig själv"):
        stands_in(johan, karin, karin)
    assert stands_in(johan, karin, maria).appointed_by_name == maria.name


def test_nobody_of_another_unit_branch_or_role_stands_in(karin, fatima, maria, petra, sofia, stands_in):
    for other in (fatima, petra, sofia):
        with pytest.raises(SubstituteRefused, match="inte samma uppdrag"):
            stands_in(karin, other, maria)
    with pytest.raises(Refused):
        stands_in(karin, fatima, sofia)


def test_a_substitute_without_the_absent_ones_branches_is_refused(asvalla, karin, as_staff, maria, stands_in):
    wide = as_staff("Wilma Storm", "case_worker", "Biståndsenheten", compartments=(1, 5))
    with pytest.raises(SubstituteRefused):
        stands_in(wide, karin, maria)
    assert stands_in(karin, wide, maria)


@pytest.mark.parametrize("days", [-1, 400])
def test_a_time_that_is_over_or_too_long_is_refused(days, karin, johan, stands_in):
    with pytest.raises(SubstituteRefused):
        stands_in(karin, johan, karin, days=days)


def test_maria_appoints_and_ends_through_the_page(karin, johan, maria, client_of):
    browser, address = client_of(maria), reverse("watches:substitutes")
    typed = {
        "absent": karin.user_id,
        "substitute": johan.user_id,
        "first": "2027-01-04",
        "last": "2027-01-08",
    }
    assert browser.post(address, typed | {"last": ""}).status_code == 422
    assert browser.post(address, typed | {"substitute": karin.user_id}).status_code == 422
    said = browser.post(address, typed, follow=True).content.decode()
    assert "Johan Brink ersätter Karin Ekdal" in said
    row = Substitute.objects.get()
    assert "Johan Brink" in client_of(karin).get(address).content.decode()
    browser.post(reverse("watches:end_substitute", args=[row.pk]))
    assert "Ingen ersätter någon" in browser.get(address).content.decode()

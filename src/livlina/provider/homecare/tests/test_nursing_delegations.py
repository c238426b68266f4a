"""A delegation is personal, written, for a year at most, and taken back at once; whoever plans hears of it the same day."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from livlina.core import outbox
from livlina.core.access import Actor, Refused, allowed
from livlina.provider.homecare import jobs_nursing
from livlina.provider.homecare.actions import delegation
from livlina.provider.homecare.actions.delegation import DelegationRefused
from livlina.provider.homecare.models import Delegation
from livlina.provider.homecare.queries import nursing as queries
from livlina.registers.people.models import Person
from livlina.registers.watches.models import Watch

MONDAY = date(2026, 3, 2)


def test_a_nurse_delegates_to_a_carer_of_the_unit(
    ali_in_care: Actor, give: Callable[..., Delegation]
) -> None:
    held = give(ali_in_care)
    assert give(ali_in_care) == held
    assert ali_in_care.assignment_id
    assert queries.delegations_of(ali_in_care.assignment_id, MONDAY) == {("medicine_dose", None)}
    assert queries.delegations_of(ali_in_care.assignment_id, date(2027, 3, 3)) == set()


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ({"valid_to": date(2027, 3, 3)}, "högst ett år"),
        ({"valid_from": date(2026, 3, 1)}, "bakåt"),
        ({"valid_to": date(2026, 3, 1)}, "Sista"),
        ({"tested": " "}, "prövats"),
        ({"task": "surgery"}, "uppgift"),
    ],
)
def test_a_delegation_that_lacks_something_is_told_what(
    ali_in_care: Actor, give: Callable[..., Delegation], said: dict[str, object], word: str
) -> None:
    with pytest.raises(DelegationRefused, match=word):
        give(ali_in_care, **said)


def test_nobody_but_a_nurse_delegates_and_nobody_to_another_unit(
    ali_in_care: Actor, petra: Actor, erik: Actor, lena: Actor, now: datetime, give: Callable[..., Delegation]
) -> None:
    said = {"valid_from": MONDAY, "valid_to": MONDAY, "tested": "Prov", "now": now}
    for by in (petra, erik, ali_in_care):
        assert ali_in_care.assignment_id
        with pytest.raises(Refused):
            delegation.give_delegation(ali_in_care.assignment_id, "insulin", by=by, **said)
    with pytest.raises(DelegationRefused, match="er enhet"):
        give(erik)
    with pytest.raises(DelegationRefused, match="omsorgspersonalen"):
        give(petra)


def test_one_for_a_person_lets_nobody_else_be_done_for(
    ali_in_care: Actor, astrid_nursed: Person, bertil_nursed: Person, give: Callable[..., Delegation]
) -> None:
    give(ali_in_care, "insulin", person_id=astrid_nursed.pk)
    assert ali_in_care.assignment_id
    held = queries.delegations_of(ali_in_care.assignment_id, MONDAY)
    assert queries.may_do(held, "insulin", astrid_nursed.pk)
    assert not queries.may_do(held, "insulin", bertil_nursed.pk)
    assert not queries.may_do(held, "wound", astrid_nursed.pk)


def test_taken_back_it_holds_no_more_and_the_manager_hears_of_it(
    ali_in_care: Actor, lena: Actor, now: datetime, give: Callable[..., Delegation]
) -> None:
    held = give(ali_in_care)
    with pytest.raises(DelegationRefused, match="varför"):
        delegation.revoke_delegation(held, "", by=lena, now=now)
    delegation.revoke_delegation(held, "Två felgivna doser.", by=lena, now=now)
    delegation.revoke_delegation(held, "Igen.", by=lena, now=now + timedelta(hours=1))
    held.refresh_from_db()
    assert (held.revoked_at, held.revoked_reason) == (now, "Två felgivna doser.")
    assert ali_in_care.assignment_id
    assert queries.delegations_of(ali_in_care.assignment_id, MONDAY) == set()
    outbox.deliver_waiting()
    told = Watch.objects.get(type="nursing.revoked")
    assert (told.role, told.object_id, told.person_id) == ("provider_manager", held.pk, None)
    with pytest.raises(DelegationRefused, match="återkallad"):
        delegation.renew_delegation(held, date(2026, 6, 1), "Prov", by=lena, now=now)


def test_before_it_ends_the_nurses_are_told_at_60_30_and_7_days_once_each(
    ali_in_care: Actor, lena: Actor, now: datetime, give: Callable[..., Delegation]
) -> None:
    held = give(ali_in_care, valid_to=date(2026, 8, 31))
    told = {}
    for back in (61, 60, 59, 31, 30, 29, 8, 7, 1):
        moment = now + timedelta(days=(held.valid_to - MONDAY).days - back)
        told[back] = jobs_nursing.warn_of_expiry(lena.municipality_id, moment)
    assert told == {61: 0, 60: 1, 59: 0, 31: 0, 30: 1, 29: 0, 8: 0, 7: 1, 1: 0}
    still = Watch.objects.filter(object_id=held.pk, closed_at=None)
    assert [one.type for one in still] == ["nursing.expires_7"]


def test_renewed_it_goes_on_from_the_day_after_and_nobody_is_warned(
    ali_in_care: Actor, lena: Actor, now: datetime, give: Callable[..., Delegation]
) -> None:
    held = give(ali_in_care, valid_to=date(2026, 6, 1))
    soon = now + timedelta(days=70)
    assert jobs_nursing.warn_of_expiry(lena.municipality_id, soon) == 1
    new = delegation.renew_delegation(held, date(2027, 6, 1), "Prövad på nytt", by=lena, now=soon)
    assert (new.valid_from, new.valid_to, new.carer_id) == (date(2026, 6, 2), date(2027, 6, 1), held.carer_id)
    assert not Watch.objects.filter(closed_at=None).exists()
    assert jobs_nursing.warn_of_expiry(lena.municipality_id, soon + timedelta(days=15)) == 0


def test_a_short_one_is_not_warned_of_the_day_it_is_given(
    ali_in_care: Actor, lena: Actor, now: datetime, give: Callable[..., Delegation]
) -> None:
    give(ali_in_care, valid_to=date(2026, 3, 22))
    assert jobs_nursing.warn_of_expiry(lena.municipality_id, now) == 0
    assert jobs_nursing.warn_of_expiry(lena.municipality_id, now + timedelta(days=13)) == 1


def test_a_manager_sees_the_units_delegations_and_a_carer_their_own(
    ali: Actor, ali_in_care: Actor, petra: Actor, erik: Actor, karin: Actor, give: Callable[..., Delegation]
) -> None:
    give(ali)
    give(ali_in_care)
    seen = {
        one.name: allowed(one, "nursing.delegations", Delegation.objects.all()).count()
        for one in (petra, ali_in_care, erik, karin)
    }
    assert seen == {"Petra Nyström": 2, "Ali Omsorg": 1, "Erik Sand": 0, "Karin Ekdal": 0}

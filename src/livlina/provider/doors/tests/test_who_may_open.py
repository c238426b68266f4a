"""Who may open which door, and when: continuity.md 1.2, row by row."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from livlina.core.access import Actor, Refused, may
from livlina.core.keys import Pair
from livlina.provider.doors import actions
from livlina.provider.doors.access import KINDS
from livlina.provider.doors.actions import GrantRefused
from livlina.provider.doors.models import Grant, Lock
from livlina.provider.doors.protocol.faults import Fault
from livlina.provider.doors.protocol.token import verify
from livlina.provider.doors.queries import issuer
from livlina.provider.doors.tests.fixtures import Roster, assignment, key_pair
from livlina.registers.people.models import Person
from tests.people import staff

HOUR = timedelta(hours=1)


@pytest.fixture
def ask(now: datetime, alis_phone: Pair) -> Callable[..., tuple[Grant, bytes]]:
    """Return a function that asks for a key to doors for one's own phone, for the nine hours that follow."""

    def make(kind: str, who: Actor, locks: Sequence[Lock], **more: Any) -> tuple[Grant, bytes]:
        known: dict[str, Any] = {
            "holder": assignment(who), "public": alis_phone.public, "not_before": now, "expires": now + 8 * HOUR,
            "by": who, "now": now,
        }  # fmt: skip
        return actions.grant(kind, locks=locks, **(known | more))

    return make


@pytest.fixture
def day(roster: Roster, ali: Actor, lena: Actor, astrid: Person, now: datetime) -> Roster:
    """Ali and Lena work from nine to five; Ali visits Astrid at ten."""
    roster.works(ali, now)
    roster.works(lena, now)
    roster.visits(ali, astrid, now + HOUR)
    return roster


def test_a_carer_gets_a_key_to_the_doors_behind_her_planned_visits(
    ask: Any, day: Roster, ali: Actor, astrids_door: Lock, alis_phone: Pair, now: datetime
) -> None:
    row, token = ask("shift", ali, [astrids_door])
    said = verify(token, issuer(ali.municipality_id, now).public, int(now.timestamp()))
    assert said.doors == {astrids_door.number: astrids_door.epoch}
    assert said.phone.hex() == row.thumbprint
    assert said.kind == "shift"
    assert said.issuer == "asvalla"
    assert len(token) <= 250


def test_a_token_says_nothing_of_whose_door_it_is(
    ask: Any, day: Roster, ali: Actor, astrids_door: Lock
) -> None:
    _, token = ask("shift", ali, [astrids_door])
    for word in (b"Astrid", b"Lindqvist", b"Bj\xc3\xb6rk", b"1938"):
        assert word not in token


def test_a_carer_gets_no_key_to_a_door_where_she_has_no_visit(
    ask: Any, day: Roster, ali: Actor, astrids_door: Lock, door_for: Callable[..., Lock], bertil: Person
) -> None:
    with pytest.raises(GrantRefused, match="inget besök"):
        ask("shift", ali, [astrids_door, door_for(bertil)])
    assert not Grant.objects.exists()


def test_a_key_holds_from_an_hour_before_the_shift_to_an_hour_after(
    ask: Any, day: Roster, ali: Actor, astrids_door: Lock, now: datetime
) -> None:
    row, _ = ask("shift", ali, [astrids_door], not_before=now - 3 * HOUR, expires=now + 10 * HOUR)
    assert (row.not_before, row.expires) == (now - HOUR, now + 9 * HOUR)


def test_a_lock_that_allows_for_clocks_still_opens_to_no_key_after_its_row_says_it_ended(
    ask: Any, day: Roster, ali: Actor, astrids_door: Lock, now: datetime
) -> None:
    row, token = ask("shift", ali, [astrids_door])
    public, end = issuer(ali.municipality_id, now).public, int(row.expires.timestamp())
    assert verify(token, public, end).kind == "shift"
    with pytest.raises(Fault) as ended:
        verify(token, public, end + 1)
    assert ended.value.code == "expired"


def test_nobody_gets_a_key_that_lasts_longer_than_the_shift_and_two_hours(
    ask: Any, day: Roster, ali: Actor, astrids_door: Lock, now: datetime
) -> None:
    with pytest.raises(GrantRefused, match="två timmar efter passet"):
        ask("shift", ali, [astrids_door], expires=now + 10 * HOUR + timedelta(minutes=1))


def test_nobody_gets_a_key_of_more_than_fourteen_hours(
    ask: Any, roster: Roster, ali: Actor, astrid: Person, astrids_door: Lock, now: datetime
) -> None:
    roster.works(ali, now, hours=13)
    roster.visits(ali, astrid, now + HOUR)
    with pytest.raises(GrantRefused, match="fjorton timmar"):
        ask("shift", ali, [astrids_door], not_before=now - HOUR, expires=now + 14 * HOUR)


def test_without_a_shift_there_is_no_key(
    ask: Any, roster: Roster, ali: Actor, astrid: Person, astrids_door: Lock, now: datetime
) -> None:
    roster.visits(ali, astrid, now + HOUR)
    with pytest.raises(GrantRefused, match="arbetspass"):
        ask("shift", ali, [astrids_door])


def test_a_stand_in_keeps_her_keys_to_the_end_of_the_shift_and_no_longer(
    ask: Any, day: Roster, ali: Actor, astrids_door: Lock, now: datetime
) -> None:
    row, _ = ask("stand_in", ali, [astrids_door], expires=now + 9 * HOUR)
    assert row.expires == now + 8 * HOUR


def test_the_night_patrol_gets_the_doors_of_its_area_with_a_reason(
    ask: Any, roster: Roster, ali: Actor, astrids_door: Lock, now: datetime
) -> None:
    roster.works(ali, now, round=True, area="Centrum")
    with pytest.raises(GrantRefused, match="skäl"):
        ask("round", ali, [astrids_door], area="Centrum")
    row, token = ask("round", ali, [astrids_door], area="Centrum", reason="Nattpatrull")
    said = verify(token, issuer(ali.municipality_id, now).public, int(now.timestamp()))
    assert said.area == "Centrum"
    assert not said.doors
    assert row.lock_numbers == [astrids_door.number]


def test_the_night_patrol_gets_no_door_of_another_area_and_nobody_else_gets_an_area(
    ask: Any,
    day: Roster,
    ali: Actor,
    lena: Actor,
    door_for: Callable[..., Lock],
    bertil: Person,
    now: datetime,
) -> None:
    norra = door_for(bertil, area="Norra")
    with pytest.raises(GrantRefused, match="arbetspass"):
        ask("round", ali, [norra], area="Norra", reason="Larm")
    day.works(ali, now, round=True, area="Centrum")
    with pytest.raises(GrantRefused, match="annat område"):
        ask("round", ali, [norra], area="Norra", reason="Larm")
    with pytest.raises(GrantRefused, match="inte i området"):
        ask("round", ali, [norra], area="Centrum", reason="Larm")


def test_a_nurse_gets_the_doors_of_those_who_have_nursing(
    ask: Any, day: Roster, lena: Actor, lenas_phone: Pair, astrid: Person, astrids_door: Lock
) -> None:
    with pytest.raises(GrantRefused, match="hälso- och sjukvård"):
        ask("nursing", lena, [astrids_door], public=lenas_phone.public)
    day.patients.add(astrid.pk)
    row, _ = ask("nursing", lena, [astrids_door], public=lenas_phone.public)
    assert row.kind == "nursing"  # its own legal basis, told in the log


def test_a_carer_gets_no_nursing_key(
    ask: Any, day: Roster, ali: Actor, astrid: Person, astrids_door: Lock
) -> None:
    day.patients.add(astrid.pk)
    with pytest.raises(GrantRefused, match="kan inte ha en sådan nyckel"):
        ask("nursing", ali, [astrids_door])


def test_a_fitter_gets_one_address_that_waits_for_its_lock(
    ask: Any, roster: Roster, petra: Actor, ali: Actor, astrid: Person, bertil: Person, astrids_door: Lock,
    door_for: Callable[..., Lock],
) -> None:  # fmt: skip
    new = door_for(astrid, state="planned", fitted_at=None)
    other = door_for(bertil, state="planned", fitted_at=None)
    row, _ = ask("fitting", ali, [new], by=petra)
    assert row.holder_name == "Ali Hassan"
    with pytest.raises(GrantRefused, match="en dörr i taget"):
        ask("fitting", ali, [new, other], by=petra)
    with pytest.raises(GrantRefused, match="monterat"):
        ask("fitting", ali, [astrids_door], by=petra)


def test_another_provider_gets_only_the_doors_it_is_let_in_to_and_while_it_runs(
    ask: Any, roster: Roster, erik: Actor, petra: Actor, astrid: Person, astrids_door: Lock, now: datetime
) -> None:
    nils = staff_at_norrgarden(erik)
    roster.works(nils, now)
    roster.visits(nils, astrid, now + HOUR)
    with pytest.raises(GrantRefused, match="annan enhet"):
        ask("shift", nils, [astrids_door])
    theirs = assignment(erik).unit
    row = actions.let_unit_in(
        astrids_door, theirs, "Kvällsinsats", now.date() - timedelta(days=1), None, by=petra, now=now
    )
    assert ask("shift", nils, [astrids_door])[0].unit_id == erik.unit_id
    actions.end_unit(row, by=petra, now=now)
    with pytest.raises(GrantRefused, match="annan enhet"):
        ask("shift", nils, [astrids_door])


def test_an_emergency_key_lies_ready_for_the_area_of_the_shift(
    ask: Any, roster: Roster, ali: Actor, astrids_door: Lock, now: datetime
) -> None:
    roster.works(ali, now, area="Centrum")
    row, _ = ask("emergency", ali, [astrids_door], area="Centrum")
    assert row.used_at is None
    with pytest.raises(GrantRefused, match="område"):
        ask("emergency", ali, [astrids_door], area="")


def test_a_continuation_key_is_for_the_next_shift_and_names_who_may_open_it(
    ask: Any, day: Roster, ali: Actor, astrid: Person, astrids_door: Lock, now: datetime, lenas_phone: Pair
) -> None:
    tomorrow = now + timedelta(days=1)
    day.works(ali, tomorrow)
    day.visits(ali, astrid, tomorrow + HOUR)
    when = {"not_before": tomorrow, "expires": tomorrow + 8 * HOUR}
    leader = bytes.fromhex(key_thumbprint(lenas_phone))
    row, token = ask("continuation", ali, [astrids_door], leaders=[leader], **when)
    said = verify(token, issuer(ali.municipality_id, now).public, int(tomorrow.timestamp()))
    assert said.leaders == (leader,)
    assert row.not_before == tomorrow
    with pytest.raises(GrantRefused, match="continuation"):
        ask("continuation", ali, [astrids_door], **when)


OFFICE = ("petra", "erik", "karin", "maria", "sofia", "eva", "duty", "kerstin", "ola", "anders")


@pytest.mark.parametrize("name", OFFICE)
def test_nobody_in_an_office_can_hold_a_key_of_any_kind(
    name: str, request: pytest.FixtureRequest, astrids_door: Lock
) -> None:
    who = request.getfixturevalue(name)
    assert [kind for kind in KINDS if may(who, f"doors.hold_{kind}")] == []
    assert not may(who, "doors.hold_shift", astrids_door)


@pytest.mark.parametrize("name", ["petra", "karin", "ola"])
def test_nobody_in_an_office_is_given_one_even_with_a_shift_and_a_visit(
    name: str, request: pytest.FixtureRequest, ask: Any, roster: Roster, astrid: Person, astrids_door: Lock,
    now: datetime,
) -> None:  # fmt: skip
    who = request.getfixturevalue(name)
    roster.works(who, now, round=True, area="Centrum")
    roster.visits(who, astrid, now + HOUR)
    for kind in KINDS:
        with pytest.raises((Refused, GrantRefused)):
            ask(kind, who, [astrids_door], area="Centrum", reason="Larm")
    assert not Grant.objects.exists()


def test_nobody_has_a_key_made_for_a_colleague(
    ask: Any, day: Roster, ali: Actor, lena: Actor, petra: Actor, astrids_door: Lock
) -> None:
    for by in (lena, petra):
        with pytest.raises(Refused):
            ask("shift", ali, [astrids_door], by=by)


@pytest.mark.parametrize("agreed", [(), ("client",), ("owner",)])
def test_no_key_is_made_to_a_lock_that_both_have_not_agreed_to(
    agreed: tuple[str, ...], ask: Any, day: Roster, ali: Actor, astrid: Person, door_for: Callable[..., Lock]
) -> None:
    with pytest.raises(GrantRefused, match="samtycke saknas"):
        ask("shift", ali, [door_for(astrid, agreed=agreed)])


def test_a_consent_that_was_taken_back_ends_new_keys_and_asks_for_the_lock_to_come_down(
    ask: Any, day: Roster, ali: Actor, petra: Actor, astrids_door: Lock, now: datetime
) -> None:
    from livlina.registers.watches.models import Watch

    actions.withdraw_consent(astrids_door.consents.get(whose="client"), by=petra, now=now)
    with pytest.raises(GrantRefused, match="den enskilde"):
        ask("shift", ali, [astrids_door])
    assert Watch.objects.get(type="doors.take_down").object_id == astrids_door.pk


@pytest.mark.parametrize("state", ["planned", "removed"])
def test_no_key_is_made_to_a_lock_that_is_not_in_use(
    state: str, ask: Any, day: Roster, ali: Actor, astrid: Person, door_for: Callable[..., Lock]
) -> None:
    with pytest.raises(GrantRefused, match="Lås"):
        ask("shift", ali, [door_for(astrid, state=state)])


def test_a_phone_that_was_ended_gets_no_more_keys(
    ask: Any, day: Roster, ali: Actor, petra: Actor, astrids_door: Lock, now: datetime
) -> None:
    row, _ = ask("shift", ali, [astrids_door])
    actions.revoke_key(row.thumbprint, reason="Tappad", by=petra, now=now)
    with pytest.raises(GrantRefused, match="spärrad"):
        ask("shift", ali, [astrids_door])
    assert ask("shift", ali, [astrids_door], public=key_pair().public)


def key_thumbprint(phone: Pair) -> str:
    from livlina.core.keys import thumbprint

    return thumbprint(phone.public)


def staff_at_norrgarden(erik: Actor) -> Actor:
    from livlina.core.models import Municipality

    where = Municipality.objects.get(pk=erik.municipality_id)
    return staff(where, "Nisse Ahl", "provider_staff", "Norrgårdens hemtjänst")

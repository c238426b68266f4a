"""What a lock keeps, tells and lets go: its log, its flash and its answers."""

from dataclasses import replace

import pytest

from livlina.provider.doors.protocol import log, messages
from livlina.provider.doors.protocol.faults import CODES, WORDS, Fault
from livlina.provider.doors.protocol.log import Entry, Log
from livlina.provider.doors.protocol.memory import Memory
from livlina.provider.doors.protocol.phone import Phone
from livlina.provider.doors.protocol.trial import trouble
from livlina.provider.doors.protocol.trial.world import DAY, DOOR, World


@pytest.fixture
def door() -> World:
    return World()


def entries(answer: messages.Answer) -> list[Entry]:
    return [Entry.parse(raw) for raw in answer.entries]


def test_an_opening_says_who_when_and_by_which_key(door):
    held = door.mint()
    [entry] = entries(door.meet([held]))
    assert (entry.door, entry.number, entry.outcome, entry.at) == (DOOR, 1, "opened", door.now)
    assert (entry.token, entry.phone) == (trouble.name_of(held), door.carer.key.thumbprint)
    assert entry.lent == b""
    assert len(entry.raw) <= 200


def test_a_borrowed_key_is_written_with_both_names(door):
    held = door.mint()
    [entry] = entries(door.meet([held, door.loan(held)], door.colleague))
    assert entry.token == trouble.name_of(held)
    assert len(entry.lent) == 16
    assert entry.phone == door.colleague.key.thumbprint


def test_an_emergency_cannot_be_hidden_and_its_reason_stands_in_the_log(door):
    [entry] = entries(trouble.emergency(door))
    assert entry.reason == 4


def test_a_real_phone_that_is_refused_is_written_once_and_noise_is_only_counted(door):
    ended = door.mint(expires=door.now - DAY, not_before=door.now - DAY - 60)
    for _ in range(3):
        door.meet([ended])
        door.meet([door.mint()], door.colleague)  # another phone's key: anybody could send it
        door.act(b"noise")
    assert [(entry.outcome, entry.fault) for entry in door.lock.memory.log.entries] == [
        ("refused", "expired")
    ]
    assert door.lock.noise == 3, "those whose phone was not theirs"
    assert not door.meet([ended]).entries, "the log is not given to whoever is refused"


def test_any_phone_carries_the_log_home_and_what_is_signed_for_is_not_sent_again(door):
    for _ in range(30):
        door.meet([door.mint()])
    first = door.meet([door.mint(key=door.colleague.key.public)], door.colleague)
    assert [entry.number for entry in entries(first)] == [*range(1, 24), 31], (
        "the oldest, and what was just done"
    )
    assert first.left == 7
    ack = log.acknowledge(door.issuer.sign, door.issuer.kid, entries(first)[22])
    later = door.meet([door.mint()], door.carrying(acks=(ack,)))
    assert [entry.number for entry in entries(later)] == list(range(24, 33))
    assert log.chained(entries(later))
    rest = door.meet([door.mint()], action="read", after=30)
    assert [entry.number for entry in entries(rest)] == [31, 32]


def test_an_acknowledgement_of_another_log_or_by_a_stranger_changes_nothing(door):
    [entry] = entries(door.meet([door.mint()]))
    other = replace(entry, at=entry.at + 1)
    forged = log.acknowledge(door.stranger.sign, door.issuer.kid, entry)
    elsewhere = log.acknowledge(door.issuer.sign, door.issuer.kid, replace(entry, door=7))
    wrong = log.acknowledge(door.issuer.sign, door.issuer.kid, other)
    door.meet([door.mint()], door.carrying(acks=(forged, elsewhere, wrong)))
    assert door.lock.memory.log.acknowledged == 0


def test_a_log_that_was_changed_on_its_way_does_not_chain():
    kept = Log(b"the lock's own key")
    written = [kept.append(Entry(DOOR, 0, log.FIRST, 100 + at, "opened")) for at in range(4)]
    assert log.chained(written)
    assert not log.chained([written[0], written[2]])
    assert not log.chained([replace(written[0], at=1), *written[1:]])
    assert all(entry.made_by(b"the lock's own key") for entry in written)
    assert not replace(written[0], at=1).made_by(b"the lock's own key")
    assert not written[0].made_by(b"")


def test_a_lock_keeps_its_last_two_thousand_entries():
    kept = Log()
    for at in range(2_100):
        kept.append(Entry(DOOR, 0, log.FIRST, at, "opened"))
    assert (len(kept.entries), kept.entries[0].number, kept.number) == (2_000, 101, 2_100)
    assert kept.waiting(3)[0].number == 101


def test_flash_comes_back_as_it_was(door):
    trouble.emergency(door)
    door.hear(list_=door.ended(door.colleague.key.thumbprint), time=door.time())
    memory = door.lock.memory
    again = Memory.from_bytes(memory.to_bytes())
    assert again.to_bytes() == memory.to_bytes()
    assert (again.floor, again.revoked, again.used) == (memory.floor, memory.revoked, memory.used)
    assert again.log.entries == memory.log.entries
    with pytest.raises(ValueError, match="memory"):
        Memory.from_bytes(b"\x00\x00\x00\x01\xff")


def test_a_lock_that_runs_on_signed_time_says_so_in_its_log(door):
    door.hear(time=door.time())
    door.restart()
    [entry] = entries(door.meet([door.mint()]))
    assert entry.flags == log.FLOOR_CLOCK


def test_the_bolt_goes_back_by_itself(door):
    door.meet([door.mint()])
    assert door.lock.open(door.up)
    door.later(31)
    assert not door.lock.open(door.up)


def test_two_phones_at_one_door_both_get_in_when_the_second_tries_again(door):
    colleagues = [(door.carer, door.mint()), (door.colleague, door.mint(key=door.colleague.key.public))]
    nonces = [door.lock.challenge(door.up) for _ in colleagues]
    first, second = (
        door.act(phone.ask(nonce, DOOR, [held], now=door.now))
        for (phone, held), nonce in zip(colleagues, nonces, strict=True)
    )
    assert {first.fault, second.fault} == {"proof", "challenge"}, "the nonce was the second's, and is used"
    for phone, held in colleagues:
        assert door.meet([held], phone).outcome == "opened"


def test_entries_that_are_no_entries_are_refused(door):
    [entry] = entries(door.meet([door.mint()]))
    for spoilt in (b"", entry.raw[:-1], entry.raw + b"\x00", replace(entry, token=bytes(15)).raw):
        with pytest.raises(Fault):
            Entry.parse(spoilt)


def test_every_fault_has_words_and_keeps_its_number():
    assert all(WORDS[code] for code in CODES if code)
    assert CODES.index("expired") == 13, "numbers are on the wire: add last"
    assert CODES.index("battery") == 30


def test_a_phone_of_nobody_fetches_no_log(door):
    door.meet([door.mint()])
    answer = door.meet(
        [door.mint(by=door.stranger, key=door.third.key.public)], Phone(door.third.key), action="read"
    )
    assert (answer.outcome, answer.entries) == ("refused", ())

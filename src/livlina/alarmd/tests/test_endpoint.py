"""The path to an acknowledgement, branch by branch: what is answered, when, and what staff see when it cannot be."""

from __future__ import annotations

from dataclasses import replace

import pytest

from livlina.alarmd import endpoint as module
from livlina.alarmd import wire
from livlina.alarmd.endpoint import Endpoint
from livlina.alarmd.tests.device import ANNA, CALL, HOME, Receiver, beat, code, message, mrq, ok, told
from livlina.alarmd.wire import Answer, Fate, Keep, Send, Source

SECRET = replace(ANNA, secret="hemlig")
AWAY = Source("udp", ("198.51.100.66", 5060))


def acknowledged_too_early(receiver: Receiver, data: bytes) -> bool:
    """Does anything that says 200 come out before the record is durable?"""
    return any(isinstance(out, Send) and code(out) == 200 for out in receiver.hear(data))


# -- the order


@pytest.mark.parametrize("mty", ["ME", "RE", "IN"])
def test_nothing_is_acknowledged_before_it_is_durable(mty):
    receiver, data = Receiver(), message(mrq(mty=mty))
    assert not acknowledged_too_early(receiver, data)
    assert receiver.wait(10) == []
    assert not acknowledged_too_early(receiver, data)


def test_a_receiver_that_acknowledges_too_early_would_be_caught():
    """The control of the test above: the same endpoint, broken."""

    class Hasty(Endpoint):
        def receive(self, data, source, now):
            out = super().receive(data, source, now)
            return [
                send
                for kept in out
                if isinstance(kept, Keep)
                for send in self.kept(kept.token, kept.draft, now)
            ] + out

    receiver = Receiver()
    receiver.endpoint = Hasty(lambda cid: ANNA, lambda record: CALL, host="r1.example", salt=b"x")
    assert acknowledged_too_early(receiver, message(mrq()))


def test_what_could_not_be_stored_is_refused_and_the_same_transmission_is_refused_again():
    receiver, data = Receiver(), message(mrq())
    kept = receiver.keep(data)
    (no,) = receiver.endpoint.kept(kept.token, None, receiver.now)
    assert code(no) == 503
    assert receiver.hear(data) == [no]
    assert receiver.wait(40) == []


def test_after_a_refusal_the_next_try_can_be_stored_and_is_the_same_event():
    receiver = Receiver()
    kept = receiver.keep(message(mrq()))
    receiver.endpoint.kept(kept.token, None, receiver.now)
    record, (yes, _) = receiver.take(message(mrq()))
    assert (code(yes), record.id) == (200, kept.draft.id)


def test_a_record_is_answered_once():
    receiver = Receiver()
    kept = receiver.keep(message(mrq()))
    assert len(receiver.endpoint.kept(kept.token, kept.draft, receiver.now)) == 2
    assert receiver.endpoint.kept(kept.token, kept.draft, receiver.now) == []
    assert receiver.endpoint.kept(0, kept.draft, receiver.now) == []


def test_a_durable_alarm_is_acknowledged_even_when_nobody_can_say_where_to_call():
    def broken(record):
        raise RuntimeError("no voice")

    _, (yes, answer) = Receiver(answer=broken).take(message(mrq()))
    assert code(yes) == 200
    assert told(answer) == {"ref": "r1", "snu": "0"}


def test_when_nobody_can_be_reached_the_unit_is_asked_to_hold():
    _, (_, answer) = Receiver(answer=lambda record: Answer(4)).take(message(mrq()))
    assert told(answer)["snu"] == "4"


def test_what_could_not_be_read_is_said_before_anything_else():
    _, (_, answer) = Receiver(answer=lambda record: Answer(4)).take(message(mrq(cid=None)))
    assert told(answer)["snu"] == "7"


def test_the_interval_of_signs_of_life_is_set_only_in_units_that_let_it_be():
    receiver = Receiver(answer=lambda record: Answer(0, interval=2))
    assert "hbi" not in told(receiver.take(message(mrq()))[1][1])
    assert told(receiver.take(message(mrq(hbo="1", ref="r2")))[1][1])["hbi"] == "2"


def test_more_waiting_than_can_be_remembered_is_refused_and_still_shown(monkeypatch):
    monkeypatch.setattr(module, "WAITING", 2)
    receiver = Receiver()
    for number in range(2):
        receiver.keep(message(mrq(ref=f"r{number}")))
    no, shown = receiver.hear(message(mrq(ref="r9")))
    assert code(no) == 503
    assert isinstance(shown, Keep)
    assert (shown.token, shown.urgent, shown.draft.reference) == (0, True, "r9")


# -- the same again


def test_a_unit_that_never_changes_its_branch_is_heard_each_time():
    receiver = Receiver()
    receiver.take(message(mrq(), branch="z9hG4bKsame"))
    again = receiver.keep(message(mrq(ref="r2"), branch="z9hG4bKsame"))
    assert again.draft.reference == "r2"


def test_a_forgotten_transmission_is_kept_anew_as_the_same_event():
    receiver, data = Receiver(), message(mrq())
    record, (_, answer) = receiver.take(data)
    receiver.hear(ok(answer))
    receiver.wait(33)
    assert receiver.keep(data).draft.id == record.id


def test_a_unit_that_never_changes_its_reference_can_press_again_once_it_has_its_answer():
    receiver = Receiver()
    first, (_, answer) = receiver.take(message(mrq()))
    receiver.hear(ok(answer))
    receiver.wait(30)
    assert receiver.take(message(mrq()))[0].id == first.id
    receiver.wait(60)
    second, _ = receiver.take(message(mrq()))
    assert second.id != first.id
    assert receiver.take(message(mrq()))[0].id == second.id


def test_a_unit_without_its_answer_that_tries_for_minutes_is_one_event():
    receiver = Receiver()
    first, _ = receiver.take(message(mrq()))
    receiver.wait(120)
    assert receiver.take(message(mrq()))[0].id == first.id


def test_two_receivers_give_one_alarm_one_id_even_seconds_apart():
    a, b = Receiver(), Receiver(at=Receiver().at + 9)
    assert a.take(message(mrq()))[0].id == b.take(message(mrq()))[0].id


def test_over_the_edge_of_the_clocks_stretch_a_receiver_that_was_told_agrees():
    edge = 2100.0 * 840_000
    a, b = Receiver(at=edge - 1), Receiver(at=edge + 1)
    record, _ = a.take(message(mrq()))
    assert b.keep(message(mrq())).draft.id != record.id
    c = Receiver(at=edge + 1)
    c.endpoint.recall(record)
    assert c.keep(message(mrq())).draft.id == record.id
    c.endpoint.recall(replace(record, facts={}))
    c.endpoint.recall(replace(record, id="older", at=record.at - 9))
    assert c.keep(message(mrq())).draft.id == record.id


def test_a_unit_that_gives_no_reference_can_press_twice():
    receiver = Receiver()
    first, _ = receiver.take(message(mrq(ref=None)))
    assert receiver.take(message(mrq(ref=None)))[0].id != first.id


# -- what is no alarm, and what nobody can read


@pytest.mark.parametrize("method", ["INVITE", "SUBSCRIBE", "CANCEL", "BYE"])
def test_other_methods_are_refused_without_detail(method):
    (no,) = Receiver().hear(message(b"", method=method, kind=""))
    assert code(no) == 405
    assert b"Allow: MESSAGE, OPTIONS, REGISTER\r\n" in no.data


def test_an_acknowledgement_and_a_response_to_nothing_are_met_with_silence():
    receiver = Receiver()
    assert receiver.hear(message(b"", method="ACK", kind="")) == []
    assert receiver.hear(b"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP x;branch=z9hG4bK1\r\n\r\n") == []
    assert receiver.hear(b"SIP/2.0 200 OK\r\n\r\n") == []
    assert receiver.hear(b"\r\n") == []


def test_words_from_a_stranger_are_refused_but_from_a_unit_of_ours_put_before_a_human():
    receiver = Receiver()
    (no,) = receiver.hear(message(b"hej", kind="text/plain", user="spam"))
    assert code(no) == 415
    kept = receiver.keep(message(b"hej", kind="text/plain"))
    assert (kept.draft.kind, kept.draft.unit, kept.urgent) == ("unreadable", "4711", True)


@pytest.mark.parametrize(
    ("data", "kind", "unit"),
    [
        (b"MESSAGE nonsense\r\n\r\n" + mrq(), "alarm", "4711"),
        (b"MESSAGE sip:x SIP/2.0\r\nX: " + b"y" * 9000 + b"\r\n\r\n" + mrq(), "alarm", "4711"),
        (b"\x00\x01<mrq><cid>4711</cid>", "unreadable", "4711"),
        (b"MESSAGE sip:x SIP/9\r\nFrom: <sip:4711@x>\r\n\r\nhej", "unreadable", ""),
    ],
)
def test_what_may_be_an_alarm_but_cannot_be_answered_is_still_shown(data, kind, unit):
    receiver = Receiver()
    kept = receiver.keep(data)
    assert (kept.token, kept.draft.kind, kept.draft.unit, kept.draft.verdict) == (0, kind, unit, "invalid")
    assert kept.raw == data
    assert receiver.hear(data) == []


@pytest.mark.parametrize(
    "data", [b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01", b"OPTIONS nonsense\r\n\r\n", b"\0"]
)
def test_noise_is_met_with_silence(data):
    assert Receiver().hear(data) == []


def test_a_sign_of_life_in_broken_sip_is_none():
    assert Receiver().hear(b"MESSAGE nonsense\r\n\r\n" + beat()) == []


# -- our own message


def test_a_unit_that_refuses_our_answer_is_told_of_as_not_having_it():
    receiver = Receiver()
    record, (_, answer) = receiver.take(message(mrq()))
    assert receiver.hear(ok(answer, "481 Does Not Exist")) == [Fate(record.id, False)]


@pytest.mark.parametrize(
    "written", [(b"Via: ", b"v:"), (b"Via: SIP/2.0", b"VIA :\r\n SIP / 2.0"), (b"\r\n", b"\n")]
)
def test_a_unit_that_writes_its_200_in_its_own_way_has_acknowledged(written):
    receiver = Receiver()
    record, (_, answer) = receiver.take(message(mrq()))
    assert receiver.hear(ok(answer).replace(*written)) == [Fate(record.id, True)]


def test_a_200_to_nothing_of_ours_and_one_that_is_only_on_its_way_settle_nothing():
    receiver = Receiver()
    _, (_, answer) = receiver.take(message(mrq()))
    assert receiver.hear(ok(answer).replace(b"z9hG4bK", b"z9hG4bKx")) == []
    assert receiver.hear(b"SIP/2.0 200 OK\r\n\r\n") == []
    assert receiver.hear(ok(answer, "100 Trying")) == []
    assert receiver.wait(0.6) == [answer]


def test_another_address_cannot_acknowledge_for_the_unit():
    receiver = Receiver()
    record, (_, answer) = receiver.take(message(mrq()))
    assert receiver.hear(ok(answer), AWAY) == []
    assert receiver.hear(ok(answer), HOME._replace(address=("192.0.2.7", 999))) == [Fate(record.id, True)]


def test_over_a_stream_our_answer_is_sent_once_and_given_up_after_32_seconds():
    receiver = Receiver()
    record, _ = receiver.take(message(mrq(), transport="TCP"), Source("tcp", ("192.0.2.7", 40001), 1))
    assert receiver.wait(31) == []
    assert receiver.wait(2) == [Fate(record.id, False)]


def test_what_becomes_of_the_answer_to_a_sign_of_life_is_nobodys_business():
    receiver = Receiver()
    _, answer, _ = receiver.hear(message(beat()))
    assert receiver.wait(0.6) == [answer]
    assert receiver.hear(ok(answer)) == []
    receiver.hear(message(beat(ref="h2")))
    assert not any(isinstance(out, Fate) for out in receiver.wait(33))


def test_in_a_storm_answers_to_signs_of_life_are_sent_once_and_alarms_keep_their_own(monkeypatch):
    monkeypatch.setattr(module, "PENDING", 1)
    receiver = Receiver()
    for number in range(3):
        assert len(receiver.hear(message(beat(ref=f"h{number}")))) == 3
    record, (_, answer) = receiver.take(message(mrq()))
    assert len(receiver.wait(0.6)) == 2
    assert receiver.hear(ok(answer)) == [Fate(record.id, True)]


def test_what_is_forgotten_while_it_waits_is_answered_all_the_same(monkeypatch):
    monkeypatch.setattr(module, "ANSWERED", 1)
    receiver = Receiver()
    first, _ = receiver.keep(message(mrq())), receiver.keep(message(mrq(ref="r2")))
    assert code(receiver.endpoint.kept(first.token, first.draft, receiver.now)[0]) == 200


def test_nothing_is_remembered_for_ever(monkeypatch):
    monkeypatch.setattr(module, "ANSWERED", 3)
    monkeypatch.setattr(wire, "REMEMBERED", 4)
    receiver = Receiver()
    for number in range(5):
        receiver.take(message(mrq(ref=f"r{number}")))
    assert len(receiver.endpoint._answered) == 3
    assert len(receiver.endpoint._events._seen) == 4
    _, (_, answer) = receiver.take(message(mrq()))
    receiver.hear(ok(answer))
    receiver.wait(33)
    receiver.at += 3600
    receiver.wait(0.1)
    events, own = receiver.endpoint._events, receiver.endpoint
    tables = (own._answered, own._told, own._due, events._seen, events._answered)
    assert [len(table) for table in tables] == [0, 0, 0, 0, 0]


def test_a_request_without_the_headers_it_must_have_is_answered_as_far_as_can_be():
    data = b"MESSAGE sip:x SIP/2.0\r\nContent-Type: application/scaip+xml\r\n\r\n" + mrq()
    record, (yes, answer) = Receiver().take(data)
    assert (record.verified, code(yes)) == (False, 200)
    assert answer.data.startswith(b"MESSAGE sip:192.0.2.7:40001 SIP/2.0\r\n")
    assert b"To: <sip:192.0.2.7:40001>\r\n" in answer.data


def test_what_the_other_site_tells_of_is_not_remembered_without_end(monkeypatch):
    monkeypatch.setattr(wire, "REMEMBERED", 3)
    receiver, there = Receiver(), Receiver()
    for number in range(5):
        record, _ = there.take(message(mrq(ref=f"r{number}")))
        receiver.endpoint.recall(replace(record, id=f"there{number}"))
    assert len(receiver.endpoint._events._seen) == 3
    assert receiver.take(message(mrq(ref="r4")))[0].id == "there4"

"""Who it is that sends: what counts as a sign of life, and the round of challenge and proof."""

from __future__ import annotations

from dataclasses import replace

import pytest

from livlina.alarmd import endpoint, sip
from livlina.alarmd.record import Unit
from livlina.alarmd.tests.device import ANNA, HOME, Receiver, beat, code, message, mrq, told
from livlina.alarmd.wire import Beat, Keep, Send, Source

SECRET = replace(ANNA, secret="hemlig")
AWAY = Source("udp", ("198.51.100.66", 5060))


def test_a_unit_nobody_knows_is_shown_to_staff_and_told_that_all_is_well():
    record, (yes, answer) = Receiver().take(message(mrq(cid="999"), user="999"))
    assert (record.verdict, record.verified, record.kind) == ("unknown_unit", False, "alarm")
    assert (code(yes), told(answer)["snu"]) == (200, "0")


@pytest.mark.parametrize(
    ("unit", "user", "source", "verified"),
    [
        (ANNA, "4711", HOME, True),
        (ANNA, "4712", HOME, False),
        (ANNA, "", HOME, False),
        (replace(ANNA, source="192.0.2.0/24"), "4711", HOME, True),
        (replace(ANNA, source="192.0.2.0/24, 198.51.100.66"), "4711", AWAY, True),
        (replace(ANNA, source="192.0.2.0/24"), "4711", AWAY, False),
        (replace(ANNA, source="192.0.2.0/24"), "4711", Source("udp", ("::ffff:192.0.2.9", 5060)), True),
        (replace(ANNA, source="annas-hus"), "4711", HOME, False),
        (ANNA, "4711", Source("tls", ("192.0.2.7", 1), 1, "4711"), True),
        (ANNA, "4711", Source("tls", ("192.0.2.7", 1), 1, "4712"), False),
        (Unit("4712"), "4711", HOME, False),
    ],
)
def test_only_what_comes_from_where_the_unit_is_known_to_be_counts_as_life(unit, user, source, verified):
    out = Receiver(units=(unit,)).hear(message(beat(), user=user), source)
    assert out[-1] == Beat("4711", source, verified)
    assert code(out[0]) == 200


def test_behind_a_proxy_of_ours_it_is_the_unit_that_is_asked_where_it_is():
    proxy = Source("udp", ("203.0.113.1", 5060))
    unit = replace(ANNA, source="192.0.2.0/24")
    via = "Via: SIP/2.0/UDP 203.0.113.1;branch=z9hG4bKk\r\nVia: SIP/2.0/UDP 10.0.0.4;received=192.0.2.7;branch=z9hG4bKd"
    forged = f"{via}\r\nVia: SIP/2.0/UDP 192.0.2.7;branch=z9hG4bKe".replace(
        "received=192.0.2.7", "received=198.51.100.66"
    )

    def heard(proxies, by):
        return Receiver(units=(unit,), proxies=proxies).hear(message(beat(), via=by), proxy)[-1]

    assert heard("203.0.113.1", via) == Beat("4711", proxy, True)
    assert heard("203.0.113.1", forged) == Beat("4711", proxy, False)
    assert heard("203.0.113.1", "Via: SIP/2.0/UDP 203.0.113.1\r\nVia: nonsense") == Beat("4711", proxy, False)
    assert heard("", via) == Beat("4711", proxy, False)


# -- the proof


def proved(
    no: object,
    data: bytes,
    secret: str = "hemlig",
    algorithm: str = "SHA-256",
    qop: str = "auth",
    **other: str,
) -> bytes:
    """The same request with the answer to the challenge in `no`."""
    assert isinstance(no, Send)
    header = next(
        line
        for line in no.data.decode().split("\r\n")
        if line.startswith("WWW-Authenticate") and line.endswith(algorithm)
    )
    nonce = header.partition('nonce="')[2].partition('"')[0]
    said = {
        "username": "4711", "realm": "larm", "nonce": nonce, "uri": "sip:larm@r1", "algorithm": algorithm,
        **({"qop": qop, "nc": "00000001", "cnonce": "abc"} if qop else {}),
    } | other  # fmt: skip
    method = data.split(b" ")[0].decode()
    response = sip.digest(said, method, secret)
    credentials = ", ".join(f'{name}="{value}"' for name, value in {**said, "response": response}.items())
    return data.replace(b"CSeq:", f"Authorization: Digest {credentials}\r\nCSeq:".encode(), 1)


@pytest.mark.parametrize("algorithm", ["SHA-256", "MD5"])
@pytest.mark.parametrize("qop", ["auth", ""])
def test_the_unit_that_knows_the_secret_is_believed(algorithm, qop):
    receiver = Receiver(units=(SECRET,), realm="larm")
    (no,) = receiver.hear(message(mrq()))
    assert code(no) == 401
    assert receiver.wait(1) == []
    record, (yes, _) = receiver.take(proved(no, message(mrq()), algorithm=algorithm, qop=qop))
    assert (code(yes), record.verified) == (200, True)
    assert not any(isinstance(out, Keep) for out in receiver.wait(3))


def test_a_unit_that_cannot_prove_itself_is_shown_to_staff_within_seconds_all_the_same(monkeypatch):
    receiver = Receiver(units=(SECRET,), realm="larm")
    receiver.hear(message(mrq()))
    receiver.wait(1)
    receiver.hear(message(mrq()))
    (shown,) = receiver.wait(1.2)
    assert isinstance(shown, Keep)
    assert (shown.token, shown.urgent, shown.draft.verified, shown.draft.kind) == (0, True, False, "alarm")
    monkeypatch.setattr(endpoint, "WAITING", 0)
    no, shown = receiver.hear(message(mrq(ref="r2")))
    assert (code(no), shown.token, shown.draft.reference) == (401, 0, "r2")
    (no,) = receiver.hear(message(mrq(mty="RE")))
    assert code(no) == 401


def test_a_wrong_secret_is_no_reason_not_to_help_but_no_sign_of_life():
    receiver = Receiver(units=(SECRET,), realm="larm")
    (no,) = receiver.hear(message(mrq()))
    record, (yes, _) = receiver.take(proved(no, message(mrq()), secret="gissad"))
    assert (code(yes), record.verified) == (200, False)
    (no,) = receiver.hear(message(beat()))
    assert receiver.hear(proved(no, message(beat()), secret="gissad"))[-1] == Beat("4711", HOME, False)


@pytest.mark.parametrize(
    "other",
    [{"nonce": "64-forged"}, {"nonce": "1-0"}, {"realm": "annan"}, {"nonce": ""}],
    ids=["forged", "old", "realm", "none"],
)
def test_a_proof_for_another_challenge_is_not_believed(other):
    receiver = Receiver(units=(SECRET,), realm="larm")
    (no,) = receiver.hear(message(beat()))
    out = receiver.hear(proved(no, message(beat()), **other))
    assert not any(isinstance(each, Beat) and each.verified for each in out)


def test_a_challenge_cannot_be_answered_from_another_place_or_after_five_minutes():
    receiver = Receiver(units=(SECRET,), realm="larm")
    (no,) = receiver.hear(message(beat()))
    (stale,) = receiver.hear(proved(no, message(beat())), AWAY)
    assert (code(stale), b"stale=true" in stale.data) == (401, True)
    receiver.now += 301
    (stale,) = receiver.hear(proved(no, message(beat())))
    assert (code(stale), b"stale=true" in stale.data) == (401, True)


@pytest.mark.parametrize(
    "header",
    ["Basic abc", "Digest", 'Digest nonce="zz-1"', "Digest username=x, nonce=1-, response=2", "\x00"],
)
def test_a_proof_that_is_nonsense_is_a_wrong_one(header):
    receiver = Receiver(units=(SECRET,), realm="larm")
    out = receiver.hear(message(beat(), more={"Authorization": header}))
    assert not any(isinstance(each, Beat) and each.verified for each in out)


def test_an_algorithm_that_was_not_offered_is_not_taken():
    receiver = Receiver(units=(SECRET,), realm="larm")
    (no,) = receiver.hear(message(beat()))
    data = proved(no, message(beat())).replace(b'algorithm="SHA-256"', b'algorithm="CRC"')
    assert receiver.hear(data)[-1] == Beat("4711", HOME, False)


def test_without_a_realm_nobody_is_asked():
    assert Receiver(units=(SECRET,)).keep(message(mrq())).draft.verified


def test_a_registration_is_proved_too():
    receiver = Receiver(units=(SECRET,), realm="larm")

    def register():
        return message(b"", method="REGISTER", kind="").replace(b"To: <sip:larm@", b"To: <sip:4711@")

    (no,) = receiver.hear(register())
    assert code(no) == 401
    assert code(receiver.hear(proved(no, register()))[0]) == 200
    assert code(receiver.hear(proved(no, register(), secret="gissad"))[0]) == 403

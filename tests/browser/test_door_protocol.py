"""The phone's door code in a real browser, against real locks and against the Python that mints its tokens."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from random import Random
from types import SimpleNamespace
from typing import Any

import cbor2
import pytest

from livlina.cli.bench.locks_browser import APP, serving
from livlina.cli.bench.locks_fuzz import bend
from livlina.cli.simulate import locks
from livlina.cli.simulate.doors import Door, Street
from livlina.cli.surroundings import ROOT
from livlina.provider.doors.protocol import cbor, cose, lists, narrow, seals, token
from livlina.provider.doors.protocol.faults import REASONS, WORDS, Fault
from livlina.provider.doors.protocol.log import Entry, acknowledge
from livlina.provider.doors.protocol.trial.trouble import name_of
from livlina.provider.doors.protocol.trial.world import AREA, DOOR, HOUR, NAME, World
from livlina.provider.homecare.sync.wire import b64u, unb64u

VECTORS = json.loads((ROOT / "src/livlina/provider/doors/tests/vectors.json").read_text(encoding="utf-8"))
READY = """async (origin) => {
  globalThis.door = await import(`${origin}/door.js`);
  globalThis.cose = await import(`${origin}/cose.js`);
  globalThis.bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (two) => parseInt(two, 16));
  globalThis.hex = (held) => [...held].map((one) => one.toString(16).padStart(2, "0")).join("");
  const pair = await crypto.subtle.generateKey({name: "ECDSA", namedCurve: "P-256"}, false, ["sign", "verify"]);
  const point = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  globalThis.key = {privateKey: pair.privateKey, point};
  globalThis.said = async (work) => { try { return await work(); } catch (fault) { return fault.code ?? String(fault); } };
  return hex(point);
}"""
OPEN = """([origin, number, chain, now, more]) => said(async () => {
  const given = {...more};
  for (const name of ["unsealing", "leading"]) if (given[name]) given[name] = bytes(given[name]);
  given.news = {lists: (given.lists ?? []).map(bytes), acks: (given.acks ?? []).map(bytes)};
  const bridge = door.httpBridge(origin);
  const answer = await door.openDoor({bridge, number, key, chain: chain.map(bytes), now, ...given});
  const read = answer.entries.map(door.readEntry).at(-1)?.outcome ?? "";
  return {outcome: answer.outcome, entries: answer.entries.map(hex), read};
})"""


@pytest.fixture(scope="module")
def phone(chromium: Any) -> Iterator[Any]:
    """A page with the door code and a key that cannot be taken out of it; `point` is that key's."""
    with serving(APP) as origin:
        context = chromium.new_context()
        page = context.new_page()
        page.goto(f"{origin}/vendor/README.md")
        yield SimpleNamespace(
            run=page.evaluate, point=bytes.fromhex(page.evaluate(READY, origin)), origin=origin
        )
        context.close()


@pytest.fixture
def world() -> World:
    """A fitted lock at 09:00, and phones in Python."""
    return World()


@pytest.fixture
def street(world: World, phone: Any) -> Iterator[str]:
    """That lock on the wire, by its own time; yields its address."""
    one = Street(None, None)
    held = Door(world.lock, "Ytterdörren", None)
    held.began -= world.up
    world.lock.time = lambda own, up: world.now  # type: ignore[method-assign]
    one.doors[DOOR] = held
    with locks.serve(one, 0, [phone.origin]) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def opened(phone: Any, street: str, chain: list[bytes], world: World, **more: Any) -> Any:
    """Let the browser open the door: its answer, or the code of the fault."""
    return phone.run(OPEN, [street, DOOR, [one.hex() for one in chain], world.now, more])


def test_tokens_of_python_and_of_another_program_are_read_in_the_browser(phone: Any, world: World) -> None:
    read = """([raw, issuer, now]) => said(async () => {
      const one = await door.verifyToken(bytes(raw), bytes(issuer), now);
      return [one.issuer, one.kind, one.area, one.epoch, [...one.doors], hex(one.name), hex(one.key), one.leaders.map(hex)];
    })"""
    issuer = VECTORS["issuer"]["public"]
    for vector in VECTORS["tokens"]:
        told = phone.run(read, [vector["token"], issuer, VECTORS["not_before"]])
        doors = sorted([int(number), epoch] for number, epoch in vector["doors"].items())
        assert told == [
            NAME, token.KINDS[vector["kind"] - 1], vector["area"], vector["epoch"], doors, vector["cti"],
            VECTORS["phone"]["public"], vector["leaders"],
        ]  # fmt: skip
        assert phone.run(read, [vector["token"], issuer, VECTORS["expires"] + 121]) == "expired"
        assert phone.run(read, [vector["token"], issuer, VECTORS["not_before"] - 121]) == "too_early"
        assert phone.run(read, [vector["token"], world.issuer.public.hex(), world.now]) == "issuer"
    forged = world.mint()[:-1] + b"\x00"
    assert phone.run(read, [forged.hex(), world.issuer.public.hex(), world.now]) == "signature"


def test_the_browser_opens_a_real_lock_and_brings_its_log(phone: Any, street: str, world: World) -> None:
    held = world.mint(key=phone.point)
    answer = opened(phone, street, [held], world)
    assert (answer["outcome"], answer["read"]) == ("opened", "opened")
    [entry] = [Entry.parse(bytes.fromhex(raw)) for raw in answer["entries"]]
    assert (entry.token, entry.phone) == (name_of(held), cose.thumbprint(phone.point))
    acks = [
        acknowledge(world.issuer.sign, world.issuer.kid, replace(entry, door=at)).hex() for at in range(1, 12)
    ]
    acks.insert(3, acknowledge(world.issuer.sign, world.issuer.kid, entry).hex())
    locked = opened(phone, street, [held], world, action="lock", acks=acks)
    assert (locked["outcome"], len(locked["entries"])) == ("locked", 1), (
        "what is signed for does not come again"
    )
    assert opened(phone, street, [world.mint()], world) == "proof", "a token copied from another phone"
    assert opened(phone, street, [world.mint(key=phone.point, doors={7: 1})], world) == "door"
    assert opened(phone, "http://127.0.0.1:9", [held], world) == "unreachable"
    world.fault = "stuck"
    assert opened(phone, street, [held], world) == "stuck"
    world.fault = ""
    lost = world.ended(cose.thumbprint(phone.point)).hex()
    assert opened(phone, street, [held], world, lists=[lost]) == "revoked", "it carries its own end"


def test_a_loan_passes_between_a_browser_and_python_both_ways(phone: Any, street: str, world: World) -> None:
    ours = world.mint()
    assert opened(phone, street, [ours, world.loan(ours, to=phone.point)], world)["outcome"] == "opened"
    check = """([loan, held, issuer, now]) => said(async () =>
      (await door.verifyLoan(bytes(loan), bytes(held), bytes(issuer), now)).doors)"""
    given = [ours.hex(), world.issuer.public.hex(), world.now]
    assert phone.run(check, [world.loan(ours).hex(), *given]) == [DOOR]
    assert phone.run(check, [world.loan(ours, doors=[DOOR, 7]).hex(), *given]) == "wider"
    assert phone.run(check, [world.loan(ours, by=world.third).hex(), *given]) == "signature"
    theirs = world.mint(key=phone.point)
    lend = """([held, to, doors, from, until]) => said(async () =>
      hex(await door.lend({key, token: bytes(held), to: bytes(to), doors, from, until})))"""
    wanted = [theirs.hex(), world.colleague.key.public.hex(), [DOOR], world.now, world.now + 600]
    loan = bytes.fromhex(phone.run(lend, wanted))
    assert narrow.loan_of(cose.read(loan, narrow.NARROW)).doors == (DOOR,)
    assert world.meet([theirs, loan], world.colleague).outcome == "opened"
    assert phone.run(lend, [*wanted[:2], [7], *wanted[3:]]) == "wider"
    assert phone.run(lend, [*wanted[:4], world.now + 9 * HOUR]) == "longer"


def test_the_browser_breaks_a_seal_and_leads_in_an_outage(phone: Any, street: str, world: World) -> None:
    held = world.mint(key=phone.point, kind="emergency", area=AREA)
    assert opened(phone, street, [held], world, reason=4) == "sealed"
    broken = "([held, now]) => door.unseal({key, token: bytes(held), now, reason: 4}).then(hex)"
    seal = phone.run(broken, [held.hex(), world.now])
    assert seals.read_unsealing(bytes.fromhex(seal), phone.point).reason == 4
    assert opened(phone, street, [held], world, reason=4, unsealing=seal)["outcome"] == "opened"
    lead = "([names, from, until]) => door.lead({key, names: names.map(bytes), from, until}).then(hex)"
    tokens = [world.mint(kind="continuation", leaders=(cose.thumbprint(phone.point),)) for _ in range(3)]
    names = [name_of(one).hex() for one in tokens]
    said = bytes.fromhex(phone.run(lead, [names, world.now, world.now + HOUR]))
    assert world.meet([tokens[2]], leading=said).outcome == "opened"
    own = world.mint(kind="continuation", key=phone.point)
    assert opened(phone, street, [own], world) == "leader"
    ours = world.leader.lead([name_of(own)], not_before=world.now, expires=world.now + HOUR)
    assert opened(phone, street, [own], world, leading=ours.hex())["outcome"] == "opened"


def test_a_lock_that_lost_its_time_gets_the_answer_the_phone_has_kept_for_it(
    phone: Any, world: World
) -> None:
    times = f"const times = await import('{phone.origin}/doortime.js');"
    put = f"async ([lock, nonce]) => {{ {times} await times.keepQuestion(lock, nonce); return times.questions(); }}"
    told = f"""async ([put, told, lock]) => {{ {times} await times.keepTimes(put, told);
      return [await times.timeFor(lock), await times.timeFor(7) ?? null, await times.questions()]; }}"""
    held = world.mint()
    world.restart(floor=False)
    question = world.meet([held]).question
    assert phone.run(put, [DOOR, "AAAA"]) == [{"lock": DOOR, "nonce": "AAAA"}]
    kept = phone.run(put, [DOOR, b64u(question)])
    assert kept == [{"lock": DOOR, "nonce": b64u(question)}], "the lock's newest question only"
    phone.run(put, [7, "BBBB"])
    answer = b64u(world.time(door=DOOR, nonce=unb64u(kept[0]["nonce"])))
    brought, none, left = phone.run(told, [kept, [{"lock": DOOR, "time": answer}], DOOR])
    assert (none, left) == (None, [{"lock": 7, "nonce": "BBBB"}])
    assert world.meet([held], world.carrying(time=unb64u(brought))).outcome == "opened"
    phone.run(put, [DOOR, "CCCC"])
    assert phone.run(told, [[], [], DOOR])[0] is None, "a lock that asks again did not take it"


def test_both_refuse_the_same_bytes(phone: Any, world: World) -> None:
    rng = Random(20_260_302)  # the same each time
    whole = [world.mint(), world.mint(kind="emergency", area=AREA), world.mint(kind="continuation")]
    plain = [
        cbor.encode(one) for one in ([1, -1, "å", b"x", None, True], {1: {2: [3]}, "k": 2**53 - 1}, [[[]]])
    ]
    loose = [
        cbor2.dumps(one)
        for one in (1.5, 2**53, {True: 1}, {b"x": 1}, [float("nan")], cbor2.CBORTag(1, 5), {2: 1, 1: 2})
    ]
    raws = [bend(rng.choice(plain + loose), rng) for _ in range(1_500)] + plain + loose
    tokens = [bend(rng.choice(whole), rng) for _ in range(1_500)] + whole
    told = phone.run(
        """([raws, tokens]) => Promise.all([
          ...raws.map((raw) => said(async () => (cose.decode(bytes(raw)), "read"))),
          ...tokens.map((raw) => said(async () => (door.claimsOf(bytes(raw)), "read")))])""",
        [[one.hex() for one in raws], [one.hex() for one in tokens]],
    )
    ours = [_tried(lambda raw=raw: cbor.decode(raw)) for raw in raws]
    ours += [_tried(lambda raw=raw: token.claims_of(cose.read(raw, token.CWT))) for raw in tokens]
    sides = list(zip(raws + tokens, ours, told, strict=True))
    assert [
        (raw.hex(), one, other) for raw, one, other in sides if (one == "read") != (other == "read")
    ] == []
    assert {"read", "malformed", "header", "claims"} <= set(ours) & set(told)


def test_words_and_reasons_are_the_same_on_both_sides(phone: Any) -> None:
    told = phone.run("() => [[...door.FAULTS], door.REASONS, door.KINDS, door.LENT]")
    assert [tuple(one) for one in told[0][:-1]] == list(WORDS.items())
    assert told[1] == list(REASONS.values())
    assert (tuple(told[2]), tuple(told[3])) == (token.KINDS, narrow.LENT)
    assert lists.ID == cose.KID


def _tried(read: Any) -> str:
    try:
        read()
    except Fault as fault:
        return fault.code
    return "read"

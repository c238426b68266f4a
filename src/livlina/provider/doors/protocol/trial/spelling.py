"""Cases of how things are spelt and when they are said: messages bent on their way, headers, claims and nonces."""

from collections.abc import Callable
from typing import Any

import cbor2

from livlina.provider.doors.protocol import cbor, cose, token
from livlina.provider.doors.protocol.messages import Answer
from livlina.provider.doors.protocol.trial.world import DOOR, HOUR, NAME, World

Bend = Callable[[bytes], bytes]


def forged(world: World) -> bytes:
    """A token that a stranger signed under the issuer's kid."""
    claims = token.Claims(
        NAME, bytes(16), world.now - HOUR, world.now + HOUR, world.carer.key.public, "shift", {DOOR: 3}
    )
    return token.mint(world.stranger.sign, world.issuer.kid, claims)


def flipped(world: World) -> bytes:
    """A token with one bit of its name changed."""
    held = world.mint(name=bytes(16))
    at = held.index(bytes(16))
    return held[:at] + b"\x01" + held[at + 1 :]


def bent(world: World, bend: Bend, **options: Any) -> Answer:
    """A right message is bent on its way."""
    nonce = world.lock.challenge(world.up)
    return world.act(bend(world.carer.ask(nonce, DOOR, [world.mint()], now=world.now, **options)))


def parts(change: Callable[[list[Any]], None], encode: Callable[[Any], bytes] = cbor.encode) -> Bend:
    """Take a message apart, change it and put it together again, without the phone's signature."""

    def bend(message: bytes) -> bytes:
        said = cbor.decode(message)
        change(said)
        return encode(said)

    return bend


def put(place: int, value: Any, encode: Callable[[Any], bytes] = cbor.encode) -> Bend:
    """Put something else in one place of a message."""
    return parts(lambda said: said.__setitem__(place, value), encode)


def signed(world: World, payload: bytes, **options: Any) -> Answer:
    """The issuer has signed that payload as a token."""
    return world.meet([world.signed(payload, **options)])


def headed(world: World, header: Any) -> Answer:
    """The issuer has signed a right payload under that header."""
    return world.meet([world.signed(cbor.encode(world.claims()), header=cbor.encode(header))])


def opened_header(world: World) -> Answer:
    """A token with something in the header that nobody signed."""
    protected, _, payload, signature = cbor.decode(world.mint()[1:])
    return world.meet([cose.TAG + cbor.encode([protected, {4: b"x"}, payload, signature])])


def replayed(world: World, *, challenged: bool) -> Answer:
    """The same message is heard twice; the door was locked in between."""
    held = world.mint()
    message = world.carer.ask(world.lock.challenge(world.up), DOOR, [held], now=world.now)
    world.act(message)
    world.meet([held], action="lock")
    if challenged:
        world.lock.challenge(world.up)
    return world.act(message)


def slow(world: World, seconds: int) -> Answer:
    """The phone takes so long to answer."""
    nonce = world.lock.challenge(world.up)
    world.later(seconds)
    return world.act(world.carer.ask(nonce, DOOR, [world.mint()], now=world.now))


def overtaken(world: World) -> Answer:
    """Another phone asks for a nonce in between."""
    nonce = world.lock.challenge(world.up)
    world.lock.challenge(world.up)
    return world.act(world.carer.ask(nonce, DOOR, [world.mint()], now=world.now))


def unasked(world: World) -> Answer:
    """Nobody asked for a nonce."""
    return world.act(world.carer.ask(bytes(16), DOOR, [world.mint()], now=world.now))


def noise_first(world: World) -> Answer:
    """Somebody sends noise between the nonce and the answer to it."""
    nonce = world.lock.challenge(world.up)
    world.act(b"noise")
    return world.act(world.carer.ask(nonce, DOOR, [world.mint()], now=world.now))


def doubled_claim(world: World) -> Answer:
    """A token where a claim stands twice: two readers could believe different ones."""
    payload = cbor.encode(world.claims())
    twice = (
        bytes([payload[0] + 1]) + payload[1:] + cbor.encode(token.OURS) + cbor.encode({1: 1, 2: {DOOR: 3}})
    )
    return signed(world, twice)


def swapped(world: World) -> Answer:
    """After the phone has signed, its token is swapped for another of its own."""
    return bent(world, put(2, [world.mint()]))


LINES: list[tuple[str, str, Callable[[World], Answer]]] = [
    ("A message heard twice opens once", "challenge", lambda w: replayed(w, challenged=False)),
    ("… also when the lock has asked anew", "proof", lambda w: replayed(w, challenged=True)),
    ("A nonce is good for a minute", "opened", lambda w: slow(w, 59)),
    ("… and not longer", "challenge", lambda w: slow(w, 61)),
    ("A nonce that another phone's has replaced is good for nothing", "proof", overtaken),
    ("An answer that nobody asked for opens nothing", "challenge", unasked),
    ("Whatever is answered, the nonce is used", "challenge", noise_first),
    ("A proof made for another door opens nothing here", "proof", lambda w: w.meet([w.mint()], door=7)),
    ("To lock cannot be made to open on the way", "proof", lambda w: bent(w, put(1, 1), action="lock")),
    ("A reason cannot be changed on the way", "proof", lambda w: bent(w, put(3, 2))),
    ("The phone's time cannot be changed on the way", "proof", lambda w: bent(w, put(4, 1))),
    ("The key cannot be swapped on the way", "proof", swapped),
    ("News cannot be added on the way", "proof", lambda w: bent(w, put(5, {2: w.time()}))),
    ("An empty message opens nothing", "malformed", lambda w: bent(w, lambda _: b"")),
    ("One byte too many opens nothing", "malformed", lambda w: bent(w, lambda raw: raw + b"\x00")),
    ("One byte too few opens nothing", "malformed", lambda w: bent(w, lambda raw: raw[:-1])),
    ("A number not in its shortest form opens nothing", "malformed",
     lambda w: bent(w, lambda raw: raw[:1] + b"\x18" + raw[1:])),
    ("A list of unknown length opens nothing", "malformed", lambda w: bent(w, lambda raw: b"\x9f" + raw[1:] + b"\xff")),
    ("A key of a map that stands twice opens nothing", "malformed",
     lambda w: bent(w, lambda raw: raw.replace(b"\xa1\x06\x05", b"\xa2\x06\x05\x06\x05"), after=5)),
    ("A tagged message opens nothing", "malformed", lambda w: bent(w, lambda raw: b"\xc6" + raw)),
    ("A number with a point opens nothing", "malformed", lambda w: bent(w, put(4, 1.0, cbor2.dumps))),
    ("A truth value for a number opens nothing", "malformed", lambda w: bent(w, put(3, True))),
    ("An unknown part of the news opens nothing", "malformed", lambda w: bent(w, put(5, {9: 1}))),
    ("An empty part of the news opens nothing", "malformed", lambda w: bent(w, put(5, {2: b""}))),
    ("Another version opens nothing", "version", lambda w: bent(w, put(0, 2))),
    ("Nothing at all for the version opens nothing", "version", lambda w: bent(w, put(0, None))),
    ("An unknown deed opens nothing", "malformed", lambda w: bent(w, put(1, 4))),
    ("No key at all opens nothing", "malformed", lambda w: bent(w, put(2, []))),
    ("A proof of 63 bytes opens nothing", "malformed", lambda w: bent(w, put(6, bytes(63)))),
    ("Sixteen kilobytes open nothing", "too_large", lambda w: bent(w, lambda raw: raw + bytes(16_384))),
    ("A thousand lists in each other open nothing", "malformed", lambda w: bent(w, lambda _: b"\x81" * 1000 + b"\x80")),
    ("A key without the mark of COSE opens nothing", "malformed", lambda w: w.meet([w.mint()[1:]])),
    ("A key with an open header opens nothing", "malformed", opened_header),
    ("A key signed by another algorithm opens nothing", "header",
     lambda w: headed(w, {1: -35, 4: w.issuer.kid, 16: 61})),
    ("A key without a kid opens nothing", "header", lambda w: headed(w, {1: -7, 16: 61})),
    ("A key with one more header opens nothing", "header",
     lambda w: headed(w, {1: -7, 2: [16], 4: w.issuer.kid, 16: 61})),
    ("A list shown as a key opens nothing", "header", lambda w: w.meet([w.ended()])),
    ("A claim that stands twice opens nothing", "malformed", doubled_claim),
    ("A claim nobody knows opens nothing", "claims", lambda w: signed(w, cbor.encode(w.claims(_9=b"scope")))),
    ("A key bound to no phone opens nothing", "claims", lambda w: signed(w, cbor.encode(w.claims(_8={})))),
    ("A key bound to what is no point opens nothing", "claims",
     lambda w: signed(w, cbor.encode(w.claims(_8=token.cnf(b"\x04" + bytes(64)))))),
    ("A key that ends before it begins opens nothing", "claims", lambda w: signed(w, cbor.encode(w.claims(_4=1)))),
    ("A key for all doors, by an empty area, opens nothing", "claims",
     lambda w: signed(w, cbor.encode({**w.claims(), token.OURS: {1: 1, 3: "", 4: 9}}))),
    ("A key of an unknown kind opens nothing", "claims",
     lambda w: signed(w, cbor.encode({**w.claims(), token.OURS: {1: 8, 2: {DOOR: 3}}}))),
]  # fmt: skip

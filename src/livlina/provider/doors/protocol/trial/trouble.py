"""What happens in the longer cases."""

import os
from collections.abc import Iterable
from typing import Any

from livlina.provider.doors.protocol import cose, fitting, narrow, seals, token
from livlina.provider.doors.protocol.memory import Memory
from livlina.provider.doors.protocol.messages import Answer
from livlina.provider.doors.protocol.phone import Key, Phone
from livlina.provider.doors.protocol.trial.world import CODE, DAY, DOOR, HOUR, World


def name_of(held: bytes) -> bytes:
    """The name of a token."""
    return token.claims_of(cose.read(held, token.CWT)).name


def after(world: World, seconds: int, chain: Iterable[bytes], **options: Any) -> Answer:
    """Somebody comes later with the same key."""
    world.later(seconds)
    return world.meet(chain, **options)


def lent(world: World, held: bytes | None = None, *, reason: int = 0, **changes: Any) -> Answer:
    """The colleague comes with a loan of the carer's key."""
    held = held or world.mint()
    return world.meet([held, world.loan(held, **changes)], world.colleague, reason=reason)


def lent_on(world: World) -> Answer:
    """The colleague lends what she was lent to a third."""
    held = world.mint()
    first = world.loan(held)
    third = narrow.narrow(
        world.colleague.key.sign, held, name=os.urandom(16), to=world.third.key.public, doors=(DOOR,),
        not_before=world.now, expires=world.now + 600,
    )  # fmt: skip
    return world.meet([held, first, third], world.third)


def lent_from_another(world: World) -> Answer:
    """A loan of one key is shown with another key of the same phone."""
    return world.meet([world.mint(), world.loan(world.mint())], world.colleague)


def lender_herself(world: World) -> Answer:
    """The lender comes with the loan she gave."""
    held = world.mint()
    return world.meet([held, world.loan(held)], world.carer)


def listed(world: World, thumbprint: bytes) -> Answer:
    """Another phone brings a list; then the carer comes."""
    world.hear(list_=world.ended(thumbprint))
    return world.meet([world.mint()])


def one_ended(world: World) -> Answer:
    """One token is ended by its name."""
    held = world.mint()
    world.hear(list_=world.ended(name_of(held)))
    return world.meet([held])


def older_list(world: World) -> Answer:
    """After the newest list somebody brings one that was signed before it."""
    world.hear(list_=world.ended(world.carer.key.thumbprint, number=6))
    world.hear(list_=world.ended(number=5))
    return world.meet([world.mint()])


def list_after_restart(world: World) -> Answer:
    """The battery is changed after the list was heard."""
    world.hear(list_=world.ended(world.carer.key.thumbprint), time=world.time())
    world.restart()
    return world.meet([world.mint()])


def listed_loan(world: World, lost: Phone) -> Answer:
    """One of the two phones of a loan is lost."""
    world.hear(list_=world.ended(lost.key.thumbprint))
    return lent(world)


def ended_loan(world: World) -> Answer:
    """A loan is ended by its name."""
    held = world.mint()
    loan = world.loan(held)
    name = narrow.loan_of(cose.read(loan, narrow.NARROW)).name
    world.hear(list_=world.ended(name))
    return world.meet([held, loan], world.colleague)


def emergency(
    world: World, *, reason: int = 4, ago: int = 0, by: Phone | None = None, seal: bytes | None = None
) -> Answer:
    """The carer uses an emergency key whose seal was broken for reason 4."""
    held = world.mint(kind="emergency", area="Norra Åsvalla")
    if seal is None:
        seal = (by or world.carer).unseal(held, now=world.now - ago, reason=4)
    return world.meet([held], reason=reason, unsealing=seal)


def another_seal(world: World) -> Answer:
    """The seal of one emergency key is shown with another."""
    held, other = (world.mint(kind="emergency", area="Norra Åsvalla") for _ in range(2))
    return world.meet([held], reason=4, unsealing=world.carer.unseal(other, now=world.now, reason=4))


def sealed_again(world: World) -> Answer:
    """Twenty minutes after the first opening the seal is broken once more, and the new one is shown."""
    held = world.mint(kind="emergency", area="Norra Åsvalla")
    world.meet([held], reason=4, unsealing=world.carer.unseal(held, now=world.now, reason=4))
    world.later(20 * 60)
    return world.meet([held], reason=4, unsealing=world.carer.unseal(held, now=world.now, reason=4))


def led(world: World, *, by: Phone | None = None, **changes: Any) -> Answer:
    """A leader signs for the carer's continuation key."""
    held = world.mint(kind="continuation")
    said: dict[str, Any] = {
        "names": [name_of(held)],
        "not_before": world.now,
        "expires": world.now + 8 * HOUR,
    } | changes
    leader = by or world.leader
    return world.meet([held], leading=_led(leader, **said))


def _led(leader: Phone, *, names: list[bytes], not_before: int, expires: int) -> bytes:
    return seals.lead(leader.key.sign, leader.key.public, names=names, not_before=not_before, expires=expires)


def lost_leader(world: World) -> Answer:
    """The leader's phone stands on the list."""
    world.hear(list_=world.ended(world.leader.key.thumbprint))
    return led(world)


def spoilt_leader(world: World) -> Answer:
    """A bit of the leader's signature has changed."""
    held = world.mint(kind="continuation")
    said = world.leader.lead([name_of(held)], not_before=world.now, expires=world.now + HOUR)
    return world.meet([held], leading=said[:-1] + bytes([said[-1] ^ 1]))


def fitter(world: World, seconds: int) -> Answer:
    """A fitter opens, and once more after so long."""
    held = world.mint(kind="fitting")
    world.meet([held])
    return after(world, seconds, [held])


def set_back(world: World, ended: bool = True) -> Answer:
    """Signed time was heard; then the lock's clock goes back a day."""
    held = world.mint(expires=world.now - HOUR // 2) if ended else world.mint()
    world.hear(time=world.time())
    world.clock = -DAY
    return world.meet([held])


def stopped(world: World, seconds: int = 60) -> Answer:
    """Signed time was heard; the battery is changed, and somebody comes so much later."""
    held = world.mint()
    world.hear(time=world.time())
    world.restart()
    return after(world, seconds, [held])


def lost(world: World, time: bytes = b"") -> Answer:
    """Clock and flash time are gone; a key that ended yesterday, and holds by the time it brings, is shown."""
    old = (
        world.mint(not_before=world.now - DAY - HOUR, expires=world.now - DAY + HOUR)
        if time
        else world.mint()
    )
    world.restart(floor=False)
    return world.meet([old], world.carrying(time=time))


def lost_with_list(world: World) -> Answer:
    """A list tells of a time, too."""
    held, listed_at = world.mint(), world.ended()
    world.restart(floor=False)
    return world.meet([held], world.carrying(lists=(listed_at,)))


def answered(
    world: World, *, waits: int = 60, door: int = DOOR, by: Key | None = None, nonce: bytes = b""
) -> Answer:
    """Clock and flash time are gone; the lock's question is answered by the issuer, and brought."""
    held = world.mint()
    world.restart(floor=False)
    question = world.meet([held]).question
    world.later(waits)
    said = world.time(by=by, door=door, nonce=nonce or question)
    return world.meet([held], world.carrying(time=said))


def year_2000(world: World) -> Answer:
    """The clock begins again in the year 2000, and the flash holds no time."""
    held = world.mint(not_before=946_684_800, expires=946_684_800 + HOUR)
    world.restart(floor=False)
    world.clock = 946_684_800 - world.now
    return world.meet([held])


def ahead(world: World, seconds: int) -> Answer:
    """The clock is wrong, a good key is refused, and the issuer's answer is brought."""
    held = world.mint()
    world.clock = seconds
    question = world.meet([held]).question
    world.later(30)
    return world.meet([held], world.carrying(time=world.time(door=DOOR, nonce=question)))


def unfitted(world: World) -> Answer:
    """A lock fresh from its box."""
    world.lock = world.kind(Memory(), code=CODE)
    return world.meet([world.mint()])


def fitted(world: World, code: bytes = CODE) -> Answer:
    """A lock is fitted with the code on its card, and the owner's key is tried."""
    world.lock = world.kind(Memory(), up=world.up, code=CODE)
    given = world.order(world.issuer, 1)
    world.lock.fit(given, fitting.mark(code, given), world.own, world.up)
    return world.meet([world.mint()])


def rekeyed(world: World, by: Key | None = None, old: bool = False) -> Answer:
    """An order puts in a new owner; a key of the new one, or of the old one, is tried."""
    new = world.stranger
    world.lock.fit(world.order(by or world.issuer, 1, issuer=new), b"", world.own, world.up)
    return world.meet([world.mint(by=None if old else new)])


def old_order(world: World) -> Answer:
    """The epoch was raised by an order; the order before that is given once more."""
    before = world.order(world.issuer, 1, epoch=3)
    for given in (before, world.order(world.issuer, 2, epoch=4), before):
        world.lock.fit(given, b"", world.own, world.up)
    return world.meet([world.mint(doors={DOOR: 3})])


def stuck(world: World) -> Answer:
    """The bolt has frozen."""
    world.fault = "stuck"
    return world.meet([world.mint()])

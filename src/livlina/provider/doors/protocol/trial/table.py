"""The cases: a sentence, what the lock must say, and what happens. All begin at a fitted lock whose clock is right."""

from collections.abc import Callable
from dataclasses import dataclass

from livlina.provider.doors.protocol.messages import Answer
from livlina.provider.doors.protocol.trial import spelling, trouble
from livlina.provider.doors.protocol.trial.world import DAY, DOOR, HOUR, World


@dataclass(frozen=True)
class Case:
    """`says` is an outcome (opened, locked, told) or, when it is refused, the fault's code."""

    sentence: str
    says: str
    happens: Callable[[World], Answer]


Line = tuple[str, str, Callable[[World], Answer]]

KEYS: list[Line] = [
    ("A carer's key opens a door of her shift", "opened", lambda w: w.meet([w.mint()])),
    ("Her key locks the door again", "locked", lambda w: w.meet([w.mint()], action="lock")),
    ("Her key fetches the lock's log and moves nothing", "told", lambda w: w.meet([w.mint()], action="read")),
    ("A key for forty doors opens this one", "opened",
     lambda w: w.meet([w.mint(doors={DOOR: 3, **dict.fromkeys(range(1, 40), 1)})])),
    ("A key with a newer epoch than the lock's opens", "opened", lambda w: w.meet([w.mint(doors={DOOR: 4})])),
    ("A key two minutes early opens: clocks differ", "opened", lambda w: w.meet([w.mint(not_before=w.now + 119)])),
    ("A key that ended two minutes ago opens", "opened", lambda w: w.meet([w.mint(expires=w.now - 119)])),
    ("A nurse's key opens", "opened", lambda w: w.meet([w.mint(kind="nursing")])),
    ("A night key for the area opens when a reason is given", "opened",
     lambda w: w.meet([w.mint(kind="round", area="Norra Åsvalla")], reason=1)),
    ("A key copied to another phone opens nothing", "proof", lambda w: w.meet([w.mint()], w.colleague)),
    ("A key for another door does not open this one", "door", lambda w: w.meet([w.mint(doors={7: 3})])),
    ("A key for another area does not open", "door",
     lambda w: w.meet([w.mint(kind="round", area="Södra Åsvalla")], reason=1)),
    ("A key from before the lock changed keys opens nothing", "epoch", lambda w: w.meet([w.mint(doors={DOOR: 2})])),
    ("An area key from before the area changed keys opens nothing", "epoch",
     lambda w: w.meet([w.mint(kind="round", area="Norra Åsvalla", epoch=1)], reason=1)),
    ("A key of another municipality opens nothing", "issuer", lambda w: w.meet([w.mint(by=w.stranger)])),
    ("A key that names another issuer than who signed it opens nothing", "issuer",
     lambda w: w.meet([w.mint(issuer="sjohaga")])),
    ("A key that a stranger signed in the issuer's name opens nothing", "signature",
     lambda w: w.meet([spelling.forged(w)])),
    ("A key with one bit changed opens nothing", "signature", lambda w: w.meet([spelling.flipped(w)])),
    ("A key that has not begun opens nothing", "too_early", lambda w: w.meet([w.mint(not_before=w.now + 121)])),
    ("A key that has ended opens nothing", "expired", lambda w: w.meet([w.mint(expires=w.now - 121)])),
    ("A key for fifteen hours opens nothing", "too_long", lambda w: w.meet([w.mint(expires=w.now + 14 * HOUR + 1)])),
    ("A key that ended opens nothing after the night either", "expired",
     lambda w: trouble.after(w, DAY, [w.mint()])),
]  # fmt: skip

LOANS: list[Line] = [
    ("A colleague opens with a loan", "opened", lambda w: trouble.lent(w)),
    ("An area key lent for this door opens", "opened",
     lambda w: trouble.lent(w, w.mint(kind="round", area="Norra Åsvalla"), reason=2)),
    ("A loan for another door of the same key does not open this one", "door",
     lambda w: trouble.lent(w, w.mint(doors={DOOR: 3, 7: 1}), doors=[7])),
    ("A loan of more doors than the key has opens nothing", "wider", lambda w: trouble.lent(w, doors=[DOOR, 7])),
    ("A loan of a door the key never had opens nothing", "wider",
     lambda w: trouble.lent(w, w.mint(doors={7: 1}), doors=[DOOR])),
    ("A loan longer than the key opens nothing", "longer", lambda w: trouble.lent(w, expires=w.now + 9 * HOUR)),
    ("A loan that begins before the key opens nothing", "longer", lambda w: trouble.lent(w, not_before=w.now - DAY)),
    ("A loan that has ended opens nothing", "expired",
     lambda w: trouble.lent(w, not_before=w.now - 900, expires=w.now - 300)),
    ("A loan that has not begun opens nothing", "too_early", lambda w: trouble.lent(w, not_before=w.now + 300)),
    ("What is lent cannot be lent on", "too_deep", trouble.lent_on),
    ("A loan signed by a stranger's phone opens nothing", "signature", lambda w: trouble.lent(w, by=w.third)),
    ("A loan of another key of hers opens nothing", "parent", trouble.lent_from_another),
    ("A loan without the key it comes from opens nothing", "header", lambda w: w.meet([w.loan(w.mint())], w.colleague)),
    ("She who lent cannot use the loan herself", "proof", trouble.lender_herself),
    ("A nurse's key cannot be lent", "not_lent", lambda w: trouble.lent(w, w.mint(kind="nursing"))),
    ("A fitter's key cannot be lent", "not_lent", lambda w: trouble.lent(w, w.mint(kind="fitting"))),
    ("An emergency key cannot be lent", "not_lent",
     lambda w: trouble.lent(w, w.mint(kind="emergency"), reason=4)),
]  # fmt: skip

LISTS: list[Line] = [
    ("A lost phone's key opens nothing once another phone has brought the list", "revoked",
     lambda w: trouble.listed(w, w.carer.key.thumbprint)),
    ("One ended key opens nothing", "revoked", trouble.one_ended),
    ("A phone that carries the list itself is refused at once", "revoked",
     lambda w: w.meet([w.mint()], w.carrying(lists=(w.ended(w.carer.key.thumbprint),)))),
    ("An older list does not undo a newer one", "revoked", trouble.older_list),
    ("The list outlives a flat battery", "revoked", trouble.list_after_restart),
    ("A list signed by a stranger changes nothing", "opened",
     lambda w: w.meet([w.mint()], w.carrying(lists=(w.ended(w.carer.key.thumbprint, by=w.stranger),)))),
    ("A list of others changes nothing", "opened", lambda w: trouble.listed(w, w.colleague.key.thumbprint)),
    ("A loan from a lost phone opens nothing", "revoked", lambda w: trouble.listed_loan(w, w.carer)),
    ("A loan to a lost phone opens nothing", "revoked", lambda w: trouble.listed_loan(w, w.colleague)),
    ("A single loan that was ended opens nothing", "revoked", trouble.ended_loan),
]  # fmt: skip

SEALS: list[Line] = [
    ("An emergency key whose seal is broken opens, with a reason", "opened", lambda w: trouble.emergency(w)),
    ("A sealed emergency key opens nothing", "sealed", lambda w: trouble.emergency(w, seal=b"")),
    ("An emergency key without a reason opens nothing", "reason", lambda w: trouble.emergency(w, reason=0)),
    ("A reason nobody has agreed on opens nothing", "reason", lambda w: w.meet([w.mint()], reason=99)),
    ("Another reason than when the seal was broken opens nothing", "sealed",
     lambda w: trouble.emergency(w, reason=5)),
    ("A seal broken eighteen minutes ago opens nothing", "unsealed_late", lambda w: trouble.emergency(w, ago=1080)),
    ("A seal to be broken later opens nothing", "unsealed_late", lambda w: trouble.emergency(w, ago=-600)),
    ("A seal broken by another phone opens nothing", "sealed", lambda w: trouble.emergency(w, by=w.colleague)),
    ("The seal of another key opens nothing", "sealed", trouble.another_seal),
    ("A seal broken anew does not lengthen the quarter of an hour", "used", trouble.sealed_again),
    ("A night key without a reason opens nothing", "reason",
     lambda w: w.meet([w.mint(kind="round", area="Norra Åsvalla")])),
    ("A key for the next shift opens nothing by itself", "leader", lambda w: w.meet([w.mint(kind="continuation")])),
    ("A key for the next shift opens when the leader has signed", "opened", lambda w: trouble.led(w)),
    ("Another leader's signature opens nothing", "leader", lambda w: trouble.led(w, by=w.colleague)),
    ("A leader's signature for other keys opens nothing", "leader", lambda w: trouble.led(w, names=[bytes(16)])),
    ("A leader's signature that has ended opens nothing", "leader_time",
     lambda w: trouble.led(w, not_before=w.now - HOUR, expires=w.now - 300)),
    ("A leader's signature for fifteen hours opens nothing", "leader",
     lambda w: trouble.led(w, expires=w.now + 15 * HOUR)),
    ("A leader whose phone is lost opens nothing", "leader", trouble.lost_leader),
    ("A leader's signature with one bit changed opens nothing", "leader", trouble.spoilt_leader),
    ("A fitter's key opens for an hour from when it was first used", "opened", lambda w: trouble.fitter(w, 3500)),
    ("… and not after that", "used", lambda w: trouble.fitter(w, 3900)),
]  # fmt: skip

CLOCKS: list[Line] = [
    ("A clock set back a day lets no ended key in: signed time holds", "expired", trouble.set_back),
    ("A clock set back a day opens for a key that holds", "opened", lambda w: trouble.set_back(w, ended=False)),
    ("A stopped clock opens for a key that holds by the time in flash", "opened", trouble.stopped),
    ("A stopped clock runs on from the time in flash, and refuses what ends", "expired",
     lambda w: trouble.stopped(w, HOUR * 9)),
    ("A lock without clock and flash time opens for nobody", "clock_lost", trouble.lost),
    ("… nor when it is given any old signed time", "clock_lost", lambda w: trouble.lost(w, time=w.time(w.now - DAY))),
    ("… nor the newest, which could be as old", "clock_lost", lambda w: trouble.lost(w, time=w.time())),
    ("… nor when it is given a list with its time", "clock_lost", trouble.lost_with_list),
    ("… but when the issuer has answered its own question", "opened", lambda w: trouble.answered(w)),
    ("… within the hour", "clock_lost", lambda w: trouble.answered(w, waits=HOUR + 1)),
    ("… and not another lock's", "clock_lost", lambda w: trouble.answered(w, door=7)),
    ("… nor by a stranger", "clock_lost", lambda w: trouble.answered(w, by=w.stranger)),
    ("… nor another question", "clock_lost", lambda w: trouble.answered(w, nonce=bytes(16))),
    ("A clock that has begun again in the year 2000 is a lost one", "clock_lost", trouble.year_2000),
    ("A clock a year ahead is put right by the issuer's answer", "opened", lambda w: trouble.ahead(w, 365 * DAY)),
    ("… and a clock some days behind as well", "opened", lambda w: trouble.ahead(w, -3 * DAY)),
    ("A stranger's time a year ahead is not believed", "opened",
     lambda w: w.meet([w.mint()], w.carrying(time=w.time(w.now + 365 * DAY, by=w.stranger)))),
]  # fmt: skip

FITTING: list[Line] = [
    ("A lock that is nobody's opens for nobody", "not_fitted", lambda w: trouble.unfitted(w)),
    ("A lock fitted with the card's code opens for its owner's keys", "opened", lambda w: trouble.fitted(w)),
    ("… and without it stays nobody's", "not_fitted", lambda w: trouble.fitted(w, code=b"another card")),
    ("A new owner's key, put in by the old one, opens", "opened", lambda w: trouble.rekeyed(w)),
    ("… and the old one's opens nothing", "issuer", lambda w: trouble.rekeyed(w, old=True)),
    ("A stranger's order changes nothing", "opened", lambda w: trouble.rekeyed(w, by=w.stranger, old=True)),
    ("An old order given again changes nothing", "epoch", trouble.old_order),
    ("A frozen bolt is told of, and nothing is said to be open", "stuck", lambda w: trouble.stuck(w)),
]  # fmt: skip

CASES: list[Case] = [
    Case(*line) for part in (KEYS, LOANS, LISTS, SEALS, CLOCKS, FITTING, spelling.LINES) for line in part
]


def differs(case: Case, world: World) -> str:
    """Play a case, and return "" when the lock did as it must, otherwise what it did."""
    answer = case.happens(world)
    said = answer.fault or answer.outcome
    opened = world.lock.open(world.up)
    if said == case.says and opened == (case.says == "opened"):
        return ""
    return f"{said}{', and stands open' if opened else ''}"

"""The transactions of SIP, without sockets: what comes in one end, what is to be kept, sent and told at the other.

The order that must never break: `receive` hands out a Keep; only `kept`, called when the record is durable, answers 200.
"""

from __future__ import annotations

import hashlib
import heapq
import logging
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from livlina.alarmd import nowip, scaip, sip
from livlina.alarmd.codes import HEARTBEAT, VERDICT_NUMBERS
from livlina.alarmd.record import URGENT, Record, Unit
from livlina.alarmd.wire import Answer, Beat, Events, Fate, Keep, Send, Source, remember, within

T1, T2, GIVE_UP = 0.5, 4.0, 32.0
"""Seconds of RFC 3261: first retransmission, the longest wait between two, and when nobody answers any more."""
WAITING, ANSWERED, PENDING = 20_000, 50_000, 20_000
"""How many are remembered at most: not yet durable, replies to replay, our own unanswered messages."""
PROOF = 2.0
"""Seconds an alarm waits for the proof that was asked for, before staff see it without."""
EXPIRES = {"scaip": 3600, "scaip_inline": 600, "nowip": 3600}
"""Seconds a registration holds, by profile. Nothing is registered here: the unit only must not believe it is alone."""

_ALLOW = ("Allow", "MESSAGE, OPTIONS, REGISTER")
_ACCEPT = ("Accept", f"{scaip.TYPE}, application/xml, text/xml, text/plain")
_STRAY = re.compile(
    rb"[^<]*(?:<\?[^>]*>\s*)?<(?:mrs\b|scaip\b(?!.*<cid>).*<snu>|ATM\b.*<type>\s*A\s*</type>)", re.DOTALL
)
"""Somebody's answer, led to us by a mistake on the way. No unit asks for help with one."""
log = logging.getLogger(__name__)


Out = Send | Keep | Beat | Fate
_Key = tuple[tuple[str, int], bytes]
_SAYS = re.compile(rb"\s*SIP/2\.0\s+([1-6]\d\d)\b.*?(z9hG4bK[0-9a-f]{24})\b", re.DOTALL)
"""A response to a message of ours: all that matters of it is what it says and our own branch, which nobody guesses."""
_ALARM = re.compile(rb"<\?xml|<mrq|<scaip|<ATM")


@dataclass(frozen=True)
class _Asked:
    """A request that is to be answered."""

    request: sip.Message
    key: _Key
    source: Source


@dataclass
class _Told:
    """Our own MESSAGE, until the unit says 200."""

    to: Source
    data: bytes
    record: str
    until: float
    wait: float = T1


class Endpoint:
    """One SIP endpoint. `unit` knows the installed units, `answer` decides what an alarm is answered with.

    `host` is what we call ourselves in Via. In `realm` units that have a secret are asked to prove it ("" = nobody is);
    `salt` signs the challenges and must differ between starts.
    `proxies` are our own (addresses and networks): what they say of where a message came from is believed.
    `wall` gives seconds since 1970 for the records; every other time is the monotonic `now` of the caller.
    """

    def __init__(
        self, unit: Callable[[str], Unit | None], answer: Callable[[Record], Answer], *, host: str, realm: str = "",
        salt: bytes, proxies: str = "", wall: Callable[[], float] = time.time,
    ) -> None:  # fmt: skip
        self._unit, self._answer = unit, answer
        self._host, self._realm, self._salt, self._proxies = host, realm, salt, proxies
        self._count = 0
        self._answered: dict[_Key, tuple[float, bytes]] = {}
        """Until when to replay what; b"" while it is not answered."""
        self._waiting: dict[int, _Asked] = {}
        self._unproved: dict[str, tuple[float, Keep]] = {}
        self._told: dict[str, _Told] = {}
        self._due: list[tuple[float, str]] = []
        self._events = Events(wall)
        self.recall = self._events.recall

    # -- what comes in

    def receive(self, data: bytes, source: Source, now: float) -> Sequence[Out]:
        """One whole SIP message, or a ping of line ends. Never raises."""
        if not data.strip(b"\r\n\0 \t"):
            return [Send(source, b"\r\n")] if data.startswith(b"\r\n\r\n") else []
        if says := _SAYS.match(data):
            return self._settled(int(says[1]), says[2].decode(), source)
        # A retransmission is the same bytes from the same place. Not the branch alone: a unit that never changes its
        # branch would have its next alarm answered with the last one's 200.
        key = (source.address, hashlib.blake2b(data, digest_size=16).digest())
        if known := self._answered.get(key):
            return [Send(source, known[1])] if known[1] else []
        try:
            message = sip.parse(data)
        except sip.Malformed:
            return self._garbled(data, source, key, now)
        if message.code or message.method == "ACK":
            return []
        self._remember(key, now)
        sip.stamp(message, source.address)
        asked = _Asked(message, key, source)
        return self._message(asked, data, now) if message.method == "MESSAGE" else self._other(asked, now)

    def _garbled(self, data: bytes, source: Source, key: _Key, now: float) -> list[Out]:
        """Not SIP, and so without anybody to answer; but if it may be an alarm, a human must see it."""
        begins = _ALARM.search(data)
        draft = _draft(data[begins.start() :]) if begins else Record("", "unreadable", 0.0, protocol="sip")
        if draft.kind == HEARTBEAT or (not begins and not data.lstrip().upper().startswith(b"MESSAGE ")):
            return []
        self._remember(key, now)
        return [Keep(0, self._events.dated(draft, data, verdict="invalid"), data, source)]

    def _message(self, asked: _Asked, data: bytes, now: float) -> Sequence[Out]:
        # Somebody's answer: answered in turn, it would go round between two receivers for ever.
        if _STRAY.match(asked.request.body):
            return self._reply(asked, 200)
        draft = self._read(asked.request)
        if draft is None:
            return self._reply(asked, 415, _ACCEPT)
        unit = self._unit(draft.unit)
        proved = self._proof(asked, unit, now)
        verified = unit is not None and self._verified(unit, asked, proved)
        verdict = "unknown_unit" if unit is None and draft.verdict == "ok" else draft.verdict
        if proved in ("none", "stale") and draft.kind not in URGENT:
            return self._challenge(asked, now, proved)
        if draft.kind == HEARTBEAT:
            sends = self._accept(asked, replace(draft, verdict=verdict), Answer(media=0, handling=0), now)
            return [*sends, Beat(draft.unit, asked.source, verified)]
        # Without a reference two presses of one button look alike: then only the same call is the same event.
        call = "" if draft.reference else asked.request.get("call-id")
        words = asked.request.body + call.encode()
        draft = self._events.dated(draft, words, verified=verified, verdict=verdict)
        shown = Keep(0, draft, data, asked.source)
        if proved in ("none", "stale"):
            # It may not be able to give the proof, but help is called for: without it, staff see it soon (tick).
            if len(self._unproved) >= WAITING:
                return [*self._challenge(asked, now, proved), shown]
            self._unproved.setdefault(draft.id, (now + PROOF, shown))
            return self._challenge(asked, now, proved)
        self._unproved.pop(draft.id, None)
        if len(self._waiting) >= WAITING:
            return [*self._reply(asked, 503), shown]
        self._count += 1
        self._waiting[self._count] = asked
        return [Keep(self._count, draft, data, asked.source)]

    def _read(self, request: sip.Message) -> Record | None:
        """The body as a draft, whatever it calls itself; None for what is no alarm and from nobody we know."""
        body = request.body
        written = body.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith(b"<")
        if written or "xml" in request.get("content-type"):
            draft = _draft(body)
        elif self._unit(sip.user_of(request)):
            draft = Record("", "unreadable", 0.0, protocol="sip", verdict="invalid")
        else:
            return None
        return draft if draft.unit else replace(draft, unit=sip.user_of(request)[:64])

    # -- who it is

    def _proof(self, asked: _Asked, unit: Unit | None, now: float) -> str:
        """ "" when no proof is asked for, else what sip.proof says."""
        if not self._realm or unit is None or not unit.secret or asked.source.identity == unit.id:
            return ""
        host = asked.source.address[0]
        return sip.proof(asked.request, unit.secret, realm=self._realm, salt=self._salt, host=host, now=now)

    def _verified(self, unit: Unit, asked: _Asked, proved: str) -> bool:
        """Does it come from where the unit is known to be? The sender's name alone is needed, but proves nothing
        against an address or a secret that was agreed."""
        if asked.source.identity:
            return asked.source.identity == unit.id
        if proved:
            return proved == "right"
        if sip.user_of(asked.request) != unit.id:
            return False
        if not unit.source:
            return True
        host = asked.source.address[0]
        return within(sip.origin(asked.request, host, lambda one: within(one, self._proxies)), unit.source)

    # -- what is answered

    def kept(self, token: int, record: Record | None, now: float) -> list[Send]:
        """The record is durable: 200 and the answer. None: it could not be stored, so the unit is sent elsewhere (503)."""
        asked = self._waiting.pop(token, None)
        if asked is None:
            return []
        if record is None:
            return self._reply(asked, 503)
        try:
            answer = self._answer(record)
        except Exception:
            # Whatever goes wrong in deciding how to call back, a durable alarm is acknowledged.
            log.exception("no answer could be decided: acknowledged without")
            answer = Answer()
        return self._accept(asked, record, answer, now)

    def _accept(self, asked: _Asked, about: Record, answer: Answer, now: float) -> list[Send]:
        """200, and what SCAIP says above it: in the 200's own body by the inline profile, else in a MESSAGE of ours."""
        if about.protocol == "nowip":
            kind, body = nowip.TYPE, nowip.acknowledge(about)
        else:
            kind, body = scaip.TYPE, _mrs(about, answer)
        unit = self._unit(about.unit)
        if unit and unit.profile == "scaip_inline":
            self._events.answered(about.id)
            kind = (asked.request.get("content-type") or kind).partition(";")[0]
            return self._reply(asked, 200, ("Content-Type", kind), body=body)
        return [*self._reply(asked, 200), self._tell(asked, kind, body, about.id, now)]

    def _tell(self, asked: _Asked, kind: str, body: bytes, record: str, now: float) -> Send:
        """Our MESSAGE back, remembered until it is answered. In a storm, answers to signs of life go untracked."""
        self._count += 1
        to = asked.source
        mix = f"{self._count} {now} {to.address}".encode()
        branch = "z9hG4bK" + hashlib.blake2b(mix, key=self._salt[:64], digest_size=12).hexdigest()
        data = sip.message_back(
            asked.request, to.address, to.transport, host=self._host, branch=branch, body=body, kind=kind
        )
        if len(self._told) < (4 * PENDING if record else PENDING):
            self._told[branch] = _Told(to, data, record, until=now + GIVE_UP)
            heapq.heappush(self._due, (now + (T1 if to.transport == "udp" else GIVE_UP), branch))
        return Send(to, data)

    def _reply(self, asked: _Asked, code: int, *extra: tuple[str, str], body: bytes = b"") -> list[Send]:
        data = sip.respond(asked.request, code, tag=asked.key[1].hex()[:16], extra=extra, body=body)
        if known := self._answered.get(asked.key):
            self._answered[asked.key] = (known[0], data)
        return [Send(asked.source, data)]

    def _challenge(self, asked: _Asked, now: float, proved: str) -> list[Send]:
        host = asked.source.address[0]
        return self._reply(
            asked, 401, *sip.challenge(self._realm, self._salt, host, now, stale=proved == "stale")
        )

    def _other(self, asked: _Asked, now: float) -> list[Send]:
        """What is no alarm: the unit asks whether we are here, or wants to be reached. Told no more than it needs."""
        if asked.request.method == "OPTIONS":
            return self._reply(asked, 200, _ALLOW, _ACCEPT)
        if asked.request.method != "REGISTER":
            return self._reply(asked, 405, _ALLOW)
        unit = self._unit(sip.user_of(asked.request, "to"))
        proved = self._proof(asked, unit, now)
        if proved in ("none", "stale"):
            return self._challenge(asked, now, proved)
        if proved == "wrong":
            return self._reply(asked, 403)
        return self._reply(
            asked, 200, *sip.registered(asked.request, EXPIRES.get(unit.profile if unit else "", 3600))
        )

    def _settled(self, code: int, branch: str, source: Source) -> list[Out]:
        """The unit answered our MESSAGE. From another address it settles nothing."""
        told = self._told.get(branch)
        if told is None or code < 200 or told.to.address[0] != source.address[0]:
            return []
        del self._told[branch]
        if told.record and code < 300:
            self._events.answered(told.record)
        return [Fate(told.record, code < 300)] if told.record else []

    # -- time

    def _remember(self, key: _Key, now: float) -> None:
        remember(self._answered, key, (now + GIVE_UP, b""), ANSWERED)

    def tick(self, now: float) -> list[Out]:
        """Retransmissions that are due, answers nobody acknowledged, alarms that were never proved, and the forgetting
        of what is old."""
        out: list[Out] = []
        while self._unproved and (first := next(iter(self._unproved.values())))[0] <= now:
            del self._unproved[first[1].draft.id]
            out.append(first[1])
        while self._due and self._due[0][0] <= now:
            due, branch = heapq.heappop(self._due)
            told = self._told.get(branch)
            if told is None:
                continue
            if now >= told.until:
                del self._told[branch]
                out += [Fate(told.record, False)] if told.record else []
                continue
            out.append(Send(told.to, told.data))
            told.wait = min(told.wait * 2, T2)
            heapq.heappush(self._due, (min(max(due, now - T1) + told.wait, told.until), branch))
        self._forget(now)
        return out

    def _forget(self, now: float) -> None:
        while self._answered and (oldest := next(iter(self._answered.items())))[1][0] <= now:
            del self._answered[oldest[0]]
        self._events.forget()


def _draft(body: bytes) -> Record:
    return nowip.parse(body) if nowip.looks_like(body) else scaip.parse(body)


def _mrs(about: Record, answer: Answer) -> bytes:
    status = VERDICT_NUMBERS.get(about.verdict) or answer.status
    interval = answer.interval if about.facts.get("hbo") else None
    root = "scaip" if about.facts.get("root") == "scaip" else "mrs"
    return scaip.compose_mrs(about.reference, answer._replace(status=status, interval=interval), root)

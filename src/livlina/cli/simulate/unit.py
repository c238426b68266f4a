"""One simulated unit: what it does with what it has to say, without sockets and without a clock of its own.

It repeats over UDP at 0.5 s and then ever more seldom (RFC 3261, T1 and T2), changes address when its own patience
ends or it is refused, waits for the receiver's own message after the 200, and begins again when that does not come. One
with two SIM cards goes over to the other operator when no address has answered by the first, and stays there.
An alarm is never given up while the unit has power; a sign of life is: the next one comes soon enough.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from livlina.cli.simulate import panel, wire
from livlina.cli.simulate.shapes import URGENT, Profile, Said

T1, T2 = 0.5, 4.0  # seconds
REST = 30.0  # seconds that a unit rests when no address has answered
HOLD = 10.0  # seconds after which it asks again when told to wait
COOKIE = "z9hG4bK"  # how a branch of RFC 3261 begins
ROUNDS = 2  # turns at all addresses before it rests


@dataclass(frozen=True)
class Send:
    """Bytes for the receiver with this place in the unit's list."""

    receiver: int
    data: bytes


@dataclass(frozen=True)
class Told:
    """Something that is counted. `seconds` since the message was begun; `at_once` since it was sent to this address."""

    what: (
        str  # sent acknowledged answered refused unanswered fell_back changed_network resting given_up called
    )
    kind: str
    ref: str
    receiver: int = 0
    seconds: float = 0.0
    at_once: float = 0.0
    status: int = 0


Out = Send | Told


@dataclass
class Talk:
    """One message on its way."""

    said: Said
    body: str
    call_id: str
    begun: float
    to: int
    number: int = 0
    branch: str = ""
    data: bytes = b""
    pause: float = T1
    turns: int = 0
    by: str = ""  # the operator it was sent by
    sent_at: float = 0.0
    again_at: float = 0.0  # the next repetition, or the end of a rest
    patient_until: float = 0.0
    acknowledged: bool = False
    resting: bool = False
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def next_at(self) -> float:
        """When something is to be done about it."""
        return min(self.again_at, self.patient_until)


@dataclass
class Unit:
    """An installed unit. `receivers` are the addresses in its own settings."""

    number: str
    profile: Profile
    rng: Random
    receivers: tuple[str, ...]
    place: int = 0  # in the fleet; stands in every branch, so that answers find home over a shared socket
    host: str = "127.0.0.1:5060"
    operator: str = ""  # the one it uses now
    second_operator: str = ""  # that of its other SIM card
    model: str = ""
    area: str = ""
    pendants: tuple[str, ...] = ("1",)
    phone: str = ""
    secret: str = ""
    interval: float = 60.0
    prefers: int = 0  # the place of the address it tries first
    sequence: int = 0  # of frames (DC-09)
    off_until: float = 0.0  # it has no power, or starts again
    talks: dict[str, Talk] = field(default_factory=dict)

    def say(self, kind: str, now: float, device: str = "") -> list[Out]:
        """Begin a message. Nothing while it has no power; no second sign of life while one is under way."""
        if now < self.off_until:
            return []
        if kind == "beat" and any(talk.said.kind == "beat" for talk in self.talks.values()):
            return []
        ref = self._sequence(kind) if self.profile.protocol == "dc09" else self.profile.ref(self.rng)
        said = Said(kind, self.number, ref, device or self.pendants[0], self.phone)
        call_id = f"{self.rng.getrandbits(64):016x}@{self.number}"
        talk = Talk(said, self.profile.body(said), call_id, now, self.prefers)
        self.talks[ref] = talk
        return [Told("sent", kind, ref), self._turn(talk, now)]

    def hear(self, heard: wire.Heard, receiver: int, now: float) -> list[Out]:
        """Take what came from a receiver: an answer to a request of ours, or a request of its own."""
        if not heard.status:
            return self._asked(heard, receiver, now)
        talk = next((talk for talk in self.talks.values() if talk.branch == heard.branch), None)
        if talk is None or heard.status < 200 or talk.acknowledged:
            return []
        if heard.status < 300:
            talk.acknowledged, talk.resting = True, False
            talk.again_at, talk.patient_until = float("inf"), now + self.profile.mrs_wait
            done: list[Out] = [self._told("acknowledged", talk, now)]
            return done + self._answered(talk, heard, now) if heard.fields() else done
        challenge = heard.first("www-authenticate")
        if heard.status == 401 and challenge and self.secret and not talk.headers:
            shown = wire.proof(challenge, self.number, self.secret, f"sip:alarm@{self.receivers[talk.to]}")
            talk.headers = (("Authorization", shown),)
            return [self._turn(talk, now, same=True)]
        return [self._told("refused", talk, now, heard.status), *self._elsewhere(talk, now)]

    def hear_word(self, heard: panel.Word, now: float) -> list[Out]:
        """Take what a receiver answered to a frame: kept, or not. A NAK says nothing of which."""
        said = [talk for talk in self.talks.values() if talk.branch == heard.sequence or heard.word == "NAK"]
        if not said or said[0].resting:
            return []
        if heard.word != "ACK":
            return [self._told("refused", said[0], now), *self._elsewhere(said[0], now)]
        del self.talks[said[0].said.ref]
        return [self._told("acknowledged", said[0], now), self._told("answered", said[0], now)]

    def tick(self, now: float) -> list[Out]:
        """Repeat, change address or begin again, whatever is due."""
        out: list[Out] = []
        for talk in list(self.talks.values()):
            if now < self.off_until or talk.next_at > now:
                continue
            if talk.resting:
                talk.resting, talk.turns = False, 0
                out.append(self._turn(talk, now))
            elif talk.patient_until <= now:
                if talk.acknowledged:
                    out.append(self._told("unanswered", talk, now))
                else:
                    out += self._other_network(talk, now)
                out += self._elsewhere(talk, now)
            else:
                talk.pause = min(talk.pause * 2, T2)
                talk.again_at = now + talk.pause
                out.append(Send(talk.to, talk.data))
        return out

    @property
    def next_at(self) -> float:
        """When to tick next."""
        due = min((talk.next_at for talk in self.talks.values()), default=float("inf"))
        return max(due, self.off_until)

    def restart(self, now: float, seconds: float) -> None:
        """Lose power or start again: what was under way is forgotten, as in units without a battery."""
        self.off_until = now + seconds
        self.talks.clear()

    def _turn(self, talk: Talk, now: float, same: bool = False) -> Send:
        """Send it as a new transaction to the address whose turn it is."""
        talk.number += 1
        talk.turns += 0 if same else 1
        talk.acknowledged, talk.pause, talk.sent_at, talk.by = False, T1, now, self.operator
        talk.again_at = now + T1 if self.profile.transport == "udp" else float("inf")
        talk.patient_until = now + self.profile.patience
        if self.profile.protocol == "dc09":
            return self._framed(talk)
        talk.branch = f"{COOKIE}{self.place:06x}{self.rng.getrandbits(40):010x}"
        ask = wire.Ask(
            self.number, self.host, self.receivers[talk.to], self.profile.transport, talk.branch, talk.call_id,
            talk.number, self.profile.content_type, talk.headers,
        )  # fmt: skip
        talk.data = wire.message(ask, talk.body)
        return Send(talk.to, talk.data)

    def _sequence(self, kind: str) -> str:
        """The number of a frame: always the same for a sign of life, else the next."""
        if kind == "beat":
            return panel.BEAT
        self.sequence = self.sequence % 9999 + 1
        return f"{self.sequence:04}"

    def _framed(self, talk: Talk) -> Send:
        talk.branch = talk.said.ref
        talk.data = panel.frame(talk.said.kind, self.number, talk.branch, talk.said.device)
        return Send(talk.to, talk.data)

    def _other_network(self, talk: Talk, now: float) -> list[Out]:
        """Go over to the other SIM card when every address was tried in vain by this one."""
        if not self.second_operator or talk.turns % len(self.receivers) or talk.by != self.operator:
            return []
        self.operator, self.second_operator = self.second_operator, self.operator
        return [self._told("changed_network", talk, now)]

    def _elsewhere(self, talk: Talk, now: float) -> list[Out]:
        """Try the next address; rest when all have had their turns; let a sign of life go."""
        if talk.turns >= ROUNDS * len(self.receivers):
            if talk.said.kind not in URGENT:
                del self.talks[talk.said.ref]
                return [self._told("given_up", talk, now)]
            return [self._rest(talk, now, REST)]
        before, talk.to = talk.to, (talk.to + 1) % len(self.receivers)
        talk.headers = ()
        sent = self._turn(talk, now)
        return [self._told("fell_back", talk, now), sent] if talk.to != before else [sent]

    def _rest(self, talk: Talk, now: float, seconds: float) -> Told:
        talk.resting, talk.acknowledged = True, False
        talk.again_at, talk.patient_until = now + seconds, float("inf")
        return self._told("resting", talk, now)

    def _asked(self, heard: wire.Heard, receiver: int, now: float) -> list[Out]:
        if heard.method != "MESSAGE":
            return [Send(receiver, wire.answer(heard))]
        ref = heard.fields().get("ref", "")
        talk = self.talks.get(ref)
        out: list[Out] = [Send(receiver, wire.answer(heard))]
        return out + self._answered(talk, heard, now) if talk else out

    def _answered(self, talk: Talk, heard: wire.Heard, now: float) -> list[Out]:
        """Act on the receiver's own message: done, wait, or try elsewhere."""
        said = heard.fields()
        status = int(said["snu"]) if said.get("snu", "").isdigit() else 0
        told: list[Out] = [self._told("answered", talk, now, status)]
        if not talk.acknowledged:  # behind a proxy the answer may overtake the 200
            told.insert(0, self._told("acknowledged", talk, now))
        if status == 4:
            return [*told, self._rest(talk, now, HOLD)]
        if status in (5, 6):
            return [*told, *self._elsewhere(talk, now)]
        del self.talks[talk.said.ref]
        if said.get("cre", "").lstrip("0") == "62" and said.get("tnu"):
            return [*told, self._told("called", talk, now)]
        return told

    def _told(self, what: str, talk: Talk, now: float, status: int = 0) -> Told:
        return Told(
            what, talk.said.kind, talk.said.ref, talk.to, now - talk.begun, now - talk.sent_at, status
        )

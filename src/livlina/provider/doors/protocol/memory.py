"""What a lock keeps in flash: it survives a flat battery, and the clock beside it does not."""

from collections import deque
from dataclasses import dataclass, field

from livlina.provider.doors.protocol import cbor
from livlina.provider.doors.protocol.faults import Fault
from livlina.provider.doors.protocol.fitting import Issuer
from livlina.provider.doors.protocol.log import KEPT, Entry, Log


@dataclass
class Memory:
    """One lock's flash. `floor` is the newest time an issuer has signed: it is never earlier than that.

    `revoked` by issuer's kid: the list's number and its ids. `used`: when tokens of kinds that are good for a short
    while from their first use were first used here, and when they end. `offset` corrects a clock found to be wrong.
    """

    door: int = 0
    area: str = ""
    epoch: int = 1
    area_epoch: int = 1
    issuers: tuple[Issuer, ...] = ()
    order: int = 0
    floor: int | None = None
    offset: int = 0
    revoked: dict[bytes, tuple[int, frozenset[bytes]]] = field(default_factory=dict)
    used: dict[bytes, tuple[int, int]] = field(default_factory=dict)
    log: Log = field(default_factory=Log)

    @property
    def fitted(self) -> bool:
        """Whether it is somebody's lock."""
        return bool(self.issuers)

    def issuer(self, kid: bytes) -> Issuer:
        """Return the issuer with that key. Raises Fault("issuer")."""
        for issuer in self.issuers:
            if issuer.kid == kid:
                return issuer
        raise Fault("issuer")

    def ended(self, issuer: Issuer) -> frozenset[bytes]:
        """Return the ids that open nothing for that issuer's tokens: on its own list, or on the owner's."""
        lists = (self.revoked.get(one.kid, (0, frozenset[bytes]()))[1] for one in {issuer, self.issuers[0]})
        return frozenset[bytes]().union(*lists)

    def to_bytes(self) -> bytes:
        """Return all of it for a file."""
        log = self.log
        return b"".join(
            len(part).to_bytes(4, "big") + part
            for part in [
                cbor.encode([
                    self.door, self.area, self.epoch, self.area_epoch, [[one.name, one.public] for one in self.issuers],
                    self.order, self.floor, self.offset, log.number, log.head, log.acknowledged,
                ]),
                cbor.encode([[name, *times] for name, times in self.used.items()]),
                cbor.encode(len(self.revoked)),
                *(cbor.encode([kid, number, b"".join(sorted(ids))]) for kid, (number, ids) in self.revoked.items()),
                *(entry.raw for entry in log.entries),
            ]
        )  # fmt: skip

    @classmethod
    def from_bytes(cls, raw: bytes, log_key: bytes = b"") -> "Memory":
        """Return what a file held. Raises ValueError when it is none of ours."""
        parts, place = [], 0
        while place < len(raw):
            size = int.from_bytes(raw[place : place + 4], "big")
            parts.append(raw[place + 4 : place + 4 + size])
            place += 4 + size
        try:
            return _read(parts, log_key)
        except (Fault, TypeError, IndexError) as fault:
            raise ValueError("This is not a lock's memory.") from fault


def _read(parts: list[bytes], log_key: bytes) -> Memory:
    door, area, epoch, area_epoch, issuers, order, floor, offset, number, head, acknowledged = cbor.decode(
        parts[0]
    )
    lists = cbor.decode(parts[2])
    revoked = {}
    for part in parts[3 : 3 + lists]:
        kid, serial, ids = cbor.decode(part)
        revoked[kid] = (serial, frozenset(ids[at : at + 8] for at in range(0, len(ids), 8)))
    log = Log(log_key)
    log.number, log.head, log.acknowledged = number, head, acknowledged
    log.entries = deque((Entry.parse(part) for part in parts[3 + lists :]), maxlen=KEPT)
    return Memory(
        door, area, epoch, area_epoch, tuple(Issuer(*one) for one in issuers), order, floor, offset, revoked,
        {name: (first, ends) for name, first, ends in cbor.decode(parts[1])}, log,
    )  # fmt: skip

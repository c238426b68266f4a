"""Locks with one guard missing each. Every one must be caught by the table, and by the fuzzing that is said to find it."""

from typing import Any

import cbor2

from livlina.provider.doors.protocol import guards, messages
from livlina.provider.doors.protocol.faults import Fault
from livlina.provider.doors.protocol.lock import Lock


def _without(guard: guards.Guard) -> type[Lock]:
    return type(
        f"Without_{guard.__name__}",
        (Lock,),
        {
            "identity": tuple(one for one in Lock.identity if one is not guard),
            "rules": tuple(one for one in Lock.rules if one is not guard),
        },
    )


class KeepsNonce(Lock):
    """Takes the same nonce again."""

    def _take_nonce(self, up: float) -> bytes:
        return self._nonce[0] if self._nonce else b""


class PatientNonce(Lock):
    """Takes a nonce however old it is."""

    def _take_nonce(self, up: float) -> bytes:
        held, self._nonce = self._nonce, None
        return held[0] if held else b""


class LooseReader(Lock):
    """Reads what cbor2 reads when it is not told to be strict."""

    @staticmethod
    def read(raw: bytes, decode: Any = None) -> messages.Ask:
        """Read leniently."""
        try:
            return messages.read_ask(raw, cbor2.loads)
        except (cbor2.CBORError, ValueError, TypeError, AttributeError):
            raise Fault("malformed") from None


class FailsOpen(Lock):
    """Opens when it does not understand: one make of lock did, when a message was off by one byte."""

    def act(self, message: bytes, own: int | None, up: float) -> bytes:
        """Answer, and open on a malformed message."""
        answer = super().act(message, own, up)
        if messages.read_answer(answer).fault == "malformed":
            self._open_until = up + 30
        return answer


class NoFloor(Lock):
    """Believes its own clock alone."""

    def time(self, own: int | None, up: float) -> int | None:
        """Its own clock, or the beginning of time."""
        clock = self._clock(own)
        return 0 if clock is None else clock


class BelievesAnyTime(Lock):
    """A lock that has lost its time takes any signed one for the present."""

    def _raise_floor(self, at: int, own: int | None, up: float) -> None:
        self.memory.floor, self._floor_up = max(at, self.memory.floor or 0), up


class BelievesAnyList(Lock):
    """Takes an older list for a newer one."""

    def _learn_list(self, raw: bytes, own: int | None, up: float) -> None:
        self.memory.revoked.clear()
        super()._learn_list(raw, own, up)


class EndlessQuestion(Lock):
    """Takes the answer to its question however late it comes."""

    def _learn_time(self, raw: bytes, owner: Any, own: int | None, up: float) -> None:
        if self._question is not None:
            self._question = (self._question[0], up)
        super()._learn_time(raw, owner, own, up)


class Forgets(Lock):
    """Does not remember when a key of a short kind was first used."""

    def _remember_use(self, asked: guards.Asked) -> None:
        return


GUARDS = {guard.__name__: _without(guard) for guard in (*Lock.identity, *Lock.rules)}
BROKEN: dict[str, type[Lock]] = GUARDS | {
    one.__name__: one
    for one in (
        KeepsNonce, PatientNonce, LooseReader, FailsOpen, NoFloor, BelievesAnyTime, BelievesAnyList, EndlessQuestion,
        Forgets,
    )
}  # fmt: skip

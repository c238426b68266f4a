"""SIA DC-09 as a panel speaks it: what fire and intruder panels in special housing send, over TCP and in the clear.

Composed and read by this file alone and never by the receiver's code, so that one mistake is not made on both sides. A
sign of life is NULL with the sequence 0000; anything else has the next of 0001 to 9999, the same when it is sent again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

CODES = {
    "alarm": "MA", "fall": "QA", "reset": "MH", "cancel": "OC", "update": "DG", "test": "RX", "low_battery": "YT",
    "battery_ok": "YR", "power_failure": "AT", "power_back": "AR", "fault": "ET",
}  # fmt: skip
"""The event of SIA DC-03 for each kind of message; a sign of life has none."""
BEAT = "0000"
LARGEST = 4096
_ANSWER = re.compile(rb'\n[0-9A-Fa-f]{4}([0-9A-Fa-f]{4})"(ACK|NAK|DUH|RSP)"(\d{4})([^\r]*)\r')


def _steps(byte: int) -> int:
    for _ in range(8):
        byte, odd = byte >> 1, byte & 1
        byte ^= 0xA001 * odd
    return byte


_TABLE = tuple(_steps(byte) for byte in range(256))


@dataclass(frozen=True)
class Word:
    """What a receiver answered: ACK (kept), DUH (not handled), NAK (the clock), and to which sequence."""

    word: str
    sequence: str


def frame(kind: str, account: str, sequence: str, zone: str) -> bytes:
    """Compose a frame. `zone` is the number of the button or detector."""
    if kind == "beat":
        told = f'"NULL"{BEAT}L0#{account}[]'
    else:
        told = f'"SIA-DCS"{sequence}L0#{account}[#{account}|N{CODES[kind]}{zone}]'
    data = told.encode("ascii", "replace")
    return b"\n%04X%04X%b\r" % (check(data), len(data), data)


def check(data: bytes) -> int:
    """The sum that stands before a frame (CRC-16 of polynomial 0x8005, reflected)."""
    value = 0
    for byte in data:
        value = value >> 8 ^ _TABLE[(value ^ byte) & 0xFF]
    return value


def read(data: bytes) -> Word | None:
    """Read what a receiver answered; None for anything else."""
    met = _ANSWER.fullmatch(data)
    if met is None or int(data[1:5], 16) != check(data[9:-1]) or int(met[1], 16) != len(data) - 10:
        return None
    return Word(met[2].decode(), met[3].decode())


class Stream:
    """Cuts what comes over TCP into frames."""

    def __init__(self) -> None:
        self.left = b""

    def feed(self, data: bytes) -> list[bytes]:
        """Return the frames that are whole now. Raises ValueError when one grows beyond all measure."""
        *whole, self.left = (self.left + data).split(b"\r")
        if len(self.left) > LARGEST:
            raise ValueError("The receiver sends a frame without end.")
        return [one + b"\r" for one in whole]

"""NOWIP (BS 8521-2), the British neighbour of SCAIP: <ATM> in a text/plain SIP MESSAGE, behind the same record.

Facts are from open code, not from the standard: the answer's shape is provisional.
"""

from __future__ import annotations

import re
from typing import Any

from livlina.alarmd.codes import HEARTBEAT
from livlina.alarmd.record import Record
from livlina.alarmd.scaip import LONGEST, Unreadable, read

TYPE = "text/plain"
HEARTBEAT_TYPE, ALARM_TYPE, ACKNOWLEDGE_TYPE = "0", "1", "A"
_BEAT = re.compile(r"(?P<controller>\d{8})(?P<unit>\d{4})")
_ALARM = re.compile(
    r"(?P<system>\d)(?P<speech>\d)(?P<conformance>\d\d)(?P<controller>\d{8})(?P<unit>\d{4})"
    r"(?P<event>\d{3})(?P<location>\d\d)(?P<priority>\d)(?P<status>\d\d)"
)
# Event or status of BS 8521-2, and the nearest code of SCAIP: dty for events, stc for statuses.
_DEVICES = {
    10: 4, 11: 4, 12: 13, 13: 14, 14: 10, 15: 29, 16: 23, 17: 47, 18: 27, 19: 3, 20: 3, 21: 5, 22: 5, 23: 6, 24: 6, 25: 7,
    26: 26, 27: 21, 28: 28, 29: 30, 30: 15, 31: 15, 32: 25, 33: 25, 34: 25, 35: 11, 36: 16, 37: 12, 38: 44, 39: 18, 40: 18,
    41: 18, 42: 17, 43: 10, 44: 20, 45: 12, 46: 44, 47: 33, 48: 34, 49: 22, 50: 24, 51: 41, 52: 41, 53: 41, 54: 8, 55: 14,
    56: 14, 57: 31, 58: 31, 59: 2, 60: 2, 61: 50, 62: 32, 63: 32, 64: 31,
}  # fmt: skip
_STATUSES = {4: 48, 5: 67, 6: 67, 7: 16, 8: 17, 9: 78}
_TEST_EVENTS, _TOLD_EVENTS, _TECHNICAL = (
    frozenset({58, 64}),
    frozenset({90, 91, 97, 98, 99}),
    frozenset({51, 52, 53, 57, 61, 62, 63}),
)


def looks_like(body: bytes) -> bool:
    """Is it an <ATM>?"""
    return b"<ATM" in body[:256]


def parse(body: bytes) -> Record:
    """A record without id and moment, as scaip.parse gives. Never raises."""
    try:
        root, tags = read(body) if len(body) <= LONGEST else ("", {})
    except Unreadable:
        root, tags = "", {}
    kind, data = (_said(tags, "type"), _said(tags, "data")) if root == "ATM" else ("", "")
    if kind == HEARTBEAT_TYPE and (beat := _BEAT.fullmatch(data)):
        return _record(HEARTBEAT, beat, tags, {})
    if kind == ALARM_TYPE and (alarm := _ALARM.fullmatch(data)):
        codes = {
            name: int(alarm[name]) for name in ("system", "speech", "event", "location", "priority", "status")
        }
        return _record(_kind(codes["event"], codes["status"]), alarm, tags, codes)
    return Record(
        id="", kind="unreadable", at=0.0, protocol="nowip", verdict="too_long" if len(body) > LONGEST else "invalid",
        unit=data[:8] if _BEAT.match(data) else "", facts={"type": kind[:2]} if kind else {},
    )  # fmt: skip


def _said(tags: dict[str, list[Any]], tag: str) -> str:
    said = tags.get(tag, [""])[0]
    return said if isinstance(said, str) else ""


def _record(kind: str, data: re.Match[str], tags: dict[str, list[Any]], codes: dict[str, int]) -> Record:
    facts: dict[str, Any] = {"nowip": codes} if codes else {}
    if codes:
        facts["dty"] = _DEVICES.get(codes["event"], 1)
        facts["stc"] = _STATUSES.get(
            codes["status"], 102 if kind == "test" else 19 if kind == "cancel" else 10
        )
        facts["pri"] = codes["priority"]
    if sent := _said(tags, "time"):
        facts["time"] = sent[:32]
    return Record(
        id="", kind=kind, at=0.0, unit=data["controller"], device=data["unit"], protocol="nowip", facts=facts,
        reference=sent[:32],
    )  # fmt: skip


def _kind(event: int, status: int) -> str:
    """Technical events are faults, or what failed works again; what is in doubt is an alarm."""
    if event == 0:
        return "cancel"
    if event in _TEST_EVENTS:
        return "test"
    if event in _TOLD_EVENTS:
        return "update"
    if status == 4:
        return "restored"
    return "fault" if event in _TECHNICAL or status in (6, 7, 9) else "alarm"


def compose(kind: str, data: str, *, time: str = "") -> bytes:
    """An <ATM> as a unit or we write it."""
    told = f"<time>{time}</time>" if time else ""
    return f"<ATM><version>1.5</version><type>{kind}</type><data>{data}</data>{told}</ATM>".encode()


def acknowledge(record: Record) -> bytes:
    """What tells the unit that its alarm is received: type A and who it is for."""
    return compose(
        ACKNOWLEDGE_TYPE, f"{record.unit:0>8}{record.device:0>4}", time=record.facts.get("time", "")
    )

"""SCAIP (SS 91100) in and out: the XML of an alarm, read as forgivingly as real units need, and its answer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import escape

from livlina.alarmd.codes import kind_of
from livlina.alarmd.record import Record
from livlina.alarmd.wire import Answer, text

LONGEST, DEEPEST = 4 * 1024, 3
TYPE = "application/scaip+xml"
MANDATORY = ("ref", "cid", "dty")

_CODES = frozenset({"sco", "cha", "hbo", "dty", "dco", "stc", "pri", "lco", "ico", "ame", "mreq"})
_SHAPES = {
    "ref": r"[0-9a-zA-Z]{1,16}", "ver": r"\d\d\.\d\d", "sco": r"\d", "cha": r"\d", "mty": "(?i:ME|RE|IN|PI)", "hbo": "[0-3]",
    "cid": r"\d{1,16}", "dty": r"\d{1,4}", "did": ".{1,8}", "dco": r"\d{1,3}", "dte": ".{1,32}", "crd": ".{1,256}",
    "stc": r"\d{1,4}", "stt": ".{1,32}", "pri": r"\d", "lco": r"\d{1,3}", "lva": ".{1,2}", "lte": ".{1,32}",
    "ico": r"\d{1,3}", "ite": ".{1,128}", "ame": "[01]", "mreq": r"\d{1,2}", "geo": ".{1,23}", "tim": ".{1,22}",
    "gga": ".{1,81}",
}  # fmt: skip
_SHAPE = {tag: re.compile(shape, re.ASCII).fullmatch for tag, shape in _SHAPES.items()}
_KEPT = frozenset(_SHAPES) - {"ref", "cid", "did", "geo", "tim", "gga"}


class Unreadable(ValueError):
    """The body is not XML of the kind an alarm is written in."""


def read(body: bytes) -> tuple[str, dict[str, list[Any]]]:
    """The root's name, and for each tag below it what it says, in the order of coming; a tag with tags of its own
    (lge) says a dict. Raises Unreadable: no XML, a document type, entities, too deep."""
    root, depth = "", 0
    found: dict[str, list[Any]] = {}
    inner: dict[str, str] = {}
    said: list[str] = []

    def refuse(*_: Any) -> None:
        raise Unreadable("a document type is not taken")

    def begin(name: str, _: Mapping[str, str]) -> None:
        nonlocal root, depth
        root, depth = root or name, depth + 1
        said.clear()
        if depth > DEEPEST:
            raise Unreadable("nested too deep")

    def end(name: str) -> None:
        nonlocal inner, depth
        name, told = name.rpartition(":")[2], " ".join("".join(said).split())
        said.clear()
        if depth == DEEPEST:
            inner[name] = told
        elif depth == 2:
            found.setdefault(name, []).append(inner or told)
            inner = {}
        depth -= 1

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.CharacterDataHandler = said.append
    try:
        parser.Parse(_text(body), True)
    except (expat.ExpatError, ValueError) as wrong:
        raise Unreadable(str(wrong)) from None
    return root.rpartition(":")[2], found


def _text(body: bytes) -> str:
    """Whatever the declaration says."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", "replace")
    return text(body.removeprefix(b"\xef\xbb\xbf")).strip("\0 \t\r\n")


def parse(body: bytes) -> Record:
    """What an <mrq> says, as a record that has no id and no moment yet; `kind` may be codes.HEARTBEAT. Never raises."""
    if len(body) > LONGEST:
        return _salvaged(body, "too_long")
    try:
        root, tags = read(body)
    except Unreadable:
        return _salvaged(body, "invalid")
    if root not in ("mrq", "scaip"):
        return _salvaged(body, "invalid")
    if root == "scaip" and len(tags) == 1 and isinstance(inside := next(iter(tags.values()))[0], dict):
        tags = {tag: [text] for tag, text in inside.items()}  # <scaip><mrq>…</mrq></scaip>
    return _record(root, tags)


def _record(root: str, said: Mapping[str, list[Any]]) -> Record:
    facts: dict[str, Any] = {}
    other: dict[str, list[Any]] = {}
    flags: list[str] = []
    for tag, values in said.items():
        if values[0] == "":
            continue
        flags += _misshapen(tag, values)
        if tag == "crd":
            facts[tag] = [text for text in values if isinstance(text, str)]
        elif tag in _KEPT and isinstance(values[0], str):
            facts[tag] = _value(tag, values[0])
        elif tag == "lge" and isinstance(values[0], dict):
            facts[tag] = values[0]
        elif tag not in _SHAPE or isinstance(values[0], dict):
            other[tag] = values
    if other:
        facts["other"] = other
    if flags:
        facts["flags"] = sorted(flags)
    if root == "scaip":
        facts["root"] = root
    verdict = "ok"
    if not all(_said(said, tag) for tag in MANDATORY):
        verdict = "missing"
    elif (
        "mty" in flags
        or "stc" in other
        or not all(isinstance(facts.get(tag, 0), int) for tag in ("dty", "stc"))
    ):
        verdict = "wrong"
    return Record(
        id="", kind=kind_of(str(facts.get("mty") or "ME"), facts.get("stc")), at=0.0, protocol="scaip", facts=facts,
        unit="".join(_said(said, "cid").split())[:64], device=_said(said, "did")[:64],
        reference=_said(said, "ref")[:64], verdict=verdict,
    )  # fmt: skip


def _said(tags: Mapping[str, list[Any]], tag: str) -> str:
    said = tags.get(tag, [""])[0]
    return said if isinstance(said, str) else ""


def _value(tag: str, said: str) -> int | str:
    """Codes are compared as numbers: 2, 02 and 0002 are one code. What is no number stays as it was sent."""
    if tag in _CODES and len(said) < 10 and said.isascii() and said.isdigit():
        return int(said)
    return said


def _misshapen(tag: str, values: Sequence[Any]) -> list[str]:
    """What of a tag breaks the standard's pattern: taken anyway, and pointed out."""
    if tag == "lge" and isinstance(values[0], dict):
        inside = values[0].items()
        return [name for name, text in inside if name in _SHAPE and not _SHAPE[name](text)]
    if fits := _SHAPE.get(tag):
        for said in values:
            if not isinstance(said, str) or not fits(said):
                return [tag]
    return []


def _salvaged(body: bytes, verdict: str) -> Record:
    """Something that cannot be read: who sent it and its reference are looked for, so that it can be answered."""

    def look(tag: bytes) -> str:
        found = re.search(rb"<" + tag + rb">\s*([0-9A-Za-z+-]{1,32})\s*</", body[:LONGEST])
        return found[1].decode() if found else ""

    return Record(
        id="", kind="unreadable", at=0.0, unit=look(b"cid"), device=look(b"did"), reference=look(b"ref"),
        protocol="scaip", verdict=verdict,
    )  # fmt: skip


def compose_mrs(reference: str, answer: Answer, root: str = "mrs") -> bytes:
    """The answer: status number, media reply, how the call is to be set up, one number to call (several break units)."""
    said = {
        "ref": reference, "snu": answer.status, "mre": answer.media, "cre": answer.handling, "tnu": answer.number,
        "hbi": answer.interval,
    }  # fmt: skip
    return _compose(root, {tag: str(value) for tag, value in said.items() if value not in (None, "")})


def compose_mrq(fields: Mapping[str, str | Sequence[str] | Mapping[str, str]]) -> bytes:
    """A request as a unit writes it, tags in the order given: for simulated units, the loop-back alarm and tests."""
    return _compose("mrq", fields)


def _compose(root: str, fields: Mapping[str, str | Sequence[str] | Mapping[str, str]]) -> bytes:
    parts: list[str] = []
    for tag, value in fields.items():
        if isinstance(value, Mapping):
            inside = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in value.items())
            parts.append(f"<{tag}>{inside}</{tag}>")
        else:
            texts = [value] if isinstance(value, str) else value
            parts += [f"<{tag}>{escape(text)}</{tag}>" for text in texts]
    return f'<?xml version="1.0" encoding="UTF-8"?><{root}>{"".join(parts)}</{root}>'.encode()

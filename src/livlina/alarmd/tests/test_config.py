"""What is wrong in the receiver's file is refused in a sentence that says where."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from livlina.alarmd import config as config_module
from livlina.alarmd.config import Wrong, make, read

LEAST = {"receiver": "a", "folder": "/var/lib/larm"}


def test_two_lines_are_enough() -> None:
    found = make(LEAST)
    assert (found.receiver, found.folder, found.sip.udp, found.sip.tls) == (
        "a",
        Path("/var/lib/larm"),
        5060,
        -1,
    )
    assert (found.peer.name, found.storage.ballast, found.watchdog.every) == ("", 256, 10.0)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"folder": 5}, "“folder” must be a path, not 5."),
        ({"receiver": "å/ä"}, "receiver is a name of 1 to 16 letters and digits."),
        ({"colour": 1}, "has no “colour”; it has receiver, folder"),
        ({"sip": {"udp": "5060"}}, "[sip] “udp” must be a whole number, not '5060'."),
        ({"sip": {"udp": True}}, "[sip] “udp” must be a whole number, not True."),
        ({"sip": {"udp": 70000}}, "[sip] udp is a port: 0 to 65535, or -1 for none."),
        ({"sip": {"port": 1}}, "[sip] has no “port”"),
        ({"sip": {"tls": 5061}}, "[sip] tls needs both certificate and key."),
        ({"sip": 5060}, "[sip] must be a section."),
        ({"voice": {"number": "0701740605"}}, "[voice] the number “0701740605” must begin with sip:"),
        ({"voice": {"teams": {"norra": 1}}}, "[voice] “norra” must be a text, not 1."),
        ({"storage": {"quota": 0}}, "[storage] quota and days are at least 1"),
        ({"limits": {"message_seconds": "long"}}, "[limits] “message_seconds” must be a number"),
        ({"peer": {"name": "a"}}, "[peer] certificate, key and authority are all needed."),
        ({"peer": {"name": "a", "plain": True, "listen": "127.0.0.1"}}, "the peer must have another name than"),
        ({"peer": {"name": "b", "plain": True, "address": "10.0.0.2"}}, "[peer] plain is only for loopback"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_a_sentence(more: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Wrong) as refused:
        make(LEAST | more)
    assert sentence in str(refused.value)


def test_what_is_missing_is_named() -> None:
    with pytest.raises(Wrong, match="needs “receiver”"):
        make({"folder": "/x"})


def test_a_file_that_is_not_there_and_one_that_is_not_toml(tmp_path: Path) -> None:
    with pytest.raises(Wrong, match="cannot be read"):
        read(tmp_path / "none.toml")
    (tmp_path / "a.toml").write_text("receiver = ")
    with pytest.raises(Wrong, match="is not TOML"):
        read(tmp_path / "a.toml")


def test_a_section_of_another_part_is_read_into_its_own_class() -> None:
    assert make(LEAST | {"supervise": {"fewest": 7}}).supervise.fewest == 7
    with pytest.raises(Wrong, match=r"\[supervise\] has no “fewst”"):
        make(LEAST | {"supervise": {"fewst": 7}})


@dataclass(frozen=True)
class Desk:
    """A part's section with all kinds of values."""

    port: int
    share: float = 0.5
    codes: tuple[str, ...] = ()
    proxy: str | None = None


def test_all_kinds_of_values_are_read() -> None:
    table = {"port": 1, "share": 1, "codes": ["x"], "proxy": "y"}
    assert config_module._build(Desk, table, "desk", {}) == Desk(1, 1.0, ("x",), "y")
    with pytest.raises(Wrong, match="“codes” must be a text, not 5"):
        config_module._build(Desk, {"port": 1, "codes": [5]}, "desk", {})

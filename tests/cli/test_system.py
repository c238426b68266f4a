"""Parts of the operating system: found or named, and installed without leaving a service behind."""

from __future__ import annotations

import os
from pathlib import Path

from livlina.cli import system


def test_a_missing_part_is_named_with_what_brings_it() -> None:
    gone = system.Part("Nothing", lambda: None, ("nothing-tools",), "nothing works")
    assert system.advice(gone) == (
        "Nothing is missing, so nothing works. On Debian or Ubuntu: apt install nothing-tools"
    )


def test_while_a_proxy_is_installed_nothing_may_start_and_it_never_starts_later(tmp_path: Path) -> None:
    policy = tmp_path / "policy-rc.d"
    with system._nothing_starts(["kamailio.service"], policy, tmp_path):
        assert os.access(policy, os.X_OK)
        assert "101" in policy.read_text()
    assert not policy.exists()
    assert (tmp_path / "kamailio.service").readlink() == Path("/dev/null")


def test_a_policy_that_somebody_has_is_left_as_it_is(tmp_path: Path) -> None:
    policy = tmp_path / "policy-rc.d"
    policy.write_text("theirs")
    with system._nothing_starts(["kamailio.service"], policy, tmp_path):
        pass
    assert policy.read_text() == "theirs"

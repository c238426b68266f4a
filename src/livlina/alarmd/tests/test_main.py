"""A receiver as it is run: one for each log, and its parts begun anew when they fail."""

from pathlib import Path
from typing import Any

import pytest

from livlina.alarmd import __main__ as program
from livlina.alarmd import supervise
from livlina.alarmd.config import Wrong
from livlina.alarmd.server import Server
from livlina.alarmd.tests.receiving import told, until


def test_two_receivers_on_one_log_are_refused(tmp_path: Path) -> None:
    with program._alone(tmp_path), pytest.raises(Wrong, match="already runs"), program._alone(tmp_path):
        raise AssertionError("Both run.")


def test_a_part_that_fails_is_told_and_begun_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[Server] = []

    async def run(server: Server) -> None:
        begun.append(server)
        if len(begun) == 1:
            raise RuntimeError("a mistake of ours")

    monkeypatch.setattr(supervise, "run", run, raising=False)
    monkeypatch.setattr(program, "AGAIN", 0.0)

    async def tale(server: Any) -> None:
        await program._part("supervise", server)
        assert begun == [server, server]
        assert server.heard.records[0][0].facts == {"what": "part_failed", "value": "supervise"}

    told(tmp_path, tale)


def test_what_must_always_go_on_is_begun_anew_after_a_mistake_of_ours(tmp_path: Path) -> None:
    async def tale(server: Any) -> None:
        begun: list[str] = []

        async def look() -> None:
            begun.append("look")
            if len(begun) == 1:
                raise RuntimeError("a mistake of ours")

        server._start(server._always(look))
        await until(lambda: len(begun) > 1)

    told(tmp_path, tale)

"""What judges the alarm receiver must itself be right: the reading of a trace, and the counting of a loop."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from livlina.cli.bench import alarms, alarms_core
from livlina.cli.bench.alarms_blast import Loop, answer, messages
from livlina.cli.bench.alarms_faults import judge

REF = "0010000001123456"
WRITTEN = f'7 pwrite64(9, "...{REF}...", 4096, 8192) = 4096'
SYNCED = "7 fdatasync(9) = 0"
SAID = f'5 sendto(6, "SIP/2.0 200 OK\\r\\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK{REF};rport=1\\r\\n", 300) = 300'


def judged(tmp_path: Path, *lines: str) -> tuple[int, list[str]]:
    (tmp_path / "trace").write_text("\n".join(lines))
    found = judge(tmp_path / "trace", [REF])
    return found.replies, found.early or []


def test_written_then_synced_then_answered_is_right(tmp_path: Path) -> None:
    assert judged(tmp_path, WRITTEN, SYNCED, SAID) == (1, [])
    begun, ended = "7 fdatasync(9 <unfinished ...>", "7 <... fdatasync resumed>) = 0"
    assert judged(tmp_path, WRITTEN, begun, ended, SAID) == (1, [])


@pytest.mark.parametrize(
    "lines",
    [
        (SAID, WRITTEN, SYNCED),
        (WRITTEN, SAID, SYNCED),
        (SYNCED, WRITTEN, SAID),
        (WRITTEN, "7 fdatasync(9) = -1 EIO (Input/output error)", SAID),
        (WRITTEN, "7 fdatasync(9 <unfinished ...>", SAID, "7 <... fdatasync resumed>) = 0"),
        ("7 fdatasync(9 <unfinished ...>", WRITTEN, "7 <... fdatasync resumed>) = 0", SAID),
    ],
)
def test_any_other_order_is_an_answer_too_early(tmp_path: Path, lines: tuple[str, ...]) -> None:
    assert judged(tmp_path, *lines) == (1, [REF])


@pytest.fixture
def receiver() -> Iterator[socket.socket]:
    """A socket that says 200 to every other message at its second coming, and 503 to the rest."""
    own = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    own.bind(("127.0.0.1", 0))
    seen: dict[bytes, int] = {}

    def serve() -> None:
        while True:
            data, sender = own.recvfrom(65_536)
            if data == b"end":
                return
            seen[data] = seen.get(data, 0) + 1
            place = list(seen).index(data)
            if place % 2:
                own.sendto(answer(data).replace(b"200 OK", b"503 No", 1), sender)
            elif seen[data] > 1:
                own.sendto(answer(data), sender)

    thread = threading.Thread(target=serve)
    thread.start()
    yield own
    own.sendto(b"end", own.getsockname())
    thread.join()
    own.close()


def test_a_loop_repeats_what_is_not_answered_and_tells_acknowledged_from_refused(
    receiver: socket.socket,
) -> None:
    loop = Loop(receiver.getsockname()[1], 10)
    waiting = messages(10, ["1000001"], 1)
    blast = loop.run(waiting, 5)
    loop.close()
    assert blast.acknowledged == [ref for ref, _ in waiting[::2]]
    assert blast.refused == [ref for ref, _ in waiting[1::2]]
    assert blast.repeated >= 5
    assert blast.wait(0.5) >= 500


def test_the_table_says_what_was_missed_and_what_was_not_measured() -> None:
    rows = [
        alarms.Row("a", "0", "0", True),
        alarms.Row("b", "≤ 1 s", "2 s", False),
        alarms.Row("c", "", "–", None),
    ]
    told = alarms.table(rows, full=False)
    assert "| a | 0 | 0 | yes |\n| b | ≤ 1 s | 2 s | **no** |\n| c |  | – |  |" in told
    assert "Quick run on" in told


def test_a_line_of_code_is_neither_blank_nor_comment_nor_docstring() -> None:
    head = '"""What."""\n\n# why\nX = """a\nb"""  # said\n\n\n'
    text = head + 'def f() -> int:\n    """How."""\n    return (\n        1\n    )\n'
    assert alarms_core.lines(text) == 6


def test_the_core_of_the_receiver_is_small_enough_to_be_read() -> None:
    assert alarms_core.size() <= alarms_core.MOST

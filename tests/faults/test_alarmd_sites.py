"""One of two sites goes down in the middle of it: units are answered at the other, and nothing either promised is lost."""

import socket
from pathlib import Path
from typing import Any

from tests.faults.alarmd import Crowd, Receiver, free_port
from tests.faults.helpers import until

PEER = """
[peer]
name = "{other}"
address = "127.0.0.1"
listen = "127.0.0.1"
plain = true
port = {there}
listen_port = {here}
"""


LONELY = """
# Says that the other site has it, and never sends it. A test of two sites must catch it.
import sys
from livlina.alarmd import __main__ as program, peer

async def copied(self, number):
    return True

peer.Link.copied = copied
peer.COPIED = ()
sys.exit(program.main())
"""


def pair(folder: Path, **more: Any) -> tuple[Receiver, Receiver]:
    """Two receivers that know each other, not yet started; `more` is for the first."""
    here, there = free_port(socket.SOCK_STREAM), free_port(socket.SOCK_STREAM)
    first = PEER.format(other="b", there=there, here=here)
    second = PEER.format(other="a", there=here, here=there)
    return Receiver(folder, "a", more=first, **more), Receiver(folder, "b", more=second)


def ready(a: Receiver, b: Receiver) -> None:
    """Both have found each other: an alarm at the one is soon at the other."""
    for one, other in ((a, b), (b, a)):
        crowd = Crowd(one.port, window=1)
        crowd.sent = 100
        crowd.answered(1)
        until(
            lambda crowd=crowd, other=other: crowd.promised <= other.log(), "the two to find each other", 10
        )
        crowd.close()


def pressed_until_killed(a: Receiver) -> set[str]:
    """Many press at the first site, which is killed in the middle of it. Returns what they were promised."""
    crowd = Crowd(a.port)
    crowd.sent = 1000
    crowd.go_on(0.5)
    a.kill()
    crowd.hear(0)
    crowd.close()
    return crowd.promised


def test_a_site_is_killed_under_load_and_what_it_promised_is_at_the_other(tmp_path: Path) -> None:
    a, b = pair(tmp_path)
    try:
        a.start(), b.start()
        ready(a, b)
        promised = pressed_until_killed(a)
        assert len(promised) > 10
        assert promised <= a.log()
        # Some few may be marked as held alone, when the machine was slower than the quarter of a second they may wait.
        assert len(promised - b.log()) < len(promised) / 2
        late = Crowd(b.port, window=1)
        late.answered(5)  # the other site answers as before, alone
        assert len(late.promised) == 5
        a.start()
        until(lambda: late.promised <= a.log(), "what happened meanwhile to be caught up")
        until(lambda: promised <= b.log(), "the rest of the first site's own to come across")
        late.close()
    finally:
        a.kill(), b.kill()


def test_a_receiver_that_only_says_it_has_told_the_other_is_found_out(tmp_path: Path) -> None:
    a, b = pair(tmp_path, words=("-c", LONELY))
    try:
        a.start(), b.start()
        promised = pressed_until_killed(a)
        assert promised
        assert not promised & b.log()
    finally:
        a.kill(), b.kill()

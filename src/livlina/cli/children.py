"""Runs web and worker as children: restarts those that die, and stops them all together.

Each child leads a session of its own: Ctrl-C in the terminal reaches only us, the stop is in our order, and
when a child is killed we can end what it had started. A child whose parent has been killed ends by itself
(``tether``); what was left all the same is found and ended at the next start (``clear``).
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

from livlina.cli.surroundings import python_path, say
from livlina.core import processes

MARK = "_LIVLINA_CHILD_OF"  # in a child's environment: the state folder it works for
PATIENCE = 25.0  # seconds that a child has to end its work
FIRST_PAUSE, LONGEST_PAUSE, CALM = 0.5, 4.0, 20.0  # seconds; people wait for what would start if it were let


@dataclass
class Child:
    """One program that is to run for as long as we do."""

    name: str
    words: list[str]  # arguments to our Python
    after: float = 0.0  # seconds after the others: who is waited for first gets the machine first
    program: subprocess.Popen[bytes] | None = None
    pause: float = FIRST_PAUSE
    began: float = 0.0
    again_at: float = 0.0


@dataclass
class Family:
    """The children of one start, and the loop that minds them."""

    state: Path
    environment: Mapping[str, str]
    children: list[Child] = field(default_factory=list)
    tick: Callable[[], None] = lambda: None  # what else is to be minded, such as the database
    ending: threading.Event = field(default_factory=threading.Event)

    def add(self, name: str, *words: str, after: float = 0.0) -> None:
        """Declare a child; ``words`` are the arguments to our Python. It is first started ``after`` so many seconds."""
        self.children.append(Child(name, list(words), after))

    def __post_init__(self) -> None:
        (self.state / "static").mkdir(exist_ok=True)  # where the web server looks for collected files

    def mind(self) -> None:
        """Start everybody, keep them running until TERM or Ctrl-C, stop them, and return when all have ended."""
        before = {number: signal.signal(number, self._end) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            self.loop()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def loop(self) -> None:
        """Mind them until ``ending`` is set, then stop them, also when something here goes wrong."""
        began = time.monotonic()
        for child in self.children:
            child.again_at = began + child.after
        try:
            while not self.ending.is_set():
                self.tick()
                for child in self.children:
                    self._mind_one(child)
                self.ending.wait(0.2)
        finally:
            self.stop()

    def stop(self) -> None:
        """Ask everybody to end, wait, and end by force those who have not."""
        for child in self.children:
            _signal_group(child, signal.SIGTERM)
        end = time.monotonic() + PATIENCE
        for child in self.children:
            if child.program:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.program.wait(max(0.0, end - time.monotonic()))
                _signal_group(child, signal.SIGKILL)
                child.program.wait()

    def _end(self, number: int, frame: FrameType | None) -> None:
        self.ending.set()

    def _mind_one(self, child: Child) -> None:
        now = time.monotonic()
        if child.program is None:
            if now >= child.again_at:
                self._launch(child)
            return
        code = child.program.poll()
        if code is None:
            if now - child.began > CALM:
                child.pause = FIRST_PAUSE
            return
        _signal_group(child, signal.SIGKILL)  # what it leaves behind would keep its port
        child.program, child.again_at = None, now + child.pause
        say(f"The {child.name} process ended ({_how(code)}); it is started again in {child.pause:g} s.")
        child.pause = min(child.pause * 2, LONGEST_PAUSE)

    def _launch(self, child: Child) -> None:
        child.began = time.monotonic()
        child.program = subprocess.Popen(
            [sys.executable, *child.words, "--parent", str(os.getpid())],
            env={**os.environ, "PYTHONPATH": python_path(), **self.environment, MARK: str(self.state)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        if child.program.stdout:
            threading.Thread(target=_pass_on, args=(child.name, child.program.stdout), daemon=True).start()


def tether(parent: int | None) -> None:
    """In a child: end as soon as the parent is gone, even if it was killed and could not say so."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(PATIENCE)
        os.killpg(0, signal.SIGKILL)

    if parent is not None:
        threading.Thread(target=watch, daemon=True).start()


def clear(state: Path) -> None:
    """End what an earlier, killed start with the same state left running. Call only with the state's lock held."""
    left = _left_over(state)
    if left:
        say(f"Ending {len(left)} processes that an earlier start left behind …")
    for number in (signal.SIGTERM, signal.SIGKILL):
        for pid in _left_over(state):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        if processes.gone(lambda: not _left_over(state), 5):
            return


def _left_over(state: Path) -> list[int]:
    mark = f"{MARK}={state}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if mark in (folder / "environ").read_bytes().split(b"\0"):
                found.append(int(folder.name))
    return found


def _signal_group(child: Child, number: int) -> None:
    if child.program:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.program.pid, number)


def _pass_on(name: str, stream: IO[bytes]) -> None:
    with stream:
        for line in stream:
            sys.stdout.write(f"{name:6} | {line.decode(errors='replace').rstrip()}\n")
            sys.stdout.flush()


def _how(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"

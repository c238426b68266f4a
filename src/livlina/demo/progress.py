"""How far the loading has come, in words: one line per part, rewritten in place where someone watches."""

import sys
import time
from collections.abc import Callable

Say = Callable[[str], None]
WIDTH = 24


class Progress:
    """Tells how much of each part is done. `say` gets whole lines; a terminal besides sees the bar move."""

    def __init__(self, say: Say, live: bool | None = None) -> None:
        self.say = say
        self.live = sys.stdout.isatty() if live is None else live
        self.begun = self._last = time.monotonic()

    def __call__(self, words: str, done: int, total: int) -> None:
        """Tell that `done` of `total` is done. The last call of a part leaves a line behind."""
        now = time.monotonic()
        if done >= total:
            self.say(f"\r{_line(words, done, total)}" if self.live else _line(words, done, total))
            self._last = now
        elif now - self._last > (0.2 if self.live else 10):
            self._last = now
            if self.live:
                sys.stdout.write(f"\r{_line(words, done, total)}")
                sys.stdout.flush()
            else:
                self.say(_line(words, done, total))

    def seconds(self) -> int:
        """Return how long it has taken."""
        return round(time.monotonic() - self.begun)


def _line(words: str, done: int, total: int) -> str:
    filled = WIDTH * done // max(total, 1)
    figures = f"{done:,} of {total:,}".replace(",", "\u202f")
    return f"  {words:<34} {'█' * filled}{'░' * (WIDTH - filled)}  {figures}"

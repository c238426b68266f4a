"""How what runs beside the doors is ended."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from typing import Any

AGAIN = 0.5


async def ended(tasks: Collection[asyncio.Future[Any]]) -> None:
    """Cancel them until each has ended, however it ends.

    Once is not enough: `asyncio.wait_for` of Python 3.11 loses a cancellation that comes as what it waited for does,
    and a loop around it then goes on for ever.
    """
    while left := [task for task in tasks if not task.done()]:
        for task in left:
            task.cancel()
        await asyncio.wait(left, timeout=AGAIN)
    await asyncio.gather(*tasks, return_exceptions=True)

"""What runs is ended, also when it did not hear the first time."""

import asyncio
import contextlib

from livlina.alarmd.tasks import ended


def test_a_task_that_loses_its_first_cancellation_is_ended_all_the_same() -> None:
    lost = []

    async def deaf_once() -> None:
        while True:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                if lost:
                    raise
                lost.append("the first")

    async def faulty() -> None:
        raise OSError("its own fault")

    async def tale() -> None:
        tasks = [asyncio.ensure_future(deaf_once()), asyncio.ensure_future(faulty())]
        await asyncio.sleep(0)
        await ended(tasks)
        assert tasks[0].cancelled()
        with contextlib.suppress(OSError):
            tasks[1].result()

    asyncio.run(tale())
    assert lost == ["the first"]

"""A receiver that is broken on purpose, to see that the measurements would notice.

It says that an alarm is kept as soon as it has been handed to the thread that writes, before anything is on the disk.
"""

BEFORE_THE_DISK = """
import asyncio, itertools, sys
from dataclasses import replace
from livlina.alarmd import spool
from livlina.cli import main

numbers, under_way, put = itertools.count(1_000_000), set(), spool.Spool.put

async def careless(self, row):
    task = asyncio.ensure_future(put(self, row))
    under_way.add(task)
    task.add_done_callback(under_way.discard)
    return row._replace(record=replace(row.record, number=next(numbers))), True

spool.Spool.put = careless
words = sys.argv[1:]
sys.exit(main(words[words.index("alarmd"):]))
"""

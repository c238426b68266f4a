"""What every lock of this protocol must do, as a table of sentences: run on ours by the tests, and on any maker's own.

`table.CASES` are the cases, `world.World` the door they happen at, and `broken.BROKEN` locks with one guard missing each:
a table that does not catch every one of those proves nothing.
"""

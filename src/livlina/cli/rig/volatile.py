"""A disk with a cache that forgets: a plugin for nbdkit's Python, run by nbdkit and not imported by anything of ours.

What is written lies in memory until it is flushed, as in a real disk. The control socket takes one word a connection:
`cut N` (power is gone: of what was not flushed, N per cent of the blocks, by chance, are on the disk, the rest never
were; from now on everything fails), `eio on|off` (writes and flushes fail), `full on|off` (writes say there is no room).
"""

import errno
import os
import random
import socket
import threading

import nbdkit  # type: ignore[import-not-found]

API_VERSION = 2
BLOCK = 4096

given: dict[str, str] = {}
unflushed: dict[int, bytes] = {}
state = {"file": -1, "dead": False, "eio": False, "full": False}
told = {"writes": 0, "flushes": 0}
lock = threading.Lock()


def config(key: str, value: str) -> None:
    """`file` (what survives), `size` (bytes), `control` (the socket's path), `seed`."""
    given[key] = value


def thread_model() -> int:
    """Requests one at a time: the order they come in is the order they happen."""
    return int(nbdkit.THREAD_MODEL_SERIALIZE_ALL_REQUESTS)


def after_fork() -> None:
    """Open what survives, and the control socket."""
    state["file"] = os.open(given["file"], os.O_RDWR | os.O_CREAT, 0o600)
    os.ftruncate(state["file"], int(given["size"]))
    door = socket.socket(socket.AF_UNIX)
    door.bind(given["control"])
    door.listen(4)
    threading.Thread(target=_obey, args=(door,), daemon=True).start()


def open(readonly: bool) -> int:
    """One disk, whoever asks."""
    return 1


def get_size(h: int) -> int:
    """Bytes."""
    return int(given["size"])


def can_flush(h: int) -> bool:
    """It can, and means it."""
    return True


def can_fua(h: int) -> int:
    """A write may ask to be through the cache."""
    return int(nbdkit.FUA_NATIVE)


def pread(h: int, buf: bytearray, offset: int, flags: int) -> None:
    """What was written last, flushed or not."""
    with lock:
        _alive()
        data = os.pread(state["file"], len(buf), offset)
        buf[: len(data)] = data
        for at in range(offset - offset % BLOCK, offset + len(buf), BLOCK):
            block = unflushed.get(at)
            if block is not None:
                begin, end = max(at, offset), min(at + BLOCK, offset + len(buf))
                buf[begin - offset : end - offset] = block[begin - at : end - at]


def pwrite(h: int, buf: bytes, offset: int, flags: int) -> None:
    """Into the cache; through it when asked."""
    with lock:
        _may_write()
        told["writes"] += 1
        end = offset + len(buf)
        for at in range(offset - offset % BLOCK, end, BLOCK):
            begin, stop = max(at, offset), min(at + BLOCK, end)
            block = bytes(buf[begin - offset : stop - offset])
            if len(block) < BLOCK:
                old = unflushed.get(at)
                if old is None:
                    old = os.pread(state["file"], BLOCK, at).ljust(BLOCK, b"\0")
                block = old[: begin - at] + block + old[stop - at :]
            unflushed[at] = block
            if flags & nbdkit.FLAG_FUA:
                os.pwrite(state["file"], unflushed.pop(at), at)


def flush(h: int, flags: int) -> None:
    """Everything is on the disk."""
    with lock:
        _may_write()
        told["flushes"] += 1
        for at, block in unflushed.items():
            os.pwrite(state["file"], block, at)
        unflushed.clear()


def _alive() -> None:
    if state["dead"]:
        _refuse(errno.EIO, "there is no power")


def _may_write() -> None:
    _alive()
    if state["eio"]:
        _refuse(errno.EIO, "told to fail")
    if state["full"]:
        _refuse(errno.ENOSPC, "told to be full")


def _refuse(number: int, why: str) -> None:
    nbdkit.set_error(number)
    raise OSError(number, why)


def _obey(door: socket.socket) -> None:
    while True:
        asked, _ = door.accept()
        with asked:
            words = asked.recv(100).decode().split()
            with lock:
                asked.sendall(_done(words[0], words[1]).encode())


def _done(verb: str, word: str) -> str:
    if verb == "cut":
        chance, survivors = random.Random(int(given.get("seed", "1"))), 0  # noqa: S311 - faults, not secrets
        for at, block in unflushed.items():
            if chance.random() * 100 < int(word):
                os.pwrite(state["file"], block, at)
                survivors += 1
        forgotten = len(unflushed) - survivors
        unflushed.clear()
        state["dead"] = True
        return f"{forgotten} {survivors} {told['writes']} {told['flushes']}"
    state[verb] = word == "on"
    return "done"

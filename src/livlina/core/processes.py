"""What the supervisor asks of the operating system: who runs where, who may enter what."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import stat
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc/self/cwd").exists()


@dataclass(frozen=True)
class Account:
    """An operating-system user to run a program as."""

    name: str
    uid: int
    gid: int


def unprivileged(*, owner_of: Path) -> Account | None:
    """Whom to run as when we are root: the folder's owner, else ``postgres``, else ``nobody``.

    None when we are not root. No account is ever made.
    """
    if os.getuid() != 0:
        return None
    with contextlib.suppress(FileNotFoundError, KeyError):
        if uid := owner_of.stat().st_uid:
            entry = pwd.getpwuid(uid)
            return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise LookupError(
        "There is neither a user postgres nor nobody to run PostgreSQL as. Start as another than root."
    )


def reachable(path: Path, account: Account) -> bool:
    """Whether the account may enter the folder, or run the program. Tried, since access lists count too."""
    tried = subprocess.run(
        ["/bin/sh", "-c", '[ -x "$0" ] && [ -r "$0" -o -d "$0" ]', path],
        user=account.uid, group=account.gid, extra_groups=[], cwd="/", check=False,
    )  # fmt: skip
    return tried.returncode == 0


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing, so that others may pass through but not look around.

    Said outright and not left to the umask, under which a database run as another account could be shut out.
    """
    for missing in reversed([path for path in (folder, *folder.parents) if not path.exists()]):
        missing.mkdir(exist_ok=True)
        missing.chmod(0o711)


def give(path: Path, account: Account | None) -> None:
    """Hand something that we have just made to the account."""
    if account:
        os.chown(path, account.uid, account.gid, follow_symlinks=False)


def copy_readable(sources: list[Path], target: Path) -> None:
    """Copy folders into one so that anyone may read and run what is there. Moved into place, so never half done."""
    half = target.with_name(target.name + ".new")
    shutil.rmtree(half, ignore_errors=True)
    for source in sources:
        shutil.copytree(source, half / source.name, symlinks=True)
    for folder, _, files in os.walk(half):
        os.chmod(folder, 0o755)  # noqa: S103  our own copy of public programs
        for file in (Path(folder) / name for name in files):
            if not file.is_symlink():
                os.chmod(file, 0o755 if file.stat().st_mode & stat.S_IXUSR else 0o644)
    half.rename(target)


def write_private(path: Path, text: str) -> None:
    """Write a file that only we may read, wholly or not at all, and on the disk before we return."""
    half = path.with_name(path.name + ".new")
    with open(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)


def gone(condition: Callable[[], bool], patience: float) -> bool:
    """Wait until the condition holds, at most ``patience`` seconds. Returns whether it does."""
    end = time.monotonic() + patience
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def is_postgres_in(pid: int, data: Path) -> bool:
    """Whether the process is a live PostgreSQL working in this data folder.

    A number in a pid file may since have been given to anybody, and a dead process that nobody has collected
    (a zombie) still answers to its number: so both the program's name and its working folder must fit.
    """
    if not PROC:
        return _is_postgres_by_ps(pid, data)
    try:
        name = Path(f"/proc/{pid}/comm").read_text().strip()
        folder = os.readlink(f"/proc/{pid}/cwd")  # a zombie has none
    except OSError:
        return False
    return name.startswith(("postgres", "postmaster")) and folder == os.path.realpath(data)


def _is_postgres_by_ps(pid: int, data: Path) -> bool:
    shown = subprocess.run(
        ["ps", "-o", "stat=,args=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    state, _, arguments = shown.stdout.strip().partition(" ")
    return "Z" not in state and "postgres" in arguments and str(data) in arguments


def postgres_in(data: Path) -> list[int]:
    """Every PostgreSQL process in this data folder, also orphans of a killed server (where there is /proc).

    Orphans keep the shared memory for seconds, and a new server cannot start until they have left.
    """
    if not PROC:
        return []
    return [
        int(p.name) for p in Path("/proc").iterdir() if p.name.isdigit() and is_postgres_in(int(p.name), data)
    ]

"""Where backups lie: a folder on other storage, with base copies, pieces of the log, and notes of what was counted.

base/20261122T021000Z/base.tar.gz.age, about.json
wal/000000010000000000000042.gz.age        a whole piece of the log (16 MB before compression)
wal/000000010000000000000043.partial.gz.age   the piece being written, as it was some seconds ago
notes/20261122T021000.000000Z.json         how many rows each permanent table had, and at which place in the log
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import tarfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, cast

from livlina.cli.surroundings import Problem

KEEP = timedelta(days=35)
"""A key destroyed by law has left every backup after this time (docs/decisions.md)."""
LEAST = 2
"""Base copies that stay however old they are, if nothing newer has come."""
PIECE = 1 << 20
SEGMENT = re.compile(r"[0-9A-F]{24}")
STAMP = "%Y%m%dT%H%M%SZ"
NOTE_STAMP = "%Y%m%dT%H%M%S.%fZ"


class Damaged(Problem):
    """A file among the backups is not what was stored, or the key is another."""


class Gap(Problem):
    """A piece of the log is missing."""


class NoBase(Problem):
    """There is no base copy to begin from."""


@dataclass(frozen=True)
class Base:
    """One base copy. Times are ISO 8601 in UTC; `start` and `end` are places in the log (LSN)."""

    label: str
    began: str
    ended: str
    version: int
    database: str
    owner: str
    app: str
    start: str
    end: str
    first: str
    """The first piece of the log it needs."""
    size: int
    digest: str
    """SHA-256 of the encrypted file."""

    @property
    def ended_at(self) -> datetime:
        """When it was whole."""
        return datetime.fromisoformat(self.ended)


def age() -> str:
    """The path of `age`. Raises Problem when it is not installed."""
    if found := shutil.which("age"):
        return found
    raise Problem("The program age, which encrypts backups, is missing. On Debian: apt install age")


def new_key(file: Path) -> str:
    """Make a private key in `file` and return its public key. Raises Problem if the file exists."""
    age()
    if file.exists():
        raise Problem(f"{file} exists already, and a key is never written over.")
    done = subprocess.run(
        ["age-keygen", "-o", file], capture_output=True, text=True, check=False
    )  # fmt: skip
    if done.returncode:
        raise Problem(f"No key could be made: {done.stderr.strip()}")
    file.chmod(0o600)
    return public_key(file)


def public_key(identity: Path) -> str:
    """The public key of a private one. Raises Problem."""
    age()
    done = subprocess.run(
        ["age-keygen", "-y", identity], capture_output=True, text=True, check=False
    )  # fmt: skip
    if done.returncode:
        raise Problem(f"{identity} holds no key of age: {done.stderr.strip()}")
    return done.stdout.strip()


@dataclass(frozen=True)
class Store:
    """The folder, the public key that everything is encrypted to, and for the way back the file of the private one."""

    folder: Path
    recipient: str = ""
    identity: Path | None = None

    # ---- what is there ----

    def bases(self) -> list[Base]:
        """Every whole base copy, oldest first. One whose description cannot be read is as if it were not there."""
        found = []
        for path in sorted((self.folder / "base").glob("*/about.json")):
            with contextlib.suppress(OSError, ValueError, TypeError):
                found.append(Base(**json.loads(path.read_text())))
        return found

    def newest(self, at: datetime | None = None) -> Base:
        """The newest base copy, or the newest that was whole at `at`. Raises Problem when there is none."""
        found = [base for base in self.bases() if at is None or base.ended_at <= at]
        if found:
            return found[-1]
        when = f" from before {at:%Y-%m-%d %H:%M} UTC" if at else ""
        raise NoBase(f"There is no base copy{when} in {self.folder}.")

    def segments(self) -> dict[str, Path]:
        """The pieces of the log by name, whole ones before unfinished ones."""
        found: dict[str, Path] = {}
        for path in sorted((self.folder / "wal").glob("*.gz.age")):
            name = path.name.split(".")[0]
            if SEGMENT.fullmatch(name) and (name not in found or ".partial" in found[name].name):
                found[name] = path
        return found

    def log_after(self, base: Base, until: datetime | None = None) -> dict[str, Path]:
        """The pieces that bring a base copy forward: all, or so many that `until` lies within. Raises Gap.

        A gap must never look like the end of the log: what came after it would be missing without a word.
        """
        first, last = _number(base.first), None
        if until:
            later = (one for one in self.bases() if datetime.fromisoformat(one.began) > until)
            last = next((_number(one.first) for one in later), None)
        found = {
            name: path
            for name, path in self.segments().items()
            if first <= _number(name) and (last is None or _number(name) <= last)
        }
        numbers = {_number(name) for name in found}
        # What was written while the copy was made lies in the copy itself, and PostgreSQL began a new piece after it.
        after = (place_of(base.end) >> 24) + 1
        missing = [n for n in range(after, max(numbers, default=after)) if n not in numbers]
        if (
            missing and until
        ):  # the moment may lie before the gap; if it does not, PostgreSQL refuses to stop short of it
            return {name: path for name, path in found.items() if _number(name) < missing[0]}
        if missing:
            raise Gap(
                f"A piece of the log is missing: …{_name(missing[0])}. Nothing after it can be restored from the base copy "
                f"{base.label}."
            )
        return found

    def histories(self) -> dict[str, Path]:
        """The descriptions of changes of leader, by name."""
        return {
            path.name.removesuffix(".gz.age"): path for path in (self.folder / "wal").glob("*.history.gz.age")
        }

    def newest_log_at(self) -> datetime | None:
        """When something of the log last arrived here."""
        times = [path.stat().st_mtime for path in (self.folder / "wal").glob("*.gz.age")]
        return datetime.fromtimestamp(max(times)).astimezone() if times else None

    def note_before(self, place: int) -> dict[str, object] | None:
        """The newest note of counts made at or before a place in the log (bytes)."""
        for path in sorted((self.folder / "notes").glob("*.json"), reverse=True):
            with contextlib.suppress(OSError, ValueError, KeyError):
                note = json.loads(path.read_text())
                if place_of(note["place"]) <= place:
                    return cast(dict[str, object], note)
        return None

    # ---- writing ----

    def put(self, stream: IO[bytes], target: Path) -> tuple[int, str]:
        """Compress, encrypt and store what the stream gives; return size and SHA-256 of what lies there.

        Written under another name, brought to the disk and then moved into place. Raises Problem.
        """
        target.parent.mkdir(parents=True, exist_ok=True)
        half = target.with_name(f".{target.name}.{os.getpid()}")
        try:
            with half.open("wb") as file:
                self._encrypt(stream, file)
                os.fsync(file.fileno())
            digest = digest_of(half)
            size = half.stat().st_size
            half.replace(target)
            _settle(target.parent)
        finally:
            half.unlink(missing_ok=True)
        return size, digest

    def _encrypt(self, stream: IO[bytes], file: IO[bytes]) -> None:
        program = subprocess.Popen(
            [age(), "--encrypt", "-r", self.recipient], stdin=subprocess.PIPE, stdout=file,
            stderr=subprocess.PIPE,
        )  # fmt: skip
        assert program.stdin is not None  # noqa: S101  asked for above
        assert program.stderr is not None  # noqa: S101
        squeeze = zlib.compressobj(1, zlib.DEFLATED, 31)
        with contextlib.suppress(BrokenPipeError):
            while piece := stream.read(PIECE):
                program.stdin.write(squeeze.compress(piece))
            program.stdin.write(squeeze.flush())
            program.stdin.close()
        said = program.stderr.read().decode(errors="replace")
        program.stderr.close()
        if program.wait():
            raise Problem(f"age could not encrypt: {said.strip()}")

    def describe(self, base: Base) -> None:
        """Write a base copy's description: from then on it counts as whole."""
        write(self.folder / "base" / base.label / "about.json", asdict(base))

    def forget(self, now: datetime) -> list[str]:
        """Remove base copies past their time and the log only they needed. Returns the labels that left."""
        bases = self.bases()
        old = [base for base in bases[:-LEAST] if base.ended_at < now - KEEP]
        for base in old:
            shutil.rmtree(self.folder / "base" / base.label)
        kept = [base for base in bases if base not in old]
        if kept:
            first = min(_number(base.first) for base in kept)
            for path in (self.folder / "wal").glob("*.gz.age"):
                name = path.name.split(".")[0]
                if SEGMENT.fullmatch(name) and _number(name) < first:
                    path.unlink()
        oldest = (now - KEEP).astimezone(UTC).strftime(STAMP)
        for path in (self.folder / "notes").glob("*.json"):
            if path.stem < oldest:
                path.unlink()
        return [base.label for base in old]

    # ---- reading ----

    def unpack(self, base: Base, into: Path, uid: int = -1, gid: int = -1) -> None:
        """Decrypt and unpack a base copy. Raises Problem when it is damaged or the key is another."""
        file = self.folder / "base" / base.label / "base.tar.gz.age"
        if not file.is_file() or digest_of(file) != base.digest:
            raise Damaged(f"The base copy {base.label} is damaged: it is not the file that was stored.")
        with self._decrypted(file) as stream, tarfile.open(fileobj=stream, mode="r|gz") as tar:
            for member in tar:
                tar.extract(member, into, filter="data")
                os.chmod(into / member.name, 0o700 if member.isdir() else 0o600)
                if uid >= 0:
                    os.chown(into / member.name, uid, gid)

    def unpack_log(self, file: Path, into: Path, uid: int = -1, gid: int = -1) -> None:
        """Decrypt one piece of the log. Raises Problem when it is damaged or the key is another."""
        with self._decrypted(file) as stream, into.open("wb") as target:
            shutil.copyfileobj(gzip.GzipFile(fileobj=stream), target)
        into.chmod(0o600)
        if uid >= 0:
            os.chown(into, uid, gid)

    @contextlib.contextmanager
    def _decrypted(self, file: Path) -> Iterator[IO[bytes]]:
        if self.identity is None or not self.identity.is_file():
            raise Problem("Name the file of the private key in LIVLINA_BACKUP_IDENTITY.")
        program = subprocess.Popen(
            [age(), "--decrypt", "-i", self.identity, file], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert program.stdout is not None  # noqa: S101  asked for above
        wrong = ""
        try:
            yield program.stdout
            while program.stdout.read(PIECE):
                pass  # age finds a shortened file only at its end
        except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
            wrong = str(error) or type(error).__name__
            program.kill()
        said = program.communicate()[1].decode(errors="replace").strip()
        if program.returncode or wrong:
            raise Damaged(f"{file.name} cannot be read. {said or wrong}")


def digest_of(file: Path) -> str:
    """SHA-256 of a file, as hexadecimals."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write(path: Path, told: object) -> None:
    """Write JSON in one step, and on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.{os.getpid()}")
    with half.open("w") as file:
        json.dump(told, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)
    _settle(path.parent)


def place_of(lsn: str) -> int:
    """A place in the log as bytes: `1/A0` is 2³² + 160."""
    high, low = lsn.split("/")
    return (int(high, 16) << 32) + int(low, 16)


def segment_of(timeline: int, lsn: str) -> str:
    """The piece of the log (16 MB each) in which a place lies."""
    number = place_of(lsn) >> 24
    return f"{timeline:08X}{number >> 8:08X}{number & 0xFF:08X}"


def _number(segment: str) -> int:
    """A piece's number, whatever its timeline: a new leader goes on counting."""
    return (int(segment[8:16], 16) << 8) + int(segment[16:24], 16)


def _name(number: int) -> str:
    return f"{number >> 8:08X}{number & 0xFF:08X}"


def _settle(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def same_device(first: Path, others: Iterable[Path]) -> Iterator[Path]:
    """Those of the others that lie on the same storage as the first (or its nearest folder that exists)."""
    mine = _device(first)
    yield from (other for other in others if _device(other) == mine)


def _device(path: Path) -> int:
    return next(found.stat().st_dev for found in (path, *path.absolute().parents) if found.exists())
